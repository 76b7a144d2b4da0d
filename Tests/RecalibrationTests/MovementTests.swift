import Kernels
import Recalibration
import Testing

/// An accepted result of 104 weeks, a night with three restated and three new weeks, and everything that follows exactly.
private struct Night {
    let old: LinearModel
    let restated: LinearModel
    let updated: LinearModel
    let draws: [(base: Double, effect: Double)]
    let historyRatios: [Double]
    let weekRatios: [Double]
    let chainCount = 4

    var oldEffects: [Double] { draws.map(\.effect) }

    init(seed: UInt64, shift: Double = 0.5, surprise: Double = 0.5) {
        var random = stream(50, iteration: seed)
        func week(_ surplus: Double) -> LinearModel.Week {
            let spend = 1 + 4 * random.uniform()
            return .init(spend: spend, sales: 10 + 2 * spend + random.normal() + surplus)
        }
        var history = (0..<104).map { _ in week(0) }
        let prior = LinearModel(priorVariance: 100, noise: 1)
        old = prior.updated(by: history)
        let before = Array(history[50..<53])
        for index in 50..<53 { history[index].sales += shift }
        restated = prior.updated(by: history)
        let weeks = (0..<3).map { _ in week(surprise) }
        updated = restated.updated(by: weeks)
        draws = old.draws(8000, &random)
        let (model, after) = (old, Array(history[50..<53]))
        historyRatios = draws.map { draw in
            zip(after, before).map { model.logDensity($0, at: draw) - model.logDensity($1, at: draw) }.reduce(0, +)
        }
        weekRatios = draws.map { draw in weeks.map { model.logDensity($0, at: draw) }.reduce(0, +) }
    }

    func movement(
        by fit: LinearModel, seed: UInt64, modelChanged: Bool = false, restated: Bool = true, updated: Bool = true
    ) -> Movement {
        var random = stream(51, iteration: seed)
        let new = WeightedDraws(fit.draws(4000, &random).map(\.effect), chainCount: 4)
        let history = ProvisionalPosterior(newRows: [], restatedRows: historyRatios, chainCount: chainCount)
        let all = ProvisionalPosterior(newRows: weekRatios, restatedRows: historyRatios, chainCount: chainCount)
        return Movement(
            quantity: "effect", old: WeightedDraws(oldEffects, chainCount: chainCount),
            restated: restated ? WeightedStation(oldEffects, after: history) : nil,
            updated: updated ? WeightedStation(oldEffects, after: all) : nil, new: new, modelChanged: modelChanged)
    }
}

@Suite("what moved, and why")
struct MovementTests {
    @Test("on the conjugate model each part is the exact shift, within Monte Carlo error", arguments: 0..<10)
    func exactShifts(seed: UInt64) {
        let night = Night(seed: seed)
        let own = night.movement(by: night.updated, seed: seed)
        #expect(own.separation == .complete)
        let (old, restated, updated) = (night.old.mean.effect, night.restated.mean.effect, night.updated.mean.effect)
        #expect(abs(own.restatedHistory.change - (restated - old)) < 4 * own.restatedHistory.error)
        #expect(abs(own.newWeeks.change - (updated - restated)) < 4 * own.newWeeks.error)
        #expect(abs(own.total.change - (updated - old)) < 4 * own.total.error)
        #expect(abs(own.monteCarloError.change) < 4 * own.monteCarloError.error)
        #expect(own.changedModel.change == 0 && !own.isUnexplained)
        #expect(own.addsUp)
        // Steps between weights of the same draws are known better than the total.
        #expect(own.restatedHistory.error < own.total.error && own.newWeeks.error < own.total.error)
    }

    @Test("errors are as large as the parts stray over 200 nights")
    func errorsAreHonest() {
        var (history, weeks) = (0.0, 0.0)
        for seed in 100..<UInt64(300) {
            let night = Night(seed: seed)
            let own = night.movement(by: night.updated, seed: seed)
            let first =
                (own.restatedHistory.change - (night.restated.mean.effect - night.old.mean.effect))
                / own.restatedHistory.error
            let second =
                (own.newWeeks.change - (night.updated.mean.effect - night.restated.mean.effect)) / own.newWeeks.error
            history += first * first / 200
            weeks += second * second / 200
        }
        // The mean square of 200 standard normal numbers has a standard deviation of 0.1; four of them, and 20 % for the
        // errors, which are estimates to first order.
        #expect(abs(history - 1) < 0.6 && abs(weeks - 1) < 0.6, "\(history) \(weeks)")
    }

