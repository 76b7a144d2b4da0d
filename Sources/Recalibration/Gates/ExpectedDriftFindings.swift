import Posterior

/// How far quantities moved beside how far the new and restated weeks alone let one expect.
package struct ExpectedDriftFindings: Sendable, Hashable {
    package struct Quantity: Sendable, Hashable {
        package var name: String
        /// Shift of the mean in standard deviations of the accepted result.
        package var shift: Double
        /// The shift that importance weights predict, in the same unit.
        package var expected: Double
        /// Monte Carlo standard error of the difference of the two.
        package var error: Double

        package init(name: String, shift: Double, expected: Double, error: Double) {
            self.name = name
            self.shift = shift
            self.expected = expected
            self.error = error
        }

        /// - Parameters:
        ///   - old: draws of the accepted result.
        ///   - provisional: the weights of the same draws after the new and restated weeks.
        ///   - new: draws of the new fit.
        package init(name: String, old: [Double], after provisional: ProvisionalPosterior, new: WeightedDraws) {
            let before = WeightedDraws(old, chainCount: provisional.chainCount)
            let predicted = provisional.draws(of: old)
            let sd = before.sd
            func inDeviations(_ value: Double) -> Double { value == 0 ? 0 : value / sd }
            // The mean of the old draws cancels from the difference, and so does its error.
            let (a, b) = (predicted.meanError, new.meanError)
            self.init(
                name: name, shift: inDeviations(new.mean - before.mean),
                expected: inDeviations(predicted.mean - before.mean), error: inDeviations((a * a + b * b).squareRoot()))
        }
    }

    /// Why there is no prediction.
    package enum Missing: String, Sendable, Hashable, Codable {
        /// The weights are not usable: the new weeks moved the posterior further than its draws reach.
        case weightsUnusable = "weights_unusable"
        /// The model was changed, so that more than the weeks moved the answer.
        case modelChanged = "model_changed"
    }

    package var quantities: [Quantity]
    /// Nil where the predictions may be relied on.
    package var missing: Missing?

    package init(quantities: [Quantity], missing: Missing? = nil) {
        self.quantities = quantities
        self.missing = missing
    }

    /// A quantity disagrees where it differs from its prediction by more than both bounds, in standard deviations and in
    /// Monte Carlo errors: the weeks do not explain the drift, so code or data are at fault. Without predictions the gate
    /// holds a drift that the drift gate would not promote.
    package func outcome(_ bounds: GateBounds = GateBounds()) -> GateOutcome {
        if let missing { return outcome(without: missing, bounds) }
        var measures: [GateMeasure] = []
        var worst: (quantity: Quantity, size: GateMeasure, errors: GateMeasure)?
        for quantity in quantities {
            let difference = abs(quantity.shift - quantity.expected)
            let size = GateMeasure(.driftDifference, of: quantity.name, difference, bounds)
            let errors = GateMeasure(
                .driftDifferenceErrors, of: quantity.name, difference == 0 ? 0 : difference / quantity.error, bounds)
            measures += [
                GateMeasure(name: "shift", of: quantity.name, quantity.shift),
                GateMeasure(name: "expected_shift", of: quantity.name, quantity.expected), size, errors,
            ]
            let own = Self.verdict(size, errors)
            if let worst {
                let other = Self.verdict(worst.size, worst.errors)
                if (other, worst.size.excess) >= (own, size.excess) { continue }
            }
            worst = (quantity, size, errors)
        }
        guard let worst else {
            return GateOutcome(
                gate: .expectedDrift, measures: [], verdict: .promote,
                sentence: "There is no quantity that could have moved.")
        }
        let verdict = Self.verdict(worst.size, worst.errors)
        let moved = Figure.threeDigits(worst.quantity.shift)
        let expected = Figure.threeDigits(worst.quantity.expected)
        let sentence =
            worst.size.value.isNaN
            ? "How far \(worst.quantity.name) moved, or should have, is not a number, so that the result is not to be used."
            : "\(worst.quantity.name) moved by \(moved) standard deviations where the new weeks alone let one expect "
                + "\(expected); the difference is \(worst.size.phrase()), or "
                + "\(worst.errors.phrase(unit: " Monte Carlo errors")): "
                + (verdict == .promote ? "the weeks explain the drift." : "code or data are at fault.")
        return GateOutcome(gate: .expectedDrift, measures: measures, verdict: verdict, sentence: sentence)
    }

    /// The milder of the two, as both must be beyond their bounds; a NaN is none.
    private static func verdict(_ size: GateMeasure, _ errors: GateMeasure) -> Verdict {
        size.value.isNaN ? .fail : min(size.verdict, errors.verdict)
    }

    private func outcome(without missing: Missing, _ bounds: GateBounds) -> GateOutcome {
        let measures = quantities.map { GateMeasure(.drift, of: $0.name, abs($0.shift), bounds) }
        let why: String =
            switch missing {
            case .weightsUnusable: "The new weeks are too surprising to predict how far they move the answer"
            case .modelChanged:
                "The model was changed, so that the new weeks alone do not tell how far the answer moves"
            }
        guard let worst = measures.worst, let subject = worst.subject else {
            return GateOutcome(
                gate: .expectedDrift, measures: [], verdict: .promote,
                sentence: "\(why), and no quantity could have moved.")
        }
        let verdict: Verdict = worst.value.isNaN ? .fail : min(.hold, worst.verdict)
        let meaning =
            verdict == .promote
            ? "so little needs no explanation" : "whether the weeks explain it is not known, and somebody should look"
        return GateOutcome(
            gate: .expectedDrift, measures: measures, verdict: verdict,
            sentence: "\(why); \(subject) moved by \(worst.phrase(unit: " standard deviations")), and \(meaning).")
    }
}
