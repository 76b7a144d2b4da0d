import Kernels

/// Importance weights whose largest values are replaced by quantiles of a generalised Pareto distribution
/// (Vehtari et al., "Pareto smoothed importance sampling", JMLR 25, 2024).
public struct ParetoSmoothedWeights: Sendable, Hashable {
    /// Logarithms of the weights, which sum to 1, in the order of the draws.
    public let logWeights: [Double]
    /// k̂ of the fitted tail: above about 0.7 the weights are not to be trusted. Infinite where the tail has fewer than
    /// five draws.
    public let shape: Double

    /// - Parameters:
    ///   - logRatios: log importance ratios up to a constant, one a draw, finite.
    ///   - relativeEfficiency: effective over actual number of draws; it lengthens the tail of dependent draws.
    public init(logRatios: [Double], relativeEfficiency: Double = 1) {
        precondition(!logRatios.isEmpty && relativeEfficiency > 0, "weights need draws and a positive efficiency")
        let largest = logRatios.max() ?? 0
        var logs = logRatios.map { $0 - largest }
        let count = Double(logs.count)
        let tail = Int(min(count / 5, 3 * (count / relativeEfficiency).squareRoot()).rounded(.up))
        let smallest = Elementary.log(Double.leastNormalMagnitude)
        let cutoff = max(
            tail < logs.count ? Quantiles.orderStatistic(logs.count - tail - 1, of: logs) : smallest, smallest)
        // Only the tail need be in order, equal ratios in that of the draws.
        let members = logs.indices.filter { logs[$0] > cutoff }.sorted { (logs[$0], $0) < (logs[$1], $1) }
        var shape = Double.infinity
        if members.count > 4 {
            let threshold = Elementary.exp(cutoff)
            let fit = GeneralizedPareto(ordered: members.map { Elementary.exp(logs[$0]) - threshold })
            shape = fit.shape
            if shape.isFinite, fit.scale > 0 {
                for (rank, index) in members.enumerated() {
                    let quantile = fit.quantile((Double(rank) + 0.5) / Double(members.count))
                    logs[index] = min(0, Elementary.log(quantile + threshold))
                }
            }
        }
        let total = logSumExp(logs)
        logWeights = logs.map { $0 - total }
        self.shape = shape
    }
}

/// log Σ e^x.
package func logSumExp(_ values: [Double]) -> Double {
    let largest = values.max() ?? -.infinity
    guard largest.isFinite else { return largest }
    let exponents = values.span
    // Summed in the order of `Reductions` as they are made.
    var lanes = SIMD8<Double>.zero
    let body = values.count & ~7
    for start in stride(from: 0, to: body, by: 8) {
        lanes += Elementary.exp(Reductions.lanes(exponents, at: start) - largest)
    }
    var sum = Reductions.horizontalSum(lanes)
    for index in body..<values.count { sum += Elementary.exp(exponents[index] - largest) }
    return largest + Elementary.log(sum)
}
