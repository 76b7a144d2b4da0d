import Densities
import Foundation
import MarketingMix
import ModelDefinition

/// Meridian's model written plainly from its formulas with the C library, for one series.
///
/// It shares nothing with the model but the specification, the data and the layout of a draw.
struct MeridianReference {
    let specification: ModelSpecification
    let dataset: Dataset
    let layout: ParameterLayout

    init(_ model: MarketingMixModel) {
        specification = model.specification
        dataset = model.dataset
        layout = model.layout
    }

    private func value(_ name: String, _ label: String? = nil, in draw: [Double]) -> Double? {
        guard let block = layout.blocks.first(where: { $0.name == name }) else { return nil }
        guard let label else { return draw[block.offset] }
        guard let index = block.dimensions.first?.labels.firstIndex(of: label) else { return nil }
        return draw[block.offset + index]
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    private func deviation(_ values: [Double]) -> Double {
        let m = mean(values)
        return mean(values.map { ($0 - m) * ($0 - m) }).squareRoot()
    }

    private var allKPI: [Double] { dataset.actualKPI }
    private var shift: Double { mean(allKPI.filter { !$0.isNaN }) }
    private var scale: Double { deviation(allKPI.filter { !$0.isNaN }) }
    private var revenue: Double {
        zip(allKPI, dataset.revenuePerKPI).reduce(0) { $1.0.isNaN ? $0 : $0 + $1.0 * $1.1 }
    }

    private func parameter(_ name: String, _ channel: Channel, _ draw: [Double]) -> Double {
        let suffix = ["paid": "m", "paidReach": "rf", "organic": "om", "organicReach": "orf"][channel.medium.rawValue]!
        if let value = value("\(name)_\(suffix)", channel.name, in: draw) { return value }
        guard let parameter = MediaParameter(rawValue: name), case .point(let value)? = channel.priors[parameter]
        else { fatalError("no \(name)") }
        return value
    }

    /// The transformed media of a channel in the KPI periods, exposures changed by media period.
    private func response(
        _ index: Int, _ draw: [Double], changed: (_ mediaPeriod: Int, _ x: Double) -> Double = { $1 }
    ) -> [Double] {
        let channel = specification.channels[index]
        let raw = (dataset.history?.exposure[index] ?? []) + dataset.exposure[index]
        let nonZero = raw.filter { $0 != 0 }.sorted()
        let median = (nonZero[(nonZero.count - 1) / 2] + nonZero[nonZero.count / 2]) / 2
        let x = raw.enumerated().map { changed($0, $1 / median) }
        let alpha = parameter("alpha", channel, draw)
        let window = Double(channel.adstock.maximumLag + 1)
        var weights = (0...channel.adstock.maximumLag).map { lag in
            channel.adstock.kind == .meridianBinomial
                ? pow(1 - Double(lag) / window, 1 / alpha - 1) : pow(alpha, Double(lag))
        }
        let total = weights.reduce(0, +)
        weights = weights.map { $0 / total }
        func adstock(_ values: [Double]) -> [Double] {
            values.indices.map { t in weights.indices.reduce(0) { $1 <= t ? $0 + weights[$1] * values[t - $1] : $0 } }
        }
        func hill(_ v: Double) -> Double {
            guard channel.saturation == .hill else { return v }
            let slope = parameter("slope", channel, draw)
            return v == 0 ? 0 : pow(v, slope) / (pow(v, slope) + pow(parameter("ec", channel, draw), slope))
        }
        let all: [Double]
        if channel.medium.hasFrequency {
            let frequency = (dataset.history?.contactFrequency[index] ?? []) + dataset.contactFrequency[index]
            all = adstock(zip(frequency, x).map { hill($0) * $1 })
        } else if channel.order == .adstockFirst {
            all = adstock(x).map(hill)
        } else {
            all = adstock(x.map(hill))
        }
        return Array(all.suffix(dataset.periodCount))
    }

    /// The share of the channel's parameter in β: denominator ÷ Σ A.
    private func beta(_ index: Int, _ response: [Double], _ draw: [Double]) -> Double {
        let channel = specification.channels[index]
        func total(_ difference: [Double]) -> Double {
            scale * zip(difference, dataset.revenuePerKPI).reduce(0) { $0 + abs($1.0) * $1.1 }
        }
        func difference(_ changed: (Int, Double) -> Double) -> [Double] {
            zip(response, self.response(index, draw, changed: changed)).map { $0 - $1 }
        }
        let spend = dataset.spend[index].reduce(0, +)
        switch channel.effect {
        case .coefficient: return parameter("beta", channel, draw)
        case .roi: return parameter("roi", channel, draw) * spend / total(response)
        case .marginalROI:
            return parameter("mroi", channel, draw) * 0.01 * spend / total(difference { 1.01 * $1 })
        case .contribution: return parameter("contribution", channel, draw) * revenue / total(response)
        case .windowROI:
            let days = channel.calibrationWindow!
            let dates = (dataset.history?.dates ?? []) + dataset.dates
            let isInside = dates.map { days.overlaps($0...$0.advanced(by: 6)) }
            let inside = zip(dataset.spend[index], isInside.suffix(dataset.periodCount)).reduce(0) {
                $1.1 ? $0 + $1.0 : $0
            }
            return parameter("roi", channel, draw) * inside / total(difference { isInside[$0] ? 0 : $1 })
        }
    }

    func means(_ draw: [Double]) -> [Double] {
        let periods = dataset.periodCount
        var mu = [Double](repeating: 0, count: periods)
        func add(_ factor: Double, _ column: [Double]) { for t in 0..<periods { mu[t] += factor * column[t] } }
        let knots = layout.blocks.first { $0.name == "knot_values" }!
        let places = knots.dimensions[0].labels.map { label in
            dataset.dates.firstIndex { $0.description == label }!
        }
        for t in 0..<periods {
            let next = places.firstIndex { $0 >= t } ?? places.count
            let levels = draw[knots.offset..<knots.offset + knots.count]
            if next == 0 || next == places.count {
                mu[t] += levels[knots.offset + min(next, places.count - 1)]
            } else {
                let share = Double(t - places[next - 1]) / Double(places[next] - places[next - 1])
                mu[t] += (1 - share) * levels[knots.offset + next - 1] + share * levels[knots.offset + next]
            }
        }
        for index in specification.channels.indices {
            let response = response(index, draw)
            add(beta(index, response, draw), response)
        }
        for control in dataset.controls {
            let (m, sd) = (mean(control.values), deviation(control.values))
            add(value("gamma_c", control.name, in: draw)!, control.values.map { ($0 - m) / sd })
        }
        for (treatment, data) in zip(specification.treatments, dataset.treatments) {
            let (m, sd) = (mean(data.values), deviation(data.values))
            let scaled = data.values.map { ($0 - m) / sd }
            let baseline: Double
            switch treatment.baseline {
            case .minimum: baseline = scaled.min()!
            case .maximum: baseline = scaled.max()!
            case .value(let level): baseline = (level - m) / sd
            }
            let money = scale * zip(scaled, dataset.revenuePerKPI).reduce(0) { $0 + ($1.0 - baseline) * $1.1 }
            let gamma =
                treatment.hasContributionPrior
                ? value("contribution_n", treatment.name, in: draw)! * revenue / money
                : value("gamma_n", treatment.name, in: draw)!
            add(gamma, scaled)
        }
        return mu
    }

    /// The log likelihood, held-out and missing periods left out.
    func likelihood(_ draw: [Double]) -> Double {
        let sigma = value("sigma", in: draw)!
        return zip(dataset.kpi, means(draw)).reduce(0) { sum, pair in
            guard !pair.0.isNaN else { return sum }
            let z = ((pair.0 - shift) / scale - pair.1) / sigma
            return sum - z * z / 2 - log(sigma) - log(2 * Double.pi) / 2
        }
    }
}
