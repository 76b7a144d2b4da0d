import Densities
import Foundation
import MarketingMix

/// The model written plainly from its formulas with the C library: convolution, powers and two nested loops.
///
/// It shares nothing with the model but the specification, the data and the layout of a draw.
struct ReferenceModel {
    let specification: ModelSpecification
    let dataset: Dataset
    let layout: ParameterLayout

    init(_ model: MarketingMixModel) {
        specification = model.specification
        dataset = model.dataset
        layout = model.layout
    }

    private var isTutti: Bool { specification.preset == .tutti }
    private var periods: Int { dataset.periodCount }

    /// A parameter's value; nil where it is not sampled.
    private func value(_ name: String, _ label: String? = nil, in draw: [Double]) -> Double? {
        guard let block = layout.blocks.first(where: { $0.name == name }) else { return nil }
        guard let label else { return draw[block.offset] }
        guard let index = block.dimension?.labels.firstIndex(of: label) else { return nil }
        return draw[block.offset + index]
    }

    private func channelValue(_ parameter: String, _ name: String, _ channel: Channel, _ draw: [Double]) -> Double {
        if let value = value(name, channel.name, in: draw) { return value }
        guard case .point(let value)? = channel.priors[parameter] else { fatalError("no \(parameter)") }
        return value
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    private func deviation(_ values: [Double]) -> Double {
        let m = mean(values)
        return mean(values.map { ($0 - m) * ($0 - m) }).squareRoot()
    }

    private var kpiShift: Double { isTutti ? mean(dataset.kpi) : 0 }
    private var kpiScale: Double { isTutti ? deviation(dataset.kpi) : dataset.kpi.max()! }

    func saturated(_ index: Int, _ draw: [Double]) -> [Double] {
        let channel = specification.channels[index]
        let raw = dataset.exposure[index]
        let nonZero = raw.filter { $0 != 0 }.sorted()
        let median =
            nonZero.isEmpty ? 1 : (nonZero[(nonZero.count - 1) / 2] + nonZero[nonZero.count / 2]) / 2
        let scale = isTutti ? median : raw.max()!
        let x = raw.map { ($0 / scale).isFinite ? $0 / scale : 0 }
        var weights = [1.0]
        if channel.adstock.kind == .geometric {
            let alpha = channelValue("alpha", isTutti ? "alpha" : "adstock_alpha", channel, draw)
            weights = (0...channel.adstock.maximumLag).map { pow(alpha, Double($0)) }
            let sum = weights.reduce(0, +)
            weights = weights.map { $0 / sum }
        }
        return x.indices.map { t in
            var a = 0.0
            for (lag, weight) in weights.enumerated() where lag <= t { a += weight * x[t - lag] }
            switch channel.saturation {
            case .hill:
                let ec = channelValue("ec", isTutti ? "ec" : "saturation_kappa", channel, draw)
                let slope = channelValue("slope", isTutti ? "slope" : "saturation_slope", channel, draw)
                return a == 0 ? 0 : 1 / (1 + pow(ec / a, slope))
            case .logistic:
                return tanh(channelValue("lam", isTutti ? "lam" : "saturation_lam", channel, draw) * a / 2)
            case .none:
                return a
            }
        }
    }

    /// beta of a channel on the scaled KPI.
    func coefficient(_ index: Int, _ saturated: [Double], _ draw: [Double]) -> Double {
        let channel = specification.channels[index]
        guard channel.effect == .roi else {
            return channelValue("beta", isTutti ? "beta" : "saturation_beta", channel, draw)
        }
        let roi = channelValue("roi", "roi", channel, draw)
        let total = zip(dataset.revenuePerKPI, saturated).map(*).reduce(0, +)
        return total == 0 ? 0 : roi * dataset.spend[index].reduce(0, +) / (kpiScale * total)
    }

    /// The mean of every period on the scaled KPI.
    func means(_ draw: [Double]) -> [Double] {
        var mu = [Double](
            repeating: value(isTutti ? "intercept" : "intercept_contribution", in: draw) ?? 0, count: periods)
        func add(_ coefficient: Double, _ column: [Double]) {
            for t in 0..<periods { mu[t] += coefficient * column[t] }
        }
        for index in specification.channels.indices {
            let s = saturated(index, draw)
            add(coefficient(index, s, draw), s)
        }
        for control in dataset.controls {
            let (m, sd) = isTutti ? (mean(control.values), deviation(control.values)) : (0, 1)
            add(value("gamma_control", control.name, in: draw)!, control.values.map { ($0 - m) / sd })
        }
        for event in dataset.events { add(value("gamma_event", event.name, in: draw)!, event.values) }
        for holiday in dataset.holidays { add(value("gamma_holiday", holiday.name, in: draw)!, holiday.values) }
        let first = dataset.dates[0].dayNumber
        for seasonality in specification.seasonality {
            for k in 1..<(seasonality.harmonics + 1) {
                for (name, wave) in [("sin", { sin($0) }), ("cos", { cos($0) })] as [(String, (Double) -> Double)] {
                    var column = dataset.dates.map { date in
                        let day = isTutti ? date.dayNumber - first : date.dayOfYear
                        return wave(2 * Double.pi * Double(k) * Double(day) / seasonality.periodDays)
                    }
                    let centre = isTutti ? mean(column) : 0
                    column = column.map { $0 - centre }
                    add(value("gamma_fourier", "\(name)_\(k)", in: draw)!, column)
                }
            }
        }
        let years = dataset.dates.map { Double($0.dayNumber - first) / 365.25 }
        if specification.trend != .none { add(value("trend_slope", in: draw)!, years) }
        if let joints = layout.blocks.first(where: { $0.name == "trend_delta" })?.dimension?.labels {
            for joint in joints {
                let at = Double(CalendarDate(joint)!.dayNumber - first) / 365.25
                add(value("trend_delta", joint, in: draw)!, years.map { max(0, $0 - at) })
            }
        }
        return mu
    }

    func sigma(_ draw: [Double]) -> Double { value(isTutti ? "sigma" : "y_sigma", in: draw)! }

    /// The log likelihood of every period.
    func pointwise(_ draw: [Double]) -> [Double] {
        let sigma = sigma(draw)
        return zip(dataset.kpi, means(draw)).map { kpi, mu in
            let z = ((kpi - kpiShift) / kpiScale - mu) / sigma
            return -z * z / 2 - log(sigma) - log(2 * Double.pi) / 2
        }
    }

    func likelihood(_ draw: [Double]) -> Double { pointwise(draw).reduce(0, +) }

    /// Log prior density and log Jacobian of a draw.
    func priorAndJacobian(_ draw: [Double]) -> (prior: Double, jacobian: Double) {
        var prior = 0.0
        var jacobian = 0.0
        for block in layout.blocks {
            for index in 0..<block.count {
                let v = draw[block.offset + index]
                prior += block.priors[index].logDensity(v)
                switch block.transforms[index] {
                case .identity: break
                case .log: jacobian += log(v)
                case .logit: jacobian += log(v) + log(1 - v)
                case .interval(let lower, let upper):
                    jacobian += log(v - lower) + log(upper - v) - log(upper - lower)
                case .lowerBound(let lower): jacobian += log(v - lower)
                }
            }
        }
        return (prior, jacobian)
    }
}
