import Kernels
import ModelDefinition
import ModelFile
import Wording

extension DataChecks {
    /// A record of the KPI ÷ the usual value around it, from which on units are asked about: Christmas and promotions
    /// stay below it. By day they are sharper.
    private static let kpiRatioMin = 8.0
    private static let dailyRatioMin = 15.0
    /// The same in a period that the model marks as an event: its file says that it is like no other.
    private static let markedRatioMin = 60.0
    /// Share of a geo's periods in which a control is not 0, up to which it marks events.
    private static let markedShareMax = 0.1
    /// The same for media, of the usual active period.
    private static let mediaRatioMin = 12.0
    /// And the gap to the next largest value, as a factor: what is large by nature has others near it.
    private static let gapMin = 3.0
    /// The same of the KPI downwards, where a factor of a thousand is looked for; little spend is no harm, and common.
    private static let smallRatioMin = 50.0
    /// A KPI so far below its surroundings, in standard deviations, is no chance, if it stands out among the others.
    private static let smallDeviationsMin = 6.0
    private static let standsOutMin = 1.5
    /// Part of the usual value below which small values are counted, to know how often chance makes smaller ones.
    private static let lowShare = 0.2
    /// How many values so small chance would make, below which one is asked about.
    private static let expectedSmallMax = 0.015
    /// The same of a price, either way, whose other values lie within this factor of each other.
    private static let steadyRatioMin = 8.0
    private static let steadySpread = 3.0
    /// And its distance from them, in ranges of these: a temperature comes near 0 by nature.
    private static let steadyRangesMin = 5.0
    /// So many records at most are slips; more of them are how the column is.
    private static let slipsMax = 3
    /// Values from which on there is a usual one.
    private static let valuesMin = 12
    /// Periods on either side that say what is usual for the KPI.
    private static let surroundings = 8

    /// Single records in another unit than the rest of their column.
    var recordSlips: [Problem] {
        let mend = "check the units of that record against the others."
        let kpi = slips { kpiSlips(geo: $0) }.map {
            kpiProblem(
                "the KPI \($0.english)", mend: mend, french: "l’indicateur \(code: $0.french) \(Self.frenchSlipMend)"
            )
        }
        return [kpi].compactMap(\.self) + priceSlips
            + mediaColumns.compactMap { column in
                slips { mediaSlips(column.values, geo: $0) }.map {
                    problem(
                        column, "\(column.words) \($0.english)", mend: mend,
                        french: "\(code: $0.french) \(Self.frenchSlipMend)"
                    )
                }
            }
    }

    private var priceSlips: [Problem] {
        guard let column = read.kpi.revenuePerKPIColumn else { return [] }
        return [slips { steadySlips(data.revenuePerKPI, geo: $0) }].compactMap(\.self).map {
            Problem(
                file: modelFile, line: read.kpi.line, column: column,
                message: "what a unit of the KPI is worth \($0.english)",
                mend: "check the units of that record against the others.",
                french: "le prix d’une unité de l’indicateur \(code: $0.french) \(Self.frenchSlipMend)"
            )
        }
    }

    /// A cell, and how many times its usual value it is.
    private struct Slip {
        var cell: Int
        var value: Double
        var ratio: Double
    }

    private static let frenchSlipMend: FrenchText = "Comparez l’unité de ces enregistrements à celle des autres."

    private func slips(_ find: (Int) -> [Slip]) -> Sentence? {
        let found = (0..<data.geoCount).flatMap(find)
        guard !found.isEmpty else { return nil }
        let places = found.map { slip -> (english: String, french: FrenchText) in
            let value = Self.words(slip.value)
            if slip.ratio < 0 {
                return (
                    "\(value) \(words(cell: slip.cell)), below 0 like no other",
                    "\(value) \(frenchWords(cell: slip.cell)), négatif comme aucun autre"
                )
            }
            let isLarge = slip.ratio >= 1
            let size = isLarge ? Self.words(slip.ratio) : "1/\(Self.words((1 / slip.ratio).rounded()))"
            return (
                "\(value) \(words(cell: slip.cell)), \(size)\(isLarge ? " times" : " of") its usual value",
                "\(value) \(frenchWords(cell: slip.cell)), \(size) \(isLarge ? "fois" : "de") sa valeur usuelle"
            )
        }
        return Sentence(
            "is \(Self.elided(places.map(\.english))).", french: "vaut \(Self.elided(places.map(\.french))).")
    }

    private func kpiSlips(geo: Int) -> [Slip] {
        let own = knownCells(of: geo)
        guard own.count >= Self.valuesMin else { return [] }
        let sizes = own.map { abs(data.kpi[$0]) }
        let usual = own.indices.map { usualSize(sizes, around: $0) }
        let deviation = SortedValues(zip(sizes, usual).map { $0 - $1 }).robustDeviation
        let marked = markedCells(geo: geo)
        let ratioMin = data.frequency == .day ? Self.dailyRatioMin : Self.kpiRatioMin
        let large = isolated(sizes).filter { index in
            let limit = marked.contains(own[index]) ? Self.markedRatioMin : ratioMin
            return sizes[index] > limit * usual[index] && usual[index] > 0
        }
        // A KPI that crosses 0, or is said to pile up above it, is small by chance.
        let isPositive =
            read.specification.likelihood != .truncatedNormal && own.allSatisfy { data.kpi[$0] >= 0 }
        let tiny = sizes.indices.filter { sizes[$0] > 0 && sizes[$0] * Self.smallRatioMin < usual[$0] }
        let shortfalls = zip(usual, sizes).map { $0 - $1 }
        let otherShortfall = shortfalls.indices.filter { !tiny.contains($0) }.map { shortfalls[$0] }.max() ?? 0
        let small = tiny.filter { index in
            let isFar =
                shortfalls[index] > max(Self.smallDeviationsMin * deviation, Self.standsOutMin * otherShortfall)
            return isPositive && (isFar && !marked.contains(own[index]) || isUnlikely(index, sizes, usual))
        }
        guard small.count <= Self.slipsMax else { return [] }
        let odd = (recurring(large.map { own[$0] }) ? [] : large) + small + belowZero(own, usual, deviation: deviation)
        return Set(odd).sorted().map {
            let value = data.kpi[own[$0]]
            return Slip(cell: own[$0], value: value, ratio: (value < 0 ? -1 : 1) * sizes[$0] / usual[$0])
        }
    }

