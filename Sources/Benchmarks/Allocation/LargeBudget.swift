import Allocation
import Analysis
import Cluster
import Densities
import Foundation
import Kernels
import MarketingMix
import ModelDefinition

/// 20 channels in 50 geos over 13 weeks, on 1,000 draws.
enum LargeBudget {
    private static let (channels, geos, weeks, draws) = (20, 50, 104, 1000)

    private static let model: MarketingMixModel = {
        var random = RandomStream(key: StreamKey(seed: 3, kind: 96, index: 0), iteration: 0, site: 0)
        let saturations: [Saturation] = [.michaelisMenten, .logistic, .root, .inverseLogistic]
        let specification = ModelSpecification(
            name: "large", preset: .tutti, kpi: KPI(kind: .revenue, currency: "EUR", margin: 0.4),
            channels: (0..<channels).map { index in
                var priors: [MediaParameter: Prior] = [
                    .alpha: .beta(a: 4, b: 6), .roi: .logNormal(mean: 1 - 0.05 * Double(index), sd: 0.3),
                ]
                for parameter in saturations[index % 4].parameters {
                    priors[parameter] =
                        parameter == .exponent ? .beta(a: 20, b: 20) : .logNormal(mean: 0.3, sd: 0.2)
                }
                return Channel(
                    name: "c\(index)", kind: .performance, adstock: Adstock(kind: .geometric, maximumLag: 12),
                    saturation: saturations[index % 4], effect: .roi, priors: priors)
            }, controls: [], events: [], holidayCountry: nil, intercept: true, trend: .none, seasonality: [],
            priors: [:], sampling: SamplingSpecification(), resampling: ResamplingSpecification(), seed: 1)
        let start = CalendarDate(year: 2024, month: 1, day: 1)!
        let spend = (0..<channels).map { channel in
            (0..<geos * weeks).map { _ in (20 + 60 * random.uniform()) * Double(1 + channel % 5) }
        }
        return MarketingMixModel(
            specification: specification,
            dataset: Dataset(
                frequency: .week, dates: (0..<weeks).map { start.advanced(by: 7 * $0) },
                kpi: (0..<geos * weeks).map { _ in 3000 + 200 * random.normal() },
                revenuePerKPI: [Double](repeating: 1, count: geos * weeks), spend: spend, exposure: spend, controls: [],
                events: [], holidays: [], geos: (0..<geos).map { "g\($0)" }))
    }()

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func run() throws {
        let constrained = (0..<draws).map { draw in
            var random = RandomStream(key: StreamKey(seed: 4, kind: 97, index: 0), iteration: UInt64(draw), site: 0)
            return model.priorDraw(&random)
        }
        print(
            "\n\(channels) channels in \(geos) geos over 13 weeks, \(draws) draws, on \(ProcessInfo.processInfo.activeProcessorCount)"
                + " processors. Processor time is what two cores with nothing else to do would share.\n")
        print("| what is chosen | variables | residual | processor time | wall time |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for (name, parts) in [
            ("a channel's total", []), ("a channel's total in each geo", [.geo]),
            ("each geo and week", [.geo, .period]),
        ] as [(String, Set<PlanVariables.Part>)] {
            var question = AllocationQuestion(periodCount: 13)
            question.parts = parts
            let start = (processor: processorSeconds(), wall: Date())
            let study = try AllocationStudy(question, model: model, constrained: constrained, by: ProcessorMap())
            let optimum = try study.optimum()
            let wall = Date().timeIntervalSince(start.wall)
            print(
                "| \(name) | \(optimum.amounts.count) | \(optimum.residual) | "
                    + String(format: "%.1f s | %.1f s |", processorSeconds() - start.processor, wall))
        }
    }
}
