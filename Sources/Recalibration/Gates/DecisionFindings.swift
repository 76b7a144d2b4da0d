import Posterior

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
        let most = largest.map { ", most of \($0)" } ?? ""
        let meaning: String =
            switch measure.verdict {
            case .promote: "the advice stays much as it was"
            case .hold: "somebody should look before the advice changes"
            case .fail: "advice that changes so much over night is not to be used"
            }
        return GateOutcome(
            gate: .decision, measures: [measure], verdict: measure.verdict,
            sentence: "The share of the recommended spend that moved between channels is \(measure.phrase())"
                + "\(measure.value > 0 ? most : ""): \(meaning).")
    }
}
