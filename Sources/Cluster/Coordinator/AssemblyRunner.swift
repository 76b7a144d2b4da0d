import Coordination
import Foundation
import Logging
import Storage
import Wire

/// What putting a job's results together came to.
package enum AssemblyOutcome: Sendable, Hashable {
    /// `text` is the verdict, or what went wrong.
    case finished(JobID, succeeded: Bool, text: String)
    /// Stored draws of these tasks are missing or damaged.
    case drawsLost([TaskID])
}

/// Puts results together, each job's on a thread of its own, and never on the control thread.
///
/// A try that fails is followed by others after growing pauses; then its job has failed, and no other. Tries that ended
/// the process count too: `tries` knows of them. While the disk is full nothing is counted: all draws are stored, and
/// there is nothing wrong with the job.
package final class AssemblyRunner: Sendable {
    private let tries: AssemblyTries
    private let triesMax: Int
    private let firstPause: Double
    private let logger: Logger
    /// Puts a job's results together; returns the verdict.
    private let assemble: @Sendable (JobSnapshot) throws -> String
    private let onEnd: @Sendable (AssemblyOutcome) -> Void
    private let hasRoom: @Sendable () -> Bool
    private let threads = DispatchGroup()
    /// Rings from `stop` on.
    private let stopped = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - tries: how often a job's results were begun.
    ///   - triesMax: tries of a job's results.
    ///   - firstPause: seconds before the third try; twice as long before each further one.
    ///   - hasRoom: false while the disk of the results is full.
    ///   - onEnd: told once of each job, on its thread; not of one that `stop` has cut short.
    package init(
        tries: AssemblyTries, triesMax: Int = 5, firstPause: Double = 1, logger: Logger,
        hasRoom: @escaping @Sendable () -> Bool, assemble: @escaping @Sendable (JobSnapshot) throws -> String,
        onEnd: @escaping @Sendable (AssemblyOutcome) -> Void
    ) {
        self.tries = tries
        self.triesMax = triesMax
        self.firstPause = firstPause
        self.logger = logger
        self.hasRoom = hasRoom
        self.assemble = assemble
        self.onEnd = onEnd
    }

    /// Begins with a job's results; returns at once.
    package func start(_ snapshot: JobSnapshot) {
        threads.enter()
        let thread = Thread { [self] in
            run(snapshot)
            threads.leave()
        }
        thread.name = "assembly \(snapshot.id.number)"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Ends pauses and begins nothing more; returns when what runs has come to its end.
    package func stop() {
        stopped.signal()
        threads.wait()
    }

    private func run(_ snapshot: JobSnapshot) {
        let job = snapshot.id
        var text = "putting its results together has failed or ended the coordinator \(triesMax) times"
        var wasFull = false
        while pause(0) {
            do {
                let earlier = try tries.count(of: job)
                guard earlier < triesMax else {
                    try tries.remove(job)
                    onEnd(.finished(job, succeeded: false, text: text))
                    return
                }
                // The second try is at once: most often the process was ended by others.
                if earlier > 1, !pause(firstPause * Double(1 << (earlier - 2))) { return }
                try tries.note(earlier + 1, of: job)
                let verdict = try assemble(snapshot)
                try tries.remove(job)
                onEnd(.finished(job, succeeded: true, text: verdict))
                return
            } catch let lost as LostDraws {
                // The try stays counted: a disk that loses draws for ever fails the job in the end.
                onEnd(.drawsLost(lost.tasks))
                return
            } catch {
                text = "the results cannot be put together: \(error)"
                let isFull = (error as? StorageError)?.isDiskFull == true || !hasRoom()
                if !isFull || !wasFull {
                    logger.error(
                        isFull ? "results wait for room on the disk" : "results could not be put together",
                        metadata: ["job": "\(job.number)", "error": "\(error)"])
                }
                wasFull = isFull
                if isFull {
                    try? tries.remove(job)
                    if !pause(firstPause) { return }
                }
            }
        }
    }

    /// False when there is no time left for it.
    private func pause(_ seconds: Double) -> Bool {
        guard stopped.wait(timeout: .now() + seconds) == .success else { return true }
        // For the other threads.
        stopped.signal()
        return false
    }
}
