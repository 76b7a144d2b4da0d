import Coordination
import Logging

extension WorkerFact {
    /// The words of a worker's log.
    func log(to logger: Logger) {
        switch self {
        case .joined(let build): logger.info("joined", metadata: ["coordinator": "\(build)"])
        case .rejected(let reason): logger.error("rejected", metadata: ["reason": "\(reason)"])
        case .lostCoordinator: logger.warning("the coordinator is silent")
        case .started(let attempt, let iteration):
            logger.info("started", metadata: ["task": "\(attempt.task.index)", "from": "\(iteration)"])
        case .ended(let attempt, let text):
            logger.warning("ended", metadata: ["task": "\(attempt.task.index)", "reason": "\(text)"])
        case .draining(let reason): logger.info("draining", metadata: ["reason": "\(reason)"])
        case .recovered(let count):
            logger.info("handing in what an earlier process left behind", metadata: ["outcomes": "\(count)"])
        case .spoolFull: logger.warning("the spool takes no more: no new tasks are taken")
        }
    }
}
