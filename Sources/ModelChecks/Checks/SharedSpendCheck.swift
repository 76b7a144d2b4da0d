import ModelDefinition
import ModelFile

extension DataChecks {
    /// Different values of a budget from which on no two geos come to the same by chance.
    private static let differentBudgetsMin = 3

    /// Spend that stands in every geo alike: what was paid once counts as often as there are geos.
    var sharedSpend: [Problem] {
        guard data.geoCount > 1 else { return [] }
        return mediaColumns.compactMap { column in
            guard case .channel(let index) = column.kind, column.column == read.channels[index].spend else {
                return nil
            }
            let geos = (0..<data.geoCount).map { column.values[data.cells(of: $0)] }
            guard Set(geos[0]).count >= Self.differentBudgetsMin,
                geos.dropFirst().allSatisfy({ $0.elementsEqual(geos[0]) })
            else { return nil }
            return problem(
                column,
                "\(column.words) has the same spend in each of the \(data.geoCount) geos: a budget of the whole country "
                    + "would count \(data.geoCount) times.",
                mend: "share it among the geos, as by population or sales; nothing, if each geo did spend so much.")
        }
    }
}
