import Analysis
import Densities
import Fitting
import Kernels
import MarketingMix
import ModelDefinition
import Posterior
import Sampling
import Testing

@Suite("a resample of a fit")
struct ResampleTests {
    private var settings: FitSettings {
        var settings = FitSettings(FitFixture.specification)
        (settings.warmup, settings.resamples) = (300, 6)
        return settings
    }

    /// Under the kinds of `StreamKind`, which are never changed.
    private func key(_ kind: UInt32, _ resample: Int) -> StreamKey {
        StreamKey(seed: settings.seed, kind: kind, index: UInt32(resample))
    }

    private func weighted(_ resample: Int) -> MarketingMixPosterior {
        FitFixture.model.posterior(
            weights: ResampleWeights.blockGamma(
                periods: FitFixture.dataset.periodCount, blockLength: 4, key: key(2, resample)))
    }

    private func evaluated(_ density: any LogDensity, _ position: [Double]) -> (value: Double, slopes: [Double]) {
        var slopes = position
        var span = slopes.mutableSpan
        let value = density.evaluate(at: position.span, gradient: &span)
        return (value, slopes)
    }

    @Test("begins at a scout's draw, moved as its weights say, and hands in what its whole draws say")
    func written() throws {
        let model = FitFixture.model
        let full = model.posterior(weights: nil).density()
        let scouts = try FitFixture.scouts(settings)
        let draws = try #require(
            DrawRecord.decode(scouts, dimension: full.dimension, count: ScoutRun.scouts * ScoutRun.draws))
        let pool = try #require(
            PooledAdaptation(
                settings.metric, density: full,
                positions: stride(from: 0, to: draws.count, by: 2).map { draws[$0].position },
                stepSizes: draws.map(\.statistics.stepSize)))
        var compared = 0
        for resample in 0..<settings.resamples {
            let posterior = weighted(resample)
            let density = posterior.density()
            var positions: [[Double]] = []
            for chain in 0..<ResampleRun.chains {
                var stream = RandomStream(key: key(24, resample), iteration: UInt64(chain), site: 0)
                let scout = (resample * ResampleRun.chains + chain) % ScoutRun.scouts
                let drawn = draws[scout * ScoutRun.draws + Int(stream.uniform() * Double(ScoutRun.draws))].position
                let here = evaluated(density, drawn)
                let slopes = zip(here.slopes, evaluated(full, drawn).slopes).map { $0 - $1 }
                let step = pool.metric.inverseProduct(slopes)
                var start = drawn
                for share in [0.25, 0.5, 1] {
                    let moved = zip(drawn, step).map { $0 + share * $1 }
                    if evaluated(density, moved).value >= here.value { start = moved }
                }
                var run = try Chain(
                    density: density,
                    settings: ChainSettings(
                        warmup: ResampleRun.warmup, draws: ResampleRun.draws,
                        targetAcceptance: settings.targetAcceptance, metric: settings.metric, learnsMetric: false),
                    key: key(16 + UInt32(chain), resample), start: start, knowing: pool)
                while !run.isFinished {
                    _ = run.step()
                    if run.iteration > ResampleRun.warmup { positions.append(run.position) }
                }
            }
            var recovery = ParameterRecovery(posterior)
            let parameters = positions.enumerated().map { index, position in
                var stream = RandomStream(key: key(6, resample), iteration: UInt64(index), site: 0)
                return recovery.parameters(at: position, stream: &stream)
            }
            let quantities = PosteriorAnalysis.quantities(model: model, constrained: parameters)
            guard ResampleJudgement.isEnough(quantities.map(\.draws)) else { continue }
            compared += 1
            let bytes = try FitFixture.records(of: .resample(resample), settings, scouts: scouts)
            let columns = try #require(
                QuantityRecord.decode(bytes, quantityCount: quantities.count, drawCount: positions.count))
            #expect(columns == quantities.map(\.draws))
        }
        #expect(compared > 0)
    }

    @Test("has the posterior under its weights, as long chains from starts of their own have it")
    func samePosterior() throws {
        let scouts = try FitFixture.scouts(settings)
        let names = ReportedQuantities(FitFixture.model).names
        for resample in 0..<3 {
            let bytes = try FitFixture.records(of: .resample(resample), settings, scouts: scouts)
            let warm = try #require(QuantityRecord.decode(bytes, quantityCount: names.count, drawCount: 200))
            let posterior = weighted(resample)
            let density = posterior.density()
            var recovery = ParameterRecovery(posterior)
            var parameters: [[Double]] = []
            for chain in 0..<4 {
                let key = key(900 + UInt32(chain), resample)
                var run = try Chain(
                    density: density, settings: ChainSettings(warmup: 400, draws: 500), key: key,
                    start: try pathfinderStart(density: density, key: key))
                var stream = RandomStream(key: key, iteration: 0, site: 99)
                while !run.isFinished {
                    _ = run.step()
                    if run.iteration > 400 {
                        parameters.append(recovery.parameters(at: run.position, stream: &stream))
                    }
                }
            }
            for (own, quantity) in zip(
                warm, PosteriorAnalysis.quantities(model: FitFixture.model, constrained: parameters))
            {
                let short = Summary(chains: [Array(own[..<100]), Array(own[100...])])
                let long = quantity.summary(chainCount: 4)
                let error = (short.mcseMean * short.mcseMean + long.mcseMean * long.mcseMean).squareRoot()
                #expect(abs(short.mean - long.mean) < 4.5 * error, "\(quantity.name) of resample \(resample)")
            }
        }
    }

    @Test("whose draws are not enough makes four times as many and hands in as many as others, of the last try")
    func rerun() throws {
        // Steps of which hardly any is accepted.
        let hasty = try FitFixture.scouts(settings, stepping: 30)
        var run = try TaskRun(model: FitFixture.model, settings: settings, task: .resample(0), scouts: hasty)
        var iterations = 0
        while !run.isFinished {
            try run.step()
            iterations += 1
            #expect(run.iteration == iterations)
        }
        #expect(iterations == run.iterationCount)
        let count = ReportedQuantities(FitFixture.model).names.count
        let draws = run.takeRecords()
        #expect(draws.count == 8 * count * ResampleRun.chains * ResampleRun.draws)
        // It is not enough either, and the fit says so.
        var single = settings
        single.resamples = 1
        let scouts = (0..<ScoutRun.scouts).map { hasty.count / ScoutRun.scouts * $0 }.map { begin in
            Array(hasty[begin..<begin + hasty.count / ScoutRun.scouts])
        }
        let chains = try (0..<single.chains).map { try FitFixture.records(of: .chain($0), single) }
        let records = scouts + chains + [draws]
        let result = try FitAssembly.assemble(model: FitFixture.model, settings: single) { records[$0] }
        #expect(
            result.verdict.warnings.contains {
                $0.english.hasPrefix("1 of 1 resamples has not converged in two tries")
            })
    }

    @Test("is judged by agreement and effective size, whatever does not vary")
    func judgement() {
        var stream = RandomStream(key: StreamKey(seed: 2, kind: 99, index: 0), iteration: 0, site: 0)
        let sound = (0..<200).map { _ in stream.normal() }
        #expect(ResampleJudgement.isEnough([sound, [Double](repeating: 3, count: 200)]))
        // The second chain lies elsewhere; or each draw stays nearly where the one before it was.
        #expect(!ResampleJudgement.isEnough([sound, sound.enumerated().map { $1 + ($0 < 100 ? 0 : 1) }]))
        var last = 0.0
        let slow = (0..<200).map { _ in
            last = 0.95 * last + 0.3 * stream.normal()
            return last
        }
        #expect(!ResampleJudgement.isEnough([slow]))
    }

    @Test("takes blocks as long as what is left of the fit hangs together, where nobody has given their length")
    func automaticLength() throws {
        func length(persistence: Double) throws -> Int {
            var stream = RandomStream(key: StreamKey(seed: 6, kind: 99, index: 0), iteration: 0, site: 0)
            var data = FitFixture.dataset(periods: 208)
            var error = 0.0
            for period in data.kpi.indices {
                error = persistence * error + (1 - persistence * persistence).squareRoot() * stream.normal()
                data.kpi[period] += 60 * error
            }
            let model = MarketingMixModel(specification: FitFixture.specification, dataset: data)
            var settings = settings
            (settings.resamples, settings.blockLength) = (1, nil)
            let result = try SequentialFit.run(model: model, settings: settings)
            return try #require(result.settings.blockLength)
        }
        // A month at least, and an eighth of the weeks at most.
        let (loose, tied) = (try length(persistence: 0), try length(persistence: 0.9))
        #expect((4...26).contains(loose) && (4...26).contains(tied) && loose < tied, "\(loose), \(tied)")
    }

    @Test("of another KPI has about the posterior's spread and place", arguments: [ResampleScheme.residual, .wild])
    func schemes(scheme: ResampleScheme) throws {
        var settings = settings
        settings.scheme = scheme
        let result = try SequentialFit.run(model: FitFixture.model, settings: settings)
        #expect(result.resamples.count == 6)
        for row in result.bootstrap where row.posteriorSD > 0 {
            let within = try #require(row.withinSD) / row.posteriorSD
            #expect(row.betweenSD > 0 && within > 0.3 && within < 3)
            #expect(abs(row.baggedMean - row.posteriorMean) < 3 * row.posteriorSD, "\(row.quantity)")
        }
    }
}
