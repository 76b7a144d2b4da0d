import Densities

/// The preset `meridian`: Google Meridian 2.1.0. Curves, carry-over and other parts of a model that the package does not have
/// are as in the preset `tutti`.
struct MeridianDefaults: PresetDefaults {
    func carryOverWeeks(_ kind: ChannelKind) -> Int { 8 }

    let saturation = Saturation.hill

    /// Without spend there is no return on it.
    func effect(hasSpend: Bool, isOrganic: Bool) -> Effect {
        hasSpend ? .roi : isOrganic ? .contribution : .coefficient
    }

    let pooling = Pooling.partial

    var hierarchy: [String: BlockHierarchy] {
        let scattered = BlockHierarchy.partial(GeoDeviations(form: .normal, sd: .halfNormal(scale: 5)))
        return [
            BaselineParameter.intercept.rawValue: .againstLargest, BaselineParameter.control.rawValue: scattered,
            BaselineParameter.treatment.rawValue: scattered,
        ]
    }

    /// Its levels of time are its intercept; the geos of a panel differ from the largest.
    func hasIntercept(hasGeos: Bool) -> Bool { hasGeos }

    /// One level for a single series, and one a period for a panel.
    func trend(hasGeos: Bool) -> Trend { .knots(hasGeos ? .every(1) : .count(1)) }

    let treatmentHasContribution = true

    /// Its priors are about periods.
    let statesCarryOverInWeeks = false

    func prior(of parameter: MediaParameter, in context: PriorContext) -> Prior {
        switch parameter {
        case .alpha: .uniform(lower: 0, upper: 1)
        // A curve of frequency acts on contacts of a person reached, which are not scaled.
        case .ec where context.medium.hasFrequency: .shiftedLogNormal(shift: 0.1, mean: 0.7, sd: 0.4)
        case .slope where context.medium.hasFrequency: .logNormal(mean: 0.7, sd: 0.4)
        case .ec: .truncatedNormal(mean: 0.8, sd: 0.8, lower: 0.1, upper: 10)
        case .slope: .point(1)
        case .roi, .windowROI: .logNormal(mean: 0.2, sd: 0.9)
        case .marginalROI: .logNormal(mean: 0, sd: 0.5)
        case .contributionShare: .beta(a: 1, b: 99)
        case .beta: .halfNormal(scale: 5)
        case .halfLife, .theta, .weibullScale, .weibullShape, .lam, .c, .x0, .gain, .r, .rate, .exponent:
            TuttiDefaults().prior(of: parameter, in: context)
        }
    }

    func prior(of parameter: BaselineParameter, likelihood: LikelihoodFamily, harmonic: Int) -> Prior {
        switch parameter {
        case .intercept, .control, .treatment, .knotValue: .normal(mean: 0, sd: 5)
        case .treatmentContribution: .truncatedNormal(mean: 0, sd: 0.1, lower: -1, upper: 1)
        case .eta: .halfNormal(scale: 1)
        case .sigma: .halfNormal(scale: 5)
        case .event, .holiday, .trendSlope, .trendDelta, .knotLevel, .knotIncrement, .trendScale, .trendLength,
            .effectivenessScale, .effectivenessLength, .fourier, .omega, .zeta, .nu, .rho:
            TuttiDefaults().prior(of: parameter, likelihood: likelihood, harmonic: harmonic)
        }
    }

    /// Its name of a channel's share of the KPI, before that of the medium.
    static let contribution = "contribution"

    /// Its names of channels' parameters are ours, ending with that of the medium.
    func names(saturation: Saturation?) -> [String: String] {
        [
            "gamma_control": "gamma_c", "control": "gamma_c", "control_sd": "xi_c", "control_deviation": "gamma_gc_dev",
            "gamma_treatment": "gamma_n", "treatment": "gamma_n", "treatment_sd": "xi_n",
            "treatment_deviation": "gamma_gn_dev", "treatment_contribution": "contribution_n",
            "knot_value": "knot_values", "intercept": "tau_g_excl_baseline",
        ]
    }
}

extension Medium {
    /// How Meridian's names of parameters end.
    var meridianName: String {
        switch self {
        case .paid: "m"
        case .paidReach: "rf"
        case .organic: "om"
        case .organicReach: "orf"
        }
    }

    /// Meridian's name of the axis of such channels.
    package var meridianAxis: String {
        switch self {
        case .paid: "media_channel"
        case .paidReach: "rf_channel"
        case .organic: "organic_media_channel"
        case .organicReach: "organic_rf_channel"
        }
    }

    /// Meridian's name of their deviations between geos.
    package var meridianDeviation: String { "beta_g\(meridianName)_dev" }
}
