import Posterior

extension Manifest {
    /// What the convergence gate, or a study, says.
    ///
    /// Keys that older versions did not write are optional, so that their folders can be read.
    package struct Verdict: Codable, Sendable {
        /// The worst of several quantities; nil where none varies.
        package struct Extremes: Codable, Sendable {
            package var highestRHat: Extreme?
            package var lowestBulkESS: Extreme?
            package var lowestTailESS: Extreme?

            enum CodingKeys: String, CodingKey {
                case highestRHat = "r_hat_max"
                case lowestBulkESS = "ess_bulk_min"
                case lowestTailESS = "ess_tail_min"
            }
        }

        package var passed: Bool
        /// `passed`, `figures_only` where a parameter failed and no reported quantity did, or `failed`.
        package var outcome: String?
        /// The worst of reported quantities and parameters together.
        package var highestRHat: Extreme?
        package var lowestBulkESS: Extreme?
        package var lowestTailESS: Extreme?
        package var quantities: Extremes?
        package var parameters: Extremes?
        package var divergences: Int
        package var saturated: Int?
        package var draws: Int
        package var lowestEBFMI: Double?
        package var reasons: [String]
        /// What to try.
        package var advice: [String]?
        package var warnings: [String]

        package init(_ verdict: ConvergenceVerdict) {
            passed = verdict.passed
            outcome = verdict.outcome.rawValue
            highestRHat = Extreme(verdict.highestRHat)
            lowestBulkESS = Extreme(verdict.lowestBulkESS)
            lowestTailESS = Extreme(verdict.lowestTailESS)
            quantities = Extremes(verdict.quantities)
            parameters = Extremes(verdict.parameters)
            divergences = verdict.divergences
            saturated = verdict.saturated
            draws = verdict.draws
            lowestEBFMI = verdict.lowestEnergyFraction.isFinite ? verdict.lowestEnergyFraction : nil
            reasons = verdict.reasons.map(\.english)
            advice = verdict.advice.map(\.english)
            warnings = verdict.warnings.map(\.english)
        }

        /// Of a study.
        package init(passed: Bool, divergences: Int, draws: Int, reasons: [String], warnings: [String]) {
            self.passed = passed
            self.divergences = divergences
            self.draws = draws
            self.reasons = reasons
            self.warnings = warnings
        }

        enum CodingKeys: String, CodingKey {
            case passed, outcome, quantities, parameters, divergences, saturated, draws, reasons, advice, warnings
            case highestRHat = "r_hat_max"
            case lowestBulkESS = "ess_bulk_min"
            case lowestTailESS = "ess_tail_min"
            case lowestEBFMI = "e_bfmi_min"
        }
    }
}

extension Manifest.Extreme {
    init?(_ extreme: ConvergenceVerdict.Extreme?) {
        guard let extreme else { return nil }
        self.init(name: extreme.name, value: extreme.value)
    }
}

extension Manifest.Verdict.Extremes {
    init(_ extremes: ConvergenceVerdict.Extremes) {
        highestRHat = Manifest.Extreme(extremes.highestRHat)
        lowestBulkESS = Manifest.Extreme(extremes.lowestBulkESS)
        lowestTailESS = Manifest.Extreme(extremes.lowestTailESS)
    }
}
