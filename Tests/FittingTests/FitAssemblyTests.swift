import Analysis
import Dispatch
import Fitting
import Kernels
import MarketingMix
import ModelDefinition
import Synchronization
import Testing

@Suite("assembly")
struct FitAssemblyTests {
    private let settings = FitSettings(FitFixture.specification)

    @Test("has every draw of every chain, and components that add up to the fitted KPI to the bit")
    func components() throws {
        let result = try SequentialFit.run(model: FitFixture.model, settings: settings)
        #expect(result.draws.chainCount == 2)
        #expect(result.draws.drawCount == 40)
        #expect(result.resamples.count == 2)
        let model = result.model
        let periods = model.dataset.periodCount
        var values = [Double](repeating: 0, count: model.components.count * periods)
        var fitted = [Double](repeating: 0, count: periods)
        let parameters = model.layout.blocks
        for draw in 0..<80 {
            let constrained = parameters.indices.flatMap { block in
                let count = parameters[block].count
                return Array(result.draws.variables[block].values[draw * count..<(draw + 1) * count])
            }
            model.decompose(constrained: constrained, into: &values, fitted: &fitted)
            for period in 0..<periods {
                var sum = 0.0
                for component in model.components.indices { sum += values[component * periods + period] }
                #expect(sum == fitted[period])
            }
        }
    }

    @Test("cross-validates over the observations, each worth less unseen than seen")
    func leaveOneOut() throws {
        let result = try SequentialFit.run(model: FitFixture.model, settings: settings)
        let loo = try #require(result.leaveOneOut)
        let prediction = try #require(result.prediction)
        let periods = result.model.dataset.periodCount
        #expect(loo.pointwise.count == periods)
        for period in 0..<periods {
            let terms = stride(from: period, to: prediction.logLikelihood.count, by: periods).map {
                prediction.logLikelihood[$0]
            }
            #expect(loo.pointwise[period] < terms.max()! && loo.pointwise[period] > terms.min()! - 5)
        }
        #expect(loo.parameterCount > 0 && loo.parameterCount < 40)
    }

    @Test("a return that is both parameter and reported is told once, under one name")
    func names() throws {
        let result = try SequentialFit.run(model: FitFixture.model, settings: settings)
        let index = try #require(result.draws.variables.firstIndex { $0.name == "roi" })
        #expect(result.naming.names[index].isReported)
        #expect(result.sensitivity.count { $0.name == "roi[tv]" } == 1)
        let parameter = try #require(result.summaries.first { $0.name == "roi[tv]" }).summary
        let reported = try #require(result.quantitySummaries.first { $0.name == "roi[tv]" }).summary
        #expect(abs(parameter.mean - reported.mean) < 1e-9 * reported.mean)
    }

