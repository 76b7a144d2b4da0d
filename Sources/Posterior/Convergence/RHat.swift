/// Potential scale reduction.
public enum RHat {
    /// The maximum of the rank-normalised split R-hat of the draws and of |draw − median| (Vehtari et al. 2021).
    ///
    /// NaN with fewer than four draws a chain, a NaN among the draws, or draws that are all equal. A single chain is
    /// split like any other.
    public static func rankNormalized(_ chains: [[Double]]) -> Double {
        guard !RankNormalization.isUnusable(chains) else { return .nan }
        let bulk = zScale(chains)
        let folded = folded(chains)
        // A constant distance from the median says nothing about mixing; the bulk part stands alone.
        return folded.isNaN ? bulk : bulk.isNaN ? folded : max(bulk, folded)
    }

    /// Rank-normalised, split.
    package static func zScale(_ chains: [[Double]]) -> Double {
        plain(RankNormalization.normalized(RankNormalization.split(chains)))
    }

    /// Rank-normalised, split, of |draw − median|.
    package static func folded(_ chains: [[Double]]) -> Double {
        plain(RankNormalization.normalized(RankNormalization.folded(RankNormalization.split(chains))))
    }

    /// Split, on the values themselves.
    package static func split(_ chains: [[Double]]) -> Double {
        plain(RankNormalization.split(chains))
    }

    /// √(((n − 1)/n · W + B/n) ÷ W) of n draws a chain (Gelman & Rubin 1992).
    static func plain(_ chains: [[Double]]) -> Double {
        let count = Double(chains[0].count)
        let between = count * Moments.variance(chains.map(Moments.mean))
        let within = Moments.mean(chains.map(Moments.variance))
        if within == 0 { return between == 0 ? .nan : .infinity }
        return (((count - 1) / count * within + between / count) / within).squareRoot()
    }
}
