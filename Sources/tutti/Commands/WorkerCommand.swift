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
            good order on SIGTERM or ctrl-C (checkpoints first), at once on the second.

              tutti worker --connect tcp://127.0.0.1:5570 --slots 8

            A coordinator on another machine is known by its key, and knows its workers by theirs (`tutti keys --help`).

              tutti worker --connect tcp://HOST:5570 --key worker-1.secret --coordinator-key coordinator.public
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

    @Flag(help: .setting("exit_when_idle", of: .worker))
    var exitWhenIdle = false

    @Option(help: .setting("orphan_limit", of: .worker))
    var orphanLimit: String?

    @Option(help: .setting("stall_limit", of: .worker))
    var stallLimit: String?

    @Option(help: .hidden)
    var parent: Int32?

    private var given: [String: String?] {
        [
            "connect": connect, "slots": slots, "key": key, "coordinator_key": coordinatorKey,
            "orphan_limit": orphanLimit, "stall_limit": stallLimit, "exit_when_idle": exitWhenIdle.given,
            "allow_plaintext_off_loopback": allowPlaintextOffLoopback.given,
        ]
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
            parent == nil ? Nanoseconds(configured.number("orphan_limit") * 1e9) : 3600 * 1_000_000_000
        settings.stall = StallLimits(floor: Nanoseconds(configured.number("stall_limit") * 1e9))
        settings.idleLimit = configured.isOn("exit_when_idle") ? 10_000_000_000 : nil
        let logger = Logger(label: "worker") { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = parent == nil ? .info : .error
            return handler
        }
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
        let service = WorkerService(
            .init(
                endpoint: connect, slots: configured.whole("slots") ?? ProcessInfo.processInfo.activeProcessorCount,
                settings: settings,
                keys: keys),
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
        throw ExitCode(TaskExecutor.serve())
    }
}
