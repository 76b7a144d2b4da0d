import Posterior

/// Whether the draws of a resample's chains are of one distribution and tell its means: every reported quantity has an
/// R-hat below 1.05 and a bulk effective sample size of 50 or more. A rule for a task to follow by itself, so that what it
/// hands in does not depend on anybody's decision.
package enum ResampleJudgement {
    package static let rHatMax = 1.05
    package static let essMin = 50.0

    /// - Parameter columns: draws by quantity, those of `ResampleRun.chains` chains one after another.
    package static func isEnough(_ columns: [[Double]]) -> Bool {
        columns.allSatisfy { draws in
            guard let first = draws.first, draws.contains(where: { $0 != first }) else { return true }
            let length = draws.count / ResampleRun.chains
            let chains = (0..<ResampleRun.chains).map { Array(draws[$0 * length..<($0 + 1) * length]) }
            return RHat.rankNormalized(chains) < rHatMax && EffectiveSampleSize.bulk(chains) >= essMin
        }
    }
}
