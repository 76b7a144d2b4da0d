import Kernels
import ModelDefinition
import ModelFile

extension DataChecks {
    /// Spend per KPI of one geo ÷ the usual one, from which on units are asked about.
    private static let geoFactorMin = 30.0
    /// And so many times the spread among the other geos, on the scale of logarithms.
    private static let geoSpreadsMin = 4.0

    /// Geos whose media, KPI or population are in another unit than those of the others.
    var geoUnits: [Problem] {
        guard data.geoCount > 2 else { return [] }
        return mediaUnits + populationUnits
    }

    private var populationUnits: [Problem] {
        guard let population = data.population else { return [] }
        let logs = (0..<data.geoCount).map { geo -> Double? in
            let size = knownCells(of: geo).reduce(0) { $0 + abs(data.kpi[$1]) }
            return size > 0 ? Elementary.log(size / population[geo]) : nil
        }
        let odd = Self.odd(logs)
        guard !odd.isEmpty else { return [] }
        return [
            Problem(
                file: modelFile, line: read.kpi.line, column: read.kpi.populationColumn,
                message:
                    "the KPI a head of \(Self.elided(odd.map { "'\(data.geos[$0])'" })) is far from that of the other "
                    + "geos.", mend: "give the population of all geos in one unit.",
                french: """
                    l’indicateur par habitant de \(frenchNames(geos: odd)) est loin de celui \
                    des autres zones. Donnez la population de toutes les zones dans une même unité.
                    """
            )
        ]
    }

    private var mediaUnits: [Problem] {
        let sizes = (0..<data.geoCount).map { geo in knownCells(of: geo).reduce(0) { $0 + abs(data.kpi[$1]) } }
        var oddGeos: [[Int]] = []
        var found: [Problem] = []
        for column in mediaColumns {
            let logs = (0..<data.geoCount).map { geo -> Double? in
                let media = data.cells(of: geo).reduce(0) { $0 + column.values[$1] }
                return media > 0 && sizes[geo] > 0 ? Elementary.log(media / sizes[geo]) : nil
            }
            let odd = Self.odd(logs)
            oddGeos.append(odd)
            guard !odd.isEmpty else { continue }
            found.append(
                problem(
                    column,
                    "\(column.words): beside the KPI it is far from that of the other geos in "
                        + "\(Self.elided(odd.map { "'\(data.geos[$0])'" })).",
                    mend: "check that all geos are in one unit and one currency.",
                    french: """
                        rapporté à l’indicateur, il est loin de celui des autres zones dans \
                        \(frenchNames(geos: odd)). Vérifiez que toutes les zones ont une même \
                        unité et une même devise.
                        """
                ))
        }
        let shared =
            oddGeos.first.map { first in first.filter { geo in oddGeos.allSatisfy { $0.contains(geo) } } } ?? []
        guard oddGeos.count > 1, !shared.isEmpty else { return found }
        return [
            kpiProblem(
                "the KPI of \(Self.elided(shared.map { "'\(data.geos[$0])'" })) beside the media there is far from that "
                    + "of the other geos.", mend: "check that all geos are in one unit and one currency.",
                french: """
                    l’indicateur de \(frenchNames(geos: shared)), rapporté aux médias, est \
                    loin de celui des autres zones. Vérifiez que toutes les zones ont une même unité et une même \
                    devise.
                    """
            )
        ]
    }

    private static func odd(_ logs: [Double?]) -> [Int] {
        let known = SortedValues(logs.compactMap(\.self))
        guard known.values.count > 2 else { return [] }
        let limit = max(Elementary.log(geoFactorMin), geoSpreadsMin * known.robustDeviation)
        return logs.indices.filter { geo in logs[geo].map { abs($0 - known.median) > limit } ?? false }
    }
}
