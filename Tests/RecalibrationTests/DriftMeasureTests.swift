import Kernels
import Recalibration
import Testing

@Suite("drift between two results")
struct DriftMeasureTests {
    private func drift(_ old: [Double], _ new: [Double]) -> DriftMeasure {
        DriftMeasure(old: WeightedDraws(old, chainCount: 1), new: WeightedDraws(new, chainCount: 1))
    }

    @Test("by hand: 0, 1, 2 against 1, 3")
    func byHand() {
        // Old: mean 1, sd 1. F − G is 1/3 on [0, 1), 2/3 − 1/2 on [1, 2), 1 − 1/2 on [2, 3).
        let own = drift([2, 0, 1], [3, 1])
        #expect(abs(own.shift - 1) < 1e-15)
        #expect(abs(own.wasserstein - (1 / 3.0 + 1 / 6.0 + 1 / 2.0)) < 1e-15)
    }

    @Test(
        "the Wasserstein distance of unequal numbers is that of matched quantiles of a common multiple",
        arguments: 0..<20)
    func matched(seed: UInt64) {
        var random = stream(11, iteration: seed)
        let old = (0..<12).map { _ in (4 * random.normal()).rounded() }
        let new = (0..<8).map { _ in 1 + (3 * random.normal()).rounded() }
        // 24 is a multiple of both: each old draw twice, each new one three times, matched in order.
        let a = old.flatMap { [$0, $0] }.sorted()
        let b = new.flatMap { [$0, $0, $0] }.sorted()
        let matched = zip(a, b).map { abs($0 - $1) }.reduce(0, +) / 24
        let mean = old.reduce(0, +) / 12
        let sd = (old.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 11).squareRoot()
        #expect(abs(drift(old, new).wasserstein - matched / sd) < 1e-12)
    }

    @Test(
        "normal draws that moved: shift, distance and overlap are those of the closed form",
        arguments: [0.0, 0.3, 1, 3])
    func shiftedNormal(distance: Double) {
        var random = stream(12)
        let old = (0..<10_000).map { _ in 5 + 2 * random.normal() }
        let new = (0..<4000).map { _ in 5 + 2 * (distance + random.normal()) }
        let own = drift(old, new)
        #expect(abs(own.shift - distance) < 4 * own.shiftError)
        #expect(own.shiftError < 0.03)
        #expect(own.wasserstein >= abs(own.shift) - 1e-12)
        #expect(abs(own.wasserstein - distance) < 0.08)
        #expect(abs(own.overlap - 2 * SpecialFunctions.normalCDF(-distance / 2)) < 0.05)
    }

    @Test("normal draws of half the width: the distance is E|Z| ÷ 2 while the mean stays")
    func narrower() {
        var random = stream(13)
        let old = (0..<20_000).map { _ in random.normal() }
        let new = (0..<20_000).map { _ in random.normal() / 2 }
        let own = drift(old, new)
        #expect(abs(own.shift) < 4 * own.shiftError)
        #expect(abs(own.wasserstein - 0.5 * (2 / Double.pi).squareRoot()) < 0.03)
        // The densities cross at z = ±√(2 ln 2 ÷ 3): the overlap is 2 (Φ(z) − Φ(2 z)) + 1.
        let z = (2 * Elementary.log(2) / 3).squareRoot()
        let expected = 2 * (SpecialFunctions.normalCDF(z) - SpecialFunctions.normalCDF(2 * z)) + 1
        #expect(abs(own.overlap - expected) < 0.05)
    }

    @Test("the expected drift is that of the conjugate posterior, and its error counts that draws are shared")
    func expected() {
        var random = stream(14)
        let before = NormalMean(mean: 2, variance: 0.25, noise: 9)
        let after = before.updated(by: [5, 4])
        let draws = before.draws(8000, &random)
        let provisional = ProvisionalPosterior(
            newRows: draws.map { before.logDensity(5, at: $0) + before.logDensity(4, at: $0) }, chainCount: 4)
        let own = DriftMeasure.expected(of: draws, after: provisional)
        let truth = (after.mean - before.mean) / 0.5
        #expect(abs(own.shift - truth) < 4 * own.shiftError + 4 * truth / 16_000.squareRoot())
        #expect(
            own.shiftError < 0.5
                * DriftMeasure(old: WeightedDraws(draws, chainCount: 4), new: provisional.draws(of: draws)).shiftError)
        #expect(own.overlap > 0.7 && own.overlap < 1)
    }

    @Test("the same draws have not moved; equal draws move by nothing or without bound; what is no number has no drift")
    func degenerate() {
        let same = drift([1, 2, 3, 4, 5], [5, 4, 3, 2, 1])
        #expect(same.shift == 0 && same.wasserstein == 0 && same.overlap == 1)
        let still = drift([2, 2, 2], [2, 2])
        #expect(still.shift == 0 && still.wasserstein == 0 && still.shiftError == 0)
        #expect(abs(still.overlap - 1) < 1e-12)
        let jumped = drift([2, 2, 2], [3, 3])
        #expect(jumped.shift == .infinity && jumped.wasserstein == .infinity && jumped.overlap == 0)
        let lost = drift([1, 2, 3], [1, .nan])
        #expect(lost.shift.isNaN && lost.wasserstein.isNaN && lost.overlap.isNaN && lost.shiftError.isNaN)
    }
}
