import Allocation
import Kernels
import Testing

@Suite("how sure the best split is")
struct SpreadTests {
    @Test("the best split of every draw and the regret of the proposed one have formulas")
    func spread() throws {
        var random = stream(10)
        let budget = 8.0
        let profit = RootProfit(
            scales: (0..<60).map { _ in [3 * Elementary.exp(0.5 * random.normal()), 2.0] })
        let set = try FeasibleSet(lower: [0, 0], upper: [8, 8], budget: .exactly(budget))
        let best = Allocator(profit: profit, set: set).best(from: [4, 4])
        let spread = OptimumSpread(
            around: best.amounts, profit: profit, set: set, draws: Array(0..<60), by: SerialMap())
        for (draw, own) in spread.amounts.enumerated() {
            let expected = RootProfit.best(profit.scales[draw], budget: budget)
            #expect(zip(own, expected).allSatisfy { abs($0 - $1) < 1e-4 })
            // The best split of a budget brings √(B Σ a²).
            let most = (budget * profit.scales[draw].reduce(0) { $0 + $1 * $1 }).squareRoot()
            let regret = most - profit.profits(at: best.amounts, draws: draw..<draw + 1)[0]
            #expect(abs(spread.regrets[draw] - regret) < 1e-7 && regret >= 0)
        }
        #expect(abs(spread.expectedRegret - spread.regrets.reduce(0, +) / 60) < 1e-12)
        let above = spread.shareAbove([4, 4])
        #expect(above[0] == Double(profit.scales.count { $0[0] > 2 }) / 60 && abs(above[0] + above[1] - 1) < 1e-12)
    }

    @Test(
        "a choice between two with a normal difference: what knowing it is worth has a formula",
        arguments: [-0.4, 0, 0.7])
    func partialInformation(mean: Double) {
        var random = stream(11)
        let count = 4000
        let sd = 0.8
        // Part of the difference is what can be learnt, the rest is not.
        let known = (0..<count).map { _ in mean + sd * random.normal() }
        let other = (0..<count).map { _ in random.normal() }
        let profits = [
            (0..<count).map { _ in 5 + 3 * random.normal() },
            [Double](repeating: 0, count: count),
        ]
        let all = [profits[0], (0..<count).map { profits[0][$0] + known[$0] + other[$0] }]
        let density = Elementary.exp(-0.5 * mean * mean / (sd * sd)) / 2.5066282746310002
        let expected = sd * density + mean * normalProbability(mean / sd) - max(0, mean)
        let proposed = mean > 0 ? 1 : 0
        let value = PartialInformation.value(
            profits: all, proposed: proposed, features: known.map { [$0, $0 * $0] })
        #expect(abs(value - expected) < 0.05, "\(value) beside \(expected)")
        // What has nothing to do with it is worth nothing, and knowing everything is worth more.
        let nothing = PartialInformation.value(
            profits: all, proposed: proposed, features: (0..<count).map { _ in [random.normal(), random.normal()] })
        #expect(nothing >= 0 && nothing < 0.05)
        let gains = (0..<count).map { max(0, all[1 - proposed][$0] - all[proposed][$0]) }
        #expect(value < gains.reduce(0, +) / Double(count))
    }

    /// Φ by Simpson's rule.
    private func normalProbability(_ z: Double) -> Double {
        let steps = 2000
        let width = z / Double(steps)
        var sum = 0.0
        for step in 0...steps {
            let factor = step == 0 || step == steps ? 1.0 : step % 2 == 1 ? 4.0 : 2.0
            let x = Double(step) * width
            sum += factor * Elementary.exp(-0.5 * x * x)
        }
        return 0.5 + sum * width / 3 / 2.5066282746310002
    }

    @Test("knowing one channel is worth no more than knowing all, and something")
    func bounded() throws {
        var random = stream(12)
        let profit = RootProfit(
            scales: (0..<400).map { _ in
                [3 * Elementary.exp(0.6 * random.normal()), 2 * Elementary.exp(0.1 * random.normal()), 2.5]
            })
        let set = try FeasibleSet(lower: [0, 0, 0], upper: [9, 9, 9], budget: .exactly(9))
        let best = Allocator(profit: profit, set: set).best(from: [3, 3, 3])
        let spread = OptimumSpread(
            around: best.amounts, profit: profit, set: set, draws: Array(0..<400), by: SerialMap())
        func value(_ channel: Int) -> Double {
            let order = (0..<400).sorted { profit.scales[$0][channel] < profit.scales[$1][channel] }
            var plans = [best.amounts]
            for start in stride(from: 0, to: 400, by: 50) {
                plans.append(
                    (0..<3).map { variable in
                        order[start..<start + 50].reduce(0) { $0 + spread.amounts[$1][variable] } / 50
                    })
            }
            return PartialInformation.value(
                profits: plans.map { profit.profits(at: $0, draws: 0..<400) }, proposed: 0,
                features: profit.scales.map { [$0[channel]] })
        }
        #expect(value(0) > 10 * value(1) && value(0) < spread.expectedRegret && value(1) >= 0)
        #expect(value(2) < 1e-9)
    }
}
