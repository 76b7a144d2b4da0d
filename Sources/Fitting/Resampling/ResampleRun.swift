/// The sampler's run inside one resample: short chains, since the spread between resamples matters, not each one's
/// Monte Carlo error.
package enum ResampleRun {
    package static let chains = 2
    /// The scouts have told the metric: a chain leaves its start, and its step size settles.
    package static let warmup = 50
    package static let draws = 100
    /// Where the draws of a first try are not enough they are left, and as many chains with so many times the draws follow;
    /// of each so many draws the last is kept, so that every resample hands in as many.
    package static let rerunFactor = 4

    /// Iterations of a try. Those of a second are as many, each of which makes `rerunFactor` draws.
    package static let tryLength = chains * (warmup + draws)
    /// Of both tries: where the first is enough, those of the second are passed over.
    package static let iterationCount = 2 * tryLength

    /// Whether the chain of this index, counted over both tries, is of the second.
    static func isRerun(_ chain: Int) -> Bool { chain >= chains }

    /// Completed iterations of the task.
    /// - Parameters:
    ///   - chain: counted over both tries.
    ///   - iteration: of that chain.
    static func iteration(chain: Int, _ iteration: Int) -> Int {
        let stride = isRerun(chain) ? rerunFactor : 1
        return chain * (warmup + draws) + min(iteration, warmup) + max(0, iteration - warmup) / stride
    }
}
