import ModelDefinition
import ModelFile

extension DataChecks {
    /// Share of a channel's exposure that may lie where no KPI is known: half of it may still be measured.
    private static let unseenShareMax = 0.5

    /// Channels whose effect falls, wholly or mostly, where no KPI is seen.
    var channelsBesideTheKPI: [Problem] {
        columns.compactMap { column in
            guard case .channel(let index) = column.kind else { return nil }
            return unseen(column) ?? cutOff(column, window: read.specification.channels[index].adstock.maximumLag)
        }
    }

    /// Exposure in cells without a KPI.
    private func unseen(_ column: CheckedColumn) -> Problem? {
        let total = column.values.reduce(0, +)
        let seen = knownCells.reduce(0) { $0 + column.values[$1] }
        guard total > 0, total - seen > Self.unseenShareMax * total else { return nil }
        let blank = column.values.indices.first { column.values[$0] > 0 && data.kpi[$0].isNaN } ?? 0
        let share = seen == 0 ? "only" : "mostly"
        let frenchShare = seen == 0 ? "n’a été diffusé que" : "a surtout été diffusé"
        if !data.actualKPI[blank].isNaN {
            return problem(
                column, "\(column.words) ran \(share) in the periods that are held out, as \(words(cell: blank)).",
                mend: "hold out fewer periods, or remove the channel.",
                french: """
                    \(frenchShare) dans les périodes mises de côté, par exemple \(frenchWords(cell: blank)). Mettez \
                    moins de périodes de côté, ou retirez le canal.
                    """
            )
        }
        return problem(
            column, "\(column.words) ran \(share) in periods without a KPI, as \(words(cell: blank)).",
            mend: "fill in the KPI of these periods, or remove the channel.",
            french: """
                \(frenchShare) dans des périodes sans indicateur, par exemple \(frenchWords(cell: blank)). Complétez \
                l’indicateur de ces périodes, ou retirez le canal.
                """
        )
    }

    /// A channel that began within one carry-over window of the end, or ended within one of the beginning.
    private func cutOff(_ column: CheckedColumn, window: Int) -> Problem? {
        let periods = data.periodCount
        let active = column.values.indices.filter { column.values[$0] > 0 }.map { $0 % periods }
        guard let first = active.min(), let last = active.max() else { return nil }
        if first > periods / 2, periods - first <= window {
            return problem(
                column,
                "\(column.words) began on \(data.dates[first]), \(periods - first) periods before the data end, and "
                    + "its effect lasts up to \(window) periods: much of it is not seen.",
                mend: "add later periods, or take its return as a lower bound.",
                french: """
                    a commencé le \(data.dates[first]), \(periods - first) périodes avant la fin des données, et son effet dure jusqu’à \
                    \(window) périodes : une bonne part n’en est pas vue. Ajoutez des périodes plus récentes, ou \
                    prenez son retour pour une borne inférieure.
                    """
            )
        }
        if last < periods / 2, last < window {
            return problem(
                column,
                "\(column.words) ran last on \(data.dates[last]), within the first \(window) periods, whose KPI also "
                    + "holds effects from before the data.",
                mend: "add earlier periods, or remove the channel.",
                french: """
                    a été diffusé pour la dernière fois le \(data.dates[last]), dans les \(window) premières périodes, dont l’indicateur contient aussi des effets \
                    d’avant les données. Ajoutez des périodes plus anciennes, ou retirez le canal.
                    """
            )
        }
        return nil
    }
}
