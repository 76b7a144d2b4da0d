import Posterior

/// How far the reported quantities moved from the accepted result.
package struct DriftFindings: Sendable, Hashable {
    package struct Quantity: Sendable, Hashable {
        /// Such as `roi of tv`.
        package var name: String
        package var drift: DriftMeasure

        package init(name: String, drift: DriftMeasure) {
            self.name = name
            self.drift = drift
        }
    }

    package var quantities: [Quantity]
    /// Why the data let one expect that they moved, such as a restated history or a regime change that somebody stated; nil
    /// where nothing is known.
    package var cause: String?

    package init(quantities: [Quantity], cause: String? = nil) {
        self.quantities = quantities
        self.cause = cause
    }

    /// Drift beyond the second bound is held where there is a cause in the data, and failed where there is none.
    package func outcome(_ bounds: GateBounds = GateBounds()) -> GateOutcome {
        let measures = quantities.flatMap { quantity in
            [
                GateMeasure(.drift, of: quantity.name, abs(quantity.drift.shift), bounds),
                GateMeasure(.wasserstein, of: quantity.name, quantity.drift.wasserstein, bounds),
                GateMeasure(name: "overlap", of: quantity.name, quantity.drift.overlap),
            ]
        }
        guard let worst = measures.worst, let subject = worst.subject else {
            return GateOutcome(
                gate: .drift, measures: [], verdict: .promote, sentence: "There is no quantity that could have moved.")
        }
        let excused = worst.verdict == .fail && !worst.value.isNaN && cause != nil
        let verdict = excused ? .hold : worst.verdict
        let what = worst.figure == .drift ? "The mean of \(subject) moved by" : "The draws of \(subject) moved by"
        let meaning: String =
            if let cause, excused {
                "there is a cause in the data, \(cause), so somebody should look before it is used"
            } else {
                switch worst.verdict {
                case .promote: "no quantity moved further"
                case .hold: "somebody should look before it is used"
                case .fail: "nothing in the data explains that, and the result is not to be used"
                }
            }
        let sentence =
            worst.value.isNaN
            ? "How far \(subject) moved is not a number, so that the result is not to be used."
            : "\(what) \(worst.phrase(unit: " standard deviations")): \(meaning)."
        return GateOutcome(gate: .drift, measures: measures, verdict: verdict, sentence: sentence)
    }
}
