/// Parameters of the baseline and the likelihood, under the names that a model file's top-level `prior` uses.
package enum BaselineParameter: String, Sendable, Hashable, CaseIterable {
    case intercept
    case control
    /// The coefficient of a treatment.
    case treatment
    /// The share of all KPI money that a treatment brings.
    case treatmentContribution = "treatment_contribution"
    case event
    case holiday
    case trendSlope = "trend_slope"
    case trendDelta = "trend_delta"
    /// The level at the first knot, where the model has no intercept.
    case knotLevel = "knot_level"
    case knotIncrement = "knot_increment"
    /// The level at every knot of the preset `meridian`.
    case knotValue = "knot_value"
    /// Standard deviation of a smooth trend, and how far it reaches, in years.
    case trendScale = "trend_scale"
    case trendLength = "trend_length"
    /// Standard deviation of the process that makes media work more or less, and how far it reaches: in years, or in
    /// periods in the preset `pymc-marketing`.
    case effectivenessScale = "effectiveness_scale"
    case effectivenessLength = "effectiveness_length"
    case fourier
    /// Standard deviation of the geos' intercepts.
    case omega
    /// Standard deviation of a channel's effect between geos, or of its logarithm.
    case eta
    /// Standard deviation of the logarithm of σ between geos.
    case zeta
    /// Degrees of freedom of a Student's t likelihood.
    case nu
    /// Correlation of an autoregressive error with the one before.
    case rho
    case sigma

    package var domain: ParameterDomain {
        switch self {
        case .rho: .correlation
        case .sigma, .nu, .omega, .eta, .zeta, .trendScale, .trendLength, .effectivenessScale, .effectivenessLength:
            .positive
        case .intercept, .control, .treatment, .treatmentContribution, .event, .holiday, .trendSlope, .trendDelta,
            .knotLevel, .knotIncrement, .knotValue, .fourier:
            .real
        }
    }

    /// What it is, in the words of the reference.
    package var meaning: String {
        switch self {
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
