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
    package var reasons: [String]

    package init(
        highestRHat: ConvergenceVerdict.Extreme?, lowestBulkESS: ConvergenceVerdict.Extreme?,
        lowestTailESS: ConvergenceVerdict.Extreme?, divergentShare: Double, reasons: [String]
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
            reasons: verdict.outcome == .failed ? verdict.reasons.map(\.english) : [])
    }

    /// A fit that misses the gate of every fit is held within the second bounds and failed beyond them; whatever the plan's
    /// bounds are, it is not promoted.
    package func outcome(_ bounds: GateBounds = GateBounds()) -> GateOutcome {
        guard let highestRHat, let lowestBulkESS, let lowestTailESS else {
            return GateOutcome(
                gate: .convergence, measures: [GateMeasure(.divergentShare, divergentShare, bounds)], verdict: .fail,
                sentence:
                    "No reported quantity varies between draws, so that convergence cannot be judged and the result "
                    + "is not to be used.")
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
        let sentence: String
        if measured == .promote, let reason = reasons.first {
            sentence = "The fit misses its own convergence gate and is held until somebody has looked: \(reason)"
        } else {
            let figures = measures.filter { $0.verdict == measured }.map { "\(Self.words($0)) is \($0.phrase())" }
            let meaning: String =
                switch verdict {
                case .promote: "the fit has converged"
                case .hold: "the fit has nearly converged, too little to be used unseen"
                case .fail: "the fit has not converged and is not to be used"
                }
            let text = figures.joined(separator: "; ")
            sentence = "\(text.prefix(1).uppercased())\(text.dropFirst()): \(meaning)."
        }
        return GateOutcome(gate: .convergence, measures: measures, verdict: verdict, sentence: sentence)
    }

    private static func words(_ measure: GateMeasure) -> String {
        switch measure.figure {
        case .rHat: "R-hat of \(measure.subject ?? "")"
        case .effectiveSize: "ESS of \(measure.subject ?? "")"
        default: "the share of divergent draws"
        }
    }
}
