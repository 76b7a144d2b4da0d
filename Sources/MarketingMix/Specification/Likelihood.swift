/// The distribution of the KPI around what the model says of it.
package enum LikelihoodFamily: String, Sendable, Hashable, CaseIterable {
    /// N(μ, σ).
    case normal
    /// μ + σ T with ν degrees of freedom, the parameter `nu`: single periods may be far out.
    case studentT = "student_t"
    /// N(μ, σ) cut below KPI 0: μ is the location, not the mean, and contributions are terms of μ.
    case truncatedNormal = "truncated_normal"

    /// The form in which the sampler sees it: coefficients are integrated out under a normal likelihood only.
    func form(for wanted: PosteriorForm) -> PosteriorForm {
        self != .normal && wanted == .marginal ? .whitened : wanted
    }
}
