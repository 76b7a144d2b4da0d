import Densities
import Kernels
import ModelDefinition

/// What a simulated world does that its model does not know of.
package enum World: String, Sendable, Hashable, CaseIterable {
    case asModelled = "as-modelled"
    /// Media carry over by another kernel than the model's: a Weibull density, whose effect peaks late, in place of
    /// every other; a geometric one in place of a Weibull.
    case wrongAdstock = "wrong-adstock"
    /// Demand that nobody recorded moves the KPI, and is correlated with the exposure of the channel with the most
    /// spend.
    case hiddenConfounder = "hidden-confounder"
    /// Errors follow on each other: ε_t = ρ ε_(t−1) + √(1 − ρ²) σ n_t, of the same size as the model's.
    case autocorrelatedErrors = "autocorrelated-errors"

    /// ρ of `autocorrelatedErrors`.
    package static let errorCorrelation = 0.6
    /// Correlation of the hidden demand with the exposure of its channel.
    package static let confounderCorrelation = 0.7
    /// Standard deviation of the hidden demand's effect on the KPI ÷ residual standard deviation.
    package static let confounderSize = 1.5
}

/// A KPI of a world, with all that made it.
package struct WorldSeries: Sendable {
    /// What drew the parameters: the model, or that with the world's own carry-over.
    package var model: MarketingMixModel
    package var series: SimulatedSeries
    /// KPI − fitted − hidden demand, by cell in KPI units.
    package var errors: [Double]
    /// What the hidden demand brought, by cell in KPI units; empty without one.
    package var hiddenDemand: [Double]
    /// The channel whose exposure the hidden demand goes with.
    package var confoundedChannel: Int?
}

extension MarketingMixModel {
    /// Draws parameters from the prior and a KPI from a world.
    ///
    /// - Parameter key: parameters come from site 0, noise from site 1, the hidden demand from site 2.
    package func simulate(_ world: World, key: StreamKey) -> WorldSeries {
        let maker = world == .wrongAdstock ? withOtherAdstock : self
        var parameters = RandomStream(key: key, iteration: 0, site: 0)
        var noise = RandomStream(key: key, iteration: 0, site: 1)
        var series = maker.simulate(constrained: maker.priorDraw(&parameters), stream: &noise)
        let fitted = maker.fittedKPI(series.parameters)
        let means = fitted.map(maker.errorScale)
        var errors = zip(series.kpi, means).map { maker.errorScale($0) - $1 }
        if world == .autocorrelatedErrors { errors = autocorrelated(errors) }
        var hidden: [Double] = []
        var channel: Int?
        if world == .hiddenConfounder {
            let most = specification.channels.indices.max { spendTotal($0) < spendTotal($1) }
            var stream = RandomStream(key: key, iteration: 0, site: 2)
            let scales = maker.errorDeviations(series.parameters)
            channel = most
            hidden = most.map { hiddenDemand(channel: $0, scales: scales, stream: &stream) } ?? []
        }
        if world != .asModelled, world != .wrongAdstock {
            let sums = means.indices.map { means[$0] + errors[$0] + (hidden.isEmpty ? 0 : hidden[$0]) }
            series.kpi = scaling.hasLogLink ? sums.map { Elementary.exp($0) } : sums
        }
        if scaling.hasLogLink {
            hidden = zip(fitted, hidden).map { $0 * Elementary.expm1($1) }
            errors = fitted.indices.map { series.kpi[$0] - fitted[$0] - (hidden.isEmpty ? 0 : hidden[$0]) }
        }
        return WorldSeries(
            model: maker, series: series, errors: errors, hiddenDemand: hidden, confoundedChannel: channel)
    }

    /// The scale on which errors add up: the KPI's, or with a log link that of its logarithm.
    private func errorScale(_ kpi: Double) -> Double { scaling.hasLogLink ? Elementary.log(kpi) : kpi }

    /// σ by geo on that scale.
    private func errorDeviations(_ constrained: [Double]) -> [Double] {
        guard scaling.hasLogLink else { return residualScales(constrained: constrained) }
        let values = values(constrained)
        return parameters.sigmas.map { values[$0] }
    }

    private func fittedKPI(_ constrained: [Double]) -> [Double] {
        var values = [Double](repeating: 0, count: components.count * dataset.cellCount)
        var fitted = [Double](repeating: 0, count: dataset.cellCount)
        decompose(constrained: constrained, into: &values, fitted: &fitted)
        return fitted
    }

    private func spendTotal(_ channel: Int) -> Double { dataset.spend[channel].reduce(0, +) }

    /// The first error of every geo stays; each later one leans on the one before.
    private func autocorrelated(_ errors: [Double]) -> [Double] {
        let correlation = World.errorCorrelation
        let rest = (1 - correlation * correlation).squareRoot()
        var result = errors
        for geo in 0..<dataset.geoCount {
            for cell in dataset.cells(of: geo).dropFirst() {
                result[cell] = correlation * result[cell - 1] + rest * errors[cell]
            }
        }
        return result
    }

    private func hiddenDemand(channel: Int, scales: [Double], stream: inout RandomStream) -> [Double] {
        let correlation = World.confounderCorrelation
        let rest = (1 - correlation * correlation).squareRoot()
        return (0..<dataset.geoCount).flatMap { geo -> [Double] in
            let exposure = Array(dataset.exposure[channel][dataset.cells(of: geo)])
            let moments = Moments(exposure)
            return exposure.map { value in
                let standard = correlation * (value - moments.mean) / moments.scale + rest * stream.normal()
                return World.confounderSize * scales[geo] * standard
            }
        }
    }

    /// The same model with kernels of another shape, under their default priors.
    private var withOtherAdstock: MarketingMixModel {
        var other = specification
        for index in other.channels.indices {
            let old = other.channels[index].adstock
            let isWeibull = old.kind == .weibullDensity || old.kind == .weibullSurvival
            let adstock = Adstock(
                kind: isWeibull ? .geometric : .weibullDensity, maximumLag: max(old.maximumLag, 4),
                isNormalized: old.isNormalized)
            for parameter in old.parameters { other.channels[index].priors[parameter] = nil }
            for parameter in adstock.parameters {
                other.channels[index].priors[parameter] = other.preset.defaults.prior(
                    of: parameter, kind: other.channels[index].kind, adstock: adstock.kind,
                    saturation: other.channels[index].saturation, frequency: dataset.frequency)
            }
            other.channels[index].adstock = adstock
        }
        return MarketingMixModel(specification: other, dataset: dataset)
    }
}
