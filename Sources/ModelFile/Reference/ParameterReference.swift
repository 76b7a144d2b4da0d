import Densities
import ModelDefinition

/// One parameter that a `prior` may name.
package struct ParameterReference: Sendable {
    package var name: String
    /// `real`, `positive`, `fraction` or `correlation`.
    package var domain: String
    package var meaning: String
    /// The default prior by preset, in the order of `Preset.allCases`.
    package var priors: [String]

    /// Parameters of channels, then those of the baseline.
    package static let all = channels + baseline

    private static let channels = Channel.allParameterNames.map { name in
        ParameterReference(
            name: name, domain: PriorReader.domain(of: name).rawValue, meaning: channelMeanings[name] ?? "",
            priors: Preset.allCases.map { preset in
                func prior(_ kind: ChannelKind) -> String {
                    PresetDefaults.prior(
                        preset, channelParameter: name, kind: kind, saturation: PresetDefaults.saturation(preset),
                        frequency: .week
                    ).modelFileText
                }
                let (brand, performance) = (prior(.brand), prior(.performance))
                return brand == performance ? brand : "brand \(brand), performance \(performance)"
            })
    }

    private static let baseline = BaselineParameter.allCases.map { parameter in
        ParameterReference(
            name: parameter.rawValue, domain: PriorReader.domain(of: parameter.rawValue).rawValue,
            meaning: meaning(of: parameter),
            priors: Preset.allCases.map { PresetDefaults.prior($0, baseline: parameter).modelFileText })
    }

    private static let channelMeanings = [
        "alpha": "Retention from period to period.",
        "half_life": "Periods in which the effect halves.",
        "theta": "Periods from exposure to the peak of the effect; `delayed`.",
        "weibull_scale": "Time scale of Weibull carry-over, in periods.",
        "weibull_shape": "Shape of Weibull carry-over.",
        "ec": "Exposure of half the effect, in units of the channel's scale; `hill`.",
        "slope": "Steepness; above 1 the curve has the form of an S; `hill`.",
        "lam": "Rate, or exposure of half the effect, by the kind of curve.",
        "c": "Scale of exposure; `tanh`.",
        "x0": "Exposure at which the curve is described; `tanh_baselined`.",
        "gain": "Effect a unit of exposure up to there; `tanh_baselined`.",
        "r": "Share of the height reached there; `tanh_baselined`.",
        "rate": "Steepness; `hill_sigmoid`.",
        "exponent": "Power of exposure; `root`.",
        "roi": "Money of KPI per money spent.",
        "window_roi": "The same over `calibration_window`.",
        "mroi": "Money of KPI per further money spent.",
        "contribution_share": "Share of the KPI that the channel brings.",
        "beta": "Height of the response on the scaled KPI.",
    ]

    private static func meaning(of parameter: BaselineParameter) -> String {
        switch parameter {
        case .intercept: "Level of the scaled KPI."
        case .control: "Effect of a control a standard deviation."
        case .treatment: "Effect of a treatment a standard deviation."
        case .treatmentContribution: "Share of the KPI that a treatment brings."
        case .event: "Effect of an event that fills a period."
        case .holiday: "Effect of a holiday that fills a period."
        case .trendSlope: "Slope of the trend a year."
        case .trendDelta: "Change of slope at a joint."
        case .knotLevel: "Level at the first knot."
        case .knotIncrement: "Step from knot to knot."
        case .knotValue: "Level at a knot; `preset: meridian`."
        case .trendScale: "Standard deviation of a smooth trend."
        case .trendLength: "How far a smooth trend reaches, in years."
        case .effectivenessScale: "Standard deviation of what makes media work more or less."
        case .effectivenessLength: "How far that reaches, in years; in periods for `preset: pymc-marketing`."
        case .fourier: "A harmonic of a season; the first one's prior is shown."
        case .omega: "Standard deviation of geos' levels."
        case .eta: "Standard deviation of a channel's effect between geos, of its logarithm."
        case .zeta: "Standard deviation of the logarithm of sigma between geos."
        case .nu: "Degrees of freedom; `family: student_t`."
        case .rho: "Correlation of an error with the one before; `errors: ar1`."
        case .sigma: "Standard deviation of the scaled KPI around its mean."
        }
    }
}
