import Analysis
import MarketingMix
import ModelDefinition
import Report
import Testing

/// What media cost and brought by period, against a channel that works at once and in proportion.
@Suite("media by period")
struct MediaByPeriodTests {
    enum Worth: CaseIterable, Sendable {
        case one, priceByMonth, priceByGeo, marginByMonth

        func price(month: Int, geo: Int) -> Double {
            switch self {
            case .one, .marginByMonth: 4
            case .priceByMonth: 3 + 0.25 * Double(month)
            case .priceByGeo: 3 + 0.25 * Double(month) + 2 * Double(geo)
            }
        }

        func margin(month: Int) -> Double { self == .marginByMonth ? 0.25 + 0.0625 * Double(month) : 0.5 }
    }

    private static let spend = [10.0, 20, 0, 40, 30]
    private static let kpi = [100.0, 90, 80, 95, 85]
    /// KPI units of one of spend.
    private static let effect = 1.5

    private static func model(
        _ worth: Worth, geos: [String], hasMargin: Bool = true, spend: [Double] = spend
    ) -> MarketingMixModel {
        let count = max(1, geos.count)
        func cells(_ values: [Double]) -> [Double] { (0..<count).flatMap { _ in values } }
        let months = kpi.indices
        var data = Dataset(
            frequency: .month, dates: months.map { CalendarDate("2024-01-01")!.advanced(byMonths: $0) },
            kpi: cells(kpi),
            revenuePerKPI: (0..<count).flatMap { geo in months.map { worth.price(month: $0, geo: geo) } },
            spend: [cells(spend)], exposure: [cells(Self.spend)], controls: [], events: [], holidays: [], geos: geos)
        if hasMargin, worth == .marginByMonth { data.margins = cells(months.map { worth.margin(month: $0) }) }
        return MarketingMixModel(
            specification: ModelSpecification(
                name: "shop", preset: .pymcMarketing,
                kpi: KPI(
                    kind: .units, currency: "EUR", margin: hasMargin && worth != .marginByMonth ? 0.5 : nil),
                channels: [
                    Channel(
                        name: "search", kind: .performance, adstock: Adstock(kind: .none, maximumLag: 0),
                        saturation: .none, effect: .coefficient, priors: [.beta: .halfNormal(scale: 1)])
                ],
                controls: [], events: [], holidayCountry: nil, intercept: true, trend: .none, seasonality: [],
                priors: [:], sampling: SamplingSpecification(), resampling: ResamplingSpecification(), seed: 1),
            dataset: data)
    }

    /// One draw: the model divides spend and KPI by their maxima.
    private static func media(of model: MarketingMixModel) -> ReportContent.MediaByPeriod? {
        var draw = [Double](repeating: 0.1, count: model.dimension)
        for block in model.layout.blocks where block.name == "saturation_beta" {
            draw[block.offset] = effect * 40 / 100
        }
        return ReportContent.MediaByPeriod(
            PosteriorAnalysis(model: model, constrained: [draw], chainCount: 1), of: model)
    }

    @Test("is margin × price × units of all geos", arguments: Worth.allCases, [["north", "south"], []])
    func sums(_ worth: Worth, _ geos: [String]) throws {
        let media = try #require(Self.media(of: Self.model(worth, geos: geos)))
        let count = max(1, geos.count)
        for month in Self.kpi.indices {
            #expect(media.spend[month] == Double(count) * Self.spend[month])
            let expected = (0..<count).reduce(0.0) { sum, geo in
                sum + worth.margin(month: month) * worth.price(month: month, geo: geo) * Self.effect * Self.spend[month]
            }
            #expect(abs(media.grossProfit[month] - expected) <= 1e-12 * expected, "\(month)")
        }
    }

    @Test("leaves out media that nobody pays for")
    func organic() {
        let media = Self.media(of: Self.model(.one, geos: [], spend: Self.spend.map { _ in 0 }))
        #expect(media?.spend == [0, 0, 0, 0, 0] && media?.grossProfit == [0, 0, 0, 0, 0])
    }

    @Test("without a margin is not known")
    func noMargin() {
        #expect(Self.media(of: Self.model(.one, geos: [], hasMargin: false)) == nil)
        #expect(Self.media(of: Self.model(.marginByMonth, geos: ["north"], hasMargin: false)) == nil)
    }
}
