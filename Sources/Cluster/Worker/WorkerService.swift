import CLinux
import Coordination
import Glibc
import Logging
import Storage
import Tracing
import Wire
import ZeroMQ

/// The shell of a worker: an agent of one thread that owns the socket, the machine, the clock and one child process a
/// slot. It computes nothing, so a hung or crashed core never stops its heartbeats.
package final class WorkerService {
    /// Where spools lie.
    package struct SpoolPlace: Sendable {
        package var root: String
        /// Without it the worker does not begin.
        package var isRequired: Bool

        package init(root: String, isRequired: Bool) {
            self.root = root
            self.isRequired = isRequired
        }
    }

    /// Where models and data are shared.
    package struct CachePlace: Sendable {
        package var folder: String
        package var byteCountMax: Int

        package init(folder: String, byteCountMax: Int) {
            self.folder = folder
            self.byteCountMax = byteCountMax
        }
    }

    /// What a worker is started with.
    package struct Configuration: Sendable {
        package var endpoint: String
        package var slots: Int
        package var settings: WorkerSettings
        /// Nil for a coordinator that asks for none.
        package var keys: WorkerKeys?
        /// What tasks may ask for.
        package var tags: [String]
        /// Nil: what is not stored is lost with this process.
        package var spool: SpoolPlace?
        /// Nil: nothing is shared with other workers of the host.
        package var cache: CachePlace?
        /// Nil: nobody is told how the worker is.
        package var supervisor: Supervisor?
        /// Makes spans of what the worker runs; nil: nobody does.
        package var tracer: (any Tracer)?

        package init(
            endpoint: String, slots: Int, settings: WorkerSettings = WorkerSettings(), keys: WorkerKeys? = nil,
            tags: [String] = [], spool: SpoolPlace? = nil, cache: CachePlace? = nil, supervisor: Supervisor? = nil,
            tracer: (any Tracer)? = nil
        ) {
            self.endpoint = endpoint
            self.slots = slots
            self.settings = settings
            self.keys = keys
            self.tags = tags
            self.spool = spool
            self.cache = cache
            self.supervisor = supervisor
            self.tracer = tracer
        }
    }

    private static let messagesPerTurnMax = 256
    /// How often slots' memory is looked at where it is limited.
    private static let memoryInterval: Nanoseconds = 200_000_000

    private let configuration: Configuration
    private let logger: Logger
    private var processes: [SlotProcess?]
    private var exitCode: Int32?
    private let group = ControlGroup()
    /// Slots' ends for want of memory that the kernel has counted and no slot is known to have met.
    private var outOfMemory: KernelKills
    private var nextMemoryLook: Nanoseconds = 0
    private var spool: SpoolFolder?
    private var cache: BundleCache?
    private var supervisor: Supervisor?
    private var traces: WorkerTraces?

    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        supervisor = configuration.supervisor
        traces = configuration.tracer.map { WorkerTraces($0, worker: Self.ownName) }
        processes = Array(repeating: nil, count: configuration.slots)
        outOfMemory = KernelKills(counted: group.outOfMemoryKills)
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
        spool = try openSpool()
        cache = openCache()
        var settings = configuration.settings
        if spool == nil { settings.spoolByteCountMax = nil }
        var machine = Worker(
            settings: settings, identity: identity(), recovered: spool?.recovered ?? [],
            makeDigest: { DigestBuilder() }, at: Self.now())

        var effects = machine.handle(.tick, at: Self.now())
        supervisor?.noteReady()
        while true {
            supervisor?.noteTurn(at: Self.now())
            carryOut(effects, socket: socket, machine: &machine)
            if let exitCode {
                traces?.endAll()
                for process in processes { process?.end() }
                if exitCode == 0 { spool?.discard() }
                return exitCode
            }
            let running = processes.indices.filter { processes[$0] != nil }
            let isLimited = configuration.settings.slotMemoryMax != nil && !running.isEmpty
            let due = isLimited ? min(machine.nextDeadline, nextMemoryLook) : machine.nextDeadline
            let wait = max(0, Double(due) - Double(Self.now())) / 1e9
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
                for event in read(slot) {
                    traces?.note(event, of: slot)
                    effects += machine.handle(.slot(slot, event), at: Self.now())
                }
            }
            if isLimited { effects += lookAtMemory(&machine) }
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

    /// Tells the machine what each slot's process holds of memory, where a look is due.
    private func lookAtMemory(_ machine: inout Worker) -> [WorkerEffect] {
        let now = Self.now()
        guard now >= nextMemoryLook else { return [] }
        nextMemoryLook = now + Self.memoryInterval
        return processes.indices.flatMap { slot -> [WorkerEffect] in
            guard let process = processes[slot], let byteCount = ProcessMemory.own(of: process.processID) else {
                return []
            }
            return machine.handle(.slot(slot, .memory(byteCount: byteCount)), at: now)
        }
    }

    private func openSpool() throws -> SpoolFolder? {
        guard let place = configuration.spool else { return nil }
        do {
            return try SpoolFolder(
                root: place.root,
                name: SpoolFolder.name(
                    key: configuration.keys?.name, host: Self.hostName, endpoint: configuration.endpoint))
        } catch {
            if place.isRequired { throw error }
            logger.warning("no spool: what is not stored is lost with this process", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// A folder that cannot be used costs time alone.
    private func openCache() -> BundleCache? {
        guard let place = configuration.cache else { return nil }
        do {
            return try BundleCache(folder: place.folder, byteCountMax: place.byteCountMax)
        } catch {
            logger.warning(
                "no cache: models and data are fetched for this worker alone", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func identity() -> WorkerIdentity {
        return WorkerIdentity(
            instance: spool?.instance ?? SpoolFolder.newInstance(), name: Self.ownName,
            slots: configuration.slots,
            slotMemory: configuration.settings.slotMemoryMax ?? group.memory.map { $0 / configuration.slots },
            tags: configuration.tags, binary: Build.binaryDigest, kernels: Build.kernelFingerprint)
    }

    /// `HOST:PID`, by which a coordinator's log and manifest name a worker.
    /// What the coordinator calls this process.
    package static var ownName: String { name(processID: getpid()) }

    static func name(processID: pid_t) -> String { "\(hostName):\(processID)" }

    private static var hostName: String {
        var bytes = [CChar](repeating: 0, count: 100)
        let isKnown = gethostname(&bytes, bytes.count - 1) == 0
        let host = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return isKnown ? host : "unknown"
    }

    // MARK: Effects

    private func carryOut(_ effects: [WorkerEffect], socket: borrowing Socket, machine: inout Worker) {
        traces?.note(effects, ledger: machine.ledger)
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
                    traces?.note(event, of: slot)
                    following += machine.handle(.slot(slot, event), at: Self.now())
                }
            case .accepted(let slot):
                processes[slot]?.tell(.accepted)
            case .stop(let slot):
                processes[slot]?.tell(.stop)
            case .kill(let slot):
                processes[slot]?.kill()
            case .spool(let outcome):
                following += machine.handle(put(outcome), at: Self.now())
            case .unspool(let numbers):
                spool?.remove(numbers)
            case .lookUp(let digest):
                following += machine.handle(.lookedUp(digest, cache?.lookUp(digest) ?? .none), at: Self.now())
            case .share(let digest, let bytes):
                cache?.share(digest, bytes)
            case .exit(let code):
                exitCode = code
            case .log(let fact):
                if case .draining = fact { supervisor?.noteStopping() }
                fact.log(to: logger)
            }
        }
        if !following.isEmpty { carryOut(following, socket: socket, machine: &machine) }
    }

    /// Makes the outcome durable; returns what the machine is told.
    private func put(_ outcome: SpooledOutcome) -> WorkerEvent {
        do {
            try spool?.put(outcome)
            return .spooled(outcome.number)
        } catch {
            logger.warning("the spool refuses", metadata: ["error": "\(error)"])
            return .spoolRefused(outcome.number)
        }
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
        if exit.signal == SIGKILL, outOfMemory.explainsKill(counted: group.outOfMemoryKills) {
            return events + [
                .exited(text: "the slot process was killed: the host has no memory left", failure: .outOfMemory)
            ]
        }
        return events + [.exited(text: "the slot process: \(exit)", failure: exit.failure)]
    }
}
