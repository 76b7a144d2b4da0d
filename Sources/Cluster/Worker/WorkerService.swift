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

    private static let messagesPerTurnMax = 256

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
                for process in processes { process?.end() }
                return exitCode
            }
            let wait = max(0, Double(machine.nextDeadline) - Double(Self.now())) / 1e9
            let running = processes.indices.filter { processes[$0] != nil }
            let waiting = running.filter { processes[$0]?.awaitedInput != nil }
            let ready = try Poller.wait(
                for: socket, descriptors: [signals] + running.compactMap { processes[$0]?.output },
                writable: waiting.compactMap { processes[$0]?.awaitedInput },
                timeout: .seconds(min(wait, 1)) + .milliseconds(1))
            effects = []
            if ready.descriptors[0], tutti_next_signal(signals) != 0 {
                effects += machine.handle(.drainRequested, at: Self.now())
            }
            for (slot, isReady) in zip(waiting, ready.writable) where isReady { processes[slot]?.flush() }
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
                        text: "the slot process cannot be started: \(error)", failure: .error)
                    following += machine.handle(.slot(slot, event), at: Self.now())
                }
            case .accepted(let slot):
                processes[slot]?.tell(.accepted)
            case .stop(let slot):
                processes[slot]?.tell(.stop)
            case .kill(let slot):
                processes[slot]?.kill()
            case .exit(let code):
                exitCode = code
            case .log(let fact):
                fact.log(to: logger)
            }
        }
        if !following.isEmpty { carryOut(following, socket: socket, machine: &machine) }
    }

    private func run(
        _ slot: SlotID, _ grant: Grant, inputs: [[UInt8]], state: [UInt8]?, interval: Nanoseconds
    ) throws(ChildProcessError) {
        // The parent-death signal follows this thread, which lives as long as the agent.
        if processes[slot] == nil { processes[slot] = try SlotProcess(program: ChildProcess.ownPath) }
        processes[slot]?.run(grant, inputs: inputs, state: state, checkpointInterval: Double(interval) / 1e9)
    }

    /// What has come from a slot, in order; its exit last.
    private func read(_ slot: SlotID) -> [SlotEvent] {
        guard let (events, exit) = processes[slot]?.read() else { return [] }
        guard let exit else { return events }
        processes[slot] = nil
        return events + [.exited(text: "the slot process: \(exit)", failure: exit.failure)]
    }
}
