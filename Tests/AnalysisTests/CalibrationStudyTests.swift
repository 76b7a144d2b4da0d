import Analysis
import Kernels
import Testing

/// m ~ N(0, 1), y | m ~ N(m, 1) gives m | y ~ N(y/2, 1/√2): draws of it are exact, and so a bug can be planted in them.
@Suite("a calibration study")
struct CalibrationStudyTests {
    private static let key = StreamKey(seed: 9, kind: 99, index: 0)

    private func study(
        replications: Int = 300, posterior: (_ y: Double, _ z: Double) -> Double
    ) -> CalibrationStudy {
        let worlds = (0..<replications).map { index in
            var stream = RandomStream(key: Self.key, iteration: UInt64(index), site: 0)
            let truth = stream.normal()
            let y = truth + stream.normal()
            let draws = (0..<CalibrationStudy.drawCount).map { _ in posterior(y, stream.normal()) }
            func logLikelihood(_ mean: Double) -> Double { -0.5 * (y - mean) * (y - mean) }
            return [
                CalibratedQuantity(name: "m", truth: truth, draws: draws),
                CalibratedQuantity(
                    name: "log_likelihood", truth: logLikelihood(truth), draws: draws.map(logLikelihood)),
                CalibratedQuantity(name: "constant", truth: 2, draws: draws.map { _ in 2 }),
            ]
        }
        return CalibrationStudy(replications: worlds, recovered: ["m"], key: Self.key)
    }

    private static let sd = 0.5.squareRoot()

    @Test("passes exact draws, whose intervals cover what they say, and leaves out what does not vary")
    func exact() throws {
        let study = study { $0 / 2 + Self.sd * $1 }
        #expect(study.passed)
        #expect(study.rows.map(\.quantity) == ["m", "log_likelihood"])
        let row = try #require(study.recovery.first)
        #expect(study.recovery.count == 1)
        #expect(abs(row.bias) < 0.2 && abs(row.rootMeanSquare - Self.sd) < 0.15)
        #expect(abs(row.coverage90.observed - 0.9) < 0.06 && abs(row.coverage50.observed - 0.5) < 0.09)
        // 3 √(0.9 · 0.1 ÷ 300)
        #expect(abs(row.coverage90.high - 0.9 - 0.051961524) < 1e-8)
    }

    @Test("sees draws that are too high by a third of their spread")
    func bias() throws {
        let study = study { $0 / 2 + Self.sd * ($1 + 0.33) }
        #expect(study.failures.map(\.quantity).contains("m"))
        #expect(try #require(study.rows.first).meanRank < 0.45)
        #expect(try #require(study.recovery.first).bias > 0.15)
    }

    @Test("sees draws that are too sure, in ranks and in coverage")
    func overconfidence() throws {
        let study = study { $0 / 2 + 0.7 * Self.sd * $1 }
        #expect(study.failures.map(\.quantity).contains("m"))
        let row = try #require(study.missedCoverages.first)
        #expect(row.coverage90.observed < row.coverage90.low)
    }

    @Test("sees draws that ignore the data, which only the log-likelihood shows")
    func ignoredData() {
        #expect(study { $1 }.failures.map(\.quantity) == ["log_likelihood"])
    }

    @Test("ranks equal values by chance, from the least to the greatest place")
    func ties() {
        let worlds = (0..<400).map { index in
            let draws = (0..<CalibrationStudy.drawCount).map { $0 < 49 ? 0.0 : 1.0 }
            return [CalibratedQuantity(name: "coin", truth: index % 2 == 0 ? 0 : 1, draws: draws)]
        }
        let ranks = CalibrationStudy(replications: worlds, recovered: [], key: Self.key).rows[0].ranks
        let low = ranks.indices.filter { $0 % 2 == 0 }.map { ranks[$0] }
        let high = ranks.indices.filter { $0 % 2 == 1 }.map { ranks[$0] }
        #expect(low.allSatisfy { 0...49 ~= $0 } && high.allSatisfy { 49...99 ~= $0 })
        #expect(Set(low).count > 40 && Set(high).count > 40)
    }
}
