import Densities
import Kernels
import ModelDefinition

/// The distribution of every cell's KPI at one draw, in KPI units.
///
/// Where errors follow on each other it is that given the KPI known before: the location moves by what is left of the last
/// known error, and the scale is that of what came since.
package struct Observations: Sendable {
    private let model: MarketingMixModel
    private let fitted: [Double]
    /// By geo: σ on the model's scale and in KPI units, ν, ρ, and with a log link the logarithm of what is fitted over the
    /// median.
    private let sigmas: [Double]
    private let scales: [Double]
    private let degreesOfFreedom: [Double]
    private let correlations: [Double]
    private let meanShifts: [Double]
    /// By cell, on the model's scale: what is left of the last known error, and the standard deviation over σ. Empty where
    /// errors are independent.
    private let remainders: [Double]
    private let spreads: [Double]
    /// By geo, what is left at the end of the data of the last known error, and its variance over σ². Empty where errors are
    /// independent.
    private let lastErrors: [(error: Double, variance: Double)]

    package init(_ model: MarketingMixModel, constrained: [Double], fitted: [Double]) {
        self.init(ParameterValues(model, constrained), fitted: fitted)
    }

    /// - Parameter fitted: of `decompose` at the same draw.
    package init(_ values: ParameterValues, fitted: [Double]) {
        let model = values.model
        self.model = model
        self.fitted = fitted
        let parameters = model.parameters
        sigmas = parameters.sigmas.map { values[$0] }
        scales = sigmas.indices.map { model.scale(of: $0) * values[parameters.sigmas[$0]] }
        degreesOfFreedom = parameters.degreesOfFreedom.map { values[$0] }
        let correlations = parameters.correlations.map { values[$0] }
        self.correlations = correlations
        let meanShifts = sigmas.indices.map { values.logMeanShift(geo: $0) }
        self.meanShifts = meanShifts
        guard model.specification.errors == .autoregressive else {
            (remainders, spreads, lastErrors) = ([], [], [])
            return
        }
        var remainders: [Double] = []
        var spreads: [Double] = []
        var lastErrors: [(error: Double, variance: Double)] = []
        for geo in 0..<model.dataset.geoCount {
            let rho = correlations[geo]
            var error = 0.0
            // Of the error before, in units of σ²: at first that of the stationary distribution.
            var variance = 1 / ((1 - rho) * (1 + rho))
            var isFirst = true
            for cell in model.dataset.cells(of: geo) {
                if !isFirst { (error, variance) = (rho * error, 1 + rho * rho * variance) }
                isFirst = false
                remainders.append(error)
                spreads.append(variance.squareRoot())
                guard model.isObserved[cell] else { continue }
                error = model.target[cell] - Self.mean(model, fitted[cell], geo: geo, meanShift: meanShifts[geo])
                variance = 0
            }
            lastErrors.append((error, variance))
        }
        self.lastErrors = lastErrors
        self.remainders = remainders
        self.spreads = spreads
    }

    /// What is fitted on the model's scale.
    private static func mean(_ model: MarketingMixModel, _ fitted: Double, geo: Int, meanShift: Double) -> Double {
        let scaling = model.scaling
        guard !scaling.hasLogLink else {
            return Elementary.log(max(fitted, .leastNormalMagnitude) / model.scale(of: geo)) - meanShift
        }
        return (fitted / scaling.population[geo] - scaling.kpiShift) / scaling.kpiScale
    }

    /// The log density of a KPI; NaN where the parameters make no distribution.
    package func logDensity(_ kpi: Double, cell: Int) -> Double {
        let geo = geo(of: cell)
        guard model.specification.likelihood != .normal || !remainders.isEmpty else {
            let residual = (kpi - fitted[cell]) / scales[geo]
            return -0.5 * residual * residual - Elementary.log(scales[geo]) - SpecialFunctions.halfLogTwoPi
        }
        return distribution(cell: cell)?.logDensity(kpi) ?? .nan
    }

    /// One KPI given those known before.
    package func draw(cell: Int, from stream: inout RandomStream) -> Double {
        guard model.specification.likelihood != .normal || !remainders.isEmpty else {
            return fitted[cell] + scales[geo(of: cell)] * stream.normal()
        }
        return distribution(cell: cell)?.draw(from: &stream) ?? .nan
    }

    /// The KPI of all cells anew.
    package func replicate(from stream: inout RandomStream) -> [Double] {
        guard !remainders.isEmpty else { return fitted.indices.map { draw(cell: $0, from: &stream) } }
        let periods = model.dataset.periodCount
        var error = 0.0
        return fitted.indices.map { cell in
            let geo = geo(of: cell)
            let rho = correlations[geo]
            let spread = cell % periods == 0 ? 1 / ((1 - rho) * (1 + rho)).squareRoot() : 1
            error = (cell % periods == 0 ? 0 : rho * error) + sigmas[geo] * spread * stream.normal()
            guard model.scaling.hasLogLink else { return fitted[cell] + model.scale(of: geo) * error }
            return fitted[cell] * Elementary.exp(error - meanShifts[geo])
        }
    }

    /// The KPI of periods that follow the data, by geo.
    ///
    /// - Parameter outlook: as `fitted`, by geo and period.
    package func follow(_ outlook: [[Double]], from stream: inout RandomStream) -> [[Double]] {
        outlook.enumerated().map { geo, fitted in
            guard !lastErrors.isEmpty else {
                return fitted.map { value in
                    model.specification.likelihood == .normal
                        ? value + scales[geo] * stream.normal()
                        : distribution(geo: geo, fitted: value)?.draw(from: &stream) ?? .nan
                }
            }
            let rho = correlations[geo]
            var error = lastErrors[geo].error + sigmas[geo] * lastErrors[geo].variance.squareRoot() * stream.normal()
            return fitted.map { value in
                error = rho * error + sigmas[geo] * stream.normal()
                guard model.scaling.hasLogLink else { return value + model.scale(of: geo) * error }
                return value * Elementary.exp(error - meanShifts[geo])
            }
        }
    }

    /// The mean: what is fitted, unless the distribution is cut, or what is fitted is the median, or errors go on.
    package func mean(cell: Int) -> Double {
        let family = model.specification.likelihood
        guard family == .truncatedNormal || family == .logNormal || !remainders.isEmpty else { return fitted[cell] }
        return distribution(cell: cell)?.mean ?? .nan
    }

    /// What is fitted on the model's scale.
    package func level(cell: Int) -> Double {
        Self.mean(model, fitted[cell], geo: geo(of: cell), meanShift: meanShifts[geo(of: cell)])
    }

    /// What is left of a known cell's KPI, in standard deviations of what is expected of it given those known before.
    package func residual(cell: Int) -> Double {
        let geo = geo(of: cell)
        let remainder = remainders.isEmpty ? 0 : remainders[cell]
        let spread = spreads.isEmpty ? 1 : spreads[cell]
        return (model.target[cell] - level(cell: cell) - remainder) / (sigmas[geo] * spread)
    }

    /// How many standard deviations what is fitted moves by a part of it, in KPI units.
    package func deviations(_ part: Double, cell: Int) -> Double {
        let geo = geo(of: cell)
        return part / (model.scaling.hasLogLink ? max(fitted[cell], .leastNormalMagnitude) * sigmas[geo] : scales[geo])
    }

    private func geo(of cell: Int) -> Int { cell / model.dataset.periodCount }

    private func distribution(cell: Int) -> Prior? {
        distribution(
            geo: geo(of: cell), fitted: fitted[cell], remainder: remainders.isEmpty ? 0 : remainders[cell],
            spread: spreads.isEmpty ? 1 : spreads[cell])
    }

    private func distribution(geo: Int, fitted: Double, remainder: Double = 0, spread: Double = 1) -> Prior? {
        let distribution: Prior =
            switch model.specification.likelihood {
            case .normal:
                .normal(mean: fitted + model.scale(of: geo) * remainder, sd: scales[geo] * spread)
            case .studentT:
                .studentT(degreesOfFreedom: degreesOfFreedom[geo], mean: fitted, scale: scales[geo])
            case .logNormal:
                .logNormal(
                    mean: Elementary.log(max(fitted, .leastNormalMagnitude)) - meanShifts[geo] + remainder,
                    sd: sigmas[geo] * spread)
            case .truncatedNormal:
                .truncatedNormal(mean: fitted, sd: scales[geo], lower: 0, upper: .infinity)
            }
        return distribution.isProper ? distribution : nil
    }
}
