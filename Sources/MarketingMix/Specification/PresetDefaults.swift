import Densities

/// Defaults of a preset, where the model file says nothing.
package enum PresetDefaults {
    /// Carry-over of a channel of this kind; lags in periods.
    package static func adstock(_ preset: Preset, kind: ChannelKind) -> Adstock {
        switch preset {
        case .tutti: Adstock(kind: .geometric, maximumLag: kind == .brand ? 26 : 8)
        case .pymcMarketing: Adstock(kind: .geometric, maximumLag: 7)
        }
    }

    package static func pooling(_ preset: Preset) -> Pooling {
        preset == .tutti ? .partial : .none
    }

    /// Target acceptance where the model file gives none.
    ///
    /// A value exp(mean + sd z) grows so fast with sd and z that the posterior ends there in a wall, at which only small
    /// steps stay stable.
    package static func targetAcceptance(_ hierarchy: [String: BlockHierarchy]) -> Double {
        let hasWall = hierarchy.values.contains { block in
            guard case .partial(let deviations) = block else { return false }
            return deviations.form == .logNormal && deviations.mean != nil
        }
        return hasWall ? 0.97 : SamplingSpecification().targetAcceptance
    }

    package static func saturation(_ preset: Preset) -> Saturation {
        preset == .tutti ? .hill : .logistic
    }

    /// ROI needs spend and a curve whose height is free. Without spend a channel carries its prior on its share of the
    /// KPI if it is organic, else on the coefficient.
    package static func effect(
        _ preset: Preset, hasSpend: Bool, isOrganic: Bool = false, saturation: Saturation
    ) -> Effect {
        guard preset == .tutti, !saturation.bindsHeight else { return .coefficient }
        return hasSpend ? .roi : isOrganic ? .contribution : .coefficient
    }

    /// The prior of a channel's parameter. Where `tutti` has no reason of its own, it is PyMC-Marketing's.
    package static func prior(
        _ preset: Preset, channelParameter name: String, kind: ChannelKind, adstock: Adstock.Kind = .geometric,
        saturation: Saturation
    ) -> Prior {
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
        case (.tutti, "ec"): .truncatedNormal(mean: 0.8, sd: 0.8, lower: 0.1, upper: 10)
        case (.tutti, "slope"): .point(1)
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

    /// The prior of a parameter that no channel owns. `harmonic` counts from 1 and matters for `fourier` only.
    package static func prior(_ preset: Preset, baseline parameter: BaselineParameter, harmonic: Int = 1) -> Prior {
        switch (preset, parameter) {
        case (_, .omega): .halfNormal(scale: 1)
        case (_, .eta): .halfNormal(scale: 0.5)
        case (_, .nu): .gamma(shape: 2, rate: 0.1)
        case (_, .zeta): .halfNormal(scale: 0.3)
        case (.tutti, .intercept): .normal(mean: 0, sd: 2.5)
        case (.tutti, .control), (.tutti, .event), (.tutti, .holiday): .normal(mean: 0, sd: 1)
        case (.tutti, .trendSlope): .normal(mean: 0, sd: 0.5)
        case (.tutti, .trendDelta): .normal(mean: 0, sd: 0.25)
        case (_, .knotLevel): .normal(mean: 0, sd: 1)
        case (_, .knotIncrement): .normal(mean: 0, sd: 0.3)
        case (.tutti, .fourier): .normal(mean: 0, sd: 0.5 / Double(harmonic))
        case (.tutti, .sigma): .halfNormal(scale: 1)
        case (.pymcMarketing, .trendSlope), (.pymcMarketing, .trendDelta): .laplace(mean: 0, scale: 0.25)
        case (.pymcMarketing, .fourier): .laplace(mean: 0, scale: 1)
        case (.pymcMarketing, .sigma): .halfNormal(scale: 2)
        case (.pymcMarketing, _): .normal(mean: 0, sd: 2)
        }
    }
}
