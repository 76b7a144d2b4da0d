import ArgumentParser
import Cluster
import Coordination
import Foundation
import Logging
import Traces

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

              tutti worker --connect tcp://HOST:5570 --key worker-1.secret \\
                --coordinator-key coordinator.public
            """)

    @OptionGroup
    var options: SettingOptions

    @Option(help: .setting("connect", of: .worker))
    var connect: String?

    @Option(help: .setting("slots", of: .worker))
    var slots: String?

    @Option(help: .setting("key", of: .worker))
    var key: String?

    @Option(help: .setting("coordinator_key", of: .worker))
    var coordinatorKey: String?

    @Flag(help: .setting("allow_plaintext_off_loopback", of: .worker))
    var allowPlaintextOffLoopback = false

    @Option(help: .setting("tags", of: .worker))
    var tag: [String] = []

    @Option(help: .setting("memory_per_slot", of: .worker))
    var memoryPerSlot: String?

    @Option(help: .setting("walltime", of: .worker))
    var walltime: String?

    @Option(help: .setting("lifetime", of: .worker))
    var lifetime: String?

    @Option(help: .setting("drain_limit", of: .worker))
    var drainLimit: String?

    @Flag(help: .setting("exit_when_idle", of: .worker))
    var exitWhenIdle = false

    @Option(help: .setting("spool", of: .worker))
    var spool: String?

    @Flag(help: "Keep such work in memory alone: the same as --spool none.")
    var noSpool = false

    @Option(help: .setting("spool_limit", of: .worker))
    var spoolLimit: String?

    @Option(help: .setting("cache", of: .worker))
    var cache: String?

    @Option(help: .setting("cache_limit", of: .worker))
    var cacheLimit: String?

    @Option(help: .setting("orphan_limit", of: .worker))
    var orphanLimit: String?

    @Flag(help: .setting("log_json", of: .worker))
    var logJson = false

    @Option(help: .setting("traces", of: .worker))
    var traces: String?

    @Option(help: .setting("stall_limit", of: .worker))
    var stallLimit: String?

    @Option(help: .hidden)
    var parent: Int32?

    private var given: [String: String?] {
        [
            "connect": connect, "slots": slots, "key": key, "coordinator_key": coordinatorKey,
            "allow_plaintext_off_loopback": allowPlaintextOffLoopback.given,
            "tags": tag.isEmpty ? nil : tag.joined(separator: ","), "memory_per_slot": memoryPerSlot,
            "walltime": walltime, "lifetime": lifetime, "drain_limit": drainLimit,
            "exit_when_idle": exitWhenIdle.given, "spool": noSpool ? Self.noFolder : spool,
            "spool_limit": spoolLimit, "cache": cache, "cache_limit": cacheLimit, "orphan_limit": orphanLimit,
            "log_json": logJson.given, "traces": traces, "stall_limit": stallLimit,
        ]
    }

    /// What `spool` and `cache` say where there is to be none.
    private static let noFolder = "none"

    func validate() throws {
        guard spool == nil || !noSpool else { throw ValidationError("--spool and --no-spool exclude each other.") }
    }

    /// Where the spool is; nil: there is none.
    private func spoolPlace(_ folder: String?) -> WorkerService.SpoolPlace? {
        // A worker of one coordinator process ends with it, and whoever goes on begins from what that has stored.
        guard folder != Self.noFolder, parent == nil else { return nil }
        if let folder { return .init(root: folder, isRequired: true) }
        return SpoolFolder.systemFolder(environment: ProcessInfo.processInfo.environment)
            .map { .init(root: $0, isRequired: false) }
    }

    /// Where models and data are shared; nil: nowhere.
    private func cachePlace(_ folder: String?, byteCountMax: Int?) -> WorkerService.CachePlace? {
        // Workers of one coordinator process have their data from this host already.
        guard folder != Self.noFolder, parent == nil, let byteCountMax else { return nil }
        return (folder ?? BundleCache.systemFolder(environment: ProcessInfo.processInfo.environment))
            .map { .init(folder: $0, byteCountMax: byteCountMax) }
    }

    /// What is left until something else ends this process.
    private func remainingTime(_ walltime: Nanoseconds?) throws -> Nanoseconds? {
        if let walltime { return walltime }
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
        // A worker of one coordinator process is told all by that.
        let configured =
            try parent == nil
            ? options.settings(of: .worker, given: given)
            : options.settings(of: .worker, givenAlone: given)
        let connect = configured.known("connect")
        var settings = WorkerSettings()
        // A worker of one coordinator process lives as long as that: the kernel ends it.
        settings.orphanLimit =
            parent == nil ? configured.duration("orphan_limit") ?? settings.orphanLimit : 3600 * 1_000_000_000
        settings.walltime = try remainingTime(configured.duration("walltime"))
        settings.lifetime = configured.duration("lifetime")
        settings.drainLimit = configured.duration("drain_limit") ?? settings.drainLimit
        settings.slotMemoryMax = configured.byteCount("memory_per_slot")
        settings.spoolByteCountMax = configured.byteCount("spool_limit") ?? settings.spoolByteCountMax
        settings.stall = StallLimits(floor: Nanoseconds(configured.knownNumber("stall_limit") * 1e9))
        settings.idleLimit = configured.isOn("exit_when_idle") ? 10_000_000_000 : nil
        let logger = Logger.standardError(
            "worker", asJSON: configured.isOn("log_json"), level: parent == nil ? .info : .error,
            fields: ["worker": WorkerService.ownName])
        var keys: WorkerKeys?
        if let key = configured.text("key"), let coordinatorKey = configured.text("coordinator_key") {
            do {
                keys = try WorkerKeys(key: key, coordinatorKey: coordinatorKey)
            } catch {
                throw UserError.unusable("\(error)")
            }
        }
        if options.check {
            SettingOptions.show(configured)
            return
        }
        if let keys {
            // Nobody answers a worker whose key is not allowed; this line says which one it is.
            logger.info("connecting with a key", metadata: ["key": "\(keys.name)", "to": "\(connect)"])
        }
        let tracer = try configured.text("traces").map { path in
            try FileTracer(path: path, program: "worker") { logger.warning("\($0)") }
        }
        defer { tracer?.stop() }
        let service = WorkerService(
            .init(
                endpoint: connect, slots: configured.whole("slots") ?? ProcessInfo.processInfo.activeProcessorCount,
                settings: settings, keys: keys, tags: configured.words("tags"),
                spool: spoolPlace(configured.text("spool")),
                cache: cachePlace(configured.text("cache"), byteCountMax: configured.byteCount("cache_limit")),
                // A worker of one coordinator process is none of a supervisor's.
                supervisor: parent == nil ? Supervisor(environment: ProcessInfo.processInfo.environment) : nil,
                tracer: tracer),
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
        LeavingSignals.areForTheParent()
        ProcessMemory.offerFirst()
        throw ExitCode(TaskExecutor.serve())
    }
}
