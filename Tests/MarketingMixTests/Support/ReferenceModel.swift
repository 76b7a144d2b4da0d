import Densities
import Foundation
import MarketingMix
import ModelDefinition

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
        guard let index = block.dimensions.first?.labels.firstIndex(of: label) else { return nil }
        return draw[block.offset + index]
    }

    private func channelValue(_ parameter: String, _ channel: Channel, _ draw: [Double]) -> Double {
        let names = ParameterNames(specification.preset, saturations: specification.channels.map(\.saturation))
        if let value = value(names.name(of: parameter), channel.name, in: draw) { return value }
        if let owner = channel.longTermOf, channel.saturation.parameters.contains(where: { $0.rawValue == parameter }) {
            return channelValue(parameter, specification.channels[owner], draw)
        }
        guard let parameter = MediaParameter(rawValue: parameter), case .point(let value)? = channel.priors[parameter]
        else { fatalError("no \(parameter)") }
        return value
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    private func deviation(_ values: [Double]) -> Double {
        let m = mean(values)
        return mean(values.map { ($0 - m) * ($0 - m) }).squareRoot()
    }

    private var kpiShift: Double { isTutti ? mean(dataset.kpi) : 0 }
    private var kpiScale: Double { isTutti ? deviation(dataset.kpi) : dataset.kpi.max()! }

    func adstockWeights(_ channel: Channel, _ draw: [Double]) -> [Double] {
        func value(_ parameter: String) -> Double { channelValue(parameter, channel, draw) }
        let count = Double(channel.adstock.maximumLag + 1)
        let lags = (0...channel.adstock.maximumLag).map(Double.init)
        var weights: [Double]
        switch channel.adstock.kind {
        case .none: return [1]
        case .geometric:
            let alpha = channel.adstock.hasHalfLife ? pow(0.5, 1 / value("half_life")) : value("alpha")
            weights = lags.map { pow(alpha, $0) }
        case .delayed:
            let alpha = channel.adstock.hasHalfLife ? pow(2, -1 / pow(value("half_life"), 2)) : value("alpha")
            weights = lags.map { pow(alpha, pow($0 - value("theta"), 2)) }
        case .binomial:
            weights = lags.map { pow(1 - $0 / (count + 1), 1 / value("alpha") - 1) }
        case .meridianBinomial:
            weights = lags.map { pow(1 - $0 / count, 1 / value("alpha") - 1) }
        case .weibullDensity:
            let (scale, shape) = (value("weibull_scale"), value("weibull_shape"))
            let densities = lags.map { lag in
                let z = (lag + 1) / scale
                return shape / scale * pow(z, shape - 1) * exp(-pow(z, shape))
            }
            let (least, most) = (densities.min()!, densities.max()!)
            weights = densities.map { ($0 - least) / (most - least) }
        case .weibullSurvival:
            let (scale, shape) = (value("weibull_scale"), value("weibull_shape"))
            weights = [1]
            for lag in lags.dropFirst() { weights.append(weights.last! * exp(-pow(lag / scale, shape))) }
        }
        guard channel.adstock.isNormalized else { return weights }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    private func curve(_ channel: Channel, _ x: Double, _ draw: [Double]) -> Double {
        func value(_ parameter: String) -> Double { channelValue(parameter, channel, draw) }
        switch channel.saturation {
        case .hill: return x == 0 ? 0 : 1 / (1 + pow(value("ec") / x, value("slope")))
        case .logistic: return tanh(value("lam") * x / 2)
        case .inverseLogistic: return tanh(Foundation.log(3) / value("lam") * x / 2)
        case .tanh: return tanh(x / (value("beta") * value("c")))
        case .baselinedTanh:
            return value("gain") * value("x0") / value("r") * tanh(x * atanh(value("r")) / value("x0"))
        case .michaelisMenten: return x / (value("lam") + x)
        case .sigmoid:
            let (rate, lam) = (value("rate"), value("lam"))
            return 1 / (1 + exp(-rate * (x - lam))) - 1 / (1 + exp(rate * lam))
        case .root: return x == 0 ? 0 : pow(x, value("exponent"))
        case .log: return log1p(x)
        case .none: return x
        }
    }

    func saturated(
        _ index: Int, _ draw: [Double], exposure: (Int, Double) -> Double = { $1 }
    ) -> [Double] {
        let channel = specification.channels[index]
        let raw = dataset.exposure[index]
        let nonZero = raw.filter { $0 != 0 }.sorted()
        let median =
            nonZero.isEmpty ? 1 : (nonZero[(nonZero.count - 1) / 2] + nonZero[nonZero.count / 2]) / 2
        let scale = isTutti ? median : (channel.saturation == .log ? 1 : raw.max()!)
        let x = raw.enumerated().map { exposure($0, ($1 / scale).isFinite ? $1 / scale : 0) }
        let weights = adstockWeights(channel, draw)
        func carriedOver(_ x: [Double]) -> [Double] {
            x.indices.map { t in
                weights.enumerated().reduce(0) { $1.offset <= t ? $0 + $1.element * x[t - $1.offset] : $0 }
            }
        }
        return channel.order == .adstockFirst
            ? carriedOver(x).map { curve(channel, $0, draw) } : carriedOver(x.map { curve(channel, $0, draw) })
    }

    /// beta of a channel on the scaled KPI.
    func coefficient(_ index: Int, _ saturated: [Double], _ draw: [Double]) -> Double {
        let channel = specification.channels[index]
        func coefficient(_ name: String, _ money: Double, _ difference: [Double]) -> Double {
            let total = zip(dataset.revenuePerKPI, difference).map(*).reduce(0, +)
            return total == 0 ? 0 : channelValue(name, channel, draw) * money / (kpiScale * total)
        }
        let spend = dataset.spend[index]
        switch channel.effect {
        case .coefficient: return channelValue("beta", channel, draw)
        case .roi: return coefficient("roi", spend.reduce(0, +), saturated)
        case .marginalROI:
            let more = self.saturated(index, draw) { _, x in 1.01 * x }
            return coefficient("mroi", 0.01 * spend.reduce(0, +), zip(more, saturated).map { $0 - $1 })
        case .windowROI:
            let window = channel.calibrationWindow!
            let isInside = dataset.dates.map { window.contains($0) || window.contains($0.advanced(by: 6)) }
            let without = self.saturated(index, draw) { t, x in isInside[t] ? 0 : x }
            return coefficient(
                "window_roi", zip(spend, isInside).map { $1 ? $0 : 0 }.reduce(0, +),
                zip(saturated, without).map { $0 - $1 })
        case .contribution:
            return coefficient(
                "contribution_share", zip(dataset.kpi, dataset.revenuePerKPI).map(*).reduce(0, +), saturated)
        }
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
        if let joints = layout.blocks.first(where: { $0.name == "trend_delta" })?.dimensions.first?.labels {
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
