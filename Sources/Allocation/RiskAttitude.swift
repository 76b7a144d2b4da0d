import Kernels

/// What is made as large as possible, of the profits of all draws.
package enum RiskAttitude: Sendable, Hashable {
    /// Their mean.
    case neutral
    /// Their conditional value at risk at a level a in (0, 1]: the mean of the worst share a (Rockafellar and Uryasev 2000).
    case conditionalValueAtRisk(Double)
    /// mean − ρ · variance, ρ ≥ 0 per money.
    case meanVariance(Double)

    /// The objective at some profits.
    package func value(_ profits: [Double]) -> Double {
        let count = Double(profits.count)
        let mean = Reductions.sum(profits) / count
        switch self {
        case .neutral: return mean
        case .conditionalValueAtRisk(let level):
            let sorted = profits.sorted()
            let whole = min(Int(level * count), sorted.count)
            var sum = 0.0
            for profit in sorted.prefix(whole) { sum += profit }
            if whole < sorted.count { sum += (level * count - Double(whole)) * sorted[whole] }
            return sum / (level * count)
        case .meanVariance(let aversion):
            return mean - aversion * Self.variance(profits, mean)
        }
    }

    /// The smooth objective that is climbed, with its derivative in the profit of each draw.
    ///
    /// A conditional value at risk is the least of Σ q_i profit_i over weights 0 ≤ q_i ≤ 1/(aN) with Σ q_i = 1. With
    /// ½ δ aN Σ q_i² added its weights become q_i = clip((z − profit_i)/(δ aN), 0, 1/(aN)), which move evenly with the profits
    /// (Nesterov 2005, "Smooth minimization of non-smooth functions"); what is added is at most δ/2.
    ///
    /// - Parameter smoothing: δ, money; of a conditional value at risk alone.
    func climbed(_ profits: [Double], smoothing: Double) -> (value: Double, weights: [Double]) {
        let count = Double(profits.count)
        switch self {
        case .neutral:
            return (value(profits), profits.map { _ in 1 / count })
        case .meanVariance(let aversion):
            let mean = Reductions.sum(profits) / count
            let divisor = max(1, count - 1)
            return (
                mean - aversion * Self.variance(profits, mean),
                profits.map { 1 / count - 2 * aversion * ($0 - mean) / divisor }
            )
        case .conditionalValueAtRisk(let level):
            let cap = 1 / (level * count)
            let width = smoothing * level * count
            guard level < 1, width > 0 else { return (value(profits), worstWeights(profits)) }
            var (low, high) = (profits.min() ?? 0, (profits.max() ?? 0) + smoothing)
            func weight(_ profit: Double, _ z: Double) -> Double { min(max((z - profit) / width, 0), cap) }
            for _ in 0..<100 {
                let z = 0.5 * (low + high)
                if profits.reduce(0, { $0 + weight($1, z) }) < 1 { low = z } else { high = z }
            }
            let weights = profits.map { weight($0, high) }
            return (
                Reductions.dot(weights, profits) + 0.5 * width * Reductions.squaredNorm(weights), weights
            )
        }
    }

    /// 1/(aN) on the worst draws, what is left on the next.
    private func worstWeights(_ profits: [Double]) -> [Double] {
        guard case .conditionalValueAtRisk(let level) = self else { return [] }
        let cap = 1 / (level * Double(profits.count))
        var weights = [Double](repeating: 0, count: profits.count)
        var rest = 1.0
        for index in profits.indices.sorted(by: { (profits[$0], $0) < (profits[$1], $1) }) where rest > 0 {
            weights[index] = min(cap, rest)
            rest -= weights[index]
        }
        return weights
    }

    private static func variance(_ profits: [Double], _ mean: Double) -> Double {
        guard profits.count > 1 else { return 0 }
        var sum = 0.0
        for profit in profits { sum += (profit - mean) * (profit - mean) }
        return sum / Double(profits.count - 1)
    }
}
