import Posterior
import Wording

/// How well a night's fit has converged.
package struct ConvergenceFindings: Sendable, Hashable {
    /// The worst of the reported quantities, with its name; nil where none varies.
    package var highestRHat: ConvergenceVerdict.Extreme?
    package var lowestBulkESS: ConvergenceVerdict.Extreme?
    package var lowestTailESS: ConvergenceVerdict.Extreme?
    /// Divergent draws ÷ draws after warm-up.
    package var divergentShare: Double
    /// One sentence each: why the fit misses the gate of every fit, `ConvergenceGate`; empty where it passes that.
    package var reasons: [Sentence]

    package init(
        highestRHat: ConvergenceVerdict.Extreme?, lowestBulkESS: ConvergenceVerdict.Extreme?,
        lowestTailESS: ConvergenceVerdict.Extreme?, divergentShare: Double, reasons: [Sentence]
    ) {
        self.highestRHat = highestRHat
        self.lowestBulkESS = lowestBulkESS
        self.lowestTailESS = lowestTailESS
        self.divergentShare = divergentShare
        self.reasons = reasons
    }

    /// Where only parameters that are not reported have not converged, the figures stand and there is no reason against
    /// them.
    package init(_ verdict: ConvergenceVerdict) {
        self.init(
            highestRHat: verdict.quantities.highestRHat, lowestBulkESS: verdict.quantities.lowestBulkESS,
            lowestTailESS: verdict.quantities.lowestTailESS,
            divergentShare: Double(verdict.divergences) / Double(max(1, verdict.draws)),
            reasons: verdict.outcome == .failed ? verdict.reasons : [])
    }

    /// A fit that misses the gate of every fit is held within the second bounds and failed beyond them; whatever the plan's
    /// bounds are, it is not promoted.
    package func outcome(_ bounds: GateBounds = GateBounds()) -> GateOutcome {
        guard let highestRHat, let lowestBulkESS, let lowestTailESS else {
            return GateOutcome(
                gate: .convergence, measures: [GateMeasure(.divergentShare, divergentShare, bounds)], verdict: .fail,
                sentence: Sentence(
                    "No reported quantity varies between draws, so that convergence cannot be judged and the result "
                        + "is not to be used.",
                    french: """
                        Aucune grandeur publiée ne varie d’un tirage à l’autre : la convergence ne peut pas être \
                        jugée, et \(Verdict.notToBeUsed).
                        """))
        }
        let sizes = lowestBulkESS.value <= lowestTailESS.value || lowestBulkESS.value.isNaN
        let lowest = sizes ? lowestBulkESS : lowestTailESS
        let measures = [
            GateMeasure(.rHat, of: highestRHat.name, highestRHat.value, bounds),
            GateMeasure(.effectiveSize, of: lowest.name, lowest.value, bounds),
            GateMeasure(.divergentShare, divergentShare, bounds),
        ]
        let measured = measures.verdict
        let verdict = max(measured, reasons.isEmpty ? .promote : .hold)
        let sentence: Sentence
        if measured == .promote, let reason = reasons.first {
            sentence = Sentence(
                "The fit misses its own convergence gate and is held until somebody has looked: \(reason)",
                french: """
                    L’ajustement ne satisfait pas à son propre contrôle de convergence et doit être vérifié avant \
                    usage : \(reason)
                    """)
        } else {
            let figures = measures.filter { $0.verdict == measured }.map(Self.words)
            let meaning =
                switch verdict {
                case .promote: Sentence("the fit has converged", french: "l’ajustement a convergé")
                case .hold:
                    Sentence(
                        "the fit has nearly converged, too little to be used unseen",
                        french: "l’ajustement a presque convergé, trop peu pour servir sans vérification")
                case .fail:
                    Sentence(
                        "the fit has not converged and is not to be used",
                        french: "l’ajustement n’a pas convergé, et \(Verdict.notToBeUsed)")
                }
            let text = figures.dropFirst().reduce(figures[0]) { Sentence("\($0); \($1)", french: "\($0) ; \($1)") }
            sentence = Sentence("\(text): \(meaning).", french: "\(text) : \(meaning).").capitalized
        }
        return GateOutcome(gate: .convergence, measures: measures, verdict: verdict, sentence: sentence)
    }

    private static func words(_ measure: GateMeasure) -> Sentence {
        let subject = measure.subject ?? ""
        let owned = QuantityName(subject).owned
        let figure =
            switch measure.figure {
            case .rHat: Sentence("R-hat of \(subject)", french: "le R-hat \(owned)")
            case .effectiveSize: Sentence("ESS of \(subject)", french: "la taille effective \(owned)")
            default: Sentence("the share of divergent draws", french: "la part de tirages divergents")
            }
        return Sentence("\(figure) \(measure.clause())", french: "\(figure) \(measure.clause())")
    }
}
