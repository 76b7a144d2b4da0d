import Kernels

/// The best split of a budget over the whole posterior.
package struct Allocator<Profit: ProfitFunction>: Sendable {
    package let profit: Profit
    package let set: FeasibleSet
    package let risk: RiskAttitude

    /// δ of a conditional value at risk ÷ standard deviation of the profit of the current split.
    private static var smoothingShare: Double { 0.05 }

    /// - Parameter profit: of as many variables as the set has.
    package init(profit: Profit, set: FeasibleSet, risk: RiskAttitude = .neutral) {
        precondition(profit.count == set.count && profit.drawCount > 0, "one variable an amount, and draws")
        self.profit = profit
        self.set = set
        self.risk = risk
    }

    private var allDraws: Range<Int> { 0..<profit.drawCount }

    /// Never worse than the current split where that is allowed.
    ///
    /// - Parameter current: amounts by variable.
    package func best(from current: [Double]) -> Optimum {
        best(from: current, draws: allDraws)
    }

    /// The best split if the draws of a range were all there were.
    package func best(from current: [Double], draws: Range<Int>) -> Optimum {
        let ascent = Ascent(
            profit: profit, set: set, risk: risk, draws: draws, smoothing: smoothing(at: current, draws: draws))
        var best = ascent.climb(from: current)
        guard !(profit.isConcave && isConcave) else { return best }
        for start in starts(draws: draws) {
            let other = ascent.climb(from: start)
            let evaluations = best.evaluations + other.evaluations
            if other.value > best.value { best = other }
            best.evaluations = evaluations
        }
        return best
    }

    /// The split that a single climb reaches.
    func climbed(from current: [Double]) -> Optimum {
        Ascent(
            profit: profit, set: set, risk: risk, draws: allDraws, smoothing: smoothing(at: current, draws: allDraws)
        ).climb(from: current)
    }

    /// Whether the objective is concave where the profits are.
    private var isConcave: Bool {
        if case .meanVariance = risk { false } else { true }
    }

    private func smoothing(at current: [Double], draws: Range<Int>) -> Double {
        guard case .conditionalValueAtRisk = risk else { return 0 }
        let profits = profit.profits(at: set.nearest(to: current), draws: draws)
        let mean = Reductions.sum(profits) / Double(profits.count)
        let squares = profits.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return Self.smoothingShare * (squares / Double(profits.count)).squareRoot()
    }

    /// Places where an objective with several tops may have the highest: the best split on the concave hulls of what each
    /// variable brings by itself, the least of all, and the most of some with the least of the others.
    private func starts(draws: Range<Int>) -> [[Double]] {
        var starts = [set.lower]
        if let split = hullSplit(draws: draws) { starts.insert(split, at: 0) }
        // A single draw is asked often, and for its spread alone.
        let free = (0..<set.count).filter { set.upper[$0] > set.lower[$0] }
        guard draws.count > 1 || profit.drawCount == 1, free.count <= Self.singlesMax else { return starts }
        let chosen =
            free.count <= Self.subsetsMax
            ? (1..<1 << free.count).map { bits in free.indices.filter { bits >> $0 & 1 == 1 }.map { free[$0] } }
            : free.map { [$0] }
        for members in chosen {
            var start = set.lower
            for index in members { start[index] = set.upper[index] }
            starts.append(start)
        }
        return starts
    }

    /// Variables of which each is a start by itself, and of which each set is one.
    private static var singlesMax: Int { 12 }
    private static var subsetsMax: Int { 5 }
    /// Pieces of a curve by which hulls are laid.
    private static var pieces: Int { 16 }

    private func hullSplit(draws: Range<Int>) -> [Double]? {
        let weights = [Double](repeating: 1 / Double(draws.count), count: draws.count)
        let shares = (0...Self.pieces).map { Double($0) / Double(Self.pieces) }
        let slopes = shares.map { share in
            let amounts = zip(set.lower, set.upper).map { $0 + share * ($1 - $0) }
            return profit.derivatives(at: amounts, draws: draws, weights: weights).slopes
        }
        let total: Double
        switch set.budget {
        case .exactly(let sum): total = sum
        case .atMost(let sum): total = min(sum, set.upper.reduce(0, +))
        case .free: return nil
        }
        var amounts = set.lower
        let curves = amounts.indices.compactMap { index -> ResponseCurve? in
            let width = (set.upper[index] - set.lower[index]) / Double(Self.pieces)
            guard width > 0 else { return nil }
            var points = [ResponseCurve.Point(spend: 0, contribution: 0)]
            for piece in 1...Self.pieces {
                let slope = 0.5 * (slopes[piece - 1][index] + slopes[piece][index])
                points.append(
                    .init(
                        spend: Double(piece) * width,
                        contribution: points[piece - 1].contribution + slope * width))
            }
            return ResponseCurve(
                channel: String(index), currentSpend: set.upper[index] - set.lower[index], points: points)
        }
        let split = RecommendedSplit(
            curves, budget: max(0, total - amounts.reduce(0, +)), leastFactor: 0, mostFactor: 1)
        guard let split else { return nil }
        for share in split.shares { amounts[Int(share.channel) ?? 0] += share.spend }
        return amounts
    }
}
