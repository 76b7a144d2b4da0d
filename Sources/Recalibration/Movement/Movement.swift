/// What moved a quantity between two accepted results, and why.
///
/// The way from the old mean to the new one has four stations: the old draws; the same draws as they weigh after the
/// restated history; as they weigh after the new weeks too; the draws of the new fit. Each step has one cause.
package struct Movement: Sendable, Hashable {
    package enum Cause: String, Sendable, Hashable, Codable, CaseIterable {
        case newWeeks = "new_weeks"
        case restatedHistory = "restated_history"
        case changedModel = "changed_model"
        case monteCarloError = "monte_carlo_error"
    }

    package struct Part: Sendable, Hashable {
        /// In the quantity's unit.
        package let change: Double
        /// Monte Carlo standard error of `change`; steps between weights of the same draws are known better than their ends.
        package let error: Double

        static let none = Part(change: 0, error: 0)
    }

    /// Which of the steps were taken by importance weights.
    package enum Separation: String, Sendable, Hashable, Codable {
        /// All: each cause has its own part.
        case complete
        /// Weights reach to the restated history and not to the new weeks, whose part is what the new fit adds: of an
        /// unchanged model it holds the Monte Carlo error, of a changed one it is not told from the change of the model.
        case restatedHistoryOnly = "restated_history_only"
        /// None: the whole change is in one part, of the changed model if it was changed, else of the new weeks, else of the
        /// restated history.
        case none
    }

    package let quantity: String
    package let oldMean: Double
    package let newMean: Double
    /// Of the old draws, the unit of drift.
    package let oldSD: Double
    /// `newMean` − `oldMean`.
    package let total: Part
    package let newWeeks: Part
    package let restatedHistory: Part
    package let changedModel: Part
    package let monteCarloError: Part
    package let separation: Separation
    /// True where the model is as it was, weights are usable, and the new fit is still elsewhere than they say, by more than
    /// four Monte Carlo errors and a tenth of a standard deviation: code or data are at fault.
    package let isUnexplained: Bool

    /// - Parameters:
    ///   - quantity: its name.
    ///   - old: draws of the accepted result over its own window and history.
    ///   - restated: the quantity by the same draws over the restated history, with the weights after it; nil where nothing
    ///     was restated.
    ///   - updated: by the same draws over the new window, with the weights after the restated history and the new weeks; nil
    ///     where there are no new weeks.
    ///   - new: draws of the new fit.
    ///   - modelChanged: whether model, priors, constants or settings differ between the two fits.
    package init(
        quantity: String, old: WeightedDraws, restated: WeightedStation?, updated: WeightedStation?, new: WeightedDraws,
        modelChanged: Bool
    ) {
        self.quantity = quantity
        oldMean = old.mean
        newMean = new.mean
        oldSD = old.sd
        let total = Part(change: newMean - oldMean, error: Self.independent(old, new))
        self.total = total

        // Stations as far as the weights reach.
        let reachesHistory = restated?.isUsable ?? true
        let reachesWeeks = reachesHistory && (updated?.isUsable ?? true)
        separation = reachesWeeks ? .complete : reachesHistory ? .restatedHistoryOnly : .none
        let history = reachesHistory ? restated?.draws ?? old : old
        let weeks = reachesWeeks ? updated?.draws ?? history : history
        let historyPart = reachesHistory && restated != nil ? Self.step(old, history) : .none
        let weeksPart = reachesWeeks && updated != nil ? Self.step(history, weeks) : .none
        // The last step is what is left of the total, so that the parts add up to it.
        let rest = Part(
            change: total.change - (historyPart.change + weeksPart.change), error: Self.independent(weeks, new))

        var parts: [Cause: Part] = [.restatedHistory: historyPart, .newWeeks: weeksPart]
        let last: Cause =
            modelChanged
            ? .changedModel : reachesWeeks ? .monteCarloError : updated != nil ? .newWeeks : .restatedHistory
        parts[last] = rest
        newWeeks = parts[.newWeeks] ?? .none
        restatedHistory = parts[.restatedHistory] ?? .none
        changedModel = parts[.changedModel] ?? .none
        monteCarloError = parts[.monteCarloError] ?? .none
        isUnexplained =
            last == .monteCarloError && !(abs(rest.change) <= 4 * rest.error) && !(abs(rest.change) <= 0.1 * oldSD)
    }

    package subscript(cause: Cause) -> Part {
        switch cause {
        case .newWeeks: newWeeks
        case .restatedHistory: restatedHistory
        case .changedModel: changedModel
        case .monteCarloError: monteCarloError
        }
    }

    /// |sum of the parts − total change| as a share of the largest of them and the two means: the parts add up where it is
    /// below 1e-9. NaN where a draw is no finite number.
    package var imbalance: Double {
        let sum = Cause.allCases.map { self[$0].change }.reduce(0, +)
        let sizes = Cause.allCases.map { abs(self[$0].change) } + [abs(oldMean), abs(newMean)]
        let difference = abs(sum - total.change)
        return difference == 0 ? 0 : difference / (sizes.max() ?? 0)
    }

    package var addsUp: Bool { imbalance < 1e-9 }

    private static func independent(_ first: WeightedDraws, _ second: WeightedDraws) -> Double {
        let (a, b) = (first.meanError, second.meanError)
        return (a * a + b * b).squareRoot()
    }

    /// From one weighting of the draws to another: to first order the difference of the means is a sum over draws, whose
    /// error is that of the sum.
    private static func step(_ from: WeightedDraws, _ to: WeightedDraws) -> Part {
        precondition(from.values.count == to.values.count, "stations have the same draws")
        let error =
            from.isSound && to.isSound
            ? MonteCarloSum.error(zip(to.bearing, from.bearing).map { $0 - $1 }, chainCount: from.chainCount) : .nan
        return Part(change: to.mean - from.mean, error: error)
    }
}

/// A quantity by the old draws as they weigh after some rows.
package struct WeightedStation: Sendable {
    package let draws: WeightedDraws
    package let isUsable: Bool

    /// - Parameters:
    ///   - quantity: its value in every old draw, over the window and history of this station.
    ///   - provisional: the weights after the rows up to this station.
    package init(_ quantity: [Double], after provisional: ProvisionalPosterior) {
        draws = provisional.draws(of: quantity)
        isUsable = provisional.isUsable
    }
}
