import Kernels
import ModelDefinition

/// Every parameter of a model at one draw: constants where fixed, the draw's values where sampled, and what follows from them.
package struct ParameterValues: Sendable {
    package let model: MarketingMixModel
    /// By place.
    let all: [Double]

    /// - Parameter constrained: parameter values in layout order.
    package init(_ model: MarketingMixModel, _ constrained: [Double]) {
        self.model = model
        all = model.values(constrained)
    }

    subscript(place: Int) -> Double { all[place] }

    /// The weights of a channel's carry-over by lag, those of the first geo where geos differ; they sum to 1 where they are
    /// normalised.
    package func adstockWeights(channel: Int) -> [Double] { adstockFilter(channel, geo: 0).weights }

    /// σ in KPI units, by geo: the standard deviation of the residual under a normal likelihood.
    package var residualScales: [Double] {
        (0..<model.dataset.geoCount).map { model.scale(of: $0) * self[model.parameters.sigmas[$0]] }
    }

    func adstockFilter(_ channel: Int, geo: Int) -> AdstockFilter {
        let places = model.parameters.channels[geo][channel]
        let specification = model.specification.channels[channel]
        return AdstockFilter(
            model.laneKinds[channel], weightCount: specification.weightCount,
            isNormalized: specification.adstock.isNormalized, retention: self[places.retention],
            delay: self[places.delay])
    }

    func saturationCurve(_ channel: Int, geo: Int) -> any SaturationCurve {
        let places = model.parameters.channels[geo][channel]
        let (first, second) = (self[places.first], self[places.second])
        return switch model.laneKinds[channel].curve {
        case .hill: HillCurve(logEC: Elementary.log(first), slope: second)
        case .concaveHill: ConcaveHillCurve(ec: first)
        case .logistic: LogisticCurve(lam: first)
        case .sigmoid: SigmoidCurve(rate: first, steepest: second)
        case .root: RootCurve(exponent: first)
        case .log: LogCurve()
        case .none: IdentityCurve()
        }
    }

    /// How well media work in a geo by period of the data; nil where they always work alike.
    func effectiveness(geo: Int) -> [Double]? { model.effectiveness(geo: geo, parameters: all) }

    /// The coefficient of a column in a geo on the model's scale.
    func coefficient(ofColumn column: Int, geo: Int) -> Double {
        let places = model.parameters.regressors
        return self[places[min(geo, places.count - 1)][column]]
    }

    /// The logarithm of what is called fitted over the median of the KPI: fitted is its mean, but in `pymc-marketing`,
    /// which reports the median. 0 without a log link.
    func logMeanShift(geo: Int) -> Double {
        guard model.scaling.hasLogLink, model.specification.preset != .pymcMarketing else { return 0 }
        let sigma = self[model.parameters.sigmas[geo]]
        let rho = self[model.parameters.correlations[geo]]
        return 0.5 * sigma * sigma / ((1 - rho) * (1 + rho))
    }

    /// The KPI in a geo when the scaled logarithm is 0, as it is called fitted.
    func fittedUnit(of geo: Int) -> Double { model.scale(of: geo) * Elementary.exp(logMeanShift(geo: geo)) }

    /// Log-likelihood of every cell on the scaled KPI; NaN where the KPI is not known.
    ///
    /// - Parameter fitted: of the same draw, by cell in KPI units.
    package func pointwiseLogLikelihood(fitted: [Double], into result: inout [Double]) {
        guard model.specification.likelihood == .normal, model.specification.errors == .independent else {
            let observations = Observations(self, fitted: fitted)
            for cell in fitted.indices {
                // A density on the scaled KPI is one in KPI units times the size of its unit.
                result[cell] =
                    model.isObserved[cell]
                    ? observations.logDensity(model.dataset.kpi[cell], cell: cell)
                        + Elementary.log(model.kpiUnit(ofCell: cell)) : .nan
            }
            return
        }
        let scaling = model.scaling
        for geo in 0..<model.dataset.geoCount {
            let sigma = self[model.parameters.sigmas[geo]]
            let constant = -0.5 * 1.8378770664093454836 - Elementary.log(sigma)
            for cell in model.dataset.cells(of: geo) {
                let mean = (fitted[cell] / scaling.population[geo] - scaling.kpiShift) / scaling.kpiScale
                let residual = (model.target[cell] - mean) / sigma
                result[cell] = model.isObserved[cell] ? constant - 0.5 * residual * residual : .nan
            }
        }
    }
}
