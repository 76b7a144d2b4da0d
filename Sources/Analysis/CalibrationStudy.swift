import Kernels

/// One scalar of one replication: what was true, and thinned posterior draws of it.
package struct CalibratedQuantity: Sendable, Hashable {
    package var name: String
    package var truth: Double
    package var draws: [Double]

    package init(name: String, truth: Double, draws: [Double]) {
        self.name = name
        self.truth = truth
        self.draws = draws
    }
}

/// The ranks of one quantity's truths among posterior draws, over all replications.
package struct RankRow: Sendable, Hashable {
    package var quantity: String
    /// One a replication.
    package var ranks: [Int]
    /// Of uniform ranks, from `RankUniformity`.
    package var pValue: Double
    /// Mean rank ÷ its largest value; 0.5 when calibrated.
    package var meanRank: Double
}

/// How intervals of one quantity hold the truth, over all replications.
package struct RecoveryRow: Sendable, Hashable {
    package var quantity: String
    package var replications: Int
    package var meanTruth: Double
    /// Mean of posterior mean − truth.
    package var bias: Double
    /// Root mean square of posterior mean − truth.
    package var rootMeanSquare: Double
    package var coverage50: Coverage
    package var coverage90: Coverage
}

/// A share of intervals that hold the truth.
package struct Coverage: Sendable, Hashable {
    package var nominal: Double
    package var observed: Double
    /// Between these lies the observed share of calibrated intervals: nominal ± 3 √(p (1 − p) ÷ R).
    package var low: Double
    package var high: Double

    package var isKept: Bool { low <= observed && observed <= high }

    package init(nominal: Double, hits: Int, of count: Int) {
        self.nominal = nominal
        observed = Double(hits) / Double(count)
        let deviation = (nominal * (1 - nominal) / Double(count)).squareRoot()
        low = nominal - 3 * deviation
        high = nominal + 3 * deviation
    }
}

/// Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788) with test quantities that depend on the data
/// (Modrák et al. 2023, arXiv:2211.02383), and the recovery of returns from the same replications.
package struct CalibrationStudy: Sendable {
    /// L: draws that a truth is ranked among. With 99, the draws of ranks 5…94 make intervals of exactly 90 %.
    package static let drawCount = 99
    /// Probability with which a calibrated model leaves the band of any quantity, at most: each is judged at this ÷
    /// their number (Bonferroni), which holds however they depend on each other.
    package static let level = 0.05

    package let replications: Int
    /// In the order of the replications' quantities.
    package let rows: [RankRow]
    package let recovery: [RecoveryRow]
    /// The counts of ranks below 1, 2, … L that a calibrated quantity stays within, at `level` ÷ quantities.
    package let band: [RankUniformity.Limits]
    package let uniformity: RankUniformity

    /// - Parameters:
    ///   - replications: the same quantities in each, with `drawCount` draws.
    ///   - recovered: names of the quantities whose intervals are counted.
    ///   - key: breaks ties; replication r takes iteration r.
    package init(replications: [[CalibratedQuantity]], recovered: [String], key: StreamKey) {
        precondition(!replications.isEmpty, "a study without replications")
        let uniformity = RankUniformity(count: replications.count, maximum: Self.drawCount)
        let ranks = replications.enumerated().map { index, quantities in
            var stream = RandomStream(key: key, iteration: UInt64(index), site: 3)
            return quantities.map { Self.rank($0, &stream) }
        }
        // What never varies, such as what a channel without spend brought, has nothing to be judged.
        let judged = replications[0].indices.filter { index in
            replications.contains { quantities in
                let draws = quantities[index].draws
                return draws.contains { $0 != draws[0] } || quantities[index].truth != draws[0]
            }
        }
        self.replications = replications.count
        rows = judged.map { index in
            let own = ranks.map { $0[index] }
            let sum = own.reduce(0, +)
            return RankRow(
                quantity: replications[0][index].name, ranks: own, pValue: uniformity.pValue(own),
                meanRank: Double(sum) / Double(own.count * Self.drawCount))
        }
        band = uniformity.band(level: Self.level / Double(max(1, rows.count)))
        self.uniformity = uniformity
        recovery = judged.filter { recovered.contains(replications[0][$0].name) }.map { index in
            RecoveryRow(replications.map { $0[index] }, ranks: ranks.map { $0[index] })
        }
    }

    /// Quantities whose ranks leave the simultaneous band.
    package var failures: [RankRow] { rows.filter { $0.pValue * Double(rows.count) <= Self.level } }

    /// Quantities whose intervals hold the truth more or less often than chance allows.
    package var missedCoverages: [RecoveryRow] { recovery.filter { !$0.coverage50.isKept || !$0.coverage90.isKept } }

    package var passed: Bool { failures.isEmpty && missedCoverages.isEmpty }

    /// Draws below the truth; where some are equal to it, a place among them by chance.
    private static func rank(_ quantity: CalibratedQuantity, _ stream: inout RandomStream) -> Int {
        precondition(quantity.draws.count == drawCount, "\(quantity.draws.count) draws of \(quantity.name)")
        let below = quantity.draws.count { $0 < quantity.truth }
        let equal = quantity.draws.count { $0 == quantity.truth }
        guard equal > 0 else { return below }
        return below + min(equal, Int(stream.uniform() * Double(equal + 1)))
    }
}

extension RecoveryRow {
    init(_ quantities: [CalibratedQuantity], ranks: [Int]) {
        let count = Double(quantities.count)
        let errors = quantities.map { Estimate.mean($0.draws) - $0.truth }
        /// Of L + 1 equally likely ranks, the middle ones whose number is the share of the interval.
        func hits(_ low: Int, _ high: Int) -> Int { ranks.count { low...high ~= $0 } }
        self.init(
            quantity: quantities[0].name, replications: quantities.count,
            meanTruth: Estimate.mean(quantities.map(\.truth)), bias: Estimate.mean(errors),
            rootMeanSquare: (errors.reduce(0) { $0 + $1 * $1 } / count).squareRoot(),
            coverage50: Coverage(nominal: 0.5, hits: hits(25, 74), of: quantities.count),
            coverage90: Coverage(nominal: 0.9, hits: hits(5, 94), of: quantities.count))
    }
}
