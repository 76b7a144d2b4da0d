/// How far a parameter or a reported quantity moves with the prior and with the likelihood: a line of `sensitivity.csv`.
public struct SensitivityRow: Sendable, Hashable {
    public var name: String
    /// `PowerScaling.sensitivity` to the prior.
    public var prior: Double
    /// The same to the likelihood.
    public var likelihood: Double

    public init(name: String, prior: Double, likelihood: Double) {
        self.name = name
        self.prior = prior
        self.likelihood = likelihood
    }
}
