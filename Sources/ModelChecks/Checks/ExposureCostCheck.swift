import Kernels
import ModelDefinition
import ModelFile
import Wording

extension DataChecks {
    /// Spend of a channel ÷ all KPI money, below which it is no price of media: a cent beside thousands.
    private static let tokenShare = 1e-7
    /// Spend per exposure of one geo ÷ that of all, below which a geo counts as one without spend.
    private static let geoPriceMin = 1e-3
    /// The price of an exposure in one period ÷ the usual one, from which on units are asked about.
    private static let priceRatioMin = 20.0
    /// So many periods at most are slips; more of them are how the channel is paid.
    private static let priceSlipsMax = 3
    private static let priceValuesMin = 12

    /// Channels with a column of exposure and one of spend, by the index of the channel.
    private var pricedColumns: [(index: Int, column: CheckedColumn)] {
        columns.compactMap { column in
            guard case .channel(let index) = column.kind, let spend = read.channels[index].spend,
                spend != column.column
            else { return nil }
            return (index, column)
        }
    }

    private static let unpaidMend =
        "name the column of its spend; where nothing is paid write `organic: true` without `spend`, or `effect: {kind: "
        + "coefficient}`; spend that is booked elsewhere is shared out to periods and geos first."

    /// Media that ran all along and cost nothing, though their prior is one of what money brings back.
    var unpaidMedia: [Problem] {
        pricedColumns.compactMap { index, column in
            guard expectsReturn(index), column.values.contains(where: { $0 > 0 }),
                data.spend[index].allSatisfy({ $0 == 0 })
            else { return nil }
            return spendProblem(
                index, "\(column.words) runs, and its spend is 0 all along: a return on no money is no effect at all.")
        }
    }

    /// The same of single geos, of token amounts, and of money without media.
    var oddlyPaidMedia: [Problem] {
        pricedColumns.flatMap { index, column -> [Problem] in
            let spend = (0..<data.geoCount).map { data.spend[index][data.cells(of: $0)].reduce(0, +) }
            let exposure = (0..<data.geoCount).map { column.values[data.cells(of: $0)].reduce(0, +) }
            let (allSpend, allExposure) = (spend.reduce(0, +), exposure.reduce(0, +))
            guard allExposure > 0, allSpend > 0 else {
                return allSpend > 0
                    ? [
                        spendProblem(
                            index, "\(column.words) costs money, and never ran.", mend: "name the right column.",
                            french: "coûte de l’argent et n’a jamais été diffusé. Nommez la bonne colonne.")
                    ]
                    : []
            }
            let price = allSpend / allExposure
            var found: [Problem] = []
            let free = spend.indices.filter { spend[$0] < Self.geoPriceMin * price * exposure[$0] }
            if !free.isEmpty, expectsReturn(index) {
                found.append(
                    spendProblem(
                        index,
                        "\(column.words) runs in \(named(free)), and costs nothing there: a return on no money is no "
                            + "effect at all.",
                        mend: "share its spend out to the geos in which it ran, or leave them out.",
                        french: """
                            est diffusé sans rien coûter dans \(code: named(free)) : un retour sur rien n’est \
                            aucun effet. Répartissez sa dépense entre les zones où il est diffusé, ou laissez-les \
                            de côté.
                            """
                    ))
            }
            let idle = spend.indices.filter { spend[$0] > 0 && exposure[$0] == 0 }
            if !idle.isEmpty {
                found.append(
                    spendProblem(
                        index, "\(column.words) costs money in \(named(idle)), and never ran there.",
                        mend: "check both columns of these geos.",
                        french: """
                            coûte de l’argent dans \(code: named(idle)) sans y avoir été diffusé. Vérifiez les deux \
                            colonnes de ces zones.
                            """
                    ))
            }
            if expectsReturn(index), allSpend < Self.tokenShare * kpiMoney {
                found.append(
                    spendProblem(
                        index,
                        "\(column.words) cost \(Self.words(allSpend)) in all: a return on that is no effect at all.",
                        french: """
                            a coûté \(Self.words(allSpend)) en tout : un retour sur si peu n’est aucun effet. \
                            Nommez la colonne de sa dépense ; si rien n’est payé, écrivez `organic: true`.
                            """
                    ))
            }
            return found
        }
    }

    /// Periods, and dates from which on, an exposure costs a multiple of what it usually does.
    var exposurePrices: [Problem] {
        pricedColumns.compactMap { index, column in
            func prices(_ geo: Int) -> [(cell: Int, value: Double)] {
                data.cells(of: geo).filter { column.values[$0] > 0 && data.spend[index][$0] > 0 }
                    .map { ($0, data.spend[index][$0] / column.values[$0]) }
            }
            let mend = "check the units of '\(column.column ?? "")' and '\(read.channels[index].spend ?? "")'."
            let frenchMend: FrenchText = """
                Vérifiez les unités de « \(code: column.column ?? "") » et de « \(code: read.channels[index].spend ?? "") ».
                """
            if let change = levelChange(.price, values: prices) {
                return spendProblem(
                    index, "the price of an exposure of \(column.words)\(change.english)", mend: mend,
                    french: "la série des prix d’une exposition\(code: change.french) \(frenchMend)"
                )
            }
            let places = (0..<data.geoCount).flatMap { oddPrices(prices($0)) }
            guard !places.isEmpty else { return nil }
            return spendProblem(
                index, "an exposure of \(column.words) costs \(Self.elided(places.map(\.english))).", mend: mend,
                french: "une exposition coûte \(Self.elided(places.map(\.french))). \(frenchMend)"
            )
        }
    }

    private func oddPrices(_ prices: [(cell: Int, value: Double)]) -> [(english: String, french: FrenchText)] {
        guard prices.count >= Self.priceValuesMin else { return [] }
        let usual = SortedValues(prices.map(\.value)).median
        let odd = prices.filter {
            $0.value > Self.priceRatioMin * usual || $0.value * Self.priceRatioMin < usual
        }
        guard odd.count <= Self.priceSlipsMax else { return [] }
        return odd.map {
            let ratio = $0.value / usual
            let size = ratio > 1 ? Self.words(ratio) : "1/\(Self.words((1 / ratio).rounded()))"
            return (
                "\(size) \(ratio > 1 ? "times" : "of") its usual price \(words(cell: $0.cell))",
                "\(size) \(ratio > 1 ? "fois" : "de") son prix usuel \(frenchWords(cell: $0.cell))"
            )
        }
    }

    /// Whether a channel's prior is of what its money brings back.
    private func expectsReturn(_ index: Int) -> Bool {
        switch read.specification.channels[index].effect {
        case .roi, .windowROI, .marginalROI: true
        case .contribution, .coefficient: false
        }
    }

    /// All that was earned where the KPI is known, in money.
    var kpiMoney: Double { knownCells.reduce(0) { $0 + data.kpi[$1] * data.revenuePerKPI[$1] } }

    private func named(_ geos: [Int]) -> String {
        data.geos.isEmpty ? "the data" : Self.elided(geos.map { "'\(data.geos[$0])'" })
    }

    private func spendProblem(
        _ index: Int, _ message: String, mend: String = unpaidMend, french: FrenchText? = nil
    ) -> Problem {
        let columns = read.channels[index]
        return Problem(
            file: modelFile, line: columns.line, column: columns.spend, message: message, mend: mend,
            french: french.map { "canal « \(code: columns.channel.name) » : " + $0 })
    }
}
