import Foundation
import Glibc
import Synchronization

/// Worker processes on this machine for one coordinator: started, started again when they die, and stopped.
///
/// One thread a worker: it starts the process and waits for its end, so the thread lives as long as the child and
/// the child's parent-death signal means this whole process.
package final class LocalCluster: Sendable {
    private struct State {
        var isStopping = false
        var processIDs: [Int: pid_t] = [:]
        var running: Int
        var failureText: String?
    }

    /// Between two tries to start a process where the system refuses.
    private static let startPause: Double = 0.05

    private let program: String
    private let arguments: [String]
    private let restarts: RestartLimit
    private let state: Mutex<State>
    private let stopped = DispatchSemaphore(value: 0)
    private let onEnd: @Sendable (pid_t) -> Void

    /// Starts `count` agents of one slot each that connect to `endpoint`.
    /// - Parameter onEnd: told of every worker process that has ended.
    package convenience init(workers count: Int, endpoint: String, onEnd: @escaping @Sendable (pid_t) -> Void) {
        self.init(
            workers: count, program: ChildProcess.ownPath,
            arguments: [
                "worker", "--connect", endpoint, "--slots", "1", "--orphan-limit", "0", "--parent", String(getpid()),
            ], restarts: RestartLimit(), onEnd: onEnd)
    }

    /// - Parameters:
    ///   - program: is started `count` times with `arguments`.
    ///   - restarts: of each of them.
    package init(
        workers count: Int, program: String, arguments: [String], restarts: RestartLimit,
        onEnd: @escaping @Sendable (pid_t) -> Void
    ) {
        self.onEnd = onEnd
        self.program = program
        self.arguments = arguments
        self.restarts = restarts
        state = Mutex(State(running: count))
        for index in 0..<count {
            let thread = Thread { [self] in supervise(index) }
            thread.name = "worker \(index + 1)"
            thread.start()
        }
    }

    /// Why there is no worker any more, and will be none; nil while there is one.
    package var failureText: String? { state.withLock { $0.failureText } }

    private func supervise(_ index: Int) {
        var limit = restarts
        var lastEnd = ""
        repeat {
            let started = Clock.now()
            do {
                guard let process = try start(index) else { break }
                let exit = process.waitForExit()
                state.withLock { $0.processIDs[index] = nil }
                onEnd(process.processID)
                lastEnd = "the last one: \(exit)"
            } catch {
                lastEnd = "\(error)"
                Thread.sleep(forTimeInterval: Self.startPause)
            }
            limit.noteEnd(afterSeconds: Clock.now() - started)
        } while !limit.isReached
        let isLast = state.withLock { state in
            state.running -= 1
            if state.running == 0, !state.isStopping {
                state.failureText = """
                    no worker is left: each process has ended \(limit.endsMax) times in a row within \
                    \(Int(limit.lifeMin)) s of its start, \(lastEnd). Mend: what ends them is said above, or by the \
                    kernel's log (dmesg) where memory is short; fewer --workers need less.
                    """
            }
            return state.running == 0
        }
        if isLast { stopped.signal() }
    }

    /// Starts a process; nil when all are to stop. The lock covers start and entry, so a stop never misses a process
    /// that has just been started.
    private func start(_ index: Int) throws -> ChildProcess? {
        try state.withLock { state in
            guard !state.isStopping else { return nil }
            let process = try ChildProcess.start(path: program, arguments: arguments, pipes: false)
            state.processIDs[index] = process.processID
            return process
        }
    }

    /// Asks all workers to leave, waits for their ends, and kills those that have not gone after `patience`.
    package func stop(patience: Duration) {
        let processIDs = state.withLock { state in
            state.isStopping = true
            return state.processIDs.values.sorted()
        }
        for processID in processIDs { kill(processID, SIGTERM) }
        if !waitForEnd(patience) {
            for processID in state.withLock({ Array($0.processIDs.values) }) { kill(processID, SIGKILL) }
            _ = waitForEnd(nil)
        }
    }

    /// Waits until there is no worker any more, and will be none; false when that has not come about in time.
    /// - Parameter patience: nil for ever.
    package func waitForEnd(_ patience: Duration?) -> Bool {
        let limit = patience.map { DispatchTime.now() + Double($0.components.seconds) } ?? .distantFuture
        guard stopped.wait(timeout: limit) == .success else { return false }
        // Who waits next is told too.
        stopped.signal()
        return true
    }
}
