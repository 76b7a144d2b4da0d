import Kernels

/// Models of the same observations by their leave-one-out scores, best first
/// (Vehtari, Gelman & Gabry, Statistics and Computing 27, 2017, section 5).
public struct ModelComparison: Sendable, Hashable {
    public struct Row: Sendable, Hashable {
        /// Index of the model as given.
        public let model: Int
        /// Σ of its pointwise scores, and the standard error from their spread.
        public let expectedLogDensity: Double
        public let standardError: Double
        /// Its score less the best one's, with the standard error of that, from the spread of the differences; 0 for the
        /// best.
        public let difference: Double
        public let differenceError: Double
    }

    public let rows: [Row]

    /// - Parameter pointwise: by model the score of each observation, in one order for all.
    public init(pointwise: [[Double]]) {
        precondition(pointwise.allSatisfy { $0.count == pointwise[0].count }, "models of different observations")
        let totals = pointwise.map { Reductions.sum($0) }
        let order = totals.indices.sorted { totals[$0] > totals[$1] }
        rows = order.map { model in
            let differences = zip(pointwise[model], pointwise[order[0]]).map { $0 - $1 }
            return Row(
                model: model, expectedLogDensity: totals[model], standardError: Self.errorOfSum(pointwise[model]),
                difference: Reductions.sum(differences), differenceError: Self.errorOfSum(differences))
        }
    }

    private static func errorOfSum(_ values: [Double]) -> Double {
        let mean = Reductions.sum(values) / Double(values.count)
        return Reductions.squaredNorm(values.map { $0 - mean }).squareRoot()
    }
}
