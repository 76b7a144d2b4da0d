import ModelDefinition
import ModelFile

extension DataChecks {
    /// Largest value ÷ median of the values that are not 0: a slip of units (cents, thousands) is a factor of 100 to
    /// 1000, and real media stay well below it.
    private static let peakMax = 1000.0
    /// Values that a median needs to mean something.
    private static let peakValuesMin = 8
    /// Mean |KPI| of the largest geo ÷ that of the smallest: countries and towns of one country lie within it.
    private static let geoRatioMax = 1e4
    /// Spend of one channel ÷ revenue. A company may spend more than it earns, and not several times over on one channel.
    private static let spendRatioMax = 3.0

    /// Numbers that are possible, and unlikely.
    var scaleSurprises: [Problem] {
        peaks + spendBeyondRevenue + unlikeGeos
    }

    /// Controls and treatments that are not steady otherwise; these, the KPI and media have limits of their own.
    private var peaks: [Problem] {
        columns.filter { $0.isLinear && !hasSteadySlip($0) }.compactMap { column in
            peak(column.values).map {
                problem(column, "\(column.words) \($0)", mend: "check the units of that record against the others.")
            }
        }
    }

    /// Where a column rises far above itself, in words.
    private func peak(_ values: [Double]) -> String? {
        for geo in 0..<data.geoCount {
            let active = data.cells(of: geo).filter { values[$0] != 0 && !values[$0].isNaN }
            guard active.count >= Self.peakValuesMin,
                let largest = active.max(by: { abs(values[$0]) < abs(values[$1]) })
            else { continue }
            let median = active.map { abs(values[$0]) }.sorted()[active.count / 2]
            if abs(values[largest]) > Self.peakMax * median {
                return "is \(Self.words(values[largest])) \(words(cell: largest)), "
                    + "\(Self.words(abs(values[largest]) / median)) times its usual value."
            }
        }
        return nil
    }

    private var spendBeyondRevenue: [Problem] {
        let revenue = knownCells.reduce(0) { $0 + data.kpi[$1] * data.revenuePerKPI[$1] }
        guard revenue > 0, read.specification.kpi.kind == .revenue || read.revenuePerKPIColumn != nil else { return [] }
        return read.channelColumns.enumerated().compactMap { index, columns in
            let spend = data.spend[index].reduce(0, +)
            let isLongTerm = read.specification.channels[index].longTermOf != nil
            guard !isLongTerm, spend > Self.spendRatioMax * revenue else { return nil }
            return Problem(
                file: modelFile, line: columns.line, column: columns.spend,
                message: "channel '\(read.specification.channels[index].name)' cost \(Self.words(spend)), and all "
                    + "revenue is \(Self.words(revenue)).",
                mend: "check the units of both; write `kpi: {kind: units}` if the KPI is not money.")
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
                mend: "check the units of both geos, or leave out the smaller one.")
        ]
    }
}
