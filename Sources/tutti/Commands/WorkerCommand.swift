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
            """)

    @Option(help: "The coordinator's address, tcp://HOST:PORT or ipc://PATH.")
    var connect: String

    @Option(help: "Tasks at once (default: one per core).")
    var slots: Int?

    @Flag(help: "Leave when there has been nothing to do for ten seconds.")
    var exitWhenIdle = false

    @Option(help: "Seconds to go on without a coordinator.")
    var orphanLimit: Double = 86_400

    @Option(help: .hidden)
    var parent: Int32?

    func validate() throws {
        if let slots, !(1...1024).contains(slots) { throw ValidationError("--slots must be from 1 to 1024.") }
        guard ["tcp://", "ipc://"].contains(where: connect.hasPrefix) else {
            throw ValidationError("--connect must begin with tcp:// or ipc://.")
        }
        guard orphanLimit >= 0, orphanLimit <= 1e7 else { throw ValidationError("--orphan-limit is out of range.") }
    }

    func run() throws {
        if let parent { ParentProcess.dieWith(expected: parent) }
        BrokenPipe.isAnError()
        var settings = WorkerSettings()
        // A worker of one coordinator process lives as long as that: the kernel ends it.
        settings.orphanLimit = parent == nil ? Nanoseconds(orphanLimit * 1e9) : 3600 * 1_000_000_000
        settings.idleLimit = exitWhenIdle ? 10_000_000_000 : nil
        let logger = Logger(label: "worker") { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = parent == nil ? .info : .error
            return handler
        }
        let service = WorkerService(
            .init(
                endpoint: connect, slots: slots ?? ProcessInfo.processInfo.activeProcessorCount, settings: settings),
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