    @Test("refuses a result of the wrong length, or of numbers that are none, and names its task")
    func wrongRecords() throws {
        let model = FitFixture.model
        let dimension = model.posterior(weights: nil).dimension
        let draws = [UInt8](repeating: 0, count: DrawRecord.byteCount(dimension: dimension) * settings.draws)
        let quantities = [UInt8](
            repeating: 0,
            count: ReportedQuantities(model).names.count * ResampleRun.chains * ResampleRun.draws * 8)
        // Nobody reads the scouts' again: the length of blocks is given.
        let sound = Array(repeating: [], count: ScoutRun.scouts) + [draws, draws, quantities, quantities]
        let notANumber = [UInt8](repeating: 0xff, count: 8)
        let faults: [(task: String, place: Int, bytes: [UInt8])] = [
            ("chain 2", 5, draws.dropLast()), ("chain 1", 4, notANumber + draws.dropFirst(8)),
            ("resample 1", 6, quantities.dropLast(8)), ("resample 2", 7, []),
            ("resample 2", 7, notANumber + quantities.dropFirst(8)), ("resample 1", 6, draws),
        ]
        for fault in faults {
            var records = sound
            records[fault.place] = fault.bytes
            let handedIn = records
            #expect(
                performing: { try FitAssembly.assemble(model: model, settings: settings) { handedIn[$0] } },
                throws: { error in String(describing: error).contains("the draws of \(fault.task) do not") })
        }
    }

    @Test("is the same to the bit whatever is put together first, and asks for each task's draws once")
    func order() throws {
        let scouts = try FitFixture.scouts(settings)
        let records = try FitPlan(settings).tasks.map { try FitFixture.records(of: $0, settings, scouts: scouts) }
        let asked = Mutex<[Int]>([])
        let forward = try FitAssembly.assemble(model: FitFixture.model, settings: settings) { records[$0] }
        let backward = try FitAssembly.assemble(
            model: FitFixture.model, settings: settings, by: BackwardsMap()
        ) { place in
            asked.withLock { $0.append(place) }
            return records[place]
        }
        #expect(asked.withLock { $0.sorted() } == Array(records.indices))
        #expect(forward.resamples == backward.resamples && forward.bootstrap == backward.bootstrap)
        #expect(forward.analysis.quantities == backward.analysis.quantities)
        #expect(forward.warnings == backward.warnings)
    }

    @Test("every figure has the same bits on 1, 2 and 7 threads")
    func threads() throws {
        let scouts = try FitFixture.scouts(settings)
        let records = try FitPlan(settings).tasks.map { try FitFixture.records(of: $0, settings, scouts: scouts) }
        func figures(_ threads: Int) throws -> [String] {
            let result = try FitAssembly.assemble(
                model: FitFixture.model, settings: settings, by: ThreadMap(count: threads)
            ) { records[$0] }
            // A number's description is the shortest that is no other number's.
            return [
                "\(result.draws)", "\(result.summaries)", "\(result.quantitySummaries)", "\(result.analysis)",
                "\(result.verdict)", "\(result.warnings)", "\(String(describing: result.prediction))",
                "\(String(describing: result.leaveOneOut))", "\(result.sensitivity)", "\(result.prior)",
                "\(result.logPrior)", "\(String(describing: result.priorPrediction))",
                "\(result.bootstrap)", "\(result.evidence)", "\(result.influence)",
            ]
        }
        let one = try figures(1)
        #expect(one.allSatisfy { $0.count > 2 })
        for threads in [2, 7] { #expect(try figures(threads) == one) }
    }

    @Test("compares resamples over the periods that the fit has seen, as its own figures are")
    func heldOut() {
        var (specification, dataset) = (FitFixture.specification, FitFixture.dataset)
        dataset.holdOut(last: 12)
        specification.holdout = 12
        let model = MarketingMixModel(specification: specification, dataset: dataset)
        var stream = RandomStream(key: StreamKey(seed: 1, kind: 99, index: 0), iteration: 0, site: 0)
        let draws = (0..<4).map { _ in model.priorDraw(&stream) }
        let whole = PosteriorAnalysis(model: model, constrained: draws, chainCount: 1).quantities
        for (quantity, own) in zip(whole, PosteriorAnalysis.quantities(model: model, constrained: draws)) {
            #expect(quantity.name == own.name)
            for (value, expected) in zip(own.draws, quantity.draws) {
                #expect(abs(value - expected) <= 1e-9 * abs(expected), "\(own.name)")
            }
        }
    }
}

/// Indices in turn over so many threads.
private struct ThreadMap: ParallelMap {
    let count: Int

    func map<Result: Sendable>(_ indices: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
        let results = Mutex([Result?](repeating: nil, count: indices))
        DispatchQueue.concurrentPerform(iterations: count) { thread in
            for index in stride(from: thread, to: indices, by: count) {
                let result = body(index)
                results.withLock { $0[index] = result }
            }
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}

/// The last index first.
private struct BackwardsMap: ParallelMap {
    func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
        (0..<count).reversed().map(body).reversed()
    }
}
