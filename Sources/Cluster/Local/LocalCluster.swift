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
        var running = 0
    }

    /// Unexpected ends of one worker after which it is left alone: something is wrong with this machine.
    private static let restartsMax = 100

    private let arguments: [String]
    private let state = Mutex(State())
    private let stopped = DispatchSemaphore(value: 0)
    private let onEnd: @Sendable (pid_t) -> Void

    /// Starts `count` agents of one slot each that connect to `endpoint`.
    /// - Parameter onEnd: told of every worker process that has ended.
    package init(workers count: Int, endpoint: String, onEnd: @escaping @Sendable (pid_t) -> Void) {
        self.onEnd = onEnd
        arguments = [
            "worker", "--connect", endpoint, "--slots", "1", "--orphan-limit", "0", "--parent", String(getpid()),
        ]
        for index in 0..<count {
            state.withLock { $0.running += 1 }
            let thread = Thread { [self] in supervise(index) }
            thread.name = "worker \(index + 1)"
            thread.start()
        }
    }

    private func supervise(_ index: Int) {
        defer {
            let isLast = state.withLock { state in
                state.running -= 1
                return state.running == 0
            }
            if isLast { stopped.signal() }
        }
        for _ in 0..<Self.restartsMax {
            // The lock covers start and entry, so a stop never misses a process that has just been started.
            let process: ChildProcess? = state.withLock { state in
                guard !state.isStopping else { return nil }
                let process = try? ChildProcess.start(
                    path: ChildProcess.ownPath, arguments: arguments, pipes: false)
                state.processIDs[index] = process?.processID
                return process
            }
            guard let process else { return }
            _ = process.waitForExit()
            state.withLock { $0.processIDs[index] = nil }
            onEnd(process.processID)
        }
    }

    /// Asks all workers to leave, waits for their ends, and kills those that have not gone after `patience`.
    package func stop(patience: Duration) {
        let processIDs = state.withLock { state in
            state.isStopping = true
            return state.processIDs.values.sorted()
        }
        for processID in processIDs { kill(processID, SIGTERM) }
        let seconds = Double(patience.components.seconds)
        if stopped.wait(timeout: .now() + seconds) == .timedOut {
            for processID in state.withLock({ Array($0.processIDs.values) }) { kill(processID, SIGKILL) }
            stopped.wait()
        }
    }
}
