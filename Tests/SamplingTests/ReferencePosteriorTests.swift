import Densities
import Foundation
import Kernels
import Sampling
import Testing

@Suite("reference posteriors")
struct ReferencePosteriorTests {
    private static let metrics: [MetricKind] = [.diagonal, .dense, .fisherDiagonal, .fisherLowRank]

    @Test("eight schools, non-centred", arguments: metrics)
    func eightSchools(metric: MetricKind) throws {
        try check(EightSchools.self, metric, seed: 41)
    }

    @Test("kid scores, not standardised", arguments: metrics)
    func kidScores(metric: MetricKind) throws {
        try check(KidScores.self, metric, seed: 42)
    }

    @Test("an autoregressive series", arguments: metrics)
    func series(metric: MetricKind) throws {
        try check(AutoregressiveSeries.self, metric, seed: 43)
    }

    @Test("a Gaussian process", arguments: metrics)
    func gaussianProcess(metric: MetricKind) throws {
        try check(GaussianProcess.self, metric, seed: 44)
    }

    @Test("correlated columns", arguments: metrics)
    func correlatedColumns(metric: MetricKind) throws {
        try check(CorrelatedColumns.self, metric, seed: 45)
    }

    /// How many seeds the long comparison takes: TUTTI_PROOF_SEEDS, or one.
    private static let seeds: Int =
        ProcessInfo.processInfo.environment["TUTTI_PROOF_SEEDS"].flatMap(Int.init) ?? 1

    @Test("4 × 5,000 draws: means and standard deviations within 4 combined Monte Carlo errors")
    func longRuns() throws {
        var worst: [String: Double] = [:]
        func compare<P: ReferencePosterior>(_ type: P.Type, seed: Int) throws {
            let density = P(data: try ReferenceData(P.name))
            let reference = try ReferenceSummary(P.name)
            let settings = ChainSettings(warmup: 1000, draws: 5000)
            let chains = try (0..<4).map { index in
                try ChainRun(density, settings, key: testKey(UInt64(1000 + seed), index: UInt32(index)))
            }.map { run in run.draws[0].indices.map { n in density.parameters(run.draws.map { $0[n] }) } }
            for (i, name) in reference.parameters.enumerated() {
                let expected = try #require(reference.summary[name])
                let mean = MonteCarloMean(chains.map { chain in chain.map { $0[i] } })
                let square = MonteCarloMean(
                    chains.map { chain in chain.map { ($0[i] - mean.mean) * ($0[i] - mean.mean) } })
                let sd = square.mean.squareRoot()
                let z = [
                    (mean.mean - expected.mean) / hypotenuse(mean.error, expected.meanError),
                    (sd - expected.sd) / hypotenuse(0.5 * square.error / sd, expected.sdError),
                ]
                for value in z {
                    #expect(abs(value) < 4, "\(P.name), \(name), seed \(seed): \(z)")
                    worst[P.name] = max(worst[P.name] ?? 0, abs(value))
                }
            }
        }
        for seed in 0..<Self.seeds {
            try compare(EightSchools.self, seed: seed)
            try compare(KidScores.self, seed: seed)
            try compare(AutoregressiveSeries.self, seed: seed)
            try compare(GaussianProcess.self, seed: seed)
            try compare(CorrelatedColumns.self, seed: seed)
        }
        print("largest |z| over \(Self.seeds) seeds:", worst.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
    }

    /// Means of every parameter and of its square within 4 combined Monte Carlo standard errors. With at
    /// most 20 comparisons a correct sampler fails with a chance below 0.0013; the seed is fixed.
    private func check<P: ReferencePosterior>(_ type: P.Type, _ metric: MetricKind, seed: UInt64) throws {
        let density = P(data: try ReferenceData(P.name))
        let reference = try ReferenceSummary(P.name)
        try checkGradient(density)
        let runs = try (0..<4).map { index in
            try ChainRun(density, ChainSettings(metric: metric), key: testKey(seed, index: UInt32(index)))
        }
        let parameters = runs.map { run in
            run.draws[0].indices.map { n in density.parameters(run.draws.map { $0[n] }) }
        }
        for (i, name) in reference.parameters.enumerated() {
            let expected = try #require(reference.summary[name])
            let own = MonteCarloMean(parameters.map { chain in chain.map { $0[i] } })
            let z = (own.mean - expected.mean) / hypotenuse(own.error, expected.meanError)
            #expect(abs(z) < 4, "\(name): mean \(own.mean) against \(expected.mean)")
            // The reference gives no error for the mean of squares. That of 9,000 independent draws of a
            // normal variable is meant: Var(x²) = 2 s⁴ + 4 m² s²; it is small beside our own.
            let square = MonteCarloMean(parameters.map { chain in chain.map { $0[i] * $0[i] } })
            let variance = expected.sd * expected.sd
            let spread = 2 * variance * variance + 4 * expected.mean * expected.mean * variance
            let zSquare =
                (square.mean - expected.meanOfSquare)
                / hypotenuse(square.error, (spread / 9000).squareRoot())
            #expect(abs(zSquare) < 4, "\(name): mean square \(square.mean) against \(expected.meanOfSquare)")
            #expect(own.effectiveSize > 400, "\(name): \(own.effectiveSize) effective draws of 4000")
        }
        let divergences = runs.map { $0.drawStatistics.filter(\.diverging).count }.reduce(0, +)
        #expect(divergences <= 4, "\(divergences) of 4000 draws diverged")
    }

    private func checkGradient(_ density: any LogDensity) throws {
        let start = try randomStart(density: density, key: testKey(40))
        func value(_ q: [Double], _ gradient: inout [Double]) -> Double {
            var slopes = gradient.mutableSpan
            return density.evaluate(at: q.span, gradient: &slopes)
        }
        var gradient = [Double](repeating: 0, count: start.count)
        _ = value(start, &gradient)
        var other = gradient
        for i in start.indices {
            let h = 1e-5
            var (up, down) = (start, start)
            up[i] += h
            down[i] -= h
            let difference = (value(up, &other) - value(down, &other)) / (2 * h)
            #expect(abs(difference - gradient[i]) < 1e-6 * max(1, abs(gradient[i])) + 1e-4)
        }
    }

    private func hypotenuse(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
}
