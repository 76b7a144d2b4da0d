/// How a posterior is presented to the sampler. All forms have the same posterior of every parameter.
package enum PosteriorForm: String, Sendable, Hashable, CaseIterable {
    /// Coefficients with Normal priors are integrated out and drawn afterwards; those that stay are whitened.
    case marginal
    /// All coefficients are sampled in coordinates in which their posterior is about a standard normal.
    case whitened
    /// All coefficients are sampled, each scaled and centred by itself.
    case joint

    /// Media coefficients are sampled as the logarithm of the channel's mean contribution.
    package var hasContributionCoordinates: Bool { self != .joint }
}
