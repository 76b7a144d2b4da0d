import Foundation
import Kernels
import Recalibration
import Testing

@Suite("new weeks under the accepted fit")
struct PredictiveScoreTests {
    @Test("by hand: three draws of two weeks")
    func byHand() {
        let own = PredictiveScore(draws: [[1, 2, 3], [4, 4, 7]], actual: [3, 5], logDensity: -2)
        // Sums 5, 6, 10: mean 7, variance 7.
        #expect(abs(own.z - 1 / 7.0.squareRoot()) < 1e-14)
        #expect(abs(own.pit[0] - 2.5 / 3) < 1e-14 && abs(own.pit[1] - 2 / 3.0) < 1e-14)
        // E|Y − y| = 1, E|Y − Y'| = 8/9; and 4/3, 12/9.
        #expect(abs(own.crps - ((1 - 4 / 9.0) + (4 / 3.0 - 6 / 9.0)) / 2) < 1e-14)
        // The 95 % quantile of 1, 2, 3 is 2.9; 5 lies between 4 and 6.7.
        #expect(own.coverage == 0.5)
        #expect(own.logDensity == -2)
    }

    @Test("normal predictions: z, CRPS and PIT are those of the closed form", arguments: [-2.5, 0.0, 0.7, 3.2])
    func normal(distance: Double) {
        var random = stream(30)
        let sigma = 3.0
        let draws = (0..<4).map { _ in (0..<8000).map { _ in 10 + sigma * random.normal() } }
        let actual = [Double](repeating: 10 + sigma * distance, count: 4)
        let own = PredictiveScore(draws: draws, actual: actual)
        // The sum of four has twice the deviation and four times the distance.
        #expect(abs(own.z - 2 * distance) < 0.06 + 0.03 * abs(distance))
        for pit in own.pit { #expect(abs(pit - SpecialFunctions.normalCDF(distance)) < 4 * 0.5 / 8000.0.squareRoot()) }
        // Gneiting & Raftery (2007), equation 22.
        let density = Foundation.exp(-0.5 * distance * distance) / (2 * Double.pi).squareRoot()
        let crps =
            sigma
            * (distance * (2 * SpecialFunctions.normalCDF(distance) - 1) + 2 * density - 1 / Double.pi.squareRoot())
        #expect(abs(own.crps / crps - 1) < 0.03)
        #expect(own.coverage == (abs(distance) < 1.645 ? 1 : 0))
    }

    @Test("weeks that hang together have a wider sum")
    func dependent() {
        var random = stream(31)
        let shared = (0..<4000).map { _ in random.normal() }
        let own = PredictiveScore(draws: [shared, shared, shared, shared], actual: [1, 1, 1, 1])
        #expect(abs(own.z - 1) < 0.1)
    }

    @Test("alarms on clean nights come as often as the table says")
    func falseAlarms() {
        var random = stream(32)
        let draws = (0..<2).map { _ in (0..<2000).map { _ in random.normal() } }
        var (held, failed) = (0, 0)
        let nights = 10_000
        for _ in 0..<nights {
            switch PredictiveScore(draws: draws, actual: [random.normal(), random.normal()]).outcome().verdict {
            case .promote: break
            case .hold: held += 1
            case .fail: failed += 1
            }
        }
        // 0.27 % within and 0.006 % beyond: 27 expected, sd 5.2, and the sd of 2,000 sums is known to 1.6 %, which moves
        // the tail by some 15 %; 0.6 expected.
        #expect(held + failed > 8 && held + failed < 55)
        #expect(failed < 5)
    }

    @Test("without new weeks there is nothing to judge; what is no number fails")
    func degenerate() {
        #expect(PredictiveScore(draws: [], actual: []).outcome().verdict == .promote)
        #expect(PredictiveScore(draws: [[1, .nan]], actual: [1]).outcome().verdict == .fail)
        #expect(PredictiveScore(draws: [[1, 2]], actual: [.infinity]).outcome().verdict == .fail)
        let certain = PredictiveScore(draws: [[2, 2]], actual: [2])
        #expect(certain.z == 0 && certain.pit == [0.5] && certain.crps == 0)
        #expect(PredictiveScore(draws: [[2, 2]], actual: [3]).outcome().verdict == .fail)
    }

    @Test("the sentence says direction, distance and bound")
    func sentence() {
        let draws = [[-1.0, 0, 1]]
        #expect(
            PredictiveScore(draws: draws, actual: [-3.5]).outcome().sentence.english
                == "The new week came to less than the accepted result foresaw, by 3.5 standard deviations, not below 3 but "
                + "at most 4: chance does that on few nights, so somebody should look.")
        let outcome = PredictiveScore(draws: draws, actual: [6]).outcome(weeks: ["2026-W49"])
        #expect(outcome.verdict == .fail && outcome.sentence.english.contains("6 standard deviations, more than 4"))
        #expect(outcome.measures.last?.subject == "2026-W49")
    }
}
