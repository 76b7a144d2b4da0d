import Wording

/// How far the recommended split of the spend moved.
package struct DecisionFindings: Sendable, Hashable {
    /// Share of the recommended spend that moved between channels, in [0, 1]: `RecommendedSplit.moved(from:to:)`.
    package var moved: Double
    /// The channel whose share moved most; nil where none did.
    package var largest: String?

    package init(moved: Double, largest: String? = nil) {
        self.moved = moved
        self.largest = largest
    }

    package func outcome(_ bounds: GateBounds = GateBounds()) -> GateOutcome {
        let measure = GateMeasure(.spendMoved, of: largest, moved, bounds)
        let most =
            largest.flatMap { channel in
                moved > 0
                    ? Sentence(", most of \(channel)", french: ", surtout au titre du canal \(code: channel)") : nil
            } ?? Sentence("", french: "")
        let meaning =
            switch measure.verdict {
            case .promote: Sentence("the advice stays much as it was", french: "la recommandation ne change guère")
            case .hold:
                Sentence(
                    "somebody should look before the advice changes",
                    french: "la recommandation est à vérifier avant d’être suivie")
            case .fail:
                Sentence(
                    "advice that changes so much over night is not to be used",
                    french: "une recommandation qui change à ce point d’une fois à l’autre ne doit pas être suivie")
            }
        return GateOutcome(
            gate: .decision, measures: [measure], verdict: measure.verdict,
            sentence: Sentence(
                "The share of the recommended spend that moved between channels \(measure.clause())\(most): \(meaning).",
                french: """
                    La part de la dépense recommandée qui passe d’un canal à un autre \(measure.clause())\(most) : \
                    \(meaning).
                    """))
    }
}
