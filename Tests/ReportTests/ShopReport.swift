import Analysis
import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Posterior
import Report
import Wording

/// A report's content of a made-up shop: three years of weeks, five paid channels and a newsletter, with draws
/// scattered about chosen parameters instead of sampled.
enum ShopReport {
    static let channelNames = ["television", "radio", "paid search", "social", "affiliates", "newsletter"]

    /// - Parameters:
    ///   - names: of the channels; the last has no spend.
    ///   - group: the name of a group of the first two channels.
    ///   - currency: empty for none.
    static func content(
        names: [String] = channelNames, group: String? = nil, margin: Double? = 0.38, currency: String = "EUR",
        isRevenue: Bool = true, periods: Int = 156, resamples: Int = 20, passed: Bool = true,
        warnings: [Sentence] = []
    ) -> ReportContent {
        let model = model(
            names: names, group: group, margin: margin, currency: currency, isRevenue: isRevenue, periods: periods)
        let constrained = draws(model, count: 200, kind: 1)
        let analysis = PosteriorAnalysis(model: model, constrained: constrained, chainCount: 2)
        let prediction = PosteriorPrediction(
            model: model, constrained: Array(constrained.prefix(1)), key: StreamKey(seed: 3, kind: 2, index: 0))
        let bootstrap =
            resamples == 0
            ? []
            : BootstrapAnalysis(
                posterior: analysis.quantities,
                resamples: (0..<resamples).map { resample in
                    PosteriorAnalysis.quantities(
                        model: model, constrained: draws(model, count: 20, kind: 10 + UInt32(resample))
                    ).map { ResampledQuantity($0, chainCount: 1) }
                }
            ).rows
        var content = ReportContent(
            name: "Shop <north> & \"south\"", currency: currency, kpiIsRevenue: isRevenue, margin: margin,
            dates: model.dataset.dates, observed: prediction.replicated, fitted: analysis.fitted,
            components: model.components, contributions: analysis.contributions, channels: analysis.channels,
            responseCurves: analysis.responseCurves, totals: analysis.totals, bootstrap: bootstrap,
            verdict: verdict(passed: passed), warnings: warnings, seed: 7,
            modelDigest: String(repeating: "a1", count: 32), dataDigest: String(repeating: "b2", count: 32),
            fitDigest: String(repeating: "c3", count: 32),
            version: "0.1.0")
        content.groups = analysis.groups
        content.dueTo = isRevenue ? nil : DueTo(analysis.windows, channels: names)
        return content
    }

    /// Twenty thousand from radio to tv.
    static let decision = ReportContent.Decision(
        rows: [
            .init(
                channel: "tv", spend: 100_000, proposed: 120_000, chance: 0.9, extrapolates: true,
                informationValue: 1200),
            .init(
                channel: "radio", spend: 80_000, proposed: 60_000, chance: 0.8, extrapolates: false,
                informationValue: 2500),
            .init(
                channel: "web", spend: 50_000, proposed: 50_000, chance: 0.5, extrapolates: false, informationValue: 0),
        ], first: CalendarDate(dayNumber: 20_451), last: CalendarDate(dayNumber: 20_535), periodCount: 13,
        gain: Estimate(mean: 4000, sd: 3000, q05: -1000, q50: 4000, q95: 9000),
        gains: (0..<200).map { -2000 + 60 * Double($0) }, chance: 0.91, lacksMargin: false, drivers: [])

    private static func verdict(passed: Bool) -> ConvergenceVerdict {
        let chains = (0..<4).map { chain in
            (0..<400).map { draw in
                var stream = RandomStream(
                    key: StreamKey(seed: 3, kind: 4, index: UInt32(chain)), iteration: UInt64(draw), site: 0)
                return stream.normal() + (passed ? 0 : Double(chain))
            }
        }
        return ConvergenceGate().verdict(
            quantities: [(name: "roi[television]", summary: Summary(chains: chains))], divergences: passed ? 1 : 40,
            draws: 1600, energyFractions: [0.9, 1, 1.1, 0.95])
    }

