import Posterior
import Wording

/// How far quantities moved beside how far the new and restated weeks alone let one expect.
package struct ExpectedDriftFindings: Sendable, Hashable {
    package struct Quantity: Sendable, Hashable {
        package var name: QuantityName
        /// Shift of the mean in standard deviations of the accepted result.
        package var shift: Double
        /// The shift that importance weights predict, in the same unit.
        package var expected: Double
        /// Monte Carlo standard error of the difference of the two.
        package var error: Double

        package init(name: QuantityName, shift: Double, expected: Double, error: Double) {
            self.name = name
            self.shift = shift
            self.expected = expected
            self.error = error
        }

        /// - Parameters:
        ///   - old: draws of the accepted result.
        ///   - provisional: the weights of the same draws after the new and restated weeks.
        ///   - new: draws of the new fit.
        package init(name: QuantityName, old: [Double], after provisional: ProvisionalPosterior, new: WeightedDraws) {
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
            let name = quantity.name.words.english
            let size = GateMeasure(.driftDifference, of: name, difference, bounds)
            let errors = GateMeasure(
                .driftDifferenceErrors, of: name, difference == 0 ? 0 : difference / quantity.error, bounds)
            measures += [
                GateMeasure(name: "shift", of: name, quantity.shift),
                GateMeasure(name: "expected_shift", of: name, quantity.expected), size, errors,
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
                gate: .expectedDrift, measures: [], verdict: .promote, sentence: DriftFindings.nothingToMove)
        }
        let verdict = Self.verdict(worst.size, worst.errors)
        return GateOutcome(
            gate: .expectedDrift, measures: measures, verdict: verdict,
            sentence: Self.sentence(worst.quantity, worst.size, worst.errors, verdict))
    }

    private static func sentence(
        _ quantity: Quantity, _ size: GateMeasure, _ errors: GateMeasure, _ verdict: Verdict
    ) -> Sentence {
        let name = quantity.name
        if size.value.isNaN {
            return Sentence(
                "How far \(name.words) moved, or should have, is not a number, so that the result is not to be used.",
                french: """
                    L’ampleur du déplacement \(name.owned), réel ou attendu, n’est pas un nombre : \
                    \(Verdict.notToBeUsed).
                    """)
        }
        let (moved, expected) = (quantity.shift, quantity.expected)
        let meaning =
            verdict == .promote
            ? Sentence("the weeks explain the drift", french: "les nouvelles périodes expliquent ce déplacement")
            : Sentence("code or data are at fault", french: "le programme ou les données sont en cause")
        return Sentence(
            "\(name.words) moved by \(Figure.threeDigits(moved)) standard deviations where the new weeks alone let one expect "
                + "\(Figure.threeDigits(expected)); the difference \(size.clause()), or "
                + "\(errors.phrase(.monteCarloErrors)): \(meaning).",
            french: """
                La moyenne \(name.owned) s’est déplacée de \(Figure.threeDigits(moved))\
                \(MeasureUnit.standardDeviations.after(moved)), là où les seules nouvelles périodes laissaient attendre \
                \(Figure.threeDigits(expected)) ; l’écart \(size.clause()), soit \(errors.phrase(.monteCarloErrors)) : \
                \(meaning).
                """)
    }

    /// The milder of the two, as both must be beyond their bounds; a NaN is none.
    private static func verdict(_ size: GateMeasure, _ errors: GateMeasure) -> Verdict {
        size.value.isNaN ? .fail : min(size.verdict, errors.verdict)
    }

    private func outcome(without missing: Missing, _ bounds: GateBounds) -> GateOutcome {
        let measures = quantities.map { GateMeasure(.drift, of: $0.name.words.english, abs($0.shift), bounds) }
        let why =
            switch missing {
            case .weightsUnusable:
                Sentence(
                    "The new weeks are too surprising to predict how far they move the answer",
                    french: """
                        Les nouvelles périodes surprennent trop pour que l’on prévoie de combien la réponse se déplace
                        """)
            case .modelChanged:
                Sentence(
                    "The model was changed, so that the new weeks alone do not tell how far the answer moves",
                    french: """
                        Le modèle a été modifié, si bien que les nouvelles périodes ne disent pas à elles seules de \
                        combien la réponse se déplace
                        """)
            }
        guard let worst = measures.worst,
            let subject = quantities.first(where: { $0.name.words.english == worst.subject })?.name
        else {
            return GateOutcome(
                gate: .expectedDrift, measures: [], verdict: .promote,
                sentence: Sentence(
                    "\(why), and no quantity could have moved.",
                    french: "\(why), et aucune grandeur n’aurait pu se déplacer."))
        }
        let verdict: Verdict = worst.value.isNaN ? .fail : min(.hold, worst.verdict)
        let meaning =
            verdict == .promote
            ? Sentence("so little needs no explanation", french: "si peu n’appelle pas d’explication")
            : Sentence(
                "whether the weeks explain it is not known, and somebody should look",
                french: "on ne sait pas si les nouvelles périodes l’expliquent, de sorte que \(Verdict.toBeLookedAt)")
        let phrase = worst.phrase(.standardDeviations)
        let sentence =
            worst.value.isNaN
            ? Sentence(
                "\(why); how far \(subject.words) moved is not a number, so that the result is not to be used.",
                french: """
                    \(why) ; l’ampleur du déplacement \(subject.owned) n’est pas un nombre, et \(Verdict.notToBeUsed).
                    """)
            : Sentence(
                "\(why); \(subject.words) moved by \(phrase), and \(meaning).",
                french: "\(why) ; la moyenne \(subject.owned) s’est déplacée de \(phrase), et \(meaning).")
        return GateOutcome(gate: .expectedDrift, measures: measures, verdict: verdict, sentence: sentence)
    }
}
