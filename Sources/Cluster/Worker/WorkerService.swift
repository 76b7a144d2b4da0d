import CLinux
import Coordination
import Glibc
import Logging
import Storage
import Wire
import ZeroMQ

/// The shell of a worker: an agent of one thread that owns the socket, the machine, the clock and one child process a
/// slot. It computes nothing, so a hung or crashed core never stops its heartbeats.
package final class WorkerService {
    /// What a worker is started with.
    package struct Configuration: Sendable {
        package var endpoint: String
        package var slots: Int
        package var settings: WorkerSettings
        /// Nil for a coordinator that asks for none.
        package var keys: WorkerKeys?

        package init(
            endpoint: String, slots: Int, settings: WorkerSettings = WorkerSettings(), keys: WorkerKeys? = nil
        ) {
            self.endpoint = endpoint
            self.slots = slots
            self.settings = settings
            self.keys = keys
        }
    }

    /// A slot's process, and what has come from it.
    private struct SlotProcess {
        var child: ChildProcess
        var buffer = SlotFrameBuffer()
    }

    private static let messagesPerTurnMax = 256
    /// Bytes taken from a slot's pipe before other things are looked at.
    private static let pipeByteCountMax = 8 << 20

    private let configuration: Configuration
    private let logger: Logger
    private var processes: [SlotProcess?]
    private var exitCode: Int32?

    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        processes = Array(repeating: nil, count: configuration.slots)
    }

    /// Runs until the worker leaves; returns the exit code. SIGTERM and SIGINT begin a drain, the second ends at once.
    package func run() throws -> Int32 {
        let signals = tutti_termination_descriptor()
        guard signals >= 0 else { throw ChildProcessError(path: "signalfd", code: errno) }
        let context = try Context()
        var options = SocketOptions()
        options.frameByteCountMax = Int64(Limits.frameByteCountMax)
        options.security = configuration.keys?.security ?? .plain
        let socket = try Socket(.dealer, context: context, options: options)
        try socket.connect(configuration.endpoint)
        var machine = Worker(
            settings: configuration.settings, identity: try identity(), makeDigest: { DigestBuilder() },
            at: Self.now())

        var effects = machine.handle(.tick, at: Self.now())
        while true {
            carryOut(effects, socket: socket, machine: &machine)
            if let exitCode {
                stopProcesses()
                return exitCode
            }
            let wait = max(0, Double(machine.nextDeadline) - Double(Self.now())) / 1e9
            let running = processes.indices.filter { processes[$0] != nil }
            let ready = try Poller.wait(
                for: socket, descriptors: [signals] + running.compactMap { processes[$0]?.child.output },
                timeout: .seconds(min(wait, 1)) + .milliseconds(1))
            effects = []
            if ready.descriptors[0], tutti_next_signal(signals) != 0 {
                effects += machine.handle(.drainRequested, at: Self.now())
            }
            for (slot, isReady) in zip(running, ready.descriptors.dropFirst()) where isReady {
                for event in read(slot) { effects += machine.handle(.slot(slot, event), at: Self.now()) }
            }
            var taken = 0
            while taken < Self.messagesPerTurnMax, let frames = try socket.receive() {
                taken += 1
                do {
                    let envelope = try MessageCodec.decode(CoordinatorMessage.self, frames: frames)
                    effects += machine.handle(.received(envelope), at: Self.now())
                } catch {
                    logger.warning("a frame was dropped", metadata: ["error": "\(error)"])
                }
            }
            effects += machine.handle(.tick, at: Self.now())
        }
    }

    private static func now() -> Nanoseconds { Nanoseconds(Clock.now() * 1e9) }

    private func identity() throws -> WorkerIdentity {
        let instance = (0..<16).map { _ in UInt8.random(in: 0...255) }
        return WorkerIdentity(
            instance: instance, name: Self.name(processID: getpid()), slots: configuration.slots,
            binary: Build.binaryDigest, kernels: Build.kernelFingerprint)
    }

    /// `HOST:PID`, by which a coordinator's log and manifest name a worker.
    static func name(processID: pid_t) -> String {
        var bytes = [CChar](repeating: 0, count: 100)
        let isKnown = gethostname(&bytes, bytes.count - 1) == 0
        let host = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(isKnown ? host : "unknown"):\(processID)"
    }

    // MARK: Effects

    private func carryOut(_ effects: [WorkerEffect], socket: borrowing Socket, machine: inout Worker) {
        var following: [WorkerEffect] = []
        for effect in effects {
            switch effect {
            case .send(let envelope):
                // Not sent is not lost: what matters is sent again until it is acknowledged.
                _ = try? socket.send(MessageCodec.encode(envelope))
            case .run(let slot, let grant, let inputs, let state, let interval):
                do {
                    try run(slot, grant, inputs: inputs, state: state, interval: interval)
                } catch {
                    let event = SlotEvent.exited(
                        text: "the slot process cannot be started: \(error)", bySignal: false)
                    following += machine.handle(.slot(slot, event), at: Self.now())
                }
            case .accepted(let slot):
                tell(slot, .accepted(count: 1))
            case .stop(let slot):
                tell(slot, .stop)
            case .kill(let slot):
                processes[slot]?.child.signal(SIGKILL)
            case .exit(let code):
                exitCode = code
            case .log(let fact):
                log(fact)
            }
        }
        if !following.isEmpty { carryOut(following, socket: socket, machine: &machine) }
    }

    private func run(_ slot: SlotID, _ grant: Grant, inputs: [[UInt8]], state: [UInt8]?, interval: Nanoseconds) throws {
        if processes[slot] == nil {
            // The parent-death signal follows this thread, which lives as long as the agent.
            let child = try ChildProcess.start(
                path: ChildProcess.ownPath, arguments: ["slot", "--parent", String(getpid())], pipes: true)
            processes[slot] = SlotProcess(child: child)
        }
        let command = SlotCommand.run(
            payload: grant.payload, taskDigest: grant.digest.description, chainDigest: grant.start?.chain.description,
            resumes: state != nil, checkpointInterval: Double(interval) / 1e9)
        tell(slot, command, blobs: inputs + (state.map { [$0] } ?? []))
    }

    /// Writes to a slot's pipe. A process that has died is noticed when its output ends.
    private func tell(_ slot: SlotID, _ command: SlotCommand, blobs: [[UInt8]] = []) {
        guard let child = processes[slot]?.child else { return }
        let bytes = SlotFrame.encode(command, blobs: blobs)
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let written = write(child.input, buffer.baseAddress! + offset, buffer.count - offset)
                if written < 0 {
                    if errno == EINTR { continue }
                    return
                }
                offset += written
            }
        }
    }

    /// What has come from a slot, in order; its exit last.
    private func read(_ slot: SlotID) -> [SlotEvent] {
        guard var process = processes[slot] else { return [] }
        var hasEnded = false
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var taken = 0
        while taken < Self.pipeByteCountMax {
            let count = Glibc.read(process.child.output, &buffer, buffer.count)
            if count > 0 {
                process.buffer.append(buffer[..<count])
                taken += count
                continue
            }
            if count < 0, errno == EINTR { continue }
            hasEnded = count == 0
            break
        }
        var events: [SlotEvent] = []
        do {
            while let (report, blobs) = try process.buffer.next(SlotReport.self) {
                events.append(try Self.event(of: report, blobs: blobs))
            }
        } catch {
            // Bytes that are no report: the process is not to be trusted any further.
            process.child.signal(SIGKILL)
        }
        if hasEnded {
            let exit = process.child.waitForExit()
            process.child.closePipes()
            processes[slot] = nil
            events.append(.exited(text: "the slot process: \(exit)", bySignal: exit.signal != nil))
        } else {
            processes[slot] = process
        }
        return events
    }

    private static func event(of report: SlotReport, blobs: [[UInt8]]) throws -> SlotEvent {
        func digest(_ text: String) throws -> Digest {
            guard let digest = Digest(text) else { throw SlotFrameError.malformed }
            return digest
        }
        switch report {
        case .progress(let iteration, let isWarmingUp, let divergences, let stepSize, let gradientEvaluations):
            return .progress(
                iteration: iteration, isWarmingUp: isWarmingUp, divergences: divergences, stepSize: stepSize,
                gradientEvaluations: gradientEvaluations)
        case .checkpoint(let iteration, let digests, let before, let after):
            guard digests.count == blobs.count, (1...2).contains(blobs.count) else { throw SlotFrameError.malformed }
            // The process that made them has hashed them: to hash a large state here would hold up heartbeats.
            let named = try zip(digests, blobs).map { Blob(digest: try digest($0), bytes: $1) }
            return .checkpoint(
                iteration: iteration, state: named[0], block: named.count > 1 ? named[1] : nil,
                chainBefore: try digest(before), chainAfter: try digest(after))
        case .finished(let result, let gradientEvaluations, let divergences, let cpu, let wall):
            return .finished(
                digest: try digest(result),
                cost: AttemptCost(
                    gradientEvaluations: gradientEvaluations, divergences: divergences, cpuNanoseconds: cpu,
                    wallNanoseconds: wall))
        case .stopped:
            return .stopped
        case .failed(let text):
            return .failed(text: text)
        }
    }

    private func stopProcesses() {
        for process in processes.compactMap({ $0 }) {
            process.child.signal(SIGKILL)
            _ = process.child.waitForExit()
            process.child.closePipes()
        }
    }

    private func log(_ fact: WorkerFact) {
        switch fact {
        case .joined(let build): logger.info("joined", metadata: ["coordinator": "\(build)"])
        case .rejected(let reason): logger.error("rejected", metadata: ["reason": "\(reason)"])
        case .lostCoordinator: logger.warning("the coordinator is silent")
        case .started(let attempt, let iteration):
            logger.info("started", metadata: ["task": "\(attempt.task.index)", "from": "\(iteration)"])
        case .ended(let attempt, let text):
            logger.warning("ended", metadata: ["task": "\(attempt.task.index)", "reason": "\(text)"])
        case .draining(let reason): logger.info("draining", metadata: ["reason": "\(reason)"])
        }
    }
}
