import Densities
import Kernels

/// The distribution of every cell's KPI at one draw, in KPI units.
package struct Observations: Sendable {
    private let family: LikelihoodFamily
    private let periodCount: Int
    /// Scale σ and degrees of freedom ν by geo.
    private let scales: [Double]
    private let degreesOfFreedom: [Double]
    /// By geo, of the model's scale: σ, and with a log link the logarithm of what is fitted over the median.
    private let sigmas: [Double]
    private let meanShifts: [Double]

    package init(_ model: MarketingMixModel, constrained: [Double]) {
        family = model.specification.likelihood
        periodCount = model.dataset.periodCount
        scales = model.residualScales(constrained: constrained)
        let values = model.values(constrained)
        degreesOfFreedom = model.parameters.degreesOfFreedom.map { values[$0] }
        sigmas = model.parameters.sigmas.map { values[$0] }
        meanShifts = sigmas.map(model.logMeanShift)
    }

    /// The log density of a KPI; NaN where the parameters make no distribution.
    package func logDensity(_ kpi: Double, cell: Int, fitted: Double) -> Double {
        let scale = scales[cell / periodCount]
        guard family != .normal else {
            let residual = (kpi - fitted) / scale
            return -0.5 * residual * residual - Elementary.log(scale) - SpecialFunctions.halfLogTwoPi
        }
        return distribution(cell: cell, fitted: fitted)?.logDensity(kpi) ?? .nan
    }

    /// One KPI.
    package func draw(cell: Int, fitted: Double, from stream: inout RandomStream) -> Double {
        guard family != .normal else { return fitted + scales[cell / periodCount] * stream.normal() }
        return distribution(cell: cell, fitted: fitted)?.draw(from: &stream) ?? .nan
    }

    /// The mean: `fitted`, but where the distribution is cut, or where what is fitted is the median.
    package func mean(cell: Int, fitted: Double) -> Double {
        guard family == .truncatedNormal || family == .logNormal else { return fitted }
        return distribution(cell: cell, fitted: fitted)?.mean ?? .nan
    }

    private func distribution(cell: Int, fitted: Double) -> Prior? {
        let geo = cell / periodCount
        let distribution: Prior =
            switch family {
            case .normal: .normal(mean: fitted, sd: scales[geo])
            case .studentT:
                .studentT(degreesOfFreedom: degreesOfFreedom[geo], mean: fitted, scale: scales[geo])
            case .logNormal:
                .logNormal(mean: Elementary.log(max(fitted, .leastNormalMagnitude)) - meanShifts[geo], sd: sigmas[geo])
            case .truncatedNormal:
                .truncatedNormal(mean: fitted, sd: scales[geo], lower: 0, upper: .infinity)
            }
        return distribution.isProper ? distribution : nil
    }
}
