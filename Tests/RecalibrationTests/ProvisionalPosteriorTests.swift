import Foundation
import Kernels
import Posterior
import Recalibration
import Testing

@Suite("the provisional posterior")
struct ProvisionalPosteriorTests {
    /// A posterior of 60 observations and three rows that come; the old posterior's sd is 0.13 of the noise's.
    private let prior = NormalMean(mean: 0, variance: 100, noise: 4)

    private func history(_ random: inout RandomStream) -> [Double] {
        (0..<60).map { _ in 3 + 2 * random.normal() }
    }

    @Test("new rows: moments and quantiles are those of the conjugate posterior, within Monte Carlo error")
    func newRows() throws {
        var random = stream(1)
        let before = prior.updated(by: history(&random))
        let added = [4.2, 5.1, 2.9]
        let after = before.updated(by: added)
        let draws = before.draws(8000, &random)
        let own = ProvisionalPosterior(
            newRows: draws.map { theta in added.map { before.logDensity($0, at: theta) }.reduce(0, +) }, chainCount: 4)
        #expect(own.isUsable)
        let theta = own.draws(of: draws)
        #expect(abs(theta.mean - after.mean) < 4 * theta.meanError)
        // The rows move the mean by many errors, so that unweighted draws would not pass.
        #expect(abs(before.mean - after.mean) > 12 * theta.meanError)
        let sd = after.variance.squareRoot()
        // The sd's relative error is 1 ÷ √(2 ESS).
        #expect(abs(theta.sd / sd - 1) < 4 / (2 * own.effectiveSize).squareRoot())
        let probabilities = [0.05, 0.25, 0.5, 0.95]
        for (p, quantile) in zip(probabilities, theta.quantiles(probabilities)) {
            let z = SpecialFunctions.normalQuantile(p)
            let density = Foundation.exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
            // √(p (1 − p) ÷ ESS) ÷ density is a quantile's asymptotic standard error.
            let error = (p * (1 - p) / own.effectiveSize).squareRoot() / density * sd
            #expect(abs(quantile - (after.mean + z * sd)) < 4 * error)
        }
    }

    @Test("restated rows: the posterior is that of the history as it is now")
    func restatedRows() {
        var random = stream(2)
        var data = history(&random)
        let before = prior.updated(by: data)
        let draws = before.draws(8000, &random)
        let old = Array(data[10..<14])
        let new = old.map { $0 + 1.5 }
        data.replaceSubrange(10..<14, with: new)
        let after = prior.updated(by: data)
        let difference = draws.map { theta in
            zip(new, old).map { before.logDensity($0, at: theta) - before.logDensity($1, at: theta) }.reduce(0, +)
        }
        let own = ProvisionalPosterior(newRows: [], restatedRows: difference, chainCount: 4)
        #expect(own.isUsable)
        let theta = own.draws(of: draws)
        #expect(abs(theta.mean - after.mean) < 4 * theta.meanError)
        #expect(abs(before.mean - after.mean) > 12 * theta.meanError)
    }

    @Test("both at once are the sum of both")
    func both() {
        var random = stream(3)
        let data = history(&random)
        let before = prior.updated(by: data)
        let draws = before.draws(8000, &random)
        let after = prior.updated(by: data.dropLast() + [data[59] + 2, 5, 5])
        let own = ProvisionalPosterior(
            newRows: draws.map { 2 * before.logDensity(5, at: $0) },
            restatedRows: draws.map {
                before.logDensity(data[59] + 2, at: $0) - before.logDensity(data[59], at: $0)
            }, chainCount: 4)
        let theta = own.draws(of: draws)
        #expect(abs(theta.mean - after.mean) < 4 * theta.meanError)
        #expect(abs(before.mean - after.mean) > 12 * theta.meanError)
    }

    @Test("the mean's error is as large as the mean strays over 400 sets of draws, also of dependent ones")
    func errorIsHonest() {
        var (independent, dependent) = (0.0, 0.0)
        let before = NormalMean(mean: 0, variance: 1, noise: 9)
        let after = before.updated(by: [3, 2])
        func z(_ draws: [Double]) -> Double {
            let own = ProvisionalPosterior(
                newRows: draws.map { before.logDensity(3, at: $0) + before.logDensity(2, at: $0) }, chainCount: 4)
            let theta = own.draws(of: draws)
            return (theta.mean - after.mean) / theta.meanError
        }
        let sets = 400
        for set in 0..<sets {
            var random = stream(5, iteration: UInt64(set))
            let first = z(before.draws(800, &random))
            independent += first * first
            var state = 0.0
            let chain = (0..<1600).map { _ in
                state = 0.8 * state + 0.6 * random.normal()
                return state
            }
            let second = z(chain)
            dependent += second * second
        }
        // The mean square of 400 standard normal numbers has a standard deviation of 0.07; four of them, and 15 % for the
        // effective sizes, which are estimates.
        #expect(abs(independent / Double(sets) - 1) < 0.28 + 0.15)
        #expect(abs(dependent / Double(sets) - 1) < 0.28 + 0.3)
    }

