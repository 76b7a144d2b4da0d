import Coordination
import Fitting
import Foundation
import Logging
import Synchronization
import Wire

/// Looks at the draws of jobs that run, for whoever watches: one job at a time, off the control thread, with what it found
/// kept, so that many who watch cost no more than one.
final class FormingDesk: Sendable {
    private struct Look {
        var figures: FormingFigures?
        /// Stored blocks of draws at the time of the look.
        var blocks = 0
        var isUnderWay = false
        /// Before then there is no other.
        var next = -Double.infinity
        var asked: Double
    }

    /// Seconds between two looks at a job at the least.
    private static let pauseMin: Double = 4
    /// Pause between two looks ÷ what one takes: to show what forms takes a small share of a processor.
    private static let pausePerLook: Double = 20
    /// Jobs that are remembered.
    private static let jobsMax = 64

    private let looks = Mutex<[JobID: Look]>([:])
    private let isStopped = Mutex(false)
    private let queue = DispatchQueue(label: "forming", qos: .utility)
    private let logger: Logger
    private let look: @Sendable (JobSnapshot) throws -> FormingFit?

    init(logger: Logger, look: @escaping @Sendable (JobSnapshot) throws -> FormingFit?) {
        self.logger = logger
        self.look = look
    }

    /// What the latest look has found; begins another where there is more to see and it is time.
    func figures(of job: JobSnapshot) -> FormingFigures? {
        let now = Clock.now()
        let blocks = job.tasks.reduce(0) { $0 + $1.blocks.count }
        let (figures, begins) = looks.withLock { looks -> (FormingFigures?, Bool) in
            guard !job.state.isOver else {
                looks[job.id] = nil
                return (nil, false)
            }
            var look = looks[job.id] ?? Look(asked: now)
            look.asked = now
            let begins = blocks > 0 && blocks != look.blocks && !look.isUnderWay && now >= look.next
            if begins { look.isUnderWay = true }
            looks[job.id] = look
            if looks.count > Self.jobsMax,
                let oldest = looks.filter({ !$0.value.isUnderWay }).min(by: { $0.value.asked < $1.value.asked })
            {
                looks[oldest.key] = nil
            }
            return (look.figures, begins)
        }
        if begins { queue.async { [self] in take(job, blocks: blocks) } }
        return figures
    }

    private func take(_ job: JobSnapshot, blocks: Int) {
        guard !isStopped.withLock({ $0 }) else { return }
        let start = Clock.now()
        var figures: FormingFigures?
        do {
            figures = try look(job).map(FormingFigures.init)
        } catch {
            // Its draws may have been let go meanwhile; whoever puts the results together says what is wrong.
            logger.debug("draws were not looked at", metadata: ["job": "\(job.id.number)", "error": "\(error)"])
        }
        let end = Clock.now()
        looks.withLock { looks in
            guard var look = looks[job.id] else { return }
            if let figures { look.figures = figures }
            look.blocks = blocks
            look.isUnderWay = false
            look.next = end + max(Self.pauseMin, Self.pausePerLook * (end - start))
            looks[job.id] = look
        }
    }

    /// Returns when nothing is looked at any more.
    func stop() {
        isStopped.withLock { $0 = true }
        queue.sync {}
    }
}
