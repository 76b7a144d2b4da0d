import Coordination
import Logging
import Wire

extension WorkerFact {
    /// The words of a worker's log.
    func log(to logger: Logger) {
        switch self {
        case .joined(let build): logger.info("joined", metadata: ["coordinator": "\(build)"])
        case .rejected(let reason): logger.error("rejected", metadata: ["reason": "\(reason)"])
        case .lostCoordinator: logger.warning("the coordinator is silent")
        case .started(let attempt, let iteration):
            logger.info("started", metadata: Self.metadata(attempt, ["from": "\(iteration)"]))
        case .ended(let attempt, let text):
            logger.warning("ended", metadata: Self.metadata(attempt, ["reason": "\(text)"]))
        case .draining(let reason): logger.info("draining", metadata: ["reason": "\(reason)"])
        case .recovered(let count):
            logger.info("handing in what an earlier process left behind", metadata: ["outcomes": "\(count)"])
        case .spoolFull: logger.warning("the spool takes no more: no new tasks are taken")
        }
    }

    private static func metadata(_ attempt: AttemptID, _ others: Logger.Metadata) -> Logger.Metadata {
        others.merging(["job": "\(attempt.task.job.number)", "task": "\(attempt.task.index)"]) { $1 }
    }
}
