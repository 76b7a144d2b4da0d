import Coordination
import Fitting
import Wire

/// The draws that count of the chains of a job that ended before their tasks did: the first of each.
struct SettledDraws {
    private let iteration: Int
    private let chains: Range<Int>
    private let draws: Int
    private let dimension: Int

    /// - Parameters:
    ///   - iteration: at which the chains end, warm-up counted.
    ///   - dimension: of a draw.
    init(at iteration: Int, _ settings: FitSettings, dimension: Int) {
        self.iteration = iteration
        self.dimension = dimension
        let first = FitPlan(settings).scoutCount
        chains = first..<first + settings.chains
        draws = iteration - settings.warmup
    }

    /// Those of a fit that was asked for so many draws.
    func settings(_ settings: FitSettings) -> FitSettings {
        var settings = settings
        settings.draws = draws
        return settings
    }

    /// What counts of the bytes of a task's draws: all of them where it is no chain.
    func records(_ bytes: [UInt8], of index: Int, in snapshot: JobSnapshot) throws -> [UInt8] {
        guard chains.contains(index) else { return bytes }
        return Array(bytes[..<(try ranges(in: bytes, of: snapshot.tasks[index]).last?.upperBound ?? 0)])
    }

    /// The snapshot of a job whose chains had no more than those draws.
    /// - Parameter records: the bytes of a task's draws by its index.
    func told(_ snapshot: JobSnapshot, records: (Int) throws -> [UInt8]) throws -> JobSnapshot {
        var told = snapshot
        for index in chains {
            let (bytes, task) = (try records(index), snapshot.tasks[index])
            guard var chain = ChainDigest(task.specification.digest.description) else { continue }
            chain.extend(by: bytes, records: try ranges(in: bytes, of: task))
            told.tasks[index].iterations = iteration
            told.tasks[index].result = Digest(chain.text)
        }
        return told
    }

    private func ranges(in bytes: [UInt8], of task: JobSnapshot.Task) throws -> [Range<Int>] {
        guard let ranges = DrawRecord.ranges(in: bytes, dimension: dimension), ranges.count >= draws else {
            throw FitAssemblyError.records(task: task.specification.label)
        }
        return Array(ranges.prefix(draws))
    }
}
