import Analysis
import Kernels
import Posterior
import Testing

@Suite("evidence")
struct EvidenceGradeTests {
    private static func normal(_ count: Int, mean: Double, sd: Double, site: UInt32 = 0) -> [Double] {
        var stream = RandomStream(key: StreamKey(seed: 8, kind: 3, index: 0), iteration: 0, site: site)
        return (0..<count).map { _ in mean + sd * stream.normal() }
    }

    @Test("posterior and prior are compared by interval, median and spread; returns on the scale of logarithms")
    func comparison() throws {
        let plain = try #require(
            PriorComparison(
                posterior: Self.normal(20_000, mean: 3, sd: 1), prior: Self.normal(20_000, mean: 1, sd: 2, site: 1)))
        #expect(!plain.isLogarithmic && abs(plain.intervalShare - 0.5) < 0.02)
        #expect(abs(plain.varianceShare - 0.25) < 0.02 && abs(plain.shift - 1) < 0.03)
        func returns(_ draws: [Double]) -> [Double] { draws.map { Elementary.exp($0) } }
        let logarithmic = try #require(
            PriorComparison(
                posterior: returns(Self.normal(20_000, mean: 1.9, sd: 0.18)),
                prior: returns(Self.normal(20_000, mean: 0.2, sd: 0.9, site: 1))))
        #expect(logarithmic.isLogarithmic && abs(logarithmic.varianceShare - 0.04) < 0.005)
        #expect(abs(logarithmic.shift - 1.7 / 0.9) < 0.05 && logarithmic.intervalShare > 0.7)
        #expect(PriorComparison(posterior: [1, 2], prior: [1, .infinity]) == nil)
        #expect(PriorComparison(posterior: [1, 2], prior: [1, 1]) == nil)
    }

    @Test("a conflict is what the data say beside the prior predictive distribution, exactly so for normal ones")
    func conflict() throws {
        // Prior N(0, 1), data of standard error 0.5 at 3: variance 0.2, mean 2.4; the prior foretells N(0, 1.25) of the data.
        let comparison = try #require(
            PriorComparison(
                posterior: Self.normal(40_000, mean: 2.4, sd: 0.2.squareRoot()),
                prior: Self.normal(40_000, mean: 0, sd: 1, site: 1)))
        #expect(abs(try #require(comparison.conflict) - 3 / 1.25.squareRoot()) < 0.06)
        let silent = try #require(
            PriorComparison(
                posterior: Self.normal(1000, mean: 0, sd: 1), prior: Self.normal(1000, mean: 0, sd: 1, site: 1)))
        #expect(silent.conflict == nil)
    }

    /// A normal mean: the prior's share of its precision, and the true variance of the data's mean ÷ the assumed one.
    private static func figures(
        share: Double, ratio: Double = 1, truth: Double = 0, correlation: Double? = nil, isTested: Bool = false
    ) -> EvidenceFigures {
        let sd = share.squareRoot()
        return EvidenceFigures(
            evidenceRatio: (1 - share) * ratio,
            prior: PriorComparison(
                posterior: normal(20_000, mean: (1 - share) * truth, sd: sd), prior: normal(20_000, mean: 0, sd: 1)),
            residualCorrelation: correlation, isTested: isTested)
    }

    @Test("a grade follows what data and prior have each in a normal mean")
    func grades() {
        #expect(Self.figures(share: 0.05).grade == .dataDriven)
        #expect(Self.figures(share: 0.5).grade == .mixed)
        #expect(Self.figures(share: 0.95).grade == .priorDriven)
        #expect(Self.figures(share: 0.05, ratio: 4).grade == .misspecified)
        #expect(Self.figures(share: 0.05, correlation: 0.7).grade == .misspecified)
        #expect(Self.figures(share: 0.05, correlation: 0.2).grade == .dataDriven)
        #expect(Self.figures(share: 0.95, isTested: true).grade == .liftTested)
        // Of what the data say nothing, their errors matter to nobody.
        #expect(Self.figures(share: 0.95, correlation: 0.7).grade == .priorDriven)
        // Data that move it against the test by more than its interval says are no test's result.
        #expect(Self.figures(share: 0.05, ratio: 4, isTested: true).grade == .misspecified)
    }

    @Test("the data's share of a normal mean is one less the prior's, and its index knows the true variance")
    func shares() throws {
        for share in [0.1, 0.4, 0.7] {
            #expect(abs(Self.figures(share: share).dataShare - (1 - share)) < 0.01)
            #expect(abs(try #require(Self.figures(share: share, ratio: 3).mismatchIndex) - 0.5) < 0.02)
        }
        #expect(Self.figures(share: 0.9).mismatchIndex == nil)
    }

    @Test("nothing is prior-driven whose interval is under half the prior's, or that is elsewhere than its prior")
    func neverPriorDriven() {
        var narrow = Self.figures(share: 0.2)
        narrow.evidenceRatio = 0
        #expect(narrow.grade == .mixed)
        var elsewhere = Self.figures(share: 0.85, truth: 10)
        elsewhere.evidenceRatio = 0
        #expect(elsewhere.grade == .mixed)
    }

    @Test("sensitivity to prior and data alike is a conflict only where the two lie apart")
    func diagnosis() {
        func diagnosis(_ prior: Double, _ likelihood: Double, _ conflict: Double?) -> SensitivityRow.Diagnosis {
            SensitivityRow(name: "alpha", prior: prior, likelihood: likelihood, conflict: conflict).diagnosis
        }
        #expect(diagnosis(0.2, 0.3, 0.4) == .both && diagnosis(0.2, 0.3, nil) == .both)
        #expect(diagnosis(0.2, 0.3, -2.6) == .conflict && diagnosis(0.2, 0.3, 2.6) == .conflict)
        #expect(diagnosis(0.01, 0.3, 9) == .data && diagnosis(0.2, 0.01, 9) == .prior)
        #expect(diagnosis(0.01, 0.01, nil) == .neither)
    }
}
