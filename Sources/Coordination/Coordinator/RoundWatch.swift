/// Which round of a job's chains is to be judged next: the first that was not yet, once all chains have stored its draws.
/// Chains go on meanwhile, so that nobody waits for a judgement; what they draw beyond the round that is enough is left out.
struct RoundWatch {
    private let ends: [Int]
    private let chains: Range<Int>
    /// The newest stored iteration of each chain.
    private var iterations: [Int]
    private var next = 0
    /// Chains that have stored all draws of the next round, counted so that nothing is walked through at a checkpoint.
    private var reached = 0
    private var isJudging = false

    /// Nil where there is one round, or none.
    init?(_ schedule: ChainSchedule) {
        guard schedule.rounds.count > 1 else { return nil }
        ends = schedule.rounds
        chains = schedule.chains
        iterations = Array(repeating: 0, count: chains.count)
    }

    mutating func note(_ iteration: Int, of task: Int) {
        guard chains.contains(task) else { return }
        let chain = task - chains.lowerBound
        if let end { reached += (iteration >= end ? 1 : 0) - (iterations[chain] >= end ? 1 : 0) }
        iterations[chain] = iteration
    }

    /// Of the next round. The last is not judged: there is nothing to be saved by it.
    private var end: Int? { next < ends.count - 1 ? ends[next] : nil }

    /// The end of the round that is judged next, or of the last.
    var nextEnd: Int { ends[min(next, ends.count - 1)] }

    /// Where chains end that no round before was enough for; nil while there are rounds to be judged.
    var lastEnd: Int? { end == nil ? ends.last : nil }

    /// The end of the round that is to be judged now; nil: none.
    mutating func begin() -> Int? {
        guard !isJudging, let end, reached == iterations.count else { return nil }
        isJudging = true
        return end
    }

    /// - Parameter isDone: false where it could not be judged.
    mutating func end(isDone: Bool) {
        guard isJudging else { return }
        isJudging = false
        guard isDone else { return }
        next += 1
        reached = end.map { end in iterations.count { $0 >= end } } ?? 0
    }
}
