import Coordination
import Foundation
import Logging
import Storage
import Wire

/// What putting a job's results together came to.
package enum AssemblyOutcome: Sendable, Hashable {
    /// `text` is the verdict, or what went wrong.
    case finished(JobID, succeeded: Bool, text: String)
    /// Whether the draws of a job's chains up to the end of a round are enough.
    case judged(JobID, iteration: Int, isEnough: Bool)
    case notJudged(JobID, text: String)
    /// Stored draws of these tasks are missing or damaged.
    case drawsLost([TaskID])
}

/// What is to be made of a job's stored draws.
package enum AssemblyWork: Sendable {
    case results(JobSnapshot)
    /// A judgement of what its chains have drawn up to this iteration.
    case round(JobSnapshot, end: Int)

    fileprivate var job: JobID {
        switch self {
        case .results(let snapshot), .round(let snapshot, _): snapshot.id
        }
    }

    /// What it is called in a sentence.
    fileprivate var name: String {
        switch self {
        case .results: "putting its results together"
        case .round: "judging its draws"
        }
    }

    fileprivate func failure(_ text: String) -> AssemblyOutcome {
        switch self {
        case .results(let snapshot): .finished(snapshot.id, succeeded: false, text: text)
        case .round(let snapshot, _): .notJudged(snapshot.id, text: text)
        }
    }

    fileprivate func failure(_ error: any Error) -> String {
        switch self {
        case .results: "the results cannot be put together: \(error)"
        case .round: "the draws cannot be judged: \(error)"
        }
    }
}

/// Puts results together and judges rounds of draws, each job's on a thread of its own, and never on the control thread.
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
    /// Tells whether the draws of a job's chains up to an iteration are enough.
    private let judge: @Sendable (JobSnapshot, Int) throws -> Bool
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
        judge: @escaping @Sendable (JobSnapshot, Int) throws -> Bool,
        onEnd: @escaping @Sendable (AssemblyOutcome) -> Void
    ) {
        self.tries = tries
        self.triesMax = triesMax
        self.firstPause = firstPause
        self.logger = logger
        self.hasRoom = hasRoom
        self.assemble = assemble
        self.judge = judge
        self.onEnd = onEnd
    }

    /// Begins; returns at once.
    package func start(_ work: AssemblyWork) {
        threads.enter()
        let thread = Thread { [self] in
            run(work)
            threads.leave()
        }
        thread.name = "assembly \(work.job.number)"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Ends pauses and begins nothing more; returns when what runs has come to its end.
    package func stop() {
        stopped.signal()
        threads.wait()
    }

    private func run(_ work: AssemblyWork) {
        let job = work.job
        var text = "\(work.name) has failed or ended the coordinator \(triesMax) times"
        var wasFull = false
        while pause(0) {
            do {
                let earlier = try tries.count(of: job)
                guard earlier < triesMax else {
                    try tries.remove(job)
                    onEnd(work.failure(text))
                    return
                }
                // The second try is at once: most often the process was ended by others.
                if earlier > 1, !pause(firstPause * Double(1 << (earlier - 2))) { return }
                try tries.note(earlier + 1, of: job)
                let outcome = try perform(work)
                try tries.remove(job)
                onEnd(outcome)
                return
            } catch let lost as LostDraws {
                // The try stays counted: a disk that loses draws for ever fails the job in the end.
                onEnd(.drawsLost(lost.tasks))
                return
            } catch {
                text = work.failure(error)
                let isFull = (error as? StorageError)?.isDiskFull == true || !hasRoom()
                if !isFull || !wasFull {
                    log(work, isFull: isFull, error)
                }
                wasFull = isFull
                if isFull {
                    try? tries.remove(job)
                    if !pause(firstPause) { return }
                }
            }
        }
    }

    private func log(_ work: AssemblyWork, isFull: Bool, _ error: any Error) {
        let metadata: Logger.Metadata = ["job": "\(work.job.number)", "error": "\(error)"]
        switch work {
        case _ where isFull: logger.error("results wait for room on the disk", metadata: metadata)
        case .results: logger.error("results could not be put together", metadata: metadata)
        case .round: logger.error("draws could not be judged", metadata: metadata)
        }
    }

    private func perform(_ work: AssemblyWork) throws -> AssemblyOutcome {
        switch work {
        case .results(let snapshot):
            .finished(snapshot.id, succeeded: true, text: try assemble(snapshot))
        case .round(let snapshot, let end):
            .judged(snapshot.id, iteration: end, isEnough: try judge(snapshot, end))
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
