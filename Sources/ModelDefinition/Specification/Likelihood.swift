/// The distribution of the KPI around what the model says of it.
package enum LikelihoodFamily: String, Sendable, Hashable, CaseIterable {
    /// N(μ, σ).
    case normal
    /// μ + σ T with ν degrees of freedom, the parameter `nu`: single periods may be far out.
    case studentT = "student_t"
    /// N(μ, σ) cut below KPI 0: μ is the location, not the mean, and contributions are terms of μ.
    case truncatedNormal = "truncated_normal"
    /// The logarithm of the KPI is N(μ, σ): what the terms of μ say are factors of the KPI, which is above 0.
    case logNormal = "lognormal"

    /// Whether the KPI, or its logarithm, is Gaussian given the parameters: coefficients can then be integrated out.
    package var isGaussian: Bool { self == .normal || self == .logNormal }

    /// Whether μ is the logarithm of the KPI's median, over the KPI's scale.
    package var hasLogLink: Bool { self == .logNormal }

    /// The form in which the sampler sees it.
    package func form(for wanted: PosteriorForm) -> PosteriorForm {
        !isGaussian && wanted == .marginal ? .whitened : wanted
    }
}

/// How errors of the mean follow on each other in time.
package enum ErrorProcess: String, Sendable, Hashable, CaseIterable {
    case independent
    /// ε_t = `rho` ε_(t−1) + η_t, η_t ~ N(0, σ²), from the stationary distribution on.
    case autoregressive = "ar1"
}
