import Densities
import ModelDefinition

/// What carry-over and saturation look like at chosen parameters: for pictures of them.
package enum ResponseShape {
    /// The weights of an adstock by lag.
    ///
    /// - Parameter parameters: values of `adstock.parameters`.
    package static func weights(of adstock: Adstock, _ parameters: [MediaParameter: Double]) -> [Double] {
        model(adstock: adstock, saturation: .none, parameters, exposures: [1, 1]).adstockWeights(
            channel: 0, constrained: [])
    }

    /// β S(x) of a saturation without carry-over.
    ///
    /// - Parameters:
    ///   - exposures: x, at least two; the largest is 1.
    ///   - parameters: values of `saturation.parameters`, and of `beta`.
    package static func responses(
        of saturation: Saturation, at exposures: [Double], _ parameters: [MediaParameter: Double]
    ) -> [Double] {
        precondition(exposures.max() == 1, "exposures are shares of the largest")
        let model = model(
            adstock: Adstock(kind: .none, maximumLag: 0), saturation: saturation, parameters, exposures: exposures)
        var values = [Double](repeating: 0, count: model.components.count * exposures.count)
        var fitted = [Double](repeating: 0, count: exposures.count)
        model.decompose(constrained: [], into: &values, fitted: &fitted)
        return values.prefix(exposures.count).map { $0 / model.scaling.kpiScale }
    }

    /// One channel with everything fixed.
    private static func model(
        adstock: Adstock, saturation: Saturation, _ parameters: [MediaParameter: Double], exposures: [Double]
    ) -> MarketingMixModel {
        var priors: [MediaParameter: Prior] = [:]
        for parameter in Channel.parameters(adstock: adstock, saturation: saturation, effect: .coefficient) {
            priors[parameter] = .point(parameters[parameter] ?? 1)
        }
        let specification = ModelSpecification(
            name: "shape", preset: .pymcMarketing, kpi: KPI(kind: .units, currency: "", margin: nil),
            channels: [
                Channel(
                    name: "x", kind: .performance, adstock: adstock, saturation: saturation, effect: .coefficient,
                    priors: priors)
            ], controls: [], events: [], holidayCountry: nil, intercept: false, trend: .none, seasonality: [],
            priors: [BaselineParameter.sigma.rawValue: .point(1)], sampling: SamplingSpecification(),
            resampling: ResamplingSpecification(), seed: 1)
        let first = CalendarDate(dayNumber: 0)
        let ones = exposures.map { _ in 1.0 }
        return MarketingMixModel(
            specification: specification,
            dataset: Dataset(
                frequency: .day, dates: exposures.indices.map { first.advanced(by: $0) }, kpi: ones,
                revenuePerKPI: ones, spend: [exposures], exposure: [exposures], controls: [], events: [], holidays: []))
    }
}
