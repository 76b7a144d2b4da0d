import Kernels

/// How far two sets of weighted draws lie apart; NaN where one of them is not sound.
enum DrawDistance {
    /// The Wasserstein distance of order 1, ∫ |F − G| of the two step functions of distribution: exact for draws of any
    /// numbers and weights, in the quantity's units.
    static func wasserstein(_ first: WeightedDraws, _ second: WeightedDraws) -> Double {
        guard first.isSound, second.isSound else { return .nan }
        let (a, b) = (first.ordered, second.ordered)
        var (i, j) = (0, 0)
        var (below, belowOther) = (0.0, 0.0)
        var distance = 0.0
        var place = min(a.values[0], b.values[0])
        while i < a.values.count || j < b.values.count {
            let next =
                j == b.values.count || (i < a.values.count && a.values[i] <= b.values[j]) ? a.values[i] : b.values[j]
            distance += abs(below - belowOther) * (next - place)
            place = next
            while i < a.values.count, a.values[i] == next {
                below += a.weights[i]
                i += 1
            }
            while j < b.values.count, b.values[j] == next {
                belowOther += b.weights[j]
                j += 1
            }
        }
        return distance
    }

    /// Bins of the histograms that `overlap` compares.
    ///
    /// More would take noise for a difference: two sets of 4,000 draws of one distribution lack about 0.56 √(20 ÷ 4000) =
    /// 0.04 of full overlap. Fewer would not see a narrower peak.
    static let binCount = 20

    /// Σ min(p, q) over the bins of two histograms: 1 where they are the same, 0 where no draws share a bin. Each bin holds
    /// a twentieth of the two sets together, each set counting one half.
    static func overlap(_ first: WeightedDraws, _ second: WeightedDraws) -> Double {
        guard first.isSound, second.isSound else { return .nan }
        let pooled = WeightedDraws(
            first.values + second.values, weights: (first.weights + second.weights).map { $0 / 2 }, chainCount: 1)
        let cuts = pooled.quantiles((1..<binCount).map { Double($0) / Double(binCount) })
        func shares(_ draws: WeightedDraws) -> [Double] {
            var shares = [Double](repeating: 0, count: binCount)
            for (value, weight) in zip(draws.values, draws.weights) {
                // How many cuts lie below the draw.
                var (low, high) = (0, cuts.count)
                while low < high {
                    let middle = (low + high) / 2
                    if cuts[middle] < value { low = middle + 1 } else { high = middle }
                }
                shares[low] += weight
            }
            return shares
        }
        return min(1, Reductions.sum(zip(shares(first), shares(second)).map { min($0, $1) }))
    }
}
