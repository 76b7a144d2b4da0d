import Wording

/// What becomes of a night's result, from best to worst.
package enum Verdict: String, Sendable, Hashable, Codable, Comparable, CaseIterable {
    /// It is the accepted result from now on.
    case promote
    /// The accepted result stays until somebody has looked.
    case hold
    /// The accepted result stays: this one is not to be used.
    case fail

    package static func < (left: Verdict, right: Verdict) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .promote: 0
        case .hold: 1
        case .fail: 2
        }
    }

    /// What French sentences say of a result that is not promoted; English ones have words of their own.
    static let toBeLookedAt: FrenchText = "le résultat est à vérifier avant usage"
    static let notToBeUsed: FrenchText = "le résultat ne doit pas être utilisé"
}

/// What a night's result is asked, in the order in which it is asked.
package enum Gate: String, Sendable, Hashable, Codable, CaseIterable {
    /// Whether the data are what was agreed.
    case data
    /// Whether the fit has converged.
    case convergence
    /// Whether the new weeks are what the accepted fit foresaw.
    case predictive
    /// Whether the model predicts each week no worse than before, and leans on none of them.
    case calibration
    /// How far the reported quantities moved.
    case drift
    /// Whether they moved as the new weeks let one expect.
    case expectedDrift = "expected_drift"
    /// How much of the recommended spend moved.
    case decision
    /// Whether the intervals agree with the data's own variability.
    case robustness
}
