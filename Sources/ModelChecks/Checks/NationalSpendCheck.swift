import ModelDefinition
import ModelFile

extension DataChecks {
    /// Values of a channel's spend that are no constant.
    private static let differentSpendsMin = 3

    /// Channels of a panel whose spend is the same in every geo: often that of the country, which then counts once for
    /// each.
    var nationalSpend: [Problem] {
        guard data.geoCount > 1 else { return [] }
        return read.channels.enumerated().compactMap { index, stated in
            let channel = stated.channel
            let spend = data.spend[index]
            let first = spend.prefix(data.periodCount)
            guard channel.longTermOf == nil, Set(first).count >= Self.differentSpendsMin,
                (1..<data.geoCount).allSatisfy({ spend[data.cells(of: $0)].elementsEqual(first) })
            else { return nil }
            return Problem(
                file: modelFile, line: stated.line, column: stated.spend,
                message:
                    "channel '\(channel.name)' has the same spend in all \(data.geoCount) geos: if that is the sum of "
                    + "all, it counts \(data.geoCount) times; if it was divided evenly, what ran where is not known.",
                mend: "give what was spent in each geo; at the least divide the sum by population.",
                french: """
                    le canal « \(code: channel.name) » a la même dépense dans les \(data.geoCount) zones : si c’est \
                    la somme de toutes, elle compte \(data.geoCount) fois ; si elle a été divisée également, on ne \
                    sait pas où elle a eu lieu. Donnez la dépense de chaque zone ; au moins, divisez la somme selon \
                    la population.
                    """
            )
        }
    }
}
