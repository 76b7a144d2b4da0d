import Coordination
import Foundation
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
        case .checkpointed, .done, .ended, .drawsLost, .paused, .resumed, .prioritised, .settled, .quarantined:
            break
        }
    }

    /// Jobs that are over, in the order of their numbers.
    /// - Parameter condition: a further one, `AND …`.
    static func closed(_ condition: String, in database: Database) throws -> [ClosedJob] {
        try Row.fetchAll(
            database,
            sql: "SELECT id, closed_at, is_pinned FROM job WHERE closed_at IS NOT NULL \(condition) ORDER BY id"
        )
        .map { ClosedJob(id: JobID(UInt64(bitPattern: $0[0] as Int64)), closedAt: $0[1], isPinned: $0[2]) }
    }

    /// Jobs that are pinned and have not expired.
    static func pinned(in database: Database) throws -> [JobID] {
        try Int64.fetchAll(database, sql: "SELECT id FROM job WHERE is_pinned AND NOT is_expired")
            .map { JobID(UInt64(bitPattern: $0)) }
    }

    /// - Parameter condition: a further one, `AND …`.
    /// - Returns: false when there is no such job.
    @discardableResult
    static func set(
        _ assignment: String, of job: JobID, where condition: String = "", in database: Database
    ) throws -> Bool {
        try database.execute(
            sql: "UPDATE job SET \(assignment) WHERE id = ? \(condition)", arguments: [Int64(bitPattern: job.number)])
        return database.changesCount > 0
    }

    private static func insert(_ job: JobID, _ specification: JobSpecification, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO job (id, digest, name, state) VALUES (?, ?, ?, ?)")
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
        try database.cachedStatement(sql: "UPDATE job SET state = ?, closed_at = ? WHERE id = ?")
            .execute(arguments: [
                state.rawValue, state.isOver ? Date().timeIntervalSince1970 : nil, Int64(bitPattern: job.number),
            ])
    }
}
