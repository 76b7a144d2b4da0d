import Allocation
import Kernels
import Testing

@Suite("the best split of a budget")
struct AllocatorTests {
    private func set(
        _ lower: [Double], _ upper: [Double], groups: [FeasibleSet.Group] = [], _ budget: FeasibleSet.Budget
    ) throws -> FeasibleSet {
        try FeasibleSet(lower: lower, upper: upper, groups: groups, budget: budget)
    }

    private func roots(_ seed: UInt64, count: Int, draws: Int = 40) -> RootProfit {
        var random = stream(1, iteration: seed)
        let centres = (0..<count).map { _ in 0.5 + 4 * random.uniform() }
        return RootProfit(
            scales: (0..<draws).map { _ in centres.map { $0 * Elementary.exp(0.4 * random.normal()) } })
    }

    @Test("two channels whose best split has a formula", arguments: 0..<10)
    func closedForm(seed: UInt64) throws {
        let profit = roots(seed, count: 2)
        let budget = 10.0
        let best = Allocator(profit: profit, set: try set([0, 0], [10, 10], .exactly(budget))).best(from: [5, 5])
        let expected = RootProfit.best(profit.meanScales, budget: budget)
        #expect(zip(best.amounts, expected).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(best.residual < 1e-6)
        let free = Allocator(profit: CostedProfit(profit), set: try set([0, 0], [1e3, 1e3], .free)).best(from: [1, 1])
        let alone = profit.meanScales.map { $0 * $0 / 4 }
        #expect(zip(free.amounts, alone).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    /// The same profit, less the money.
    private struct CostedProfit: SeparableProfit {
        var gross: RootProfit
        init(_ gross: RootProfit) { self.gross = gross }
        var count: Int { gross.count }
        var drawCount: Int { gross.drawCount }
        var isConcave: Bool { true }
        func part(_ variable: Int, _ draw: Int, at amount: Double) -> (value: Double, slope: Double, bend: Double) {
            let own = gross.part(variable, draw, at: amount)
            return (own.value - amount, own.slope - 1, own.bend)
        }
    }

    @Test(
        "marginal profits are equal where money could move, lower at a lower bound and higher at an upper",
        arguments: 0..<20)
    func conditions(seed: UInt64) throws {
        let profit = roots(seed, count: 8)
        let current = (0..<8).map { 1 + Double(($0 * 7 + Int(seed)) % 5) }
        let budget = current.reduce(0, +)
        let bounds = (lower: current.map { 0.7 * $0 }, upper: current.map { 1.3 * $0 })
        let best = Allocator(profit: profit, set: try set(bounds.lower, bounds.upper, .exactly(budget)))
            .best(from: current)
        let slopes = zip(profit.meanScales, best.amounts).map { 0.5 * $0 / $1.squareRoot() }
        func slack(_ index: Int) -> Double { 1e-9 * current[index] }
        let growing = best.amounts.indices.filter { best.amounts[$0] < bounds.upper[$0] - slack($0) }
        let shrinking = best.amounts.indices.filter { best.amounts[$0] > bounds.lower[$0] + slack($0) }
        // What is inside its bounds is in both.
        for (more, less) in growing.flatMap({ more in shrinking.map { (more, $0) } }) {
            #expect(slopes[more] < slopes[less] + 2e-6)
        }
        #expect(growing.count + shrinking.count >= 8)
        #expect(abs(best.amounts.reduce(0, +) - budget) < 1e-9 * budget)
        #expect(best.residual < 1e-6 && best.evaluations < 60)
        let now = RiskAttitude.neutral.value(profit.profits(at: current, draws: 0..<profit.drawCount))
        #expect(best.value > now)
    }

    @Test("variables that act together", arguments: 0..<10)
    func coupled(seed: UInt64) throws {
        var random = stream(2, iteration: seed)
        let count = 12
        // Neighbours take from each other, as periods do through carry-over.
        var matrix = [Double](repeating: 0, count: count * count)
        for i in 0..<count {
            for j in 0..<count { matrix[i * count + j] = Elementary.exp(-0.4 * Double(abs(i - j))) }
        }
        let profit = QuadraticProfit(linear: (0..<count).map { _ in 3 + 4 * random.uniform() }, matrix: matrix)
        let zeros = [Double](repeating: 0, count: count)
        let best = Allocator(profit: profit, set: try set(zeros, zeros.map { _ in 3 }, .atMost(9)))
            .best(from: zeros.map { _ in 0.5 })
        let slopes = profit.slopes(best.amounts)
        let total = best.amounts.reduce(0, +)
        let multiplier = slopes.indices.filter { best.amounts[$0] > 1e-6 && best.amounts[$0] < 3 - 1e-6 }
            .map { slopes[$0] }
        let common = try #require(multiplier.first)
        #expect(multiplier.allSatisfy { abs($0 - common) < 2e-6 } && common > -1e-6)
        #expect(total <= 9 + 1e-9 && (total > 9 - 1e-6 || abs(common) < 1e-6))
        for index in slopes.indices where best.amounts[index] <= 1e-6 { #expect(slopes[index] < common + 1e-6) }
        #expect(best.residual < 1e-6)
    }

    @Test("a group at its limit splits its own money among its members")
    func groups() throws {
        let profit = RootProfit(scales: [[2, 4, 1, 3]])
        let group = FeasibleSet.Group(name: "television", members: [0, 1], limits: 0...6)
        let best = Allocator(
            profit: profit, set: try set([0, 0, 0, 0], [20, 20, 20, 20], groups: [group], .exactly(20))
        ).best(from: [5, 5, 5, 5])
        let expected = RootProfit.best([2, 4], budget: 6) + RootProfit.best([1, 3], budget: 14)
        #expect(zip(best.amounts, expected).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(best.residual < 1e-6)
        // A limit from below.
        let least = FeasibleSet.Group(name: "rest", members: [2, 3], limits: 16...18)
        let other = Allocator(
            profit: profit, set: try set([0, 0, 0, 0], [20, 20, 20, 20], groups: [least], .exactly(20))
        ).best(from: [5, 5, 5, 5])
        #expect(abs(other.amounts[2] + other.amounts[3] - 16) < 1e-6)
        #expect(abs(other.amounts[3] - 9 * other.amounts[2]) < 1e-4)
    }

    @Test("what cannot be kept to is said")
    func conflicts() {
        #expect(throws: FeasibleSet.Conflict.budget(reachable: 1...4)) { try set([0, 1], [2, 2], .exactly(5)) }
        #expect(throws: FeasibleSet.Conflict.budget(reachable: 1...4)) { try set([0, 1], [2, 2], .atMost(0.5)) }
        let group = FeasibleSet.Group(name: "both", members: [0, 1], limits: 5...6)
        #expect(throws: FeasibleSet.Conflict.group(name: "both", reachable: 1...4)) {
            try set([0, 1], [2, 2], groups: [group], .free)
        }
        #expect(throws: Never.self) { try set([0.1, 0.2], [0.1, 0.2], .exactly(0.30000000000000004)) }
    }

    @Test("S-shaped responses: as good as the best of all splits on a lattice", arguments: 0..<20)
    func sigmoids(seed: UInt64) throws {
        var random = stream(3, iteration: seed)
        let profit = SigmoidProfit(
            heights: (0..<3).map { _ in 1 + 5 * random.uniform() },
            halves: (0..<3).map { _ in 2 + 6 * random.uniform() })
        let budget = 10
        let best = Allocator(
            profit: profit, set: try set([0, 0, 0], [10, 10, 10], .exactly(Double(budget)))
        ).best(from: [10.0 / 3, 10.0 / 3, 10.0 / 3])
        var found = -Double.infinity
        let steps = 40
        for first in 0...steps {
            for second in 0...(steps - first) {
                let split = [first, second, steps - first - second].map { Double($0 * budget) / Double(steps) }
                found = max(found, profit.profits(at: split, draws: 0..<1)[0])
            }
        }
        #expect(best.value > found - 1e-9, "seed \(seed)")
    }

    @Test("with one mind about risk: the mean less the variance of a portfolio of two")
    func meanVariance() throws {
        var random = stream(4)
        let returns = (0..<400).map { _ in [1.2 + 0.5 * random.normal(), 1.0 + 0.2 * random.normal()] }
        func moment(_ a: Int, _ b: Int) -> Double {
            let means = [a, b].map { column in returns.reduce(0) { $0 + $1[column] } / 400 }
            return returns.reduce(0) { $0 + ($1[a] - means[0]) * ($1[b] - means[1]) } / 399
        }
        let means = (0..<2).map { column in returns.reduce(0) { $0 + $1[column] } / 400 }
        let (aversion, budget) = (0.2, 5.0)
        let expected =
            ((means[0] - means[1]) / (2 * aversion) + budget * (moment(1, 1) - moment(0, 1)))
            / (moment(0, 0) + moment(1, 1) - 2 * moment(0, 1))
        #expect((0...budget).contains(expected))
        let best = Allocator(
            profit: LinearProfit(returns: returns), set: try set([0, 0], [5, 5], .exactly(budget)),
            risk: .meanVariance(aversion)
        ).best(from: [2.5, 2.5])
        #expect(abs(best.amounts[0] - expected) < 1e-4)
    }

    @Test("with another: the worst tenth is as good as that of any split on a grid", arguments: 0..<5)
    func worstTenth(seed: UInt64) throws {
        var random = stream(5, iteration: seed)
        let profit = RootProfit(
            scales: (0..<300).map { _ in
                [max(0, 3 + 1.5 * random.normal()), max(0, 2.2 + 0.3 * random.normal())]
            })
        let risk = RiskAttitude.conditionalValueAtRisk(0.1)
        let best = Allocator(profit: profit, set: try set([0, 0], [10, 10], .exactly(10)), risk: risk).best(from: [
            5, 5,
        ])
        func worst(_ split: [Double]) -> Double { risk.value(profit.profits(at: split, draws: 0..<300)) }
        let grid = (0...1000).map { worst([Double($0) / 100, 10 - Double($0) / 100]) }.max() ?? 0
        #expect(worst(best.amounts) > grid - 0.002 * abs(grid))
        let neutral = Allocator(profit: profit, set: try set([0, 0], [10, 10], .exactly(10))).best(from: [5, 5])
        #expect(worst(best.amounts) > worst(neutral.amounts) && best.amounts[0] < neutral.amounts[0])
    }

    @Test("the mean of the worst share, weighted at its edge")
    func conditionalValue() {
        #expect(abs(RiskAttitude.conditionalValueAtRisk(0.25).value([4, 1, 3, 2]) - 1) < 1e-12)
        #expect(abs(RiskAttitude.conditionalValueAtRisk(0.375).value([4, 1, 3, 2]) - 4.0 / 3) < 1e-12)
        #expect(RiskAttitude.conditionalValueAtRisk(1).value([4, 1, 3, 2]) == 2.5)
    }
}
