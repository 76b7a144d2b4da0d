import ModelDefinition
import ModelFile

extension DataChecks {
    /// Mean |KPI| of the largest geo ÷ that of the smallest: countries and towns of one country lie within it.
    private static let geoRatioMax = 1e4
    /// Spend of one channel ÷ revenue. A company may spend more than it earns, and not several times over on one channel.
    private static let spendRatioMax = 3.0

    /// Numbers that are possible, and unlikely.
    var scaleSurprises: [Problem] {
        spendBeyondRevenue + unlikeGeos
    }

    private var spendBeyondRevenue: [Problem] {
        let revenue = knownCells.reduce(0) { $0 + data.kpi[$1] * data.revenuePerKPI[$1] }
        guard revenue > 0, read.specification.kpi.kind == .revenue || read.kpi.price != nil else {
            return []
        }
        return read.channels.enumerated().compactMap { index, stated in
            let spend = data.spend[index].reduce(0, +)
            guard stated.channel.longTermOf == nil, spend > Self.spendRatioMax * revenue else { return nil }
            return Problem(
                file: modelFile, line: stated.line, column: stated.spend,
                message: "channel '\(stated.channel.name)' cost \(Self.words(spend)), and all "
                    + "revenue is \(Self.words(revenue)).",
                mend: "check the units of both; write `kpi: {kind: units}` if the KPI is not money.",
                french: """
                    le canal « \(code: stated.channel.name) » a coûté \(Self.words(spend)), et tout le chiffre \
                    d’affaires est de \(Self.words(revenue)). Vérifiez les unités des deux ; écrivez `kpi: {kind: \
                    units}` si l’indicateur n’est pas de l’argent.
                    """
            )
        }
    }

    private var unlikeGeos: [Problem] {
        guard data.geoCount > 1 else { return [] }
        let sizes = (0..<data.geoCount).map { geo in
            let own = knownCells(of: geo)
            return own.reduce(0) { $0 + abs(data.kpi[$1]) } / Double(own.count)
        }
        guard let largest = sizes.indices.max(by: { sizes[$0] < sizes[$1] }),
            let smallest = sizes.indices.min(by: { sizes[$0] < sizes[$1] }),
            sizes[largest] > Self.geoRatioMax * sizes[smallest]
        else { return [] }
        return [
            kpiProblem(
                "the KPI of '\(data.geos[largest])' is on average \(Self.words(sizes[largest])), that of "
                    + "'\(data.geos[smallest])' \(Self.words(sizes[smallest])).",
                mend: "check the units of both geos, or leave out the smaller one.",
                french: """
                    l’indicateur de « \(code: data.geos[largest]) » est en moyenne de \
                    \(Self.words(sizes[largest])), celui de « \(code: data.geos[smallest]) » de \
                    \(Self.words(sizes[smallest])). Vérifiez les unités des deux zones, ou laissez la plus petite \
                    de côté.
                    """
            )
        ]
    }
}
