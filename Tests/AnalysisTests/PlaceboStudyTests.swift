import Analysis
import Kernels
import Testing

@Suite("a study of placebos")
struct PlaceboStudyTests {
    /// Draws that are quantiles of a normal distribution.
    private func row(mean: Double, sd: Double = 1) -> PlaceboRow {
        func normals(_ mean: Double, _ sd: Double) -> [Double] {
            (0..<4000).map { mean + sd * SpecialFunctions.normalQuantile((Double($0) + 0.5) / 4000) }
        }
        return PlaceboRow(
            placebo: "placebo 1", source: "tv", isPerMoney: true, draws: normals(mean, sd), prior: normals(0, 4))
    }

    private func study(holding: Int, of count: Int) -> PlaceboStudy {
        PlaceboStudy(
            rows: (0..<count).map { row(mean: $0 < holding ? 0 : 3) }, divergences: 0, draws: 100, highestRHats: [1.0])
    }

    @Test("holds an interval to 0, and says what a prior of gains would make of it")
    func rows() throws {
        let still = row(mean: 0)
        #expect(still.holdsZero && !row(mean: 1.7).holdsZero && !row(mean: -1.7).holdsZero && row(mean: 1.6).holdsZero)
        #expect(abs(still.priorShare - 0.25) < 1e-3)
        // Draws above 0 of a standard normal distribution are half-normal: quantiles Φ⁻¹((1 + p) ÷ 2).
        let gain = try #require(still.gain)
        #expect(abs(gain.q05 - 0.0627) < 2e-3 && abs(gain.q50 - 0.6745) < 2e-3 && abs(gain.q95 - 1.9600) < 5e-3)
        #expect(row(mean: -4).gain == nil)
    }

    @Test(
        "knows the chance of so few intervals",
        // The binomial distribution function of 20 trials of probability 0.9.
        arguments: [(13, 0.002386089408966118), (14, 0.011253134164509009), (17, 0.32307319481053415), (20, 1)])
    func chance(holding: Int, probability: Double) {
        let study = study(holding: holding, of: 20)
        #expect(study.held == holding)
        #expect(abs(study.probabilityOfSoFew - probability) < 1e-12)
        #expect(study.passed == (holding > 13))
        #expect(study.reasons.isEmpty == study.passed)
    }

    @Test("says when data say nothing, and when chains disagree")
    func remarks() {
        #expect(study(holding: 9, of: 10).remarks.isEmpty)
        let vague = PlaceboStudy(
            rows: [row(mean: 0, sd: 3.9)], divergences: 3, draws: 100, highestRHats: [1.2, .nan, 1.0])
        #expect(vague.remarks.count == 3)
        #expect(vague.remarks[0].contains("proves little"))
        #expect(vague.remarks[1].contains("1 of 3 fits"))
        #expect(vague.remarks[2].contains("3 of 100 draws diverged"))
    }
}
