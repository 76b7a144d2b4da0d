import Wording

/// How far the reported quantities moved from the accepted result.
package struct DriftFindings: Sendable, Hashable {
    package struct Quantity: Sendable, Hashable {
        package var name: QuantityName
        package var drift: DriftMeasure

        package init(name: QuantityName, drift: DriftMeasure) {
            self.name = name
            self.drift = drift
        }
    }

    package var quantities: [Quantity]
    /// Why the data let one expect that they moved, such as a restated history or a regime change that somebody stated; nil
    /// where nothing is known.
    package var cause: Sentence?

    package init(quantities: [Quantity], cause: Sentence? = nil) {
        self.quantities = quantities
        self.cause = cause
    }

    /// Drift beyond the second bound is held where there is a cause in the data, and failed where there is none.
    package func outcome(_ bounds: GateBounds = GateBounds()) -> GateOutcome {
        let measures = quantities.flatMap { quantity in
            let name = quantity.name.words.english
            return [
                GateMeasure(.drift, of: name, abs(quantity.drift.shift), bounds),
                GateMeasure(.wasserstein, of: name, quantity.drift.wasserstein, bounds),
                GateMeasure(name: "overlap", of: name, quantity.drift.overlap),
            ]
        }
        guard let worst = measures.worst,
            let subject = quantities.first(where: { $0.name.words.english == worst.subject })?.name
        else {
            return GateOutcome(gate: .drift, measures: [], verdict: .promote, sentence: Self.nothingToMove)
        }
        let excused = worst.verdict == .fail && !worst.value.isNaN && cause != nil
        let verdict = excused ? .hold : worst.verdict
        let phrase = worst.phrase(.standardDeviations)
        let meaning = meaning(of: worst.verdict, isExcused: excused)
        let what =
            worst.figure == .drift
            ? Sentence("The mean", french: "La moyenne") : Sentence("The draws", french: "La distribution")
        let sentence =
            worst.value.isNaN
            ? Sentence(
                "How far \(subject.words) moved is not a number, so that the result is not to be used.",
                french: "L’ampleur du déplacement \(subject.owned) n’est pas un nombre : \(Verdict.notToBeUsed).")
            : Sentence(
                "\(what) \(subject.owned) moved by \(phrase): \(meaning).",
                french: "\(what) \(subject.owned) s’est déplacée de \(phrase) : \(meaning).")
        return GateOutcome(gate: .drift, measures: measures, verdict: verdict, sentence: sentence)
    }

    /// Of no quantity.
    static var nothingToMove: Sentence {
        Sentence("There is no quantity that could have moved.", french: "Aucune grandeur n’aurait pu se déplacer.")
    }

    private func meaning(of verdict: Verdict, isExcused: Bool) -> Sentence {
        if let cause, isExcused {
            return Sentence(
                "there is a cause in the data, \(cause), so somebody should look before it is used",
                french: "les données en donnent la cause (\(cause)), et \(Verdict.toBeLookedAt)")
        }
        return switch verdict {
        case .promote:
            Sentence("no quantity moved further", french: "aucune grandeur ne s’est déplacée davantage")
        case .hold: Sentence("somebody should look before it is used", french: Verdict.toBeLookedAt)
        case .fail:
            Sentence(
                "nothing in the data explains that, and the result is not to be used",
                french: "rien dans les données ne l’explique, et \(Verdict.notToBeUsed)")
        }
    }
}
