import Analysis
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// What is told by geo of a panel, with and without a log link, against the figures of the whole.
@Suite("figures by geo and period")
struct GeoTests {
    private static let geos = ["north", "south", "west"]

    /// A panel whose geos differ in the size of everything, and draws that differ too.
    private static func panel(
        hasLogLink: Bool = false, margin: Double? = 0.5, draws count: Int = 7
    ) -> (model: MarketingMixModel, draws: [[Double]]) {
        var model = Campaign.model(margin: margin, geos: geos)
        var (specification, data) = (model.specification, model.dataset)
        if hasLogLink { specification.likelihood = .logNormal }
        for geo in geos.indices {
            for cell in data.cells(of: geo) {
                let size = [1, 0.5, 3][geo]
                data.kpi[cell] *= size
                for channel in data.spend.indices {
                    data.spend[channel][cell] *= channel == 1 && geo == 1 ? 0 : size
                    data.exposure[channel][cell] *= channel == 1 && geo == 1 ? 0 : size * size
                }
                data.revenuePerKPI[cell] *= 1 + Double(geo)
            }
        }
        model = MarketingMixModel(specification: specification, dataset: data)
        let draws = (0..<count).map { draw in
            let part = Double(draw) / Double(count)
            return Campaign.Truth(
                alpha: 0.1 + 0.8 * part, effects: [0.2 + part, 1.5 - part, 1 + part], level: 30 - 10 * part,
                sigma: 4 + part
            ).constrained(model)
        }
        return (model, draws)
    }

    private static func analysis(_ panel: (model: MarketingMixModel, draws: [[Double]])) -> PosteriorAnalysis {
        PosteriorAnalysis(model: panel.model, constrained: panel.draws, chainCount: 1)
    }

    private static func isNear(_ value: Double, _ expected: Double, of size: Double) -> Bool {
        abs(value - expected) <= 1e-12 * size
    }

    @Test("in every draw components add up to what is fitted, and geos to the whole", arguments: [false, true])
    func draws(hasLogLink: Bool) {
        let (model, draws) = Self.panel(hasLogLink: hasLogLink)
        for draw in draws {
            let analysis = PosteriorAnalysis(model: model, constrained: [draw], chainCount: 1)
            var values = [Double](repeating: 0, count: model.components.count * model.dataset.cellCount)
            var fitted = [Double](repeating: 0, count: model.dataset.cellCount)
            model.decompose(constrained: draw, into: &values, fitted: &fitted)
            let periods = model.dataset.periodCount
            for (period, date) in model.dataset.dates.enumerated() {
                let rows = analysis.geoPeriods.filter { $0.date == date }
                for (geo, name) in Self.geos.enumerated() {
                    let sum = rows.filter { $0.geo == name }.reduce(0) { $0 + $1.contribution.mean }
                    #expect(Self.isNear(sum, fitted[geo * periods + period], of: sum))
                }
                for whole in analysis.contributions where whole.date == date {
                    let own = rows.filter { $0.component == whole.component }
                    let sum = own.reduce(0) { $0 + $1.contribution.mean }
                    #expect(own.count == 3 && Self.isNear(sum, whole.estimate.mean, of: fitted[period]))
                }
            }
            #expect(analysis.geoPeriods.allSatisfy { $0.contribution.sd == 0 })
        }
    }

    @Test("money is the KPI times what a unit is worth in the period and geo")
    func revenue() {
        let panel = Self.panel()
        let rows = Self.analysis(panel).geoPeriods
        #expect(rows.count == 6 * 3 * 4)
        for row in rows {
            let geo = Double(Self.geos.firstIndex(of: row.geo) ?? 0)
            let price = (1 + geo) * (row.date == panel.model.dataset.dates[5] ? 3 : 2)
            #expect(row.revenue.mean == price * row.contribution.mean)
            #expect(row.revenue.q05 == price * row.contribution.q05 && row.revenue.q95 == price * row.contribution.q95)
        }
    }

