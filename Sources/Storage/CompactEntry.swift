import Coordination
import Wire

/// The compact form of entries of which there are many. A form is never changed: another gets another number.
package enum CompactEntry {
    /// The first byte of a body.
    enum Form: UInt8 {
        case json = 0
        case granted = 1
        case checkpointed = 2
        case done = 3
        case ended = 4
        /// The specification without its tasks as JSON, then `CompactTasks`.
        case submitted = 5
    }

    private static let blames: [Blame] = [.nobody, .circumstances, .task]

    /// Nil for an entry that has no compact form, or holds something that this form does not carry.
    package static func bytes(_ entry: LedgerEntry) throws -> [UInt8]? {
        var writer = CompactWriter()
        switch entry {
        case .granted(let attempt, let worker):
            writer.byte(Form.granted.rawValue)
            write(attempt, to: &writer)
            writer.text(worker)
        case .checkpointed(let attempt, let point, let block):
            guard point == StartingPoint(state: point.state, iteration: point.iteration, chain: point.chain) else {
                return nil
            }
            writer.byte(Form.checkpointed.rawValue)
            write(attempt, to: &writer)
            writer.digest(point.state)
            writer.signed(point.iteration)
            writer.digest(point.chain)
            writer.optional(block) { $0.digest($1) }
        case .done(let attempt, let result, let cost):
            guard cost == Self.cost(cost) else { return nil }
            writer.byte(Form.done.rawValue)
            write(attempt, to: &writer)
            writer.digest(result)
            writer.signed(cost.gradientEvaluations)
            writer.signed(cost.divergences)
            writer.unsigned(cost.cpuNanoseconds)
            writer.unsigned(cost.wallNanoseconds)
        case .ended(let attempt, let outcome, let lastIteration, let blame):
            guard let number = blames.firstIndex(of: blame) else { return nil }
            writer.byte(Form.ended.rawValue)
            write(attempt, to: &writer)
            writer.text(outcome)
            writer.signed(lastIteration)
            writer.byte(UInt8(number))
        case .submitted(let job, var specification):
            let tasks = specification.tasks
            guard tasks.allSatisfy(CompactTasks.carries) else { return nil }
            specification.tasks = []
            writer.byte(Form.submitted.rawValue)
            writer.unsigned(job.number)
            writer.block(try LedgerJSON.encode(specification))
            CompactTasks.write(tasks, to: &writer)
        default:
            return nil
        }
        return writer.bytes
    }

    /// Nil for bytes that no entry was written as.
    package static func entry(_ bytes: [UInt8]) -> LedgerEntry? {
        var reader = CompactReader(bytes)
        guard let entry = try? read(&reader), reader.isAtEnd else { return nil }
        return entry
    }

    private static func read(_ reader: inout CompactReader) throws -> LedgerEntry {
        switch Form(rawValue: try reader.byte()) {
        case .granted:
            return .granted(try attempt(&reader), worker: try reader.text())
        case .checkpointed:
            let attempt = try attempt(&reader)
            let state = try reader.digest()
            let iteration = try reader.signed()
            let point = StartingPoint(state: state, iteration: iteration, chain: try reader.digest())
            return .checkpointed(attempt, point, block: try reader.bool() ? try reader.digest() : nil)
        case .done:
            let attempt = try attempt(&reader)
            let result = try reader.digest()
            let cost = AttemptCost(
                gradientEvaluations: try reader.signed(), divergences: try reader.signed(),
                cpuNanoseconds: try reader.unsigned(), wallNanoseconds: try reader.unsigned())
            return .done(attempt, result: result, cost: cost)
        case .ended:
            let attempt = try attempt(&reader)
            let outcome = try reader.text()
            let lastIteration = try reader.signed()
            let number = Int(try reader.byte())
            guard number < blames.count else { throw CompactReader.Unreadable() }
            return .ended(attempt, outcome: outcome, lastIteration: lastIteration, blame: blames[number])
        case .submitted:
            let job = JobID(try reader.unsigned())
            guard var specification = LedgerJSON.decode(JobSpecification.self, from: try reader.block()) else {
                throw CompactReader.Unreadable()
            }
            specification.tasks = try CompactTasks.read(&reader)
            return .submitted(job, specification)
        case .json, nil:
            throw CompactReader.Unreadable()
        }
    }

    private static func cost(_ cost: AttemptCost) -> AttemptCost {
        AttemptCost(
            gradientEvaluations: cost.gradientEvaluations, divergences: cost.divergences,
            cpuNanoseconds: cost.cpuNanoseconds, wallNanoseconds: cost.wallNanoseconds)
    }

    private static func write(_ attempt: AttemptID, to writer: inout CompactWriter) {
        writer.unsigned(attempt.task.job.number)
        writer.unsigned(UInt64(attempt.task.index))
        writer.unsigned(attempt.epoch)
    }

    private static func attempt(_ reader: inout CompactReader) throws -> AttemptID {
        let job = JobID(try reader.unsigned())
        guard let index = UInt32(exactly: try reader.unsigned()) else { throw CompactReader.Unreadable() }
        return AttemptID(task: TaskID(job: job, index: index), epoch: try reader.unsigned())
    }
}
