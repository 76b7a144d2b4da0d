import Densities
import MarketingMix
import ModelDefinition

/// A campaign without saturation, for which every figure has a closed form: `tv` carries over two weeks, `search`
/// works at once, `press` costs nothing; the KPI is in units worth 2 each, 3 in the last week.
enum Campaign {
    static let tv = [100.0, 0, 50, 0, 0, 200]
    static let search = [10.0, 10, 20, 20, 40, 40]
    static let press = [1.0, 0, 1, 0, 1, 0]
    static let revenuePerKPI = [2.0, 2, 2, 2, 2, 3]
    static let kpi = [50.0, 60, 80, 70, 90, 100]

    /// - Parameters:
    ///   - margins: by week, where they differ.
    ///   - geos: names of geos that all have the campaign's figures; none for a single series.
    ///   - groups: of tv, search and press.
    static func model(
        margin: Double? = 0.5, margins: [Double] = [], frequency: Frequency = .week, geos: [String] = [],
        groups: [String?] = [nil, nil, nil]
    ) -> MarketingMixModel {
        func channel(_ name: String, _ adstock: Adstock) -> Channel {
            Channel(
                name: name, kind: .performance, adstock: adstock, saturation: .none, effect: .coefficient,
                priors: adstock.kind == .geometric
                    ? [.alpha: .beta(a: 1, b: 3), .beta: .halfNormal(scale: 1)] : [.beta: .halfNormal(scale: 1)])
        }
        var specification = ModelSpecification(
            name: "campaign", preset: .pymcMarketing, kpi: KPI(kind: .units, currency: "EUR", margin: margin),
            channels: [
                channel("tv", Adstock(kind: .geometric, maximumLag: 2)),
                channel("search", Adstock(kind: .none, maximumLag: 0)),
                channel("press", Adstock(kind: .none, maximumLag: 0)),
            ],
            controls: [], events: [], holidayCountry: nil, intercept: true, trend: .none, seasonality: [],
            priors: [:], sampling: SamplingSpecification(), resampling: ResamplingSpecification(), seed: 1)
        for (index, group) in groups.enumerated() { specification.channels[index].group = group }
        var dates = [CalendarDate(year: 2024, month: 1, day: 1)!]
        while dates.count < kpi.count { dates.append(frequency.next(after: dates[dates.count - 1])) }
        func cells(_ values: [Double]) -> [Double] {
            Array(repeatElement(values, count: max(1, geos.count)).joined())
        }
        var data = Dataset(
            frequency: frequency, dates: dates, kpi: cells(kpi), revenuePerKPI: cells(revenuePerKPI),
            spend: [cells(tv), cells(search), cells([0, 0, 0, 0, 0, 0])],
            exposure: [cells(tv), cells(search), cells(press)], controls: [], events: [], holidays: [], geos: geos)
        data.margins = margins.isEmpty ? [] : cells(margins)
        return MarketingMixModel(specification: specification, dataset: data)
    }

    /// One posterior draw in the words of the test.
    struct Truth {
        var alpha = 0.5
        /// KPI units brought by one unit of exposure, by channel.
        var effects = [0.2, 1.0, 4.0]
        var level = 30.0
        var sigma = 5.0

        /// The same as the model's parameters: it divides exposures and KPI by their maxima.
        func constrained(_ model: MarketingMixModel) -> [Double] {
            var values = [Double](repeating: .nan, count: model.dimension)
            let maxima = [200.0, 40, 1]
            for block in model.layout.blocks {
                switch block.name {
                case "intercept_contribution": values[block.offset] = level / 100
                case "adstock_alpha": values[block.offset] = alpha
                case "saturation_beta":
                    for channel in 0..<3 { values[block.offset + channel] = effects[channel] * maxima[channel] / 100 }
                default: values[block.offset] = sigma / 100
                }
            }
            return values
        }

        var weights: [Double] {
            let sum = 1 + alpha + alpha * alpha
            return [1 / sum, alpha / sum, alpha * alpha / sum]
        }

        /// KPI units of a channel in each of `kpi.count` + 2 weeks.
        func response(_ channel: Int) -> [Double] {
            let exposure = [Campaign.tv, Campaign.search, Campaign.press][channel]
            let weights = channel == 0 ? self.weights : [1]
            return (0..<exposure.count + 2).map { week in
                var sum = 0.0
                for (lag, weight) in weights.enumerated() where exposure.indices.contains(week - lag) {
                    sum += weight * exposure[week - lag]
                }
                return effects[channel] * sum
            }
        }

        func revenueInWindow(_ channel: Int) -> Double {
            zip(response(channel), Campaign.revenuePerKPI).reduce(0) { $0 + $1.0 * $1.1 }
        }

        func revenueAfter(_ channel: Int) -> Double {
            response(channel)[Campaign.kpi.count...].reduce(0) { $0 + 3 * $1 }
        }
    }
}

func isClose(_ value: Double?, _ expected: Double, relative: Double = 1e-12) -> Bool {
    guard let value else { return false }
    return abs(value - expected) <= relative * max(abs(expected), 1e-300)
}
