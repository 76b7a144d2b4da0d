import Wording

/// What is unusual about a night's data.
package struct DataFindings: Sendable, Hashable {
    /// One sentence each: the data are not what was agreed, and a fit of them would mean something else.
    package var errors: [Sentence]
    /// One sentence each: what else somebody should look at.
    package var warnings: [Sentence]
    /// Weeks without data between the first and the last.
    package var missingWeeks: [String]
    /// Channels that were spent on and suddenly are not.
    package var stoppedChannels: [String]
    /// Rows known before that are not what they were, as a share of them.
    package var restatedShare: Double

    package init(
        errors: [Sentence] = [], warnings: [Sentence] = [], missingWeeks: [String] = [], stoppedChannels: [String] = [],
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

    private func sentence(_ measures: [GateMeasure], verdict: Verdict) -> Sentence {
        let missing = measures[2]
        let stopped = measures[3]
        let restated = measures[4]
        if verdict == .promote {
            return Sentence(
                "The data are as agreed: "
                    + "\(Self.counted(missingWeeks.count, "missing week")), "
                    + "\(Self.counted(stoppedChannels.count, "channel")) whose spend stopped, and the share of rows that were "
                    + "restated \(restated.clause()).",
                french: """
                    Les données sont conformes : \(code: Self.frenchMissing(missingWeeks.count)), \
                    \(code: Self.frenchStopped(stoppedChannels.count)), et la part de lignes retraitées \
                    \(restated.clause()).
                    """)
        }
        if let first = errors.first {
            return Sentence(
                "The data have \(Self.counted(errors.count, "error")), so that a fit of them would not mean what it "
                    + "says: \(first)",
                french: """
                    Les données comportent \(errors.count) erreur\(code: errors.count == 1 ? "" : "s"), si bien qu’un \
                    ajustement serait trompeur : \(first)
                    """)
        }
        let consequence =
            verdict == .hold
            ? Sentence("somebody should look before it is used", french: Verdict.toBeLookedAt)
            : Sentence("it is not to be used", french: Verdict.notToBeUsed)
        func worse(_ measure: GateMeasure) -> Bool { measure.verdict == verdict }
        if worse(missing) {
            let (weeks, count) = (Self.first(missingWeeks), missingWeeks.count)
            return Sentence(
                "\(Self.counted(count, "week")) of the data \(count == 1 ? "is" : "are") missing, \(weeks): "
                    + "\(consequence).",
                french: """
                    \(count) période\(code: count == 1 ? " manque" : "s manquent") dans les données (\(weeks)) : \
                    \(consequence).
                    """)
        }
        if worse(stopped) {
            let channels = Self.first(stoppedChannels)
            return Sentence(
                "The spend of \(channels) is suddenly 0: \(consequence).",
                french: "La dépense tombe soudain à 0 (\(channels)) : \(consequence).")
        }
        if worse(restated) {
            return Sentence(
                "The share of rows that were restated \(restated.clause()): \(consequence).",
                french: "La part de lignes retraitées \(restated.clause()) : \(consequence).")
        }
        let count = warnings.count
        return Sentence(
            "The data have \(Self.counted(count, "warning")), and \(consequence): \(warnings[0])",
            french: """
                Les données appellent \(count) mise\(code: count == 1 ? "" : "s") en garde, et \(consequence) : \
                \(warnings[0])
                """)
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count == 0 ? "no" : String(count)) \(noun)\(count == 1 ? "" : "s")"
    }

    private static func frenchMissing(_ count: Int) -> String {
        count == 0 ? "aucune période manquante" : "\(count) période\(count == 1 ? " manquante" : "s manquantes")"
    }

    private static func frenchStopped(_ count: Int) -> String {
        (count == 0 ? "aucun canal" : "\(count) cana\(count == 1 ? "l" : "ux")") + " dont la dépense s’est arrêtée"
    }

    /// Three names at the most; French has days in its own order.
    private static func first(_ names: [String]) -> Sentence {
        let shown = names.prefix(3)
        let (english, rest) = (shown.joined(separator: ", "), names.count - shown.count)
        let french = shown.map { FrenchText.day($0) ?? $0 }.joined(separator: ", ")
        guard rest > 0 else { return Sentence(english, french: "\(code: french)") }
        let others = rest == 1 ? "autre" : "autres"
        return Sentence("\(english) and \(rest) more", french: "\(code: french) et \(rest) \(code: others)")
    }
}
