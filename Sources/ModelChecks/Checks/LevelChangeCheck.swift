import Kernels
import ModelDefinition
import ModelFile
import Wording

extension DataChecks {
    /// What a column must do at one date to look like another unit from there on.
    struct LevelLimits {
        /// The median after ÷ the median before, or the other way round.
        var ratioMin: Double
        /// The same of the few values next to the date: growth has no such edge.
        var edgeMin: Double
        /// The lower values of the higher side ÷ the upper values of the lower one.
        var separationMin: Double

        static let kpi = LevelLimits(ratioMin: 6, edgeMin: 4, separationMin: 1.5)
        /// Budgets change far more than sales do.
        static let media = LevelLimits(ratioMin: 25, edgeMin: 6, separationMin: 2)
        /// What an exposure costs hardly changes at all.
        static let price = LevelLimits(ratioMin: 6, edgeMin: 4, separationMin: 2)
    }

    /// Values on either side of a change, at least.
    private static let sideMin = 6
    /// Values next to the change that show its edge.
    private static let edgeCount = 4
    /// Share of the values on either side that may overlap.
    private static let overlap = 0.15
    /// Fewer values than `sideMin` at one end, as of a channel that runs in flights, need more: no value overlaps, and the
    /// sides lie some power of ten apart, from 100 on. Of less than these, single records are asked about.
    private static let shortSideMin = 4
    private static let shortSeparationMin = 8.0
    /// On the scale of common logarithms.
    private static let decadeTolerance = 0.2

    /// Columns whose unit seems to change at one date.
    var levelChanges: [Problem] {
        let kpi = levelChange(.kpi, unless: { hasStep(at: $0) }) { geo in
            let own = knownCells(of: geo)
            // The size of a KPI that crosses 0 says nothing of its unit.
            guard own.allSatisfy({ data.kpi[$0] >= 0 }) else { return [] }
            return own.filter { data.kpi[$0] > 0 }.map { ($0, data.kpi[$0]) }
        }
        let mend =
            "check the units before and after; a change that happened wants a control that is 0 before and 1 after."
        return [kpi].compactMap(\.self).map {
            kpiProblem(
                "the KPI\($0.english)", mend: mend,
                french: """
                    la série de l’indicateur\(code: $0.french) Vérifiez les unités avant et après ; un changement réel demande \
                    une variable de contrôle qui vaut 0 avant et 1 après.
                    """
            )
        }
            + priceLevelChange
            + mediaColumns.compactMap { column in
                levelChange(.media) { geo in
                    data.cells(of: geo).filter { column.values[$0] > 0 }.map { ($0, column.values[$0]) }
                }.map {
                    problem(
                        column, "\(column.words)\($0.english)", mend: "check the units before and after.",
                        french: "la série\(code: $0.french) Vérifiez les unités avant et après."
                    )
                }
            }
    }

    private var priceLevelChange: [Problem] {
        guard let column = read.kpi.revenuePerKPIColumn else { return [] }
        let change = levelChange(.price) { geo in data.cells(of: geo).map { ($0, data.revenuePerKPI[$0]) } }
        return [change].compactMap(\.self).map {
            Problem(
                file: modelFile, line: read.kpi.line, column: column,
                message: "what a unit of the KPI is worth\($0.english)",
                mend: "check the units before and after.",
                french: "la valeur d’une unité de l’indicateur\(code: $0.french) Vérifiez les unités avant et après."
            )
        }
    }

    /// Whether a control has one value in all periods of a geo before a cell, and another from there on: the model knows
    /// of what changed.
    private func hasStep(at cell: Int) -> Bool {
        let cells = data.cells(of: cell / data.periodCount)
        return data.controls.contains { control in
            let (before, after) = (control.values[cells.lowerBound..<cell], control.values[cell..<cells.upperBound])
            return Set(before).count == 1 && Set(after).count == 1 && before.first != after.first
        }
    }