    /// The few values below 0 of a KPI that lies far above it: a sign, or a number that stands for none, as -99.
    private func belowZero(_ own: [Int], _ usual: [Double], deviation: Double) -> [Int] {
        let below = own.indices.filter { data.kpi[own[$0]] < 0 }
        guard (1...Self.slipsMax).contains(below.count), read.specification.likelihood != .truncatedNormal else {
            return []
        }
        let shortfalls = own.indices.map { usual[$0] - data.kpi[own[$0]] }
        // A shop is at 0 where it is closed.
        let others = own.indices.filter { data.kpi[own[$0]] > 0 }.map { shortfalls[$0] }.max() ?? 0
        let limit = max(Self.smallDeviationsMin * deviation, Self.standsOutMin * others)
        return below.allSatisfy { shortfalls[$0] > limit } ? below : []
    }

    /// The few values of a column that is steady otherwise, as a price is, that are in another unit.
    private func steadySlips(_ values: [Double], geo: Int) -> [Slip] {
        // A 0 marks where there was none.
        let own = data.cells(of: geo).filter { !values[$0].isNaN && values[$0] != 0 }
        guard own.count >= Self.valuesMin else { return [] }
        let median = SortedValues(own.map { values[$0] }).median
        guard median > 0 else { return [] }
        func isOdd(_ value: Double) -> Bool {
            value > Self.steadyRatioMin * median || value * Self.steadyRatioMin < median
        }
        let odd = own.filter { isOdd(values[$0]) }
        let rest = own.map { values[$0] }.filter { !isOdd($0) }
        // A column of few values marks what happens.
        guard (1...Self.slipsMax).contains(odd.count), Set(rest).count >= Self.valuesMin / 2, let least = rest.min(),
            let largest = rest.max(), largest < Self.steadySpread * least
        else { return [] }
        let distanceMin = Self.steadyRangesMin * (largest - least)
        guard odd.allSatisfy({ abs(values[$0] - median) > distanceMin }) else { return [] }
        return odd.map { Slip(cell: $0, value: values[$0], ratio: values[$0] / median) }
    }

    private func mediaSlips(_ values: [Double], geo: Int) -> [Slip] {
        let active = data.cells(of: geo).filter { values[$0] > 0 }
        guard active.count >= Self.valuesMin else { return [] }
        let sizes = active.map { values[$0] }
        let median = SortedValues(sizes).median
        let large = isolated(sizes).filter { sizes[$0] > Self.mediaRatioMin * median }
        return large.sorted().map { Slip(cell: active[$0], value: sizes[$0], ratio: sizes[$0] / median) }
    }

    /// The median size of the periods around one, itself left out.
    private func usualSize(_ sizes: [Double], around index: Int) -> Double {
        let near = max(0, index - Self.surroundings)...min(sizes.count - 1, index + Self.surroundings)
        return SortedValues(near.filter { $0 != index }.map { sizes[$0] }).median
    }

    /// The few largest values, where a gap parts them from all others.
    private func isolated(_ sizes: [Double]) -> [Int] {
        let order = sizes.indices.sorted { sizes[$0] > sizes[$1] }
        let count = (1...Self.slipsMax).last { sizes[order[$0 - 1]] > Self.gapMin * sizes[order[$0]] }
        return Array(order.prefix(count ?? 0))
    }

    /// The cells of a geo that an event of the model marks, or a control that is 0 nearly always.
    private func markedCells(geo: Int) -> Set<Int> {
        let cells = data.cells(of: geo)
        let places = (data.events + data.controls).map { column in cells.filter { column.values[$0] != 0 } }
        return Set(places.filter { Double($0.count) <= Self.markedShareMax * Double(cells.count) }.joined())
    }

    /// Whether a small value is smaller than chance makes it: those that are low, lying evenly between 0 and their bound,
    /// are too few to make one like it.
    private func isUnlikely(_ index: Int, _ sizes: [Double], _ usual: [Double]) -> Bool {
        let low = sizes.indices.count { $0 != index && sizes[$0] < Self.lowShare * usual[$0] }
        return Double(max(1, low)) * sizes[index] / usual[index] / Self.lowShare < Self.expectedSmallMax
    }

    /// Whether peaks come back at their time of the year, as a day of flowers does.
    private func recurring(_ cells: [Int]) -> Bool {
        let days = cells.map { data.dates[$0 % data.periodCount].dayNumber }
        return days.contains { day in
            days.contains { other in
                let years = (Double(other - day) / 365.25).rounded()
                return years >= 1 && abs(Double(other - day) - 365.25 * years) < 15
            }
        }
    }
}
