import Analysis
import MarketingMix
import ModelDefinition
import Testing

/// What the revenue of a year is more than that of the year before, of a KPI in units whose price moves.
@Suite("change of revenue from year to year")
struct RevenueChangeTests {
    enum Price: CaseIterable, Sendable {
        case constant, byMonth, byGeo

        func of(month: Int, geo: Int) -> Double {
            switch self {
            case .constant: 4
            case .byMonth: 3 + 0.1 * Double(month)
            case .byGeo: 3 + 0.1 * Double(month) + 2 * Double(geo)
            }
        }
    }

    private static let months = 26
    private static let tv = (0..<months).map { $0 % 3 == 0 ? 200.0 : 25 * Double($0 % 4) }
    private static let search = (0..<months).map { 10 * Double($0 * 7 % 5) }
    private static let press = (0..<months).map { Double($0 % 2) }
    private static let kpi = (0..<months).map { 100 - Double($0 * 11 % 30) }
    /// Of the first geo; its KPI is not known.
    private static let unknown = 5

    private static let truths = [
        Campaign.Truth(), Campaign.Truth(alpha: 0.2, effects: [0.9, 0.5, 2], level: 25, sigma: 4),
    ]

    /// From January 2022 to February 2024.
    private static func model(_ price: Price, geos: [String]) -> MarketingMixModel {
        let count = max(1, geos.count)
        func cells(_ values: [Double]) -> [Double] { (0..<count).flatMap { _ in values } }
        var units = cells(kpi)
        units[unknown] = .nan
        var data = Dataset(
            frequency: .month, dates: (0..<months).map { CalendarDate("2022-01-01")!.advanced(byMonths: $0) },
            kpi: units,
            revenuePerKPI: (0..<count).flatMap { geo in (0..<months).map { price.of(month: $0, geo: geo) } },
            spend: [cells(tv), cells(search), cells(press.map { _ in 0 })],
            exposure: [cells(tv), cells(search), cells(press)], controls: [], events: [], holidays: [], geos: geos)
        data.margins = []
        return MarketingMixModel(
            specification: Campaign.model(groups: ["bought", "bought", nil]).specification, dataset: data)
    }

    /// Units of a month, by component, in the words of the test.
    private static func units(_ truth: Campaign.Truth, _ component: String, month: Int) -> Double {
        switch component {
        case "tv":
            truth.effects[0]
                * truth.weights.enumerated().reduce(0) { sum, lag in
                    month < lag.offset ? sum : sum + lag.element * tv[month - lag.offset]
                }
        case "search": truth.effects[1] * search[month]
        case "press": truth.effects[2] * press[month]
        case "intercept", "baseline": truth.level
        case "bought": units(truth, "tv", month: month) + units(truth, "search", month: month)
        case "media": units(truth, "bought", month: month) + units(truth, "press", month: month)
        case "total": units(truth, "media", month: month) + truth.level
        default: .nan
        }
    }

    private func rows(
        _ price: Price, _ geos: [String], _ truths: [Campaign.Truth]
    ) -> [WindowRow] {
        let model = Self.model(price, geos: geos)
        return PosteriorAnalysis(model: model, constrained: truths.map { $0.constrained(model) }, chainCount: 1).windows
    }

    @Test(
        "every component's change is that of independent sums, and parts by units and by price",
        arguments: Price.allCases,
        [["north", "south"], []])
    func sums(_ price: Price, _ geos: [String]) throws {
        let geoCount = max(1, geos.count)
        for truth in Self.truths {
            let rows = rows(price, geos, [truth]).filter { $0.window.name == "2023" }
            #expect(rows.count == 8)
            func sum(_ year: Int, _ value: (Int, Double) -> Double) -> Double {
                var sum = 0.0
                for geo in 0..<geoCount {
                    for month in 12 * year..<12 * year + 12 { sum += value(month, price.of(month: month, geo: geo)) }
                }
                return sum
            }
            // The mean price of 2022 is that of the units that are known to be sold.
            var (sold, paid) = (0.0, 0.0)
            for geo in 0..<geoCount {
                for month in 0..<12 where geo > 0 || month != Self.unknown {
                    sold += Self.kpi[month]
                    paid += Self.kpi[month] * price.of(month: month, geo: geo)
                }
            }
            for row in rows {
                func units(_ month: Int) -> Double { Self.units(truth, row.component, month: month) }
                let before = sum(0) { units($0) * $1 }
                let after = sum(1) { units($0) * $1 }
                let moreUnits = sum(1) { month, _ in units(month) } - sum(0) { month, _ in units(month) }
                let change = try #require(row.figure.revenueChange)
                let slack = 1e-11 * after
                #expect(abs(row.figure.revenue.mean - after) < slack, "\(row.component)")
                #expect(abs(change.total.mean - (after - before)) < slack, "\(row.component)")
                #expect(abs(change.byUnits.mean - paid / sold * moreUnits) < slack, "\(row.component)")
                #expect(
                    abs(change.byPrice.mean - (after - before - paid / sold * moreUnits)) < slack, "\(row.component)")
                if price == .constant { #expect(change.byPrice.mean == 0) }
                // More of the same units at a higher price are worth more.
                if price != .constant { #expect(change.byPrice.mean > 0.5, "\(row.component)") }
            }
        }
    }

    @Test(
        "at each draw the lines add up to the change of revenue, and those of components to that of the total",
        arguments: Price.allCases)
    func additive(_ price: Price) throws {
        for truths in Self.truths.map({ [$0] }) + [Self.truths] {
            for window in Set(rows(price, ["north", "south"], truths).map(\.window)) {
                let rows = rows(price, ["north", "south"], truths).filter { $0.window == window }
                let components = rows.prefix(4)
                let total = try #require(rows.last?.figure)
                let slack = 1e-12 * abs(total.revenue.mean)
                #expect(abs(components.reduce(0) { $0 + $1.figure.revenue.mean } - total.revenue.mean) < slack)
                guard let change = total.revenueChange else {
                    #expect(rows.allSatisfy { $0.figure.revenueChange == nil && $0.figure.change == nil })
                    continue
                }
                func sum(_ part: (RevenueChange) -> Double) -> Double {
                    components.reduce(0) { $0 + ($1.figure.revenueChange.map(part) ?? .nan) }
                }
                #expect(abs(sum(\.total.mean) - change.total.mean) < slack)
                #expect(abs(sum(\.byUnits.mean) + change.byPrice.mean - change.total.mean) < slack)
                #expect(abs(sum(\.byPrice.mean) - change.byPrice.mean) < slack)
            }
        }
    }

    @Test("spreads and quantiles are those of the differences, draw by draw")
    func draws() throws {
        func change(_ truths: [Campaign.Truth]) throws -> RevenueChange {
            let row = rows(.byGeo, ["north", "south"], truths).first {
                $0.window.name == "2023" && $0.component == "search"
            }
            return try #require(row?.figure.revenueChange)
        }
        let (both, first, second) = (
            try change(Self.truths), try change([Self.truths[0]]), try change([Self.truths[1]])
        )
        for part in [\RevenueChange.total, \.byUnits, \.byPrice] {
            let (a, b) = (first[keyPath: part].mean, second[keyPath: part].mean)
            #expect(isClose(both[keyPath: part].mean, (a + b) / 2, relative: 1e-9))
            // Of two draws the standard deviation is their distance ÷ √2.
            #expect(isClose(both[keyPath: part].sd, abs(a - b) / 2.0.squareRoot(), relative: 1e-9))
        }
    }
}
