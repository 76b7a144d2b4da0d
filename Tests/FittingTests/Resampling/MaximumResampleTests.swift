import Analysis
import Densities
import Fitting
import Kernels
import MarketingMix
import ModelDefinition
import Posterior
import Testing

@Suite("a MAP resample")
struct MaximumResampleTests {
    private static func settings(_ method: ResampleMethod, resamples: Int, perTask: Int? = nil) -> FitSettings {
        var settings = FitSettings(FitFixture.specification)
        (settings.warmup, settings.resamples) = (300, resamples)
        (settings.resampleMethod, settings.resamplesPerTask) = (method, perTask)
        return settings
    }

    private static let scouts: Result<[UInt8], any Error> = Result {
        try FitFixture.scouts(settings(.map, resamples: 1))
    }

    /// The bytes of all tasks of resamples, one after another.
    private func records(_ settings: FitSettings, model: MarketingMixModel = FitFixture.model, scouts: [UInt8]) throws
        -> [UInt8]
    {
        try FitPlan(settings).resampleTasks.flatMap {
            try FitFixture.records(of: $0, settings, model: model, scouts: scouts)
        }
    }

    /// By resample, then quantity: the figures at the maximum.
    private func maxima(_ bytes: [UInt8], of model: MarketingMixModel = FitFixture.model) throws -> [[Double]] {
        let count = ReportedQuantities(model).names.count
        let columns = try #require(
            QuantityRecord.decode(
                bytes, quantityCount: count + 1, drawCount: bytes.count / (8 * (count + 1))))
        #expect(columns[count].allSatisfy { $0 == 1 }, "a search was given up")
        return columns[0].indices.map { resample in columns.prefix(count).map { $0[resample] } }
    }

    // MARK: Against a closed form

    /// Two channels that act in proportion, coefficients with normal priors, and a known noise: the posterior is normal.
    private static let linear: MarketingMixModel = {
        var specification = FitFixture.specification
        for index in specification.channels.indices {
            specification.channels[index].adstock = Adstock(kind: .none, maximumLag: 0)
            specification.channels[index].saturation = .none
            specification.channels[index].effect = .coefficient
            specification.channels[index].priors = [.beta: .normal(mean: 0.1, sd: 0.5)]
        }
        specification.trend = .none
        specification.seasonality = []
        specification.priors[BaselineParameter.intercept.rawValue] = .normal(mean: 0.5, sd: 2)
        specification.priors[BaselineParameter.control.rawValue] = .normal(mean: 0, sd: 0.3)
        specification.priors[BaselineParameter.sigma.rawValue] = .point(0.02)
        return MarketingMixModel(specification: specification, dataset: FitFixture.dataset)
    }()

    @Test("of a normal posterior is the weighted least squares with its priors")
    func closedForm() throws {
        let model = Self.linear
        var settings = Self.settings(.map, resamples: 5)
        settings.blockLength = 4
        let scouts = try FitFixture.scouts(settings, model: model)
        let found = try maxima(records(settings, model: model, scouts: scouts), of: model)

        // Columns by coordinate: what one more of each coefficient adds to the KPI.
        let periods = model.dataset.periodCount
        let blocks = model.layout.blocks.filter { ["intercept", "gamma_control", "beta"].contains($0.name) }
        let places = blocks.flatMap { block in (0..<block.count).map { block.offset + $0 } }
        try #require(places.count == 4)
        func fitted(_ parameters: [Double]) -> (all: [Double], parts: [Double]) {
            var parts = [Double](repeating: 0, count: model.components.count * periods)
            var all = [Double](repeating: 0, count: periods)
            model.decompose(constrained: parameters, into: &parts, fitted: &all)
            return (all, parts)
        }
        var stream = RandomStream(key: StreamKey(seed: 1, kind: 99, index: 0), iteration: 0, site: 0)
        var zero = model.priorDraw(&stream)
        for place in places { zero[place] = 0 }
        let columns = places.map { place in
            var one = zero
            one[place] = 1
            return fitted(one).all
        }
        let priors = blocks.flatMap { block -> [(mean: Double, sd: Double)] in
            let prior: (Double, Double) =
                switch block.name {
                case "intercept": (0.5, 2)
                case "gamma_control": (0, 0.3)
                default: (0.1, 0.5)
                }
            return [(mean: Double, sd: Double)](repeating: prior, count: block.count)
        }
        let names = ReportedQuantities(model).names
        let noise = 0.02 * model.scaling.kpiScale
        for resample in 0..<settings.resamples {
            let weights = ResampleWeights.blockGamma(
                periods: periods, blockLength: 4, key: StreamKey(seed: settings.seed, kind: 2, index: UInt32(resample)))
            // (Xᵀ W X ÷ σ² + S⁻²) b = Xᵀ W y ÷ σ² + S⁻² m, by Gauss's elimination.
            var rows = columns.indices.map { row in
                columns.indices.map { column in
                    (0..<periods).reduce(row == column ? 1 / (priors[row].sd * priors[row].sd) : 0) {
                        $0 + weights[$1] * columns[row][$1] * columns[column][$1] / (noise * noise)
                    }
                }
                    + [
                        (0..<periods).reduce(priors[row].mean / (priors[row].sd * priors[row].sd)) {
                            $0 + weights[$1] * columns[row][$1] * model.dataset.kpi[$1] / (noise * noise)
                        }
                    ]
            }
            for pivot in rows.indices {
                for row in rows.indices where row != pivot {
                    let factor = rows[row][pivot] / rows[pivot][pivot]
                    for column in rows[row].indices { rows[row][column] -= factor * rows[pivot][column] }
                }
            }
            var point = zero
            for (index, place) in places.enumerated() { point[place] = rows[index][4] / rows[index][index] }
            let (_, parts) = fitted(point)
            for (channel, name) in ["tv", "search"].enumerated() {
                let expected = parts[channel * periods..<(channel + 1) * periods].reduce(0, +)
                let place = try #require(names.firstIndex(of: "contribution[\(name)]"))
                #expect(abs(found[resample][place] - expected) < 1e-4 * abs(expected), "\(name) of \(resample)")
            }
        }
    }

    // MARK: Against draws

    @Test("lies where the draws of the same resample do, and moves between resamples as they do")
    func besideDraws() throws {
        let scouts = try Self.scouts.get()
        let (resamples, names) = (24, ReportedQuantities(FitFixture.model).names)
        let points = try maxima(records(Self.settings(.map, resamples: resamples), scouts: scouts))
        let sampled = Self.settings(.sampled, resamples: resamples)
        let draws = try (0..<resamples).map { resample in
            try #require(
                QuantityRecord.decode(
                    FitFixture.records(of: .resample(resample), sampled, scouts: scouts), quantityCount: names.count,
                    drawCount: ResampleRun.chains * ResampleRun.draws))
        }
        for name in ["contribution[tv]", "contribution[search]", "roi[tv]", "roi[search]", "baseline"] {
            let place = try #require(names.firstIndex(of: name))
            let own = Spread(points.map { $0[place] })
            let means = draws.map { Spread($0[place]).mean }
            let other = Spread(means)
            // Each mean is known to some tenth of a resample's spread, and modes are not means: what a MAP resample is for is
            // the movement.
            let within = Spread(draws.flatMap { $0[place] }).sd
            #expect(abs(own.mean - other.mean) < 0.5 * within, "\(name)")
            #expect(own.sd / other.sd > 0.7 && own.sd / other.sd < 1.4, "\(name)")
            var product = 0.0
            for index in means.indices { product += (points[index][place] - own.mean) * (means[index] - other.mean) }
            let correlation = product / Double(means.count - 1) / (own.sd * other.sd)
            #expect(correlation > 0.85, "\(name): \(correlation)")
        }
    }

    private struct Spread {
        let mean: Double
        let sd: Double

        init(_ values: [Double]) {
            let moments = Moments(values)
            (mean, sd) = (moments.mean, moments.variance.squareRoot())
        }
    }

    // MARK: Batches

    @Test("and a sampled one is the same in any batch", arguments: [ResampleMethod.map, .sampled])
    func split(method: ResampleMethod) throws {
        let scouts = try Self.scouts.get()
        let count = method == .map ? 7 : 3
        let alone = try records(Self.settings(method, resamples: count, perTask: 1), scouts: scouts)
        for size in [2, 3, count, 50] {
            let settings = Self.settings(method, resamples: count, perTask: size)
            #expect(FitPlan(settings).resampleTasks.count == (count + size - 1) / size)
            #expect(try records(settings, scouts: scouts) == alone, "batches of \(size)")
        }
        if method == .sampled {
            let single = Self.settings(.sampled, resamples: 1)
            let first = try records(single, scouts: scouts)
            #expect(FitPlan(single).resampleTasks == [.resample(0)] && Array(alone.prefix(first.count)) == first)
        }
    }

    @Test("of thousands share some tasks; sampled ones have one each unless asked for otherwise")
    func plan() {
        for (method, resamples, perTask, tasks) in [
            (ResampleMethod.map, 5000, nil, 50), (.map, 20_000, nil, 200), (.map, 7, nil, 7), (.map, 100, 30, 4),
            (.sampled, 100, nil, 100), (.sampled, 100, 25, 4),
        ] {
            let settings = Self.settings(method, resamples: resamples, perTask: perTask)
            let plan = FitPlan(settings)
            #expect(plan.resampleTasks.count == tasks)
            #expect(plan.resampleTasks.flatMap { Array(plan.resamples(of: $0)) } == Array(0..<resamples))
            #expect(plan.tasks.count == ScoutRun.scouts + settings.chains + tasks)
            #expect(plan.scouted.upperBound == plan.tasks.count)
        }
    }

    @Test(
        "goes on from a batch's checkpoint at any iteration to the same bytes",
        arguments: [ResampleMethod.map, .sampled])
    func resumption(method: ResampleMethod) throws {
        let scouts = try Self.scouts.get()
        let settings = Self.settings(method, resamples: 2, perTask: 2)
        let whole = try FitFixture.records(of: .resampleBatch(0), settings, scouts: scouts)
        let steps = method == .map ? [0, 1, 2] : [0, 30, 299, 300, 301, 450]
        for cut in steps {
            var first = try TaskRun(
                model: FitFixture.model, settings: settings, task: .resampleBatch(0), scouts: scouts)
            for _ in 0..<cut where !first.isFinished { try first.step() }
            var bytes = first.takeRecords()
            var second = try TaskRun(
                model: FitFixture.model, settings: settings, task: .resampleBatch(0), scouts: scouts,
                resuming: first.checkpoint)
            #expect(second.iteration == first.iteration && second.gradientEvaluations == first.gradientEvaluations)
            while !second.isFinished { try second.step() }
            bytes += second.takeRecords()
            #expect(bytes == whole, "cut at \(cut)")
            #expect(second.iteration == second.iterationCount)
        }
    }

    @Test("and the tasks of another plan do not take each other's checkpoints")
    func otherPlan() throws {
        let scouts = try Self.scouts.get()
        func run(_ method: ResampleMethod, perTask: Int, resuming state: [UInt8]? = nil) throws -> TaskRun {
            let settings = Self.settings(method, resamples: 4, perTask: perTask)
            guard let state else {
                return try TaskRun(
                    model: FitFixture.model, settings: settings, task: .resampleBatch(0), scouts: scouts)
            }
            return try TaskRun(
                model: FitFixture.model, settings: settings, task: .resampleBatch(0), scouts: scouts, resuming: state)
        }
        var maxima = try run(.map, perTask: 4)
        try maxima.step()
        #expect(throws: TaskRunError.self) { try run(.map, perTask: 3, resuming: maxima.checkpoint) }
        #expect(throws: TaskRunError.self) { try run(.sampled, perTask: 4, resuming: maxima.checkpoint) }
        #expect(CheckpointContent(state: maxima.checkpoint, iteration: 1) != nil)
        let sampled = try run(.sampled, perTask: 4)
        #expect(throws: TaskRunError.self) { try run(.map, perTask: 4, resuming: sampled.checkpoint) }
        #expect(CheckpointContent(state: sampled.checkpoint, iteration: 0) != nil)
    }

    // MARK: What is told

    @Test("has a spread between and none within, and says so")
    func told() throws {
        let settings = Self.settings(.map, resamples: 30)
        let result = try SequentialFit.run(model: FitFixture.model, settings: settings)
        #expect(result.resamples.count == 30 && result.bootstrap.count == result.analysis.quantities.count)
        for row in result.bootstrap where row.posteriorSD > 0 {
            #expect(row.method == .map && row.resamples == 30)
            #expect(row.withinSD == nil && row.baggedSD == nil && row.mismatchIndex == nil && row.baggedQ05 == nil)
            #expect(row.betweenSD > 0 && row.robustSD >= row.posteriorSD)
            #expect(row.betweenSD < 3 * row.posteriorSD && row.betweenSD > row.posteriorSD / 4, "\(row.quantity)")
        }
        #expect(result.evidence.allSatisfy { $0.refitMethod == .map && $0.refitMismatchIndex == nil })
        // Chains do not know of resamples.
        let other = try SequentialFit.run(model: FitFixture.model, settings: Self.settings(.sampled, resamples: 1))
        #expect(other.analysis.quantities == result.analysis.quantities)
    }
}
