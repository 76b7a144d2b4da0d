import Kernels
import ModelDefinition
import ModelFile
import Wording

extension DataChecks {
    /// Correlation of levels and of changes from which on a column is the KPI in another unit.
    private static let copyCorrelationMin = 0.999
    /// The same from which on it is asked about.
    private static let disguiseCorrelationMin = 0.985
    /// Standard deviation of the logarithm's changes of column ÷ KPI, relative to those of the KPI: orders differ from
    /// revenue by the value of a basket.
    private static let ratioSpreadMax = 0.4
    /// Periods that a column may lag behind the KPI, or run ahead of it.
    private static let lagMax = 4
    /// Periods over which a column may be the KPI's mean.
    private static let windows = [2, 3, 4, 5, 6, 7, 8, 12, 13, 26, 28, 52]
    private static let lengthMin = 20

    /// Controls that are the KPI over again, which explain all of it and leave nothing to media, and media of its column.
    var answersInDisguise: [Problem] {
        (columns.filter(\.isLinear) + mediaColumns).filter {
            $0.column == read.kpi.column || $0.isLinear && isCopy($0.values)
        }.map {
            problem(
                $0, "\($0.words) is the KPI itself: it would explain everything.",
                mend: "remove it from `\($0.block)`, or name the right column.")
        }
    }

    /// Columns that follow from the KPI: orders, the KPI of periods before, its moving means.
    var followersOfTheKPI: [Problem] {
        columns.compactMap { column in
            guard column.column != read.kpi.column, let manner = manner(column) else { return nil }
            let frenchMend: FrenchText =
                column.isLinear
                ? """
                Retirez-la de `\(code: column.block)` ; pour des ventes qui dépendent de ventes antérieures, écrivez \
                `likelihood: {errors: ar1}`.
                """
                : """
                Retirez le canal, ou donnez-lui un a priori tiré d’une expérience : ce que les ventes déclenchent ne \
                dit rien de ce qui les a faites.
                """
            return problem(
                column,
                "\(column.words) \(manner.english): it follows from the KPI, and takes the place of what made it.",
                mend: column.isLinear
                    ? "remove it from `\(column.block)`; sales that lean on earlier sales are `likelihood: {errors: ar1}`."
                    : "remove the channel, or give it a prior from an experiment: what sales set off says nothing of what "
                        + "made them.",
                french: """
                    \(code: manner.french) : cette série découle de l’indicateur, et prend la place de ce qui l’a \
                    produit. \(frenchMend)
                    """
            )
        }
    }

    /// The KPI in another unit, in every geo that has it.
    private func isCopy(_ values: [Double]) -> Bool {
        let geos = (0..<data.geoCount).map { pairs(values, geo: $0, lag: 0, window: 1) }.filter { !$0.kpi.isEmpty }
        return !geos.isEmpty
            && geos.allSatisfy { pair in
                pair.column == pair.kpi
                    || pair.kpi.count >= Self.lengthMin
                        && Self.leastCorrelation(pair.column, pair.kpi) >= Self.copyCorrelationMin
            }
    }

    private func manner(_ column: CheckedColumn) -> Sentence? {
        let period = data.frequency
        if isFollower(column.values, lag: 0, window: 1) || isProportional(column.values) {
            return Sentence("moves with the KPI as one", french: "varie avec l’indicateur comme une seule série")
        }
        if let lag = (1...Self.lagMax).first(where: { isFollower(column.values, lag: $0, window: 1) }) {
            return Sentence(
                "is the KPI of \(lag) \(period)\(lag > 1 ? "s" : "") before",
                french: "est l’indicateur d’il y a \(lag) \(lag > 1 ? "périodes" : "période")")
        }
        if let lead = (1...Self.lagMax).first(where: { isFollower(column.values, lag: -$0, window: 1) }) {
            return Sentence(
                "is the KPI of \(lead) \(period)\(lead > 1 ? "s" : "") later",
                french: "est l’indicateur \(lead) \(lead > 1 ? "périodes" : "période") plus tard")
        }
        for window in Self.windows {
            // Up to the period itself, up to the one before, and around it.
            for lag in Set([0, 1, -(window / 2), -((window - 1) / 2)]).sorted() {
                if isFollower(column.values, lag: lag, window: window) {
                    return Sentence(
                        "is the mean of the KPI over \(window) \(period)s",
                        french: "est la moyenne de l’indicateur sur \(window) périodes")
                }
            }
        }
        return nil
    }

    private func isFollower(_ values: [Double], lag: Int, window: Int) -> Bool {
        everyGeo(values, lag: lag, window: window) {
            Self.leastCorrelation($0, $1) >= Self.disguiseCorrelationMin
        }
    }

    /// A column of which the KPI is a multiple, but for a little: orders, or a commission, beside revenue.
    private func isProportional(_ values: [Double]) -> Bool {
        everyGeo(values, lag: 0, window: 1) { column, kpi in
            guard column.allSatisfy({ $0 > 0 }), kpi.allSatisfy({ $0 > 0 }) else { return false }
            let kpis = Self.differences(kpi.map { Elementary.log($0) })
            let others = Self.differences(column.map { Elementary.log($0) })
            let rest = zip(others, kpis).map { $0 - $1 }
            return Reductions.squaredNorm(rest)
                < Self.ratioSpreadMax * Self.ratioSpreadMax * Reductions.squaredNorm(kpis)
        }
    }

    private func everyGeo(_ values: [Double], lag: Int, window: Int, _ test: ([Double], [Double]) -> Bool) -> Bool {
        let pairs = (0..<data.geoCount).map { self.pairs(values, geo: $0, lag: lag, window: window) }
            .filter { $0.kpi.count >= Self.lengthMin }
        return !pairs.isEmpty && pairs.allSatisfy { test($0.column, $0.kpi) }
    }

    /// A column and the KPI's means over a window that ended so many periods before, where both are known.
    private func pairs(_ values: [Double], geo: Int, lag: Int, window: Int) -> (column: [Double], kpi: [Double]) {
        let cells = data.cells(of: geo)
        var column: [Double] = []
        var kpi: [Double] = []
        for cell in cells {
            let (first, last) = (cell - lag - window + 1, cell - lag)
            guard first >= cells.lowerBound, last < cells.upperBound else { continue }
            let mean = data.kpi[first...last].reduce(0, +) / Double(window)
            guard !mean.isNaN, !data.kpi[cell].isNaN else { continue }
            column.append(values[cell])
            kpi.append(mean)
        }
        return (column, kpi)
    }

    /// The smaller of the |correlations| of levels and of changes.
    private static func leastCorrelation(_ a: [Double], _ b: [Double]) -> Double {
        let levels = abs(correlation(a, b))
        return levels < disguiseCorrelationMin ? levels : min(levels, abs(correlation(differences(a), differences(b))))
    }
}
