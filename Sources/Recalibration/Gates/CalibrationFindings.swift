import Posterior

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
        let count = GateMeasure(.doubtfulWeeks, Double(fresh.count), bounds)
        var measures = [count, GateMeasure(name: "doubtful_weeks_before", Double(doubtful.count - fresh.count))]
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
        let sentence: String
        let limit = Figure.threeDigits(shapeLimit)
        if let loss, verdict > .promote, loss.verdict == verdict {
            sentence =
                "Weeks that both results know are predicted worse than before, by "
                + "\(loss.phrase(unit: " standard errors")): the model has changed for the worse, and somebody should look."
        } else if verdict > .promote, let worst = fresh.max(by: { $0.shape < $1.shape }) {
            sentence =
                "\(fresh.count) \(fresh.count == 1 ? "week has" : "weeks have") a Pareto k of \(limit) or more and had not "
                + "in the accepted result, \(worst.name) the highest: the result leans on "
                + "\(fresh.count == 1 ? "it" : "them"), and somebody should look."
        } else if verdict == .promote {
            sentence =
                "The result leans on \(fresh.isEmpty ? "no" : String(fresh.count)) week that the accepted one did not lean "
                + "on, by a Pareto k of \(limit) or more\(loss == nil ? "" : ", and predicts the weeks both know no worse")."
        } else {
            sentence = "How the result predicts each week is not a number, so that it is not to be used."
        }
        return GateOutcome(gate: .calibration, measures: measures, verdict: verdict, sentence: sentence)
    }
}
