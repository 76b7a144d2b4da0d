/// How far a parameter or a reported quantity moves with the prior and with the likelihood: a line of `sensitivity.csv`.
public struct SensitivityRow: Sendable, Hashable, Codable {
    public var name: String
    /// `PowerScaling.sensitivity` to the prior.
    public var prior: Double
    /// The same to the likelihood.
    public var likelihood: Double
    /// How far what the data say lies from what the prior said, in standard deviations of what the prior foretells of it; nil
    /// where the data say too little, or the prior is not known.
    public var conflict: Double?

    public init(name: String, prior: Double, likelihood: Double, conflict: Double? = nil) {
        self.name = name
        self.prior = prior
        self.likelihood = likelihood
        self.conflict = conflict
    }

    /// What a posterior owes to prior and data.
    public enum Diagnosis: String, Sendable, Hashable, CaseIterable {
        case data
        case prior
        case both = "prior and data"
        /// Both matter, and they say different things.
        case conflict = "prior-data conflict"
        case neither
    }

    /// Sensitivities from this on matter (Kallioinen, Paananen, Bürkner & Vehtari 2024, section 3.3).
    private static let sensitivityMin = 0.05
    /// What lies as many standard deviations off comes once in eighty times where the truth comes from the prior.
    private static let conflictMin = 2.5

    /// Sensitivity to both parts is by itself no conflict: all priors are raised to a power together, so that whatever several
    /// priors inform moves with them, also towards what the data say. A conflict is where they disagree.
    public var diagnosis: Diagnosis {
        switch (prior >= Self.sensitivityMin, likelihood >= Self.sensitivityMin) {
        case (true, true): abs(conflict ?? 0) >= Self.conflictMin ? .conflict : .both
        case (true, false): .prior
        case (false, true): .data
        case (false, false): .neither
        }
    }
}
