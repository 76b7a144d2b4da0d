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

    @Option(help: "Seconds to go on without a coordinator.")
    var orphanLimit: Double = 86_400

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
        guard orphanLimit >= 0, orphanLimit <= 1e7 else { throw ValidationError("--orphan-limit is out of range.") }
        guard stallLimit > 0, stallLimit <= 1e6 else { throw ValidationError("--stall-limit is out of range.") }
    }

    func run() throws {
        if let parent { ParentProcess.dieWith(expected: parent) }
        BrokenPipe.isAnError()
        var settings = WorkerSettings()
        // A worker of one coordinator process lives as long as that: the kernel ends it.
        settings.orphanLimit = parent == nil ? Nanoseconds(orphanLimit * 1e9) : 3600 * 1_000_000_000
        settings.stall = StallLimits(floor: Nanoseconds(stallLimit * 1e9))
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
