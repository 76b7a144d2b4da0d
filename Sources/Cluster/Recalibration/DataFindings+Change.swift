import ModelDefinition
import ModelFile
import Posterior
import Recalibration
import Wording

extension DataFindings {
    /// What is unusual about new data beside those of the accepted fit.
    package init(_ change: DataChange, accepted: ReadModel, new: ReadModel, _ bounds: GateBounds) {
        let (old, data) = (accepted.dataset, new.dataset)
        var warnings: [Sentence] = []
        if change.newDates.isEmpty {
            let last = old.dates[old.dates.count - 1]
            warnings.append(
                Sentence(
                    "there is no period after that of \(last): the new data may be late.",
                    french: "aucune période ne suit celle du \(last) : les nouvelles données sont peut-être en retard.")
            )
        }
        if let first = change.lostDates.first {
            let count = change.lostDates.count
            warnings.append(
                Sentence(
                    "\(count) \(count == 1 ? "period that was there is" : "periods that were there are") gone, the first "
                        + "that of \(first).",
                    french: """
                        \(count) période\(code: count == 1 ? " a" : "s ont") disparu des données, la première étant celle \
                        du \(first).
                        """))
        }
        // A single row can be restated by more than all others are worth.
        let limit = bounds[.restatedShare].promote
        for (what, share) in [
            (Sentence("KPI", french: "l’indicateur"), change.restatedKPIShare),
            (Sentence("spend", french: "la dépense"), change.restatedSpendShare),
        ] where share > limit {
            let percent = Figure.decimal(100 * share, places: 1)
            warnings.append(
                Sentence(
                    "the \(what) of periods that were there is another one now, by \(percent) % of all of it.",
                    french: "\(what) de périodes déjà connues change de \(percent) % de son total."))
        }
        // What was said of the accepted fit too was looked at then.
        let known = Set(accepted.warnings.map(Self.withoutNumbers))
        warnings += new.warnings.filter { !known.contains(Self.withoutNumbers($0)) }.map(\.sentence)
        let added = Set(change.newDates)
        self.init(
            warnings: warnings,
            missingWeeks: data.dates.indices.filter { period in
                added.contains(data.dates[period])
                    && (0..<data.geoCount).contains { data.actualKPI[$0 * data.periodCount + period].isNaN }
            }.map { data.dates[$0].description },
            stoppedChannels: new.specification.channels.indices.filter { channel in
                Self.hasStopped(data.spend[channel], in: data, added: added)
            }.map { new.specification.channels[$0].name },
            restatedShare: Self.restatedShare(change, of: old))
    }

    /// A channel that was spent on in each of the last periods and in none of the new ones.
    private static func hasStopped(_ spend: [Double], in data: Dataset, added: Set<CalendarDate>) -> Bool {
        let totals = data.dates.indices.map { period in
            (0..<data.geoCount).reduce(0) { $0 + spend[$1 * data.periodCount + period] }
        }
        let new = data.dates.indices.filter { added.contains(data.dates[$0]) }
        guard let first = new.first, first >= steadyPeriods else { return false }
        return new.allSatisfy { totals[$0] == 0 }
            && totals[(first - steadyPeriods)..<first].allSatisfy { $0 > 0 }
    }

    /// Periods of spend after which none is news.
    private static var steadyPeriods: Int { 8 }

    private static func restatedShare(_ change: DataChange, of data: Dataset) -> Double {
        let rows = Set(change.restatements.map { "\($0.date)/\($0.geo)" }).count
        return Double(rows) / Double(max(1, data.cellCount))
    }

    private static func withoutNumbers(_ problem: Problem) -> String {
        String("\(problem.column ?? "") \(problem.message)".filter { !$0.isNumber })
    }
}
