import Densities

/// The preset `tutti`, our own. Priors of curves and carry-over for which it has no reason of its own are those that
/// PyMC-Marketing 1.3.0 has.
struct TuttiDefaults: PresetDefaults {
    func carryOverWeeks(_ kind: ChannelKind) -> Int { kind == .brand ? 26 : 8 }

    let saturation = Saturation.hill

    /// Without spend there is no return on it.
    func effect(hasSpend: Bool, isOrganic: Bool) -> Effect {
        hasSpend ? .roi : isOrganic ? .contribution : .coefficient
    }

    let pooling = Pooling.partial

    let hierarchy: [String: BlockHierarchy] = [:]

    func hasIntercept(hasGeos: Bool) -> Bool { true }

    func trend(hasGeos: Bool) -> Trend { .none }

    let treatmentHasContribution = false

    let statesCarryOverInWeeks = true

    func prior(of parameter: MediaParameter, in context: PriorContext) -> Prior {
        switch parameter {
        case .alpha: context.kind == .brand ? .beta(a: 3, b: 3) : .beta(a: 1, b: 3)
        case .halfLife:
            context.adstock == .delayed ? .inverseGamma(shape: 9, scale: 5.75) : .inverseGamma(shape: 2.6, scale: 1)
        case .theta: .halfNormal(scale: 1)
        case .weibullScale:
            context.adstock == .weibullDensity ? .gamma(shape: 4, rate: 2) : .gamma(shape: 0.64, rate: 0.32)
        case .weibullShape:
            context.adstock == .weibullDensity ? .gamma(shape: 9, rate: 3) : .gamma(shape: 0.64, rate: 0.32)
        // A curve of frequency acts on contacts of a person reached, which are not scaled.
        case .ec where context.medium.hasFrequency: .shiftedLogNormal(shift: 0.1, mean: 0.7, sd: 0.4)
        case .slope where context.medium.hasFrequency: .logNormal(mean: 0.7, sd: 0.4)
        case .ec: .truncatedNormal(mean: 0.8, sd: 0.8, lower: 0.1, upper: 10)
        case .slope: .point(1)
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
        case .roi, .windowROI: .logNormal(mean: 0.2, sd: 0.9)
        case .marginalROI: .logNormal(mean: 0, sd: 0.5)
        case .contributionShare: .beta(a: 1, b: 99)
        // A coefficient of 0.5 is 65 % more KPI.
        case .beta where context.likelihood.hasLogLink: .halfNormal(scale: 0.5)
        case .beta:
            switch context.saturation {
            case .hill, .logistic, .inverseLogistic: .halfNormal(scale: 2)
            case .sigmoid: .halfNormal(scale: 1.5)
            case .michaelisMenten: .gamma(shape: 4, rate: 2)
            case .root: .gamma(shape: 1, rate: 1)
            case .tanh, .baselinedTanh, .log, .none: .halfNormal(scale: 1)
            }
        }
    }

    func prior(of parameter: BaselineParameter, likelihood: LikelihoodFamily, harmonic: Int) -> Prior {
        switch parameter {
        case .intercept: .normal(mean: 0, sd: 2.5)
        case .control, .treatment, .event, .holiday: .normal(mean: 0, sd: 1)
        case .treatmentContribution: .truncatedNormal(mean: 0, sd: 0.1, lower: -1, upper: 1)
        case .trendSlope: .normal(mean: 0, sd: 0.5)
        case .trendDelta: .normal(mean: 0, sd: 0.25)
        case .knotLevel: .normal(mean: 0, sd: 1)
        case .knotIncrement: .normal(mean: 0, sd: 0.3)
        case .knotValue: .normal(mean: 0, sd: 5)
        case .trendScale: .halfNormal(scale: 0.5)
        // Nine in ten between 12 weeks and 22 months.
        case .trendLength: .inverseGamma(shape: 3, scale: 1.5)
        // A process of 0.3 is a fifth more media.
        case .effectivenessScale: .halfNormal(scale: 0.3)
        case .effectivenessLength: .inverseGamma(shape: 3, scale: 1.5)
        case .fourier: .normal(mean: 0, sd: 0.5 / Double(harmonic))
        case .omega: .halfNormal(scale: 1)
        case .eta: .halfNormal(scale: 0.5)
        case .zeta: .halfNormal(scale: 0.3)
        case .nu: .gamma(shape: 2, rate: 0.1)
        case .rho: .truncatedNormal(mean: 0, sd: 0.5, lower: -1, upper: 1)
        case .sigma: .halfNormal(scale: 1)
        }
    }
}
