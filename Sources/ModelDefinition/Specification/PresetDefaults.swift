import Densities

/// Defaults of a preset, where the model file says nothing.
package enum PresetDefaults {
    /// Carry-over of a channel of this kind; its window lasts as many weeks whatever the length of a period.
    package static func adstock(_ preset: Preset, kind: ChannelKind, frequency: Frequency) -> Adstock {
        let weeks =
            switch preset {
            case .tutti: kind == .brand ? 26 : 8
            case .pymcMarketing: 7
            case .meridian: 8
            }
        return Adstock(kind: .geometric, maximumLag: frequency.periods(weeks: weeks))
    }

    /// Periods between two joints of a piecewise linear trend: half a year.
    package static func jointDistance(_ frequency: Frequency) -> Int { frequency.periods(weeks: 26) }

    /// Periods between two knots: a quarter.
    package static func knotDistance(_ frequency: Frequency) -> Int { frequency.periods(weeks: 13) }

    package static func pooling(_ preset: Preset) -> Pooling {
        preset == .pymcMarketing ? .none : .partial
    }

    /// Target acceptance where the model file gives none.
    ///
    /// A value exp(mean + sd z) grows so fast with sd and z that the posterior ends there in a wall, at which only small
    /// steps stay stable. Where a standard deviation of geos is small, what depends on it has little room: of panels from
    /// their prior's worlds one in ten has more than 1 divergence in 1,000 draws at 0.95.
    package static func targetAcceptance(
        _ hierarchy: [String: BlockHierarchy], pooling: Pooling, hasGeos: Bool
    ) -> Double {
        let hasWall = hierarchy.values.contains { block in
            guard case .partial(let deviations) = block else { return false }
            return deviations.form == .logNormal && deviations.mean != nil
        }
        return hasWall || hasGeos && pooling == .partial ? 0.97 : SamplingSpecification().targetAcceptance
    }

    package static func saturation(_ preset: Preset) -> Saturation {
        preset == .pymcMarketing ? .logistic : .hill
    }

    /// ROI needs spend and a curve whose height is free. Without spend a channel carries its prior on its share of the
    /// KPI if it is organic, else on the coefficient.
    /// With a log link only the coefficient can carry it: what it brings depends on all else.
    package static func effect(
        _ preset: Preset, hasSpend: Bool, isOrganic: Bool = false, saturation: Saturation,
        likelihood: LikelihoodFamily = .normal
    ) -> Effect {
        guard preset != .pymcMarketing, !saturation.bindsHeight, !likelihood.hasLogLink else { return .coefficient }
        return hasSpend ? .roi : isOrganic ? .contribution : .coefficient
    }

    /// The prior of a channel's parameter. Where `tutti` has no reason of its own, it is PyMC-Marketing's.
    ///
    /// Those of carry-over mean the same time whatever the length of a period, but in the presets of the two packages,
    /// whose priors are about periods.
    package static func prior(
        _ preset: Preset, channelParameter name: String, kind: ChannelKind, medium: Medium = .paid,
        adstock: Adstock.Kind = .geometric, saturation: Saturation, likelihood: LikelihoodFamily = .normal,
        frequency: Frequency = .week
    ) -> Prior {
        let weekly = weeklyPrior(
            preset, channelParameter: name, kind: kind, medium: medium, adstock: adstock, saturation: saturation,
            likelihood: likelihood)
        guard preset == .tutti else { return weekly }
        return weekly.inPeriods(of: frequency, parameter: name, adstock: adstock)
    }

    private static func weeklyPrior(
        _ preset: Preset, channelParameter name: String, kind: ChannelKind, medium: Medium, adstock: Adstock.Kind,
        saturation: Saturation, likelihood: LikelihoodFamily
    ) -> Prior {
        // A coefficient of 0.5 is 65 % more KPI.
        if preset == .tutti, name == "beta", likelihood.hasLogLink { return .halfNormal(scale: 0.5) }
        if medium.hasFrequency, let prior = frequencyPrior(name) { return prior }
        if preset == .meridian, let prior = meridianPrior(name) { return prior }
        switch (name, adstock) {
        case ("half_life", .delayed): return .inverseGamma(shape: 9, scale: 5.75)
        case ("half_life", _): return .inverseGamma(shape: 2.6, scale: 1)
        case ("theta", _): return .halfNormal(scale: 1)
        case ("weibull_scale", .weibullDensity): return .gamma(shape: 4, rate: 2)
        case ("weibull_shape", .weibullDensity): return .gamma(shape: 9, rate: 3)
        case ("weibull_scale", _), ("weibull_shape", _): return .gamma(shape: 0.64, rate: 0.32)
        default: break
        }
        switch (name, saturation) {
        case ("lam", .inverseLogistic): return .gamma(shape: 0.5, rate: 1)
        case ("lam", .michaelisMenten): return .halfNormal(scale: 1)
        case ("lam", .sigmoid), ("rate", _), ("beta", .sigmoid): return .halfNormal(scale: 1.5)
        case ("c", _), ("x0", _), ("gain", _): return .halfNormal(scale: 1)
        case ("r", _): return .beta(a: 2, b: 3)
        case ("exponent", _): return .beta(a: 1, b: 2)
        case ("beta", .michaelisMenten): return .gamma(shape: 4, rate: 2)
        case ("beta", .root): return .gamma(shape: 1, rate: 1)
        case ("beta", .tanh), ("beta", .baselinedTanh), ("beta", .log), ("beta", .none): return .halfNormal(scale: 1)
        default: break
        }
        return switch (preset, name) {
        case (.tutti, "alpha"): kind == .brand ? .beta(a: 3, b: 3) : .beta(a: 1, b: 3)
        case (.tutti, "ec"), (.meridian, "ec"): .truncatedNormal(mean: 0.8, sd: 0.8, lower: 0.1, upper: 10)
        case (.tutti, "slope"), (.meridian, "slope"): .point(1)
        case (.pymcMarketing, "alpha"): .beta(a: 1, b: 3)
        case (.pymcMarketing, "ec"), (.pymcMarketing, "slope"): .halfNormal(scale: 1.5)
        case (_, "lam"): .gamma(shape: 3, rate: 1)
        case (_, "roi"), (_, "window_roi"): .logNormal(mean: 0.2, sd: 0.9)
        case (_, "mroi"): .logNormal(mean: 0, sd: 0.5)
        case (_, "contribution_share"): .beta(a: 1, b: 99)
        case (.pymcMarketing, "beta") where saturation == .hill: .halfNormal(scale: 1.5)
        default: .halfNormal(scale: 2)
        }
    }

    private static func meridianPrior(_ name: String) -> Prior? {
        switch name {
        case "alpha": .uniform(lower: 0, upper: 1)
        case "beta": .halfNormal(scale: 5)
        default: nil
        }
    }

    /// Of a curve that acts on contacts of a person reached, which are not scaled.
    private static func frequencyPrior(_ name: String) -> Prior? {
        switch name {
        case "ec": .shiftedLogNormal(shift: 0.1, mean: 0.7, sd: 0.4)
        case "slope": .logNormal(mean: 0.7, sd: 0.4)
        default: nil
        }
    }

    /// What `pooling: partial` of this preset says of single blocks.
    package static func hierarchy(_ preset: Preset) -> [String: BlockHierarchy] {
        guard preset == .meridian else { return [:] }
        let scattered = BlockHierarchy.partial(GeoDeviations(form: .normal, sd: .halfNormal(scale: 5)))
        return [
            BaselineParameter.intercept.rawValue: .againstLargest, BaselineParameter.control.rawValue: scattered,
            BaselineParameter.treatment.rawValue: scattered,
        ]
    }

    /// Meridian's levels of time are its intercept; the geos of a panel differ from the largest.
    package static func hasIntercept(_ preset: Preset, hasGeos: Bool) -> Bool { preset != .meridian || hasGeos }

    /// Meridian has one level for a single series, and one a period for a panel.
    package static func trend(_ preset: Preset, hasGeos: Bool) -> Trend {
        preset == .meridian ? .knots(hasGeos ? .every(1) : .count(1)) : .none
    }

    /// Whether a treatment's prior is one of its contribution.
    package static func treatmentHasContribution(_ preset: Preset) -> Bool { preset == .meridian }

    /// The prior of a parameter that no channel owns. `harmonic` counts from 1 and matters for `fourier` only.
    package static func prior(
        _ preset: Preset, baseline parameter: BaselineParameter, likelihood: LikelihoodFamily = .normal,
        harmonic: Int = 1
    ) -> Prior {
        switch (preset, parameter) {
        case (.pymcMarketing, .intercept) where likelihood.hasLogLink: .normal(mean: 0, sd: 5)
        case (.pymcMarketing, .sigma) where likelihood.hasLogLink: .halfNormal(scale: 0.5)
        case (.meridian, .eta): .halfNormal(scale: 1)
        case (_, .zeta): .halfNormal(scale: 0.3)
        case (.meridian, .sigma): .halfNormal(scale: 5)
        case (.meridian, .control), (.meridian, .treatment), (_, .knotValue): .normal(mean: 0, sd: 5)
        case (_, .treatmentContribution): .truncatedNormal(mean: 0, sd: 0.1, lower: -1, upper: 1)
        case (_, .omega): .halfNormal(scale: 1)
        case (_, .eta): .halfNormal(scale: 0.5)
        case (_, .nu): .gamma(shape: 2, rate: 0.1)
        case (_, .trendScale): .halfNormal(scale: 0.5)
        // Nine in ten between 12 weeks and 22 months.
        case (_, .trendLength): .inverseGamma(shape: 3, scale: 1.5)
        case (.pymcMarketing, .effectivenessScale): .exponential(rate: 1)
        case (.pymcMarketing, .effectivenessLength): .inverseGamma(shape: 2.25, scale: 6.25)
        // A process of 0.3 is a fifth more media.
        case (_, .effectivenessScale): .halfNormal(scale: 0.3)
        case (_, .effectivenessLength): .inverseGamma(shape: 3, scale: 1.5)
        case (_, .rho): .truncatedNormal(mean: 0, sd: 0.5, lower: -1, upper: 1)
        case (.tutti, .intercept): .normal(mean: 0, sd: 2.5)
        case (.meridian, .intercept): .normal(mean: 0, sd: 5)
        case (.tutti, .control), (.tutti, .treatment), (.tutti, .event), (.tutti, .holiday): .normal(mean: 0, sd: 1)
        case (.meridian, .event), (.meridian, .holiday): .normal(mean: 0, sd: 1)
        case (.tutti, .trendSlope), (.meridian, .trendSlope): .normal(mean: 0, sd: 0.5)
        case (.tutti, .trendDelta), (.meridian, .trendDelta): .normal(mean: 0, sd: 0.25)
        case (_, .knotLevel): .normal(mean: 0, sd: 1)
        case (_, .knotIncrement): .normal(mean: 0, sd: 0.3)
        case (.tutti, .fourier), (.meridian, .fourier): .normal(mean: 0, sd: 0.5 / Double(harmonic))
        case (.tutti, .sigma): .halfNormal(scale: 1)
        case (.pymcMarketing, .trendSlope), (.pymcMarketing, .trendDelta): .laplace(mean: 0, scale: 0.25)
        case (.pymcMarketing, .fourier): .laplace(mean: 0, scale: 1)
        case (.pymcMarketing, .sigma): .halfNormal(scale: 2)
        case (.pymcMarketing, _): .normal(mean: 0, sd: 2)
        }
    }
}
