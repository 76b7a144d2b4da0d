import Coordination
import GRDB
import Wire

/// The table `job`, kept in step with the entries in the same transaction.
enum JobProjection {
    static func apply(_ entry: LedgerEntry, in database: Database) throws {
        switch entry {
        case .submitted(let job, let specification):
            try insert(job, specification, in: database)
        case .granted(let attempt, _):
            try set(.running, of: attempt.task.job, from: [.queued], in: database)
        case .taskFailed(let task, _):
            try set(.failed, of: task.job, from: [.queued, .running], in: database)
        case .assembled(let job, let succeeded, _):
            try set(succeeded ? .succeeded : .failed, of: job, from: [.queued, .running, .failed], in: database)
        case .cancelled(let job), .abandoned(let job, _):
            try set(.cancelled, of: job, from: [.queued, .running, .failed, .succeeded], in: database)
        case .checkpointed, .done, .ended, .drawsLost, .paused, .resumed, .prioritised:
            break
        }
    }

    private static func insert(_ job: JobID, _ specification: JobSpecification, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO job VALUES (?, ?, ?, ?)")
            .execute(arguments: [
                Int64(bitPattern: job.number), specification.digest.description, specification.name,
                JobState.queued.rawValue,
            ])
    }

    private static func set(
        _ state: JobState, of job: JobID, from earlier: [JobState], in database: Database
    ) throws {
        let current = try String.fetchOne(
            database.cachedStatement(sql: "SELECT state FROM job WHERE id = ?"),
            arguments: [Int64(bitPattern: job.number)])
        guard let current, earlier.map(\.rawValue).contains(current) else { return }
        try database.cachedStatement(sql: "UPDATE job SET state = ? WHERE id = ?")
            .execute(arguments: [state.rawValue, Int64(bitPattern: job.number)])
    }
}
