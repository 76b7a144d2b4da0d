import Analysis
import Fitting
import Kernels
import MarketingMix
import ModelDefinition
import Testing

@Suite("a study")
struct StudyTests {
    private var calibration: FitSettings {
        var settings = FitSettings(FitFixture.specification)
        settings.study = .calibration(replications: 3)
        settings.chains = 1
        settings.warmup = 60
        settings.draws = 198
        return settings
    }

    private var slices: FitSettings {
        var settings = FitSettings(FitFixture.specification)
        settings.study = .timeSlices(count: 2, horizon: 5)
        return settings
    }

    private func records(_ settings: FitSettings, of task: FitTask) throws -> [UInt8] {
        var run = try TaskRun(model: FitFixture.model, settings: settings, task: task)
        while !run.isFinished { try run.step() }
        return run.takeRecords()
    }

    @Test("has its tasks and nothing of a fit")
    func plan() throws {
        #expect(FitPlan(calibration).tasks == [.replication(0), .replication(1), .replication(2)])
        #expect(
            FitPlan(slices).tasks == [
                .slice(0, chain: 0), .slice(0, chain: 1), .slice(1, chain: 0), .slice(1, chain: 1),
            ])
    }

    @Test("keeps the scale of the data in every world, and hides what the data hides")
    func world() {
        var data = FitFixture.dataset
        data.kpi[7] = .nan
        let model = MarketingMixModel(specification: FitFixture.specification, dataset: data)
        let (world, truth) = model.replication(key: StreamKey(seed: 4, kind: 99, index: 0))
        #expect(world.scaling == model.scaling)
        #expect(world.dataset.kpi[7].isNaN)
        #expect(world.dataset.kpi[8] == truth.kpi[8] && truth.kpi[8] != data.kpi[8])
        // With the prior's own scale, the density of a world is that of its KPI: the prior at a point does not move.
        let point = model.unconstrain(truth.parameters)
        let (before, after) = (model.evaluate(unconstrained: point), world.evaluate(unconstrained: point))
        #expect(before.prior == after.prior)
        #expect(before.likelihood != after.likelihood)
    }

    @Test("measures every experiment anew in every world")
    func experiments() {
        var specification = FitFixture.specification
        let days = FitFixture.dataset.dates[10]...FitFixture.dataset.dates[15]
        specification.experiments = [
            Experiment(name: "dark", channels: [0], geos: [], days: days, factor: 0, lift: -1, standardError: 50)
        ]
        let model = MarketingMixModel(specification: specification, dataset: FitFixture.dataset)
        let errors = (0..<400).map { (index: UInt32) in
            let (world, truth) = model.replication(key: StreamKey(seed: 4, kind: 99, index: index))
            let experiment = world.specification.experiments[0]
            return (experiment.lift - world.lift(experiment, constrained: truth.parameters)) / 50
        }
        let mean = errors.reduce(0, +) / 400
        let variance = errors.reduce(0) { $0 + $1 * $1 } / 400
        #expect(abs(mean) < 0.15 && abs(variance - 1) < 0.22)
    }

    @Test("goes on from a checkpoint of a replication to the same bytes")
    func resumption() throws {
        let task = FitTask.replication(1)
        let whole = try records(calibration, of: task)
        var first = try TaskRun(model: FitFixture.model, settings: calibration, task: task)
        for _ in 0..<100 { try first.step() }
        var bytes = first.takeRecords()
        var second = try TaskRun(
            model: FitFixture.model, settings: calibration, task: task, resuming: first.checkpoint)
        while !second.isFinished { try second.step() }
        bytes += second.takeRecords()
        #expect(bytes == whole)
        #expect(try records(calibration, of: .replication(2)) != whole)
    }

    @Test("ranks parameters, what is reported, and the log-likelihood")
    func calibrationResult() throws {
        let settings = calibration
        let result = try CalibrationAssembly.assemble(model: FitFixture.model, settings: settings) {
            try records(settings, of: .replication($0))
        }
        let names = result.study.rows.map(\.quantity)
        #expect(Set(names).count == names.count)
        for name in ["roi[tv]", "sigma", "contribution[search]", "mroi[tv]", "log_likelihood"] {
            #expect(names.contains(name))
        }
        #expect(result.thinning == 2)
        #expect(result.study.recovery.map(\.quantity) == ["roi[tv]", "roi[search]"])
        #expect(throws: FitAssemblyError.self) {
            try CalibrationAssembly.assemble(model: FitFixture.model, settings: settings) { _ in [1, 2, 3] }
        }
    }

    @Test("cuts windows that know nothing of what follows them")
    func windows() {
        let model = FitFixture.model
        let slice = model.slice(trainingPeriods: 50, horizon: 5)
        var changed = FitFixture.dataset
        for period in 50..<60 { changed.kpi[period] *= 3 }
        for period in 55..<60 { changed.exposure[0][period] = 1e6 }
        let other = MarketingMixModel(specification: FitFixture.specification, dataset: changed)
            .slice(trainingPeriods: 50, horizon: 5)
        #expect(slice.dataset.periodCount == 55 && slice.scaling == other.scaling)
        #expect(slice.dataset.heldOutKPI[50] == FitFixture.dataset.kpi[50])
        let point = [Double](repeating: 0.1, count: slice.dimension)
        #expect(slice.evaluate(unconstrained: point) == other.evaluate(unconstrained: point))
    }

    @Test("scores each window on the periods after it")
    func timeSlices() throws {
        let settings = slices
        let tasks = FitPlan(settings).tasks
        let rows = try TimeSliceAssembly.assemble(model: FitFixture.model, settings: settings) {
            try records(settings, of: tasks[$0])
        }
        #expect(rows.map(\.trainingPeriods) == [50, 55])
        #expect(rows.map(\.dates.lowerBound) == [FitFixture.dataset.dates[50], FitFixture.dataset.dates[55]])
        for row in rows {
            let score = try #require(row.score)
            #expect(score.cellCount == 5)
            // The series is the model's own, with noise of 15 on about 1,200.
            #expect(score.absolutePercentageError < 0.2)
        }
    }
}
