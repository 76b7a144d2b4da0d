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
        let steps = draws.count - 1
        var cumulative = 0.0
        var (own, other, ownArea, otherArea) = (0.0, 0.0, 0.0, 0.0)
        // Logarithms eight at a time; sums one after the other.
        for start in stride(from: 0, to: steps, by: 8) {
            let lanes = min(8, steps - start)
            var (p, q) = (SIMD8<Double>.one, SIMD8<Double>.one)
            for lane in 0..<lanes {
                cumulative += weights[start + lane]
                p[lane] = Double(start + lane + 1) / count
                q[lane] = cumulative
            }
            let mean = log2(0.5 * (p + q))
            let (ownTerms, otherTerms) = (p * (log2(p) - mean), q * (log2(q) - mean))
            for lane in 0..<lanes {
                let width = draws[start + lane + 1] - draws[start + lane]
                ownArea += p[lane] * width
                otherArea += q[lane] * width
                own += width * ownTerms[lane]
                other += width * otherTerms[lane]
            }
        }
        let shift = 0.5 / logTwo * (otherArea - ownArea)
        return ((max(0, own + shift) + max(0, other - shift)) / (ownArea + otherArea)).squareRoot()
    }

    /// - Parameter x: positive and normal, as weights are.
    private static func log2(_ x: SIMD8<Double>) -> SIMD8<Double> { Elementary.log(x) / logTwo }
}