    @Test(
        "ratios with a Pareto tail of known shape are told by their k, and used below the limit only",
        arguments: [(0.1, true), (0.3, true), (0.5, true), (1.0, false), (1.5, false)])
    func knownShape(shape: Double, isUsable: Bool) {
        var random = stream(6)
        // e^(k E) of an exponential E is Pareto with shape k.
        let own = ProvisionalPosterior(newRows: (0..<20_000).map { _ in shape * random.exponential() }, chainCount: 4)
        #expect(abs(own.shape - shape) < 0.15)
        #expect(own.isUsable == isUsable)
    }

    @Test("the limit is 0.7, and lower for few draws: 1 − 1 ÷ log₁₀ S")
    func limit() {
        func limit(_ count: Int) -> Double {
            ProvisionalPosterior(newRows: [Double](repeating: 1, count: count), chainCount: 1).shapeLimit
        }
        #expect(abs(limit(100) - 0.5) < 1e-12)
        #expect(abs(limit(1000) - 2 / 3.0) < 1e-12)
        #expect(limit(100_000) == 0.7)
    }

    @Test("equal log-likelihoods leave the draws as they were")
    func equalWeights() {
        var random = stream(7)
        let draws = (0..<200).map { _ in random.normal() }
        let own = ProvisionalPosterior(newRows: [Double](repeating: -700, count: 200), chainCount: 4)
        #expect(own.isUsable && own.effectiveSize == 200)
        let theta = own.draws(of: draws)
        #expect(abs(theta.mean - draws.reduce(0, +) / 200) < 1e-12)
        let own95 = theta.quantiles([0, 0.05, 0.5, 0.95, 1])
        for (a, b) in zip(own95, Quantiles.quantiles([0, 0.05, 0.5, 0.95, 1], of: draws)) {
            #expect(abs(a - b) < 1e-12)
        }
        let summary = Summary(chains: (0..<4).map { Array(draws[$0 * 50..<($0 + 1) * 50]) })
        #expect(abs(theta.sd - summary.sd) < 1e-12)
        #expect(abs(theta.meanError - summary.mcseMean) < 1e-12)
    }

    @Test(
        "what is no number is unusable and every figure of it is NaN", arguments: [Double.nan, .infinity, -.infinity])
    func notNumbers(value: Double) {
        var logs = (0..<100).map { Double($0) / 100 }
        logs[37] = value
        let own = ProvisionalPosterior(newRows: logs, chainCount: 4)
        #expect(!own.isUsable)
        let theta = own.draws(of: logs.indices.map { Double($0) })
        #expect(theta.mean.isNaN && theta.sd.isNaN && theta.meanError.isNaN)
        for quantile in theta.quantiles([0, 0.5, 1]) { #expect(quantile.isNaN) }
        let sound = ProvisionalPosterior(newRows: (0..<100).map { Double($0) / 100 }, chainCount: 4)
        #expect(sound.draws(of: logs).mean.isNaN && sound.draws(of: logs).quantiles([0.5])[0].isNaN)
    }

    @Test("one draw that takes all the weight is unusable and yet counts")
    func oneTakesAll() {
        var logs = [Double](repeating: 0, count: 400)
        for index in logs.indices { logs[index] = Double(index % 7) * 0.01 }
        logs[5] = 5000
        let own = ProvisionalPosterior(newRows: logs, chainCount: 4)
        #expect(!own.isUsable)
        #expect(abs(own.weights.reduce(0, +) - 1) < 1e-12)
        #expect(own.draws(of: logs.indices.map { Double($0) }).mean.isFinite)
    }

    @Test("draws too few for a tail are unusable", arguments: [2, 3, 10])
    func fewDraws(count: Int) {
        let own = ProvisionalPosterior(newRows: (0..<count).map { Double($0) }, chainCount: 1)
        #expect(!own.isUsable)
        #expect(own.draws(of: (0..<count).map { Double($0) }).mean.isFinite)
    }
}