    private static func model(
        names: [String], group: String?, margin: Double?, currency: String, isRevenue: Bool, periods: Int
    ) -> MarketingMixModel {
        let channels = names.enumerated().map { index, name in
            let effect: Effect = index == names.count - 1 ? .coefficient : .roi
            var priors: [MediaParameter: Prior] = [
                .alpha: .beta(a: 2, b: 3), .ec: .logNormal(mean: 0, sd: 0.3), .slope: .point(1),
            ]
            priors[effect.parameter] = .logNormal(mean: 0.4, sd: 0.5)
            var channel = Channel(
                name: name, kind: .performance, adstock: Adstock(kind: .geometric, maximumLag: 8), saturation: .hill,
                effect: effect, priors: priors)
            if index < 2 { channel.group = group }
            return channel
        }
        let specification = ModelSpecification(
            name: "shop", preset: .tutti,
            kpi: KPI(kind: isRevenue ? .revenue : .units, currency: currency, margin: margin),
            channels: channels, controls: ["price"], events: [], holidayCountry: nil, intercept: true, trend: .linear,
            seasonality: [Seasonality(periodDays: 365.25, harmonics: 2)], priors: [:],
            sampling: SamplingSpecification(), resampling: ResamplingSpecification(), seed: 3)
        func uniforms(_ index: Int) -> [Double] {
            var stream = RandomStream(key: StreamKey(seed: 3, kind: 5, index: UInt32(index)), iteration: 0, site: 0)
            return (0..<periods).map { _ in stream.uniform() }
        }
        let spend = names.indices.map { index -> [Double] in
            let level = [42_000.0, 11_000, 23_000, 15_000, 6_000, 0][min(index, 5)]
            if index == names.count - 1 { return [Double](repeating: 0, count: periods) }
            // The first two come in bursts, the others run all the time.
            return uniforms(index).enumerated().map { week, u in
                index < 2 && (week / 5 + index) % 3 != 0 ? 0 : (level * (0.5 + u)).rounded()
            }
        }
        let kpi = uniforms(90).map { 600_000 + 200_000 * $0 }
        let prices = (0..<periods).map { isRevenue ? 1 : 25 + 0.02 * Double($0) }
        let newsletter = uniforms(91).map { ($0 * 20_000).rounded() }
        return MarketingMixModel(
            specification: specification,
            dataset: Dataset(
                frequency: .week, dates: (0..<periods).map { CalendarDate(dayNumber: 19_359 + 7 * $0) }, kpi: kpi,
                revenuePerKPI: prices, spend: spend, exposure: Array(spend.dropLast()) + [newsletter],
                controls: [Regressor(name: "price", values: uniforms(92))], events: [], holidays: []))
    }

    /// Parameters scattered by a few per cent about one point.
    private static func draws(_ model: MarketingMixModel, count: Int, kind: UInt32) -> [[Double]] {
        (0..<count).map { draw in
            var stream = RandomStream(key: StreamKey(seed: 3, kind: kind, index: 0), iteration: UInt64(draw), site: 0)
            var values = [Double](repeating: 0, count: model.dimension)
            for block in model.layout.blocks {
                for element in 0..<block.count {
                    let noise = stream.normal()
                    let place = block.offset + element
                    switch block.name {
                    case "alpha": values[place] = min(0.9, max(0.1, 0.4 + 0.1 * noise))
                    case "ec": values[place] = Elementary.exp(0.2 * noise)
                    case "roi": values[place] = [3.4, 1.4, 4.4, 2.2, 2.9][element % 5] * Elementary.exp(0.2 * noise)
                    case "beta": values[place] = 0.4 * Elementary.exp(0.2 * noise)
                    case "intercept": values[place] = -2.2 + 0.1 * noise
                    case "gamma_fourier": values[place] = [0.5, -0.3, 0.2, 0.1][element] + 0.04 * noise
                    case "trend_slope": values[place] = 0.25 + 0.02 * noise
                    case "sigma": values[place] = 0.25
                    default: values[place] = 0.1 + 0.03 * noise
                    }
                }
            }
            return values
        }
    }
}
