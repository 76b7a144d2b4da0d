/// Profit as a function of amounts of money, at each of some draws.
package protocol ProfitFunction: Sendable {
    /// Number of variables.
    var count: Int { get }
    var drawCount: Int { get }
    /// Whether the profit of every draw is concave, so that a maximum is the maximum.
    var isConcave: Bool { get }

    /// Profit by draw of a range.
    func profits(at amounts: [Double], draws: Range<Int>) -> [Double]

    /// - Parameter weights: one a draw of the range.
    func derivatives(at amounts: [Double], draws: Range<Int>, weights: [Double]) -> ProfitDerivatives
}

/// What a quadratic model of the profit needs.
package struct ProfitDerivatives: Sendable {
    /// By draw.
    package var profits: [Double]
    /// By variable, Σ over draws of weight times marginal profit.
    package var slopes: [Double]
    /// By variable, bounds of how fast slopes fall: the sum over draws of weight times a diagonal that exceeds the negative
    /// second derivatives, equal to them where variables do not act together. 0 or more.
    package var curvatures: [Double]

    package init(profits: [Double], slopes: [Double], curvatures: [Double]) {
        self.profits = profits
        self.slopes = slopes
        self.curvatures = curvatures
    }
}
