/// What is unusual about a night's data.
package struct DataFindings: Sendable, Hashable {
    /// One sentence each: the data are not what was agreed, and a fit of them would mean something else.
    package var errors: [String]
    /// One sentence each: what else somebody should look at.
    package var warnings: [String]
    /// Weeks without data between the first and the last.
    package var missingWeeks: [String]
    /// Channels that were spent on and suddenly are not.
    package var stoppedChannels: [String]
    /// Rows known before that are not what they were, as a share of them.
    package var restatedShare: Double

    package init(
        errors: [String] = [], warnings: [String] = [], missingWeeks: [String] = [], stoppedChannels: [String] = [],
        restatedShare: Double = 0
    ) {
        self.errors = errors
        self.warnings = warnings
        self.missingWeeks = missingWeeks
        self.stoppedChannels = stoppedChannels
        self.restatedShare = restatedShare
    }

    package func outcome(_ bounds: GateBounds = GateBounds()) -> GateOutcome {
        let measures = [
            GateMeasure(name: "errors", Double(errors.count)), GateMeasure(name: "warnings", Double(warnings.count)),
            GateMeasure(.missingWeeks, Double(missingWeeks.count), bounds),
            GateMeasure(.stoppedChannels, Double(stoppedChannels.count), bounds),
            GateMeasure(.restatedShare, restatedShare, bounds),
        ]
        let verdict = max(measures.verdict, errors.isEmpty ? warnings.isEmpty ? .promote : .hold : .fail)
        return GateOutcome(
            gate: .data, measures: measures, verdict: verdict, sentence: sentence(measures, verdict: verdict))
    }

    private func sentence(_ measures: [GateMeasure], verdict: Verdict) -> String {
        let missing = measures[2]
        let stopped = measures[3]
        let restated = measures[4]
        if verdict == .promote {
            return "The data are as agreed: "
                + "\(Self.counted(missingWeeks.count, "missing week")), "
                + "\(Self.counted(stoppedChannels.count, "channel")) whose spend stopped, and the share of rows that were "
                + "restated is \(restated.phrase())."
        }
        if let first = errors.first {
            return "The data have \(Self.counted(errors.count, "error")), so that a fit of them would not mean what it "
                + "says: \(first)"
        }
        let consequence = verdict == .hold ? "somebody should look before it is used" : "it is not to be used"
        func worse(_ measure: GateMeasure) -> Bool { measure.verdict == verdict }
        if worse(missing) {
            return "\(Self.counted(missingWeeks.count, "week")) of the data \(missingWeeks.count == 1 ? "is" : "are") "
                + "missing, \(Self.first(missingWeeks)): \(consequence)."
        }
        if worse(stopped) {
            return "The spend of \(Self.first(stoppedChannels)) is suddenly 0: \(consequence)."
        }
        if worse(restated) {
            return "The share of rows that were restated is \(restated.phrase()): \(consequence)."
        }
        return "The data have \(Self.counted(warnings.count, "warning")), and \(consequence): \(warnings[0])"
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count == 0 ? "no" : String(count)) \(noun)\(count == 1 ? "" : "s")"
    }

    /// Three names at the most.
    private static func first(_ names: [String]) -> String {
        let shown = names.prefix(3).joined(separator: ", ")
        return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
    }
}
