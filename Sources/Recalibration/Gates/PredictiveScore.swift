import Kernels
import Posterior
import Wording

/// The new weeks as the accepted fit, which had not seen them, foresaw them.
package struct PredictiveScore: Sendable, Hashable {
    package let weekCount: Int
    /// (Σ actual − mean of Σ predicted) ÷ sd of Σ predicted, over the draws. NaN without weeks or where one is no finite
    /// number.
    package let z: Double
    /// Mean over weeks of the continuous ranked probability score E|Y − y| − ½ E|Y − Y'| (Gneiting & Raftery 2007,
    /// equation 21), in the KPI's unit.
    package let crps: Double
    /// Share of weeks within their central 90 % interval.
    package let coverage: Double
    /// Of each week the share of predictive draws below what came, draws that are equal to it counting one half: uniform
    /// where the model is right.
    package let pit: [Double]
    /// Σ log predictive density of the weeks; nil where it was not given.
    package let logDensity: Double?

    /// - Parameters:
    ///   - draws: by week the predictive draws, noise included; one order of draws in all weeks, so that weeks that hang
    ///     together do so in the sum.
    ///   - actual: by week what came.
    package init(draws: [[Double]], actual: [Double], logDensity: Double? = nil) {
        precondition(draws.count == actual.count, "each week has its draws and what came")
        precondition(draws.allSatisfy { $0.count == draws[0].count && !$0.isEmpty }, "weeks have the same draws")
        weekCount = actual.count
        self.logDensity = logDensity
        guard !actual.isEmpty, actual.allSatisfy(\.isFinite), draws.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            (z, crps, coverage) = (.nan, .nan, .nan)
            pit = actual.map { _ in .nan }
            return
        }
        let sums = draws[0].indices.map { draw in Reductions.sum(draws.map { $0[draw] }) }
        let moments = Moments(sums)
        let difference = Reductions.sum(actual) - moments.mean
        z = difference == 0 ? 0 : difference / moments.variance.squareRoot()
        let sorted = draws.map { ValueOrder(of: $0).sorted }
        let count = Double(actual.count)
        crps = Reductions.sum(zip(sorted, actual).map(Self.crps)) / count
        let covered = zip(sorted, actual).filter { week, known in
            Quantiles.quantile(0.05, ofSorted: week) <= known && known <= Quantiles.quantile(0.95, ofSorted: week)
        }
        coverage = Double(covered.count) / count
        pit = zip(draws, actual).map { week, known in
            let below = week.count { $0 < known }
            let equal = week.count { $0 == known }
            return (Double(below) + 0.5 * Double(equal)) / Double(week.count)
        }
    }

    /// E|Y − Y'| = 2/n² Σ_i (2 i − n − 1) y_(i), i from 1.
    private static func crps(_ sorted: [Double], at known: Double) -> Double {
        let count = Double(sorted.count)
        let distance = Reductions.sum(sorted.map { abs($0 - known) })
        let spread = Reductions.sum(sorted.enumerated().map { (2 * Double($0 + 1) - count - 1) * $1 })
        return distance / count - spread / (count * count)
    }

    /// - Parameter weeks: names of the weeks, for the record; empty where they have none.
    package func outcome(_ bounds: GateBounds = GateBounds(), weeks: [String] = []) -> GateOutcome {
        guard weekCount > 0 else {
            return GateOutcome(
                gate: .predictive, measures: [], verdict: .promote,
                sentence: Sentence(
                    "There is no new week for the accepted result to have foreseen.",
                    french: "Il n’y a pas de nouvelle période que le résultat de référence aurait pu prévoir."))
        }
        let size = GateMeasure(.predictiveZ, abs(z), bounds)
        var measures = [
            size, GateMeasure(name: "z_of_sum", z), GateMeasure(name: "crps", crps),
            GateMeasure(name: "coverage_90", coverage),
        ]
        if let logDensity { measures.append(GateMeasure(name: "elpd", logDensity)) }
        for (index, value) in pit.enumerated() {
            measures.append(
                GateMeasure(name: "pit", of: weeks.indices.contains(index) ? weeks[index] : "\(index + 1)", value))
        }
        return GateOutcome(
            gate: .predictive, measures: measures, verdict: measures.verdict, sentence: sentence(size))
    }

    private func sentence(_ size: GateMeasure) -> Sentence {
        if z.isNaN {
            return Sentence(
                "What the accepted result foresaw of the new weeks, or what came, is not a finite number, so that the new "
                    + "data cannot be trusted.",
                french: """
                    Ce que le résultat de référence prévoyait pour les nouvelles périodes, ou ce qui a été réalisé, \
                    n’est pas un nombre fini : on ne peut se fier aux nouvelles données.
                    """)
        }
        let what =
            weekCount == 1
            ? Sentence("The new week came", french: "La nouvelle période est")
            : Sentence(
                "The \(weekCount) new weeks together came",
                french: "Les \(weekCount) nouvelles périodes ensemble sont")
        let (less, more): (FrenchText, FrenchText) =
            weekCount == 1 ? ("inférieure", "supérieure") : ("inférieures", "supérieures")
        let direction = z < 0 ? Sentence("less", french: less) : Sentence("more", french: more)
        let phrase = size.phrase(.standardDeviations)
        let meaning = Self.meaning(size.verdict)
        return Sentence(
            "\(what) to \(direction) than the accepted result foresaw, by \(phrase): \(meaning).",
            french: """
                \(what) \(direction) à ce que prévoyait le résultat de référence, de \(phrase) : \(meaning).
                """)
    }

    private static func meaning(_ verdict: Verdict) -> Sentence {
        switch verdict {
        case .promote: Sentence("as much as chance explains", french: "le hasard suffit à l’expliquer")
        case .hold:
            Sentence(
                "chance does that on few nights, so somebody should look",
                french: "le hasard n’en fait autant que rarement, et \(Verdict.toBeLookedAt)")
        case .fail:
            Sentence(
                "the market or the data have changed, and the result is not to be used",
                french: "le marché ou les données ont changé, et \(Verdict.notToBeUsed)")
        }
    }
}
