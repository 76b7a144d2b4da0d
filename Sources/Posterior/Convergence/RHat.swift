/// Potential scale reduction.
public enum RHat {
    /// The larger of the split R-hat of the rank-normalised draws and that of |draw − median| (Vehtari et al. 2021).
    /// `chains` is chains × draws.
    ///
    /// NaN with fewer than four draws a chain, chains of different lengths, a NaN among the draws, or draws that are
    /// all equal; infinite where every half of a chain stays at a value of its own. A single chain is split like any
    /// other.
    public static func rankNormalized(_ chains: [[Double]]) -> Double {
        guard let ranked = RankedDraws(chains) else { return .nan }
        return rankNormalized(ranked, bulk: ranked.bulk)
    }

    /// As above, of draws whose rank-normalised values are known.
    static func rankNormalized(_ ranked: RankedDraws, bulk: DrawMatrix) -> Double {
        let bulk = plain(bulk)
        guard let folded = ranked.folded.map(plain), !folded.isNaN else {
            // A distance from the median that is always the same says nothing of mixing.
            return bulk
        }
        return bulk.isNaN ? folded : max(bulk, folded)
    }

    /// Rank-normalised, split: sees chains at different places.
    package static func zScale(_ chains: [[Double]]) -> Double {
        RankedDraws(chains).map { plain($0.bulk) } ?? .nan
    }

    /// Rank-normalised, split, of |draw − median|: sees chains of different widths.
    package static func folded(_ chains: [[Double]]) -> Double {
        RankedDraws(chains)?.folded.map(plain) ?? .nan
    }

    /// Split, on the values themselves.
    package static func split(_ chains: [[Double]]) -> Double {
        DrawMatrix(chains).map { plain($0.halved) } ?? .nan
    }

    /// On the chains as they are and the values themselves; NaN for a single chain.
    package static func identity(_ chains: [[Double]]) -> Double {
        guard chains.count > 1 else { return .nan }
        return DrawMatrix(chains).map(plain) ?? .nan
    }

    /// √(((n − 1)/n · W + B/n) ÷ W) of n draws a chain, B/n the variance of the chains' means and W the mean of their
    /// variances (Gelman & Rubin 1992).
    private static func plain(_ chains: DrawMatrix) -> Double {
        let count = Double(chains.drawCount)
        let moments = chains.moments
        let between = Moments(moments.map(\.mean)).variance
        let within = Moments(moments.map(\.variance)).mean
        if within == 0 { return between == 0 ? .nan : .infinity }
        return (((count - 1) / count * within + between) / within).squareRoot()
    }
}
