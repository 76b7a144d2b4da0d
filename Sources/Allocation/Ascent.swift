import Kernels

/// A split, and how good it is known to be.
package struct Optimum: Sendable, Hashable {
    package var amounts: [Double]
    /// The objective there.
    package var value: Double
    /// As `OptimalityResidual` has it.
    package var residual: Double
    /// Evaluations of derivatives.
    package var evaluations: Int
}

/// Climbs from one split to the next better one.
///
/// Each step goes towards the best split by a quadratic model of the objective with a diagonal matrix, as far as it does gain
/// (a spectral projected gradient: Birgin, Martínez and Raydan 2000, with the curvatures for a metric). Where variables act by
/// themselves the model's curvatures are the true ones, and the steps are Newton's.
struct Ascent<Profit: ProfitFunction> {
    let profit: Profit
    let set: FeasibleSet
    let risk: RiskAttitude
    let draws: Range<Int>
    /// δ of a conditional value at risk.
    let smoothing: Double

    /// Marginal profits are told to a millionth; what is climbed is climbed further.
    static var tolerance: Double { 1e-8 }
    static var evaluationsMax: Int { 400 }
    /// Objectives of so many splits before, of which a new one has to exceed the worst (Grippo, Lampariello and Lucidi 1986).
    private static var memory: Int { 8 }
    /// Rises below this share of the objective are lost in the rounding of its sums: slopes alone tell what is better.
    private static var finest: Double { 1e-10 }

    private struct Point {
        var amounts: [Double]
        var value: Double
        var slopes: [Double]
        var curvatures: [Double]
    }

    func climb(from start: [Double]) -> Optimum {
        var point = evaluate(set.nearest(to: start))
        var best = point
        var evaluations = 1
        var values = [point.value]
        var residual = residual(of: point)
        var lowest = residual
        // How large the curvature along the last step was beside the model's.
        var stiffness = 1.0
        while evaluations < Self.evaluationsMax, residual > Self.tolerance {
            let curvatures = curvatures(of: point, times: stiffness)
            let goal = set.best(from: point.amounts, slopes: point.slopes, curvatures: curvatures)
            let step = zip(goal, point.amounts).map { $0 - $1 }
            let rise = Reductions.dot(step, point.slopes)
            guard rise > 0 else { break }
            let isFine = rise < Self.finest * max(1, abs(point.value))
            var next = isFine ? refine(point, to: goal, lowest: lowest, &evaluations) : nil
            if next == nil {
                next = search(
                    from: point, to: goal, rise: rise, floor: values.min() ?? -.infinity, &evaluations)
            }
            guard let next else { break }
            let moved = zip(next.amounts, point.amounts).map { $0 - $1 }
            let modelled = zip(moved, point.curvatures).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
            let seen = zip(moved, zip(point.slopes, next.slopes)).reduce(0) { $0 + $1.0 * ($1.1.0 - $1.1.1) }
            if modelled > 0 { stiffness = min(max(seen / modelled, 1e-3), 1e3) }
            point = next
            residual = self.residual(of: point)
            values = values.suffix(Self.memory - 1) + [point.value]
            let gain = point.value - best.value
            let rounding = Self.finest * max(1, abs(best.value))
            if gain > rounding || gain > -rounding && residual < lowest { best = point }
            lowest = min(lowest, residual)
        }
        return Optimum(
            amounts: best.amounts, value: best.value, residual: self.residual(of: best), evaluations: evaluations)
    }

    private func residual(of point: Point) -> Double {
        OptimalityResidual.value(point.amounts, slopes: point.slopes, in: set)
    }

    /// The goal, where it loses nothing that can be told and its slopes are about as alike as any before; else nil.
    private func refine(_ point: Point, to goal: [Double], lowest: Double, _ evaluations: inout Int) -> Point? {
        let next = evaluate(goal)
        evaluations += 1
        let isNoWorse = next.value > point.value - Self.finest * max(1, abs(point.value))
        return isNoWorse && residual(of: next) < 10 * lowest ? next : nil
    }

    /// The first split on the way that gains a little of what the slopes promise; nil where none does.
    private func search(
        from point: Point, to goal: [Double], rise: Double, floor: Double, _ evaluations: inout Int
    ) -> Point? {
        var share = 1.0
        for _ in 0..<40 {
            let amounts =
                share == 1 ? goal : zip(point.amounts, goal).map { $0 + share * ($1 - $0) }
            let next = evaluate(amounts)
            evaluations += 1
            if next.value >= floor + 1e-4 * share * rise { return next }
            // The top of the parabola through the value, the slope and the new value.
            let curvature = point.value + share * rise - next.value
            let top = curvature > 0 ? 0.5 * share * share * rise / curvature : 0.5 * share
            share = min(max(top, 0.1 * share), 0.5 * share)
            // What is left is rounding.
            if share * rise < 1e-14 * max(1, abs(point.value)) { return nil }
        }
        return nil
    }

    /// Of the objective as a model, never so small that a step leads beyond all bounds many times over.
    private func curvatures(of point: Point, times stiffness: Double) -> [Double] {
        // What may not move, as a period off air, may have a slope beyond all others.
        let steepest = point.slopes.indices.reduce(0.0) {
            set.upper[$1] > set.lower[$1] ? max($0, abs(point.slopes[$1])) : $0
        }
        return point.curvatures.indices.map { index in
            let width = max(set.upper[index] - set.lower[index], 1e-12 * max(1, set.upper[index]))
            return max(stiffness * point.curvatures[index], 1e-3 * max(steepest, 1e-12) / width)
        }
    }

    private func evaluate(_ amounts: [Double]) -> Point {
        if risk == .neutral {
            let count = Double(draws.count)
            let all = profit.derivatives(
                at: amounts, draws: draws, weights: [Double](repeating: 1 / count, count: draws.count))
            return Point(
                amounts: amounts, value: Reductions.sum(all.profits) / count, slopes: all.slopes,
                curvatures: all.curvatures)
        }
        let (value, weights) = risk.climbed(profit.profits(at: amounts, draws: draws), smoothing: smoothing)
        let all = profit.derivatives(at: amounts, draws: draws, weights: weights)
        return Point(
            amounts: amounts, value: value, slopes: all.slopes, curvatures: all.curvatures.map { max($0, 0) })
    }
}