    @Test("channels of geos add up to those of the whole", arguments: [false, true])
    func channels(hasLogLink: Bool) throws {
        let panel = Self.panel(hasLogLink: hasLogLink)
        let analysis = Self.analysis(panel)
        #expect(analysis.geoChannels.map(\.geo) == Self.geos + Self.geos + Self.geos)
        for whole in analysis.channels {
            let parts = analysis.geoChannels.filter { $0.channel == whole.channel }
            func sum(_ value: (GeoChannelRow) -> Double) -> Double { parts.reduce(0) { $0 + value($1) } }
            #expect(isClose(sum { $0.contribution.mean }, whole.contribution.mean))
            #expect(sum { $0.spend } == whole.spend)
            guard whole.spend > 0 else {
                #expect(parts.allSatisfy { $0.roi == nil && $0.marginalROI == nil && $0.profitMean == nil })
                continue
            }
            func money(_ value: (GeoChannelRow) -> Estimate?) -> Double {
                sum { row in (value(row)?.mean ?? 0) * row.spend } / whole.spend
            }
            #expect(isClose(money(\.roi), try #require(whole.roi).mean))
            #expect(isClose(money(\.marginROI), try #require(whole.marginROI).mean))
            #expect(isClose(money(\.marginalROI), try #require(whole.marginalROI).mean, relative: 1e-9))
            #expect(isClose(sum { $0.profitMean ?? 0 }, try #require(whole.profitMean)))
            let finance = try #require(analysis.finance.first { $0.channel == whole.channel })
            #expect(isClose(sum { $0.incrementalRevenue.mean }, finance.incrementalRevenue.mean))
        }
        // A channel that does not run in a geo brings nothing there, and has no return.
        let silent = try #require(analysis.geoChannels.first { $0.channel == "search" && $0.geo == "south" })
        #expect(silent.spend == 0 && silent.contribution.mean == 0 && silent.roi == nil)
    }

    @Test("a geo's ROI is that of the closed form, with its quantiles")
    func closedForm() throws {
        let truths = [0.2, 0.5, 0.9].map { Campaign.Truth(alpha: $0, effects: [1 + $0, 0.5, 2]) }
        let model = Campaign.model(geos: ["north", "south"])
        let rows = PosteriorAnalysis(
            model: model, constrained: truths.map { $0.constrained(model) }, chainCount: 1
        ).geoChannels
        let tv = try #require(rows.first { $0.channel == "tv" && $0.geo == "south" })
        let returns = truths.map { $0.revenueInWindow(0) / 350 }
        #expect(isClose(tv.roi?.mean, returns.reduce(0, +) / 3))
        #expect(isClose(tv.roi?.q50, returns.sorted()[1]))
        #expect(isClose(tv.marginROI?.q50, 0.5 * returns.sorted()[1]))
        #expect(Self.analysis(Self.panel(margin: nil)).geoChannels.allSatisfy { $0.marginROI == nil })
    }

    @Test("of many draws means are of all of them, quantiles of some, whatever the bound on memory")
    func manyDraws() throws {
        let (model, draws) = Self.panel(draws: 2500)
        let fold = ComponentFold(model: model, constrained: draws)
        let whole = try #require(GeoPeriodFold(model: model, constrained: draws, means: fold.cellMeans))
        for bound in [1, 40_000] {
            let part = GeoPeriodFold(
                model: model, constrained: draws, means: fold.cellMeans, bufferCountMax: bound)
            #expect(part?.estimates == whole.estimates)
        }
        // All 2,500 draws of tv in the last week of each geo.
        for cell in [5, 11, 17] {
            var values = [Double](repeating: 0, count: model.components.count * model.dataset.cellCount)
            var fitted = [Double](repeating: 0, count: model.dataset.cellCount)
            let all = draws.map { draw in
                model.decompose(constrained: draw, into: &values, fitted: &fitted)
                return values[cell]
            }
            let (found, exact) = (whole.estimates[0][cell], Estimate(draws: all))
            #expect(isClose(found.mean, exact.mean))
            for (quantile, expected) in [(found.q05, exact.q05), (found.q50, exact.q50), (found.q95, exact.q95)] {
                #expect(abs(quantile - expected) < 0.005 * (exact.q95 - exact.q05))
            }
            #expect(abs(found.sd - exact.sd) < 0.01 * exact.sd)
        }
    }

    @Test("a single series has no such rows, and a panel with too many has none by period")
    func limits() {
        let single = Campaign.model()
        let analysis = PosteriorAnalysis(
            model: single, constrained: [Campaign.Truth().constrained(single)], chainCount: 1)
        #expect(analysis.geoPeriods.isEmpty && analysis.geoChannels.isEmpty)
        // 16,667 geos of six weeks and four components.
        let model = Campaign.model(geos: (0..<16_667).map { "geo \($0)" })
        let draws = [Campaign.Truth().constrained(model)]
        #expect(model.dataset.cellCount * model.components.count > GeoPeriodFold.rowCountMax)
        #expect(GeoPeriodFold(model: model, constrained: draws, means: []) == nil)
    }
}