    /// Where the values of a geo, given with their cells, change their level, in words; the same date in several geos is
    /// said once.
    func levelChange(
        _ limits: LevelLimits, unless isKnown: (_ cell: Int) -> Bool = { _ in false },
        values: (Int) -> [(cell: Int, value: Double)]
    ) -> Sentence? {
        let found = (0..<data.geoCount).compactMap { geo in
            levelChange(values(geo), limits).map { (geo: geo, cell: $0.cell, ratio: $0.ratio) }
        }.filter { !isKnown($0.cell) }
        guard let first = found.first else { return nil }
        let size = Self.words(max(first.ratio, 1 / first.ratio))
        let date = data.dates[first.cell % data.periodCount]
        return Sentence(
            "\(words(geos: found.map(\.geo))) is some \(size) times \(first.ratio > 1 ? "larger" : "smaller") from \(date) on "
                + "than before: this looks like a change of unit.",
            french: """
                \(frenchWords(geos: found.map(\.geo))) est environ \(size) fois plus \
                \(first.ratio > 1 ? "grande" : "petite") à partir du \(date) qu’avant : cela ressemble à un changement \
                d’unité.
                """)
    }

    private func levelChange(_ values: [(cell: Int, value: Double)], _ limits: LevelLimits) -> (
        cell: Int, ratio: Double
    )? {
        guard values.count >= 2 * Self.sideMin else { return nil }
        let logs = values.map { Elementary.log(abs($0.value)) }
        let split = Self.split(logs)
        let (before, after) = (logs[..<split], logs[split...])
        let isEven =
            Self.isApart(before, after, by: limits.ratioMin, share: 0.5)
            && Self.isApart(
                before.suffix(Self.edgeCount), after.prefix(Self.edgeCount), by: limits.edgeMin, share: 0.5)
            && Self.isApart(before, after, by: limits.separationMin, share: Self.overlap)
        guard let found = isEven ? split : Self.shortSplit(logs) else { return nil }
        return (values[found].cell, Elementary.exp(Self.difference(logs[..<found], logs[found...])))
    }

    /// Whether quantiles of two sides lie apart by a factor, either way.
    private static func isApart(
        _ before: ArraySlice<Double>, _ after: ArraySlice<Double>, by ratio: Double, share: Double
    ) -> Bool {
        let (one, other) = (SortedValues(Array(before)), SortedValues(Array(after)))
        let gap = max(one.quantile(share) - other.quantile(1 - share), other.quantile(share) - one.quantile(1 - share))
        return gap > Elementary.log(ratio)
    }

    private static func difference(_ before: ArraySlice<Double>, _ after: ArraySlice<Double>) -> Double {
        SortedValues(Array(after)).median - SortedValues(Array(before)).median
    }

    /// A split that leaves few values at one end, in another unit than all others.
    private static func shortSplit(_ logs: [Double]) -> Int? {
        (shortSideMin..<sideMin).flatMap { [$0, logs.count - $0] }.first { split in
            let (before, after) = (logs[..<split], logs[split...])
            let decades = abs(difference(before, after)) / Elementary.log(10)
            return decades > 1.5 && abs(decades - decades.rounded()) < decadeTolerance
                && isApart(before, after, by: shortSeparationMin, share: 0)
        }
    }

    /// The split that leaves the least variance on its two sides.
    private static func split(_ logs: [Double]) -> Int {
        let total = logs.reduce(0, +)
        var best = (split: sideMin, gain: -1.0)
        var sum = 0.0
        for (index, value) in logs.enumerated() {
            if index >= sideMin, index <= logs.count - sideMin {
                let difference = sum / Double(index) - (total - sum) / Double(logs.count - index)
                let gain = difference * difference * Double(index) * Double(logs.count - index)
                if gain > best.gain { best = (index, gain) }
            }
            sum += value
        }
        return best.split
    }
}
