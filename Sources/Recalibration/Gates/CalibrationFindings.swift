import Posterior
import Wording

/// How the new fit predicts each week that it did not leave out, beside the accepted one.
package struct CalibrationFindings: Sendable, Hashable {
    package struct Week: Sendable, Hashable {
        package var name: String
        /// Pareto k of leaving the week out.
        package var shape: Double
        /// Whether its k was high in the accepted fit too: that is no news.
        package var wasDoubtful: Bool

        package init(name: String, shape: Double, wasDoubtful: Bool) {
            self.name = name
            self.shape = shape
            self.wasDoubtful = wasDoubtful
        }
    }

    package var weeks: [Week]
    /// From this k on a week is doubtful: 0.7, or `LeaveOneOut.shapeLimit` of few draws.
    package var shapeLimit: Double
    /// Σ of the leave-one-out scores of the weeks that both fits know, new less accepted, and its standard error; nil where
    /// there is no such week.
    package var difference: Double?
    package var differenceError: Double?

    package init(
        weeks: [Week], shapeLimit: Double = 0.7, difference: Double? = nil, differenceError: Double? = nil
    ) {
        self.weeks = weeks
        self.shapeLimit = shapeLimit
        self.difference = difference
        self.differenceError = differenceError
    }

    package func outcome(_ bounds: GateBounds = GateBounds()) -> GateOutcome {
        let doubtful = weeks.filter { !($0.shape < shapeLimit) }
        let fresh = doubtful.filter { !$0.wasDoubtful }
        var measures = [
            GateMeasure(.doubtfulWeeks, Double(fresh.count), bounds),
            GateMeasure(name: "doubtful_weeks_before", Double(doubtful.count - fresh.count)),
        ]
        let highest = weeks.first { $0.shape.isNaN } ?? weeks.max { $0.shape < $1.shape }
        if let highest { measures.append(GateMeasure(name: "highest_shape", of: highest.name, highest.shape)) }
        var loss: GateMeasure?
        if let difference, let differenceError {
            measures.append(GateMeasure(name: "elpd_difference", difference))
            measures.append(GateMeasure(name: "elpd_difference_error", differenceError))
            let errors = difference == 0 ? 0 : -difference / differenceError
            loss = GateMeasure(.predictiveLoss, errors, bounds)
            measures.append(loss!)
        }
        let verdict = measures.verdict
        let sentence: Sentence
        let limit = Figure.threeDigits(shapeLimit)
        let count = fresh.count
        if let loss, verdict > .promote, loss.verdict == verdict {
            let phrase = loss.phrase(.standardErrors)
            sentence = Sentence(
                "Weeks that both results know are predicted worse than before, by \(phrase): the model has changed for the "
                    + "worse, and somebody should look.",
                french: """
                    Les périodes communes aux deux résultats sont moins bien prévues qu’avant, de \(phrase) : le \
                    modèle s’est dégradé, et \(Verdict.toBeLookedAt).
                    """)
        } else if verdict > .promote, let worst = fresh.max(by: { $0.shape < $1.shape }) {
            sentence = Sentence(
                "\(count) \(count == 1 ? "week has" : "weeks have") a Pareto k of \(limit) or more and had not "
                    + "in the accepted result, \(worst.name) the highest: the result leans on "
                    + "\(count == 1 ? "it" : "them"), and somebody should look.",
                french: """
                    \(count) \(code: count == 1 ? "période a" : "périodes ont") un k de Pareto d’au moins \(limit), ce \
                    qui n’était pas le cas dans le résultat de référence (le plus élevé : \(worst.name)) : le \
                    résultat dépend trop \(code: count == 1 ? "de cette période" : "de ces périodes") et doit être \
                    vérifié avant usage.
                    """)
        } else if verdict == .promote {
            sentence = Self.promoted(leaningOn: count, limit: limit, comparesScores: loss != nil)
        } else {
            sentence = Sentence(
                "How the result predicts each week is not a number, so that it is not to be used.",
                french: "La qualité de prévision des périodes n’est pas un nombre : \(Verdict.notToBeUsed).")
        }
        return GateOutcome(gate: .calibration, measures: measures, verdict: verdict, sentence: sentence)
    }

    private static func promoted(leaningOn count: Int, limit: String, comparesScores: Bool) -> Sentence {
        let (weeks, which): (String, FrenchText) =
            switch count {
            case 0: ("no week", "ne dépend d’aucune période dont")
            case 1: ("1 week", "dépend de 1 période dont")
            default: ("\(count) weeks", "dépend de \(count) périodes dont")
            }
        return Sentence(
            "The result leans on \(weeks) that the accepted one did not lean on, by a Pareto k of \(limit) or more"
                + "\(comparesScores ? ", and predicts the weeks both know no worse" : "").",
            french: """
                Le résultat \(which) celui de référence ne dépendait pas (k de Pareto d’au moins \(limit))\
                \(code: comparesScores ? ", et ne prévoit pas moins bien les périodes communes" : "").
                """)
    }
}
