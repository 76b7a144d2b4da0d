import Kernels
import ModelDefinition

/// Columns that are integrated out, rows times √v and columns times s, as Z diag(s) = U D Vᵀ.
struct MarginalizedColumns: Sendable {
    let decomposition: SingularValues
    /// U.
    let basis: PeriodColumns
    let means: [Double]
    let deviations: [Double]
    /// Σ v.
    let weightSum: Double
    /// The vectors of its cells among those of the panel.
    let vectors: Range<Int>

    /// - Parameters:
    ///   - columns: Z, one value a cell: of one geo, or of all.
    ///   - means: prior means m, and `deviations` s.
    ///   - weights: likelihood weights v of the same cells.
    ///   - geo: the geo of the cells; nil for all.
    init(
        _ columns: [[Double]], means: [Double], deviations: [Double], weights: [Double], geo: Int?, order: PeriodOrder
    ) {
        self.means = means
        self.deviations = deviations
        let roots = weights.map { $0.squareRoot() }
        decomposition = SingularValues(
            columns: zip(columns, deviations).map { column, deviation in
                zip(column, roots).map { deviation * ($0 * $1) }
            })
        basis = PeriodColumns(decomposition.left.map { (geo, $0) }, order: order)
        vectors = order.vectors(ofGeo: geo, cellCount: weights.count)
        weightSum = weights.reduce(0, +)
    }
}
