import Kernels
import Recalibration
import Testing

@Suite("the weeks that moved a quantity")
struct WeekInfluenceTests {
    private struct Drop {
        var names: [String]
        var influences: [WeekInfluence]
        /// By week what its absence changes, exactly.
        var exact: [Double]
    }

    /// One weekly drop: 104 weeks of history, of which two are restated, and four new ones; `plant` changes one of the six.
    private func drop(seed: UInt64, plant: (Int, inout LinearModel.Week) -> Void) -> Drop {
        var random = stream(60, iteration: seed)
        func week() -> LinearModel.Week {
            let spend = 2 + 2 * random.uniform()
            return .init(spend: spend, sales: 10 + 2 * spend + random.normal())
        }
        let history = (0..<104).map { _ in week() }
        let old = LinearModel(priorVariance: 100, noise: 1).updated(by: history)
        let before = Array(history[40..<42])
        var after = before.map { week in
            LinearModel.Week(spend: week.spend, sales: week.sales + 0.2 * random.normal())
        }
        var new = (0..<4).map { _ in week() }
        for index in 0..<4 { plant(index, &new[index]) }
        for index in 0..<2 { plant(4 + index, &after[index]) }
        let all = old.updated(by: before, sign: -1).updated(by: after).updated(by: new)
        let draws = old.draws(4000, &random)
        var weeks = new.enumerated().map { index, week in
            WeekInfluence.Week(name: "new \(index)", kind: .new, logRatios: draws.map { old.logDensity(week, at: $0) })
        }
        var exact = new.map { all.mean.effect - all.updated(by: [$0], sign: -1).mean.effect }
        for index in 0..<2 {
            let ratios = draws.map { old.logDensity(after[index], at: $0) - old.logDensity(before[index], at: $0) }
            weeks.append(.init(name: "restated \(index)", kind: .restated, logRatios: ratios))
            let without = all.updated(by: [after[index]], sign: -1).updated(by: [before[index]])
            exact.append(all.mean.effect - without.mean.effect)
        }
        let sums = draws.indices.map { draw in weeks.map { $0.logRatios[draw] }.reduce(0, +) }
        let influences = WeekInfluence.ranked(
            of: draws.map(\.effect), weeks: weeks, after: ProvisionalPosterior(newRows: sums, chainCount: 4))
        return Drop(names: weeks.map(\.name), influences: influences, exact: exact)
    }

    @Test("a planted outlying week is named first in 95 % of 52 weekly drops, new or restated")
    func planted() {
        var (named, exact) = (0, 0)
        for seed in UInt64(0)..<52 {
            let planted = Int(seed % 6)
            let own = drop(seed: seed) { index, week in
                guard index == planted else { return }
                week = .init(spend: 4.5, sales: 10 + 2 * 4.5 + (seed % 4 < 2 ? 6 : -6))
            }
            if own.influences[0].week == own.names[planted] { named += 1 }
            let largest = own.exact.indices.max { abs(own.exact[$0]) < abs(own.exact[$1]) }
            if largest == planted { exact += 1 }
        }
        // The planted week is the one that moved the effect most in the model's own closed form.
        #expect(exact >= 50)
        #expect(named >= 50)
    }

    @Test(
        "the influence of a week is what its absence changes, within Monte Carlo error and the second order",
        arguments: 0..<10)
    func exact(seed: UInt64) {
        let own = drop(seed: 1000 + seed) { _, _ in }
        for influence in own.influences {
            let truth = own.exact[own.names.firstIndex(of: influence.week)!]
            // Six weeks among 104 change the posterior's precision by some 6 %.
            #expect(abs(influence.change - truth) < 4 * influence.error + 0.1 * abs(truth) + 0.002)
            #expect((influence.kind == .restated) == influence.week.hasPrefix("restated"))
        }
        #expect(own.influences.map { -abs($0.change) } == own.influences.map { -abs($0.change) }.sorted())
    }

    @Test("of one new week on a normal mean, influence without weights is the covariance known in closed form")
    func closedForm() {
        var random = stream(61)
        let before = NormalMean(mean: 1, variance: 0.5, noise: 4)
        let draws = before.draws(40_000, &random)
        // Ratios of such a tail have no usable weights, and the old posterior alone counts.
        let unusable = ProvisionalPosterior(newRows: draws.map { _ in 2 * random.exponential() }, chainCount: 4)
        let influences = WeekInfluence.ranked(
            of: draws,
            weeks: [
                .init(name: "a", kind: .new, logRatios: draws.map { before.logDensity(2, at: $0) }),
                .init(name: "b", kind: .new, logRatios: draws.map { before.logDensity(-7, at: $0) }),
            ], after: unusable)
        #expect(influences.map(\.week) == ["b", "a"])
        // Cov(θ, −(y − θ)² ÷ 2 s²) = V (y − m) ÷ s².
        for (influence, y) in zip(influences, [-7.0, 2]) {
            #expect(abs(influence.change - 0.5 * (y - 1) / 4) < 4 * influence.error)
            #expect(influence.error < 0.02)
        }
    }

    @Test("a week whose log-likelihood is no number stands first, without one")
    func notNumbers() {
        let draws = (0..<100).map { Double($0 % 10) }
        let influences = WeekInfluence.ranked(
            of: draws,
            weeks: [
                .init(name: "good", kind: .new, logRatios: draws.map { 0.01 * $0 }),
                .init(name: "bad", kind: .new, logRatios: draws.map { $0 == 3 ? -.infinity : 0 }),
            ], after: ProvisionalPosterior(newRows: draws.map { 0.01 * $0 }, chainCount: 4))
        #expect(influences[0].week == "bad" && influences[0].change.isNaN)
        #expect(influences[1].change > 0)
    }
}
