import Densities

/// The preset `pymc-marketing`: PyMC-Marketing 1.3.0. Returns, shares and other parts of a model that the package does not
/// have are as in the preset `tutti`.
struct PyMCMarketingDefaults: PresetDefaults {
    func carryOverWeeks(_ kind: ChannelKind) -> Int { 7 }

    let saturation = Saturation.logistic

    func effect(hasSpend: Bool, isOrganic: Bool) -> Effect { .coefficient }

    let pooling = Pooling.none

    let hierarchy: [String: BlockHierarchy] = [:]

    func hasIntercept(hasGeos: Bool) -> Bool { true }

    func trend(hasGeos: Bool) -> Trend { .none }

    let treatmentHasContribution = false

    /// Its priors are about periods.
    let statesCarryOverInWeeks = false

    func prior(of parameter: MediaParameter, in context: PriorContext) -> Prior {
        switch parameter {
        case .alpha: .beta(a: 1, b: 3)
        case .theta: .halfNormal(scale: 1)
        case .weibullScale:
            context.adstock == .weibullDensity ? .gamma(shape: 4, rate: 2) : .gamma(shape: 0.64, rate: 0.32)
        case .weibullShape:
            context.adstock == .weibullDensity ? .gamma(shape: 9, rate: 3) : .gamma(shape: 0.64, rate: 0.32)
        case .ec, .slope:
            // The package has no reach and frequency.
            context.medium.hasFrequency
                ? TuttiDefaults().prior(of: parameter, in: context) : .halfNormal(scale: 1.5)
        case .lam:
            switch context.saturation {
            case .inverseLogistic: .gamma(shape: 0.5, rate: 1)
            case .michaelisMenten: .halfNormal(scale: 1)
            case .sigmoid: .halfNormal(scale: 1.5)
            default: .gamma(shape: 3, rate: 1)
            }
        case .c, .x0, .gain: .halfNormal(scale: 1)
        case .r: .beta(a: 2, b: 3)
        case .rate: .halfNormal(scale: 1.5)
        case .exponent: .beta(a: 1, b: 2)
        case .beta:
            switch context.saturation {
            case .logistic, .inverseLogistic: .halfNormal(scale: 2)
            case .hill, .sigmoid: .halfNormal(scale: 1.5)
            case .michaelisMenten: .gamma(shape: 4, rate: 2)
            case .root: .gamma(shape: 1, rate: 1)
            case .tanh, .baselinedTanh, .log, .none: .halfNormal(scale: 1)
            }
        case .halfLife, .roi, .windowROI, .marginalROI, .contributionShare:
            TuttiDefaults().prior(of: parameter, in: context)
        }
    }

    func prior(of parameter: BaselineParameter, likelihood: LikelihoodFamily, harmonic: Int) -> Prior {
        switch parameter {
        case .intercept: .normal(mean: 0, sd: likelihood.hasLogLink ? 5 : 2)
        case .control, .treatment, .event, .holiday: .normal(mean: 0, sd: 2)
        case .trendSlope, .trendDelta: .laplace(mean: 0, scale: 0.25)
        case .effectivenessScale: .exponential(rate: 1)
        case .effectivenessLength: .inverseGamma(shape: 2.25, scale: 6.25)
        case .fourier: .laplace(mean: 0, scale: 1)
        case .sigma: .halfNormal(scale: likelihood.hasLogLink ? 0.5 : 2)
        case .treatmentContribution, .knotLevel, .knotIncrement, .knotValue, .trendScale, .trendLength, .omega, .eta,
            .zeta, .nu, .rho:
            TuttiDefaults().prior(of: parameter, likelihood: likelihood, harmonic: harmonic)
        }
    }

    func names(saturation: Saturation?) -> [String: String] {
        let baseline: [BaselineParameter: String] = [
            .intercept: "intercept_contribution", .sigma: "y_sigma", .nu: "y_nu", .control: "gamma_control",
            .fourier: "gamma_fourier",
        ]
        var media: [MediaParameter: String] = [
            .alpha: "adstock_alpha", .halfLife: "adstock_half_life", .theta: "adstock_theta",
            .weibullScale: "adstock_lam", .weibullShape: "adstock_k", .ec: "saturation_kappa",
        ]
        for curve in [MediaParameter.slope, .lam, .c, .x0, .gain, .r, .rate, .exponent, .beta] {
            media[curve] = "saturation_\(curve.rawValue)"
        }
        switch saturation {
        case .tanh: media[.beta] = "saturation_b"
        case .michaelisMenten: media[.beta] = "saturation_alpha"
        case .root: media[.exponent] = "saturation_alpha"
        case .sigmoid: (media[.beta], media[.rate]) = ("saturation_sigma", "saturation_beta")
        default: break
        }
        return Dictionary(
            uniqueKeysWithValues: baseline.map { ($0.rawValue, $1) } + media.map { ($0.rawValue, $1) })
    }

    func suffix(of part: ParameterNames.Part) -> String {
        switch part {
        case .mean: "mu"
        case .scale: "sigma"
        case .deviation: "offset"
        }
    }
}