    @Test("the parts add up to 1e-9, also where they are large and cancel")
    func addUp() {
        for seed in UInt64(0)..<20 {
            let night = Night(seed: seed, shift: 1, surprise: -1)
            for changed in [false, true] {
                for (restated, updated) in [(true, true), (true, false), (false, true), (false, false)] {
                    let own = night.movement(
                        by: night.updated, seed: seed, modelChanged: changed, restated: restated, updated: updated)
                    let sum =
                        own.newWeeks.change + own.restatedHistory.change + own.changedModel.change
                        + own.monteCarloError.change
                    #expect(abs(sum - (own.newMean - own.oldMean)) <= 1e-9 * max(abs(own.newMean), abs(own.oldMean)))
                    #expect(own.addsUp)
                }
            }
        }
    }

    @Test("a changed model has the last step, and nothing is left to chance")
    func changedModel() {
        let night = Night(seed: 1)
        var other = night.updated
        other.mean.effect += 0.3
        let own = night.movement(by: other, seed: 1, modelChanged: true)
        #expect(abs(own.changedModel.change - 0.3) < 4 * own.changedModel.error)
        #expect(own.monteCarloError.change == 0 && !own.isUnexplained)
        #expect(
            abs(own.newWeeks.change - (night.updated.mean.effect - night.restated.mean.effect)) < 4 * own.newWeeks.error
        )
    }

    @Test("a refit elsewhere than the weeks lead is unexplained; one within a tenth of a deviation is not")
    func unexplained() {
        let night = Night(seed: 2)
        for (deviations, expected) in [(0.5, true), (-0.5, true), (0.01, false)] {
            var broken = night.updated
            broken.mean.effect += deviations * night.old.effectSD
            let own = night.movement(by: broken, seed: 2)
            #expect(own.isUnexplained == expected)
            #expect(own.addsUp)
        }
        var lost = WeightedDraws([1, 2, 3, 4, 5, 6, 7, .nan], chainCount: 1)
        let own = Movement(quantity: "q", old: lost, restated: nil, updated: nil, new: lost, modelChanged: false)
        #expect(own.isUnexplained && !own.addsUp)
        lost = WeightedDraws([2, 2, 2, 2], chainCount: 1)
        let still = Movement(quantity: "q", old: lost, restated: nil, updated: nil, new: lost, modelChanged: false)
        #expect(!still.isUnexplained && still.addsUp && still.total.change == 0)
    }

    @Test("weights that do not reach leave the step to the refit, and the parts still add up")
    func unusable() {
        // Weeks of 30 standard deviations' surprise.
        let night = Night(seed: 3, surprise: 30)
        let own = night.movement(by: night.updated, seed: 3)
        #expect(own.separation == .restatedHistoryOnly)
        #expect(own.addsUp && own.monteCarloError.change == 0 && !own.isUnexplained)
        #expect(
            abs(own.newWeeks.change - (night.updated.mean.effect - night.restated.mean.effect)) < 4 * own.newWeeks.error
        )
        let changed = night.movement(by: night.updated, seed: 3, modelChanged: true)
        #expect(changed.newWeeks.change == 0 && changed.changedModel.change == own.newWeeks.change)
        let far = Night(seed: 4, shift: 60)
        let all = far.movement(by: far.updated, seed: 4)
        #expect(all.separation == .none && all.addsUp)
        #expect(all.newWeeks.change == all.total.change && all.restatedHistory.change == 0)
        let history = far.movement(by: far.restated, seed: 4, updated: false)
        #expect(history.separation == .none && history.restatedHistory.change == history.total.change)
    }

    @Test("where nothing was restated or nothing is new, that part is 0")
    func absentCauses() {
        let night = Night(seed: 5)
        let own = night.movement(by: night.updated, seed: 5, restated: false)
        #expect(own.restatedHistory.change == 0 && own.restatedHistory.error == 0)
        #expect(abs(own.newWeeks.change - (night.updated.mean.effect - night.old.mean.effect)) < 4 * own.newWeeks.error)
        let quiet = night.movement(by: night.old, seed: 5, restated: false, updated: false)
        #expect(quiet.newWeeks.change == 0 && quiet.monteCarloError.change == quiet.total.change)
    }
}
