/// What a parameter or a reported quantity owes to the prior and to the data: a line of `sensitivity.csv`.
public struct SensitivityRow: Sendable, Hashable {
    /// What the two sensitivities say together.
    public enum Diagnosis: String, Sendable, Hashable {
        case none = "-"
        /// Both matter and, moved apart, would move the figure.
        case conflict = "prior-data conflict"
        /// The prior matters and the data hardly do.
        case priorDriven = "strong prior or weak likelihood"
    }

    public var name: String
    public var prior: Double
    public var likelihood: Double

    public init(name: String, prior: Double, likelihood: Double) {
        self.name = name
        self.prior = prior
        self.likelihood = likelihood
    }

    public var diagnosis: Diagnosis {
        guard prior >= PowerScaling.threshold else { return .none }
        return likelihood >= PowerScaling.threshold ? .conflict : .priorDriven
    }
}
