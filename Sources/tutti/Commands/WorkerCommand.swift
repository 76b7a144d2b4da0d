import ArgumentParser
import Cluster
import Coordination
import Foundation
import Logging

struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run tasks for a coordinator.",
        discussion: """
            Comes and goes as it likes: what it had done is kept, and what it was doing goes on elsewhere. Leaves in \
            good order on SIGTERM or ctrl-C (checkpoints first), at once on the second, and in time before its host or \
            batch system ends it where that is known (--walltime, or SLURM_JOB_END_TIME). Durations are written 90, 90s, \
            15m, 1h30m or 2d, memory 512M or 4G.

              tutti worker --connect tcp://127.0.0.1:5570 --slots 8

            A coordinator on another machine is known by its key, and knows its workers by theirs (`tutti keys --help`).

              tutti worker --connect tcp://HOST:5570 --key worker-1.secret --coordinator-key coordinator.public
            """)

    @Option(help: "The coordinator's address, tcp://HOST:PORT or ipc://PATH.")
    var connect: String

    @Option(help: "Tasks at once (default: one per core).")
    var slots: Int?

    @Option(help: "The file of this worker's secret key.")
    var key: String?

    @Option(help: "The file of the coordinator's public key: no other coordinator is talked to.")
    var coordinatorKey: String?

    @OptionGroup
    var plaintext: PlaintextOptions

    @Flag(help: "Leave when there has been nothing to do for ten seconds.")
    var exitWhenIdle = false

    @Option(help: ArgumentHelp("A word that tasks can ask for, such as zone=a; may be repeated.", valueName: "word"))
    var tag: [String] = []

    @Option(help: "End a task whose slot holds more memory than this (default: none is ended).")
    var memoryPerSlot: MemorySize?

    @Option(
        help: "Time until the host or its batch system ends this worker (default: by SLURM_JOB_END_TIME, else no end).")
    var walltime: TimeSpan?

    @Option(help: "Leave after this time, or up to a tenth earlier, to be started anew by whatever watches the worker.")
    var lifetime: TimeSpan?

    @Option(help: "How long leaving in good order may take; hosts that are taken away give little notice.")
    var drainLimit = TimeSpan(seconds: 60)

    @Option(
        help: """
            The folder where work is kept that the coordinator is not there to take, for the worker that takes this one's \
            place if it is killed (default: by STATE_DIRECTORY or XDG_STATE_HOME, else ~/.local/state/tutti/spool).
            """)
    var spool: String?

    @Flag(help: "Keep such work in memory alone.")
    var noSpool = false

    @Option(help: "The most that the spool may take of the disk.")
    var spoolLimit = MemorySize.gibibyte

    @Option(help: "How long to go on without a coordinator.")
    var orphanLimit = TimeSpan(seconds: 86_400)

    @Option(help: .hidden)
    var stallLimit: Double = 60

    @Option(help: .hidden)
    var parent: Int32?

    func validate() throws {
        if let slots, !(1...1024).contains(slots) { throw ValidationError("--slots must be from 1 to 1024.") }
        guard ["tcp://", "ipc://"].contains(where: connect.hasPrefix) else {
            throw ValidationError("--connect must begin with tcp:// or ipc://.")
        }
        guard (key == nil) == (coordinatorKey == nil) else {
            throw ValidationError("--key and --coordinator-key go together: each side proves who it is.")
        }
        guard key != nil || LinkAddress.isLocal(connect) || plaintext.allowPlaintextOffLoopback else {
            throw ValidationError(
                """
                --connect \(connect): without keys, whoever is between could read the data and forge results. Mend: \
                `tutti keys new NAME --folder FOLDER`, have NAME.public allowed by the coordinator, then give --key \
                FOLDER/NAME.secret --coordinator-key coordinator.public; or say --allow-plaintext-off-loopback on a \
                network that something else protects.
                """)
        }
        if let problem = WorkerTags.problem(in: tag) { throw ValidationError("--tag: \(problem)") }
        guard spool == nil || !noSpool else { throw ValidationError("--spool and --no-spool exclude each other.") }
        if let memoryPerSlot, memoryPerSlot.byteCount < Self.memoryPerSlotMin {
            throw ValidationError(
                "--memory-per-slot: no task runs in less than \(MemorySize.words(Self.memoryPerSlotMin)). Mend: 4G, say."
            )
        }
        for (name, value) in [("--walltime", walltime), ("--lifetime", lifetime), ("--drain-limit", drainLimit)] {
            guard let value, value.nanoseconds < 1_000_000_000 else { continue }
            throw ValidationError("\(name) must be a second or more.")
        }
        guard stallLimit > 0, stallLimit <= 1e6 else { throw ValidationError("--stall-limit is out of range.") }
    }

    /// Bytes; the program alone takes a part of them.
    private static let memoryPerSlotMin = 64 << 20

    /// Where the spool is; nil: there is none.
    private var spoolPlace: WorkerService.SpoolPlace? {
        // A worker of one coordinator process ends with it, and whoever goes on begins from what that has stored.
        guard !noSpool, parent == nil else { return nil }
        if let spool { return .init(root: spool, isRequired: true) }
        return SpoolFolder.systemFolder(environment: ProcessInfo.processInfo.environment)
            .map { .init(root: $0, isRequired: false) }
    }

    /// What is left until something else ends this process.
    private func remainingTime() throws -> Nanoseconds? {
        if let walltime { return walltime.nanoseconds }
        // A worker of one coordinator process is ended with that.
        guard parent == nil else { return nil }
        do {
            return try BatchWalltime.remaining(
                environment: ProcessInfo.processInfo.environment, now: Date().timeIntervalSince1970)
        } catch {
            throw UserError.unusable("\(error)")
        }
    }

    func run() throws {
        if let parent { ParentProcess.dieWith(expected: parent) }
        BrokenPipe.isAnError()
        var settings = WorkerSettings()
        // A worker of one coordinator process lives as long as that: the kernel ends it.
        settings.orphanLimit = parent == nil ? orphanLimit.nanoseconds : 3600 * 1_000_000_000
        settings.stall = StallLimits(floor: Nanoseconds(stallLimit * 1e9))
        settings.walltime = try remainingTime()
        settings.lifetime = lifetime?.nanoseconds
        settings.drainLimit = drainLimit.nanoseconds
        settings.slotMemoryMax = memoryPerSlot?.byteCount
        settings.spoolByteCountMax = spoolLimit.byteCount
        settings.idleLimit = exitWhenIdle ? 10_000_000_000 : nil
        let logger = Logger(label: "worker") { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = parent == nil ? .info : .error
            return handler
        }
        var keys: WorkerKeys?
        if let key, let coordinatorKey {
            do {
                keys = try WorkerKeys(key: key, coordinatorKey: coordinatorKey)
            } catch {
                throw UserError.unusable("\(error)")
            }
            // Nobody answers a worker whose key is not allowed; this line says which one it is.
            logger.info("connecting with a key", metadata: ["key": "\(keys?.name ?? "")", "to": "\(connect)"])
        }
        let service = WorkerService(
            .init(
                endpoint: connect, slots: slots ?? ProcessInfo.processInfo.activeProcessorCount, settings: settings,
                keys: keys, tags: tag, spool: spoolPlace),
            logger: logger)
        do {
            throw ExitCode(try service.run())
        } catch let code as ExitCode {
            throw code
        } catch {
            throw UserError.failed("\(error)")
        }
    }
}

/// The numeric core of one slot, started by a worker.
struct SlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slot", abstract: "Run tasks that a worker sends through pipes.", shouldDisplay: false)

    @Option(help: .hidden)
    var parent: Int32

    func run() throws {
        ParentProcess.dieWith(expected: parent)
        BrokenPipe.isAnError()
        ProcessMemory.offerFirst()
        throw ExitCode(TaskExecutor.serve())
    }
}

extension TimeSpan: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}

extension MemorySize: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
