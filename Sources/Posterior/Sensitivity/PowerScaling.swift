import Kernels

/// How far draws move when a part of the posterior, its prior or its likelihood, is raised to a power near 1
/// (Kallioinen, Paananen, Bürkner & Vehtari, "Detecting and diagnosing prior and likelihood sensitivity with
/// power-scaling", Statistics and Computing 34, 2024).
///
/// The draws are not made anew but weighted, with Pareto-smoothed importance weights.
public struct PowerScaling: Sendable {
    /// The step δ of the powers 1 + δ and 1/(1 + δ).
    private static let step = 0.01
    private static let logTwo = Elementary.log(2)

    private let lower: [Double]
    private let upper: [Double]

    /// - Parameter logDensity: of the part at every draw, up to a constant; finite.
    public init(logDensity: [Double]) {
        func weights(power: Double) -> [Double] {
            ParetoSmoothedWeights(logRatios: logDensity.map { (power - 1) * $0 }).logWeights.map { Elementary.exp($0) }
        }
        lower = weights(power: 1 / (1 + Self.step))
        upper = weights(power: 1 + Self.step)
    }

    /// The derivative, in log₂ of the power, of the cumulative Jensen-Shannon distance between the draws and the weighted
    /// draws; 0 for draws that are all equal.
    ///
    /// - Parameter draws: in the order of `logDensity`.
    public func sensitivity(of draws: [Double]) -> Double {
        let ascending = ValueOrder(of: draws)
        let sorted = ascending.sorted
        guard let first = sorted.first, let last = sorted.last, last > first else { return 0 }
        let backward = sorted.reversed().map { -$0 }
        func distance(_ weights: [Double]) -> Double {
            let own = ascending.positions.map { weights[Int($0)] }
            return max(Self.distance(sorted, own), Self.distance(backward, own.reversed()))
        }
        return (distance(lower) + distance(upper)) * Self.logTwo / (2 * Elementary.log1p(Self.step))
    }

    /// The cumulative Jensen-Shannon distance of equally weighted draws, ascending, and of weighted ones (Nguyen & Vreeken,
    /// "Non-parametric Jensen-Shannon divergence", 2015), as a share of its bound.
    private static func distance(_ draws: [Double], _ weights: [Double]) -> Double {
        let count = Double(draws.count)
        var cumulative = 0.0
        var (own, other, ownArea, otherArea) = (0.0, 0.0, 0.0, 0.0)
        for index in 0..<draws.count - 1 {
            cumulative += weights[index]
            let width = draws[index + 1] - draws[index]
            let p = Double(index + 1) / count
            let mean = log2(0.5 * (p + cumulative))
            ownArea += p * width
            otherArea += cumulative * width
            own += width * (p * (log2(p) - mean))
            other += width * (cumulative * (log2(cumulative) - mean))
        }
        let shift = 0.5 / logTwo * (otherArea - ownArea)
        return ((max(0, own + shift) + max(0, other - shift)) / (ownArea + otherArea)).squareRoot()
    }

    /// 0 at 0, where it is multiplied by 0.
    private static func log2(_ x: Double) -> Double { x > 0 ? Elementary.log(x) / logTwo : 0 }
}
