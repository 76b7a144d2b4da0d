import Fitting
import Foundation
import MarketingMix
import ModelDefinition
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

    @Test("refuses a result of the wrong length and names its task")
    func wrongLength() {
        let tasks = FitPlan(settings).tasks
        let length = DrawRecord.byteCount(dimension: FitFixture.model.posterior(weights: nil).dimension)
        var records = tasks.map { task in
            if case .chain = task { return [UInt8](repeating: 0, count: length * settings.draws) }
            return [UInt8](repeating: 0, count: length * ResampleRun.chains * ResampleRun.draws)
        }
        records[1].removeLast()
        #expect(
            performing: {
                try FitAssembly.assemble(model: FitFixture.model, settings: settings, records: records)
            }, throws: { error in String(describing: error).contains("chain 2") })
    }
}
