import Analysis
import MarketingMix
import ModelDefinition
import Testing

/// Channels that are told together.
@Suite("groups of channels")
struct GroupTests {
    private static let truths = [
        Campaign.Truth(), Campaign.Truth(alpha: 0.2, effects: [1.1, 0.5, 2], level: 25, sigma: 4),
        Campaign.Truth(alpha: 0.8, effects: [0.1, 2, 1], level: 35, sigma: 6),
        Campaign.Truth(alpha: 0.4, effects: [2, 0.1, 0.5], level: 20, sigma: 3),
    ]

    private static func analysis(
        _ groups: [String?], margin: Double? = 0.5, geos: [String] = []
    ) -> PosteriorAnalysis {
        let model = Campaign.model(margin: margin, geos: geos, groups: groups)
        return PosteriorAnalysis(
            model: model, constrained: truths.map { $0.constrained(model) }, chainCount: 1)
    }

    private static func estimate(_ value: (Campaign.Truth) -> Double) -> Estimate {
        Estimate(draws: truths.map(value))
    }

    private static func expect(_ found: Estimate?, _ expected: Estimate, relative: Double = 1e-12) {
        for (a, b) in [
            (found?.mean, expected.mean), (found?.q05, expected.q05), (found?.q50, expected.q50),
            (found?.q95, expected.q95),
        ] { #expect(isClose(a, b, relative: relative)) }
    }

    private static func kpi(_ truth: Campaign.Truth, _ channels: [Int]) -> Double {
        channels.reduce(0) { $0 + truth.response($1)[..<6].reduce(0, +) }
    }

    private static func revenue(_ truth: Campaign.Truth, _ channels: [Int]) -> Double {
        channels.reduce(0) { $0 + truth.revenueInWindow($1) }
    }

    @Test("a group's figures are those of the sum at each draw, with the quantiles of the sum")
    func sums() throws {
        let analysis = Self.analysis(["bought", "bought", "free"])
        #expect(analysis.groups.map(\.group) == ["bought", "free"])
        let bought = analysis.groups[0]
        #expect(bought.channels == ["tv", "search"] && bought.spend == 490)
        Self.expect(bought.contribution, Self.estimate { Self.kpi($0, [0, 1]) })
        Self.expect(
            bought.share, Self.estimate { Self.kpi($0, [0, 1]) / (Self.kpi($0, [0, 1, 2]) + 6 * $0.level) })
        Self.expect(bought.incrementalRevenue, Self.estimate { Self.revenue($0, [0, 1]) })
        Self.expect(bought.roi, Self.estimate { Self.revenue($0, [0, 1]) / 490 })
        Self.expect(bought.marginalROI, Self.estimate { Self.revenue($0, [0, 1]) / 490 }, relative: 1e-9)
        Self.expect(bought.marginROI, Self.estimate { 0.5 * Self.revenue($0, [0, 1]) / 490 })
        Self.expect(bought.profit, Self.estimate { 0.5 * Self.revenue($0, [0, 1]) - 490 }, relative: 1e-11)
        #expect(isClose(bought.carryoverMean, Self.estimate { $0.revenueAfter(0) }.mean))
        #expect(
            bought.probabilityOfProfit == Double(Self.truths.count { 0.5 * Self.revenue($0, [0, 1]) > 490 }) / 4)
        // The sum of the channels' quantiles would be another number.
        let channels = analysis.channels.prefix(2).map(\.contribution.q95).reduce(0, +)
        #expect(abs(bought.contribution.q95 - channels) > 0.01 * channels)
        #expect(isClose(analysis.channels.prefix(2).map(\.contribution.mean).reduce(0, +), bought.contribution.mean))
        // What costs nothing has no return.
        let free = analysis.groups[1]
        #expect(free.spend == 0 && free.roi == nil && free.marginROI == nil && free.profit == nil)
        Self.expect(free.contribution, Self.estimate { Self.kpi($0, [2]) })
    }

    @Test("returns of a group with an unpaid channel are those of its paid ones, its contribution that of all")
    func unpaid() {
        let group = Self.analysis(["all", nil, "all"]).groups[0]
        #expect(group.channels == ["tv", "press"] && group.spend == 350)
        Self.expect(group.contribution, Self.estimate { Self.kpi($0, [0, 2]) })
        Self.expect(group.incrementalRevenue, Self.estimate { Self.revenue($0, [0, 2]) })
        Self.expect(group.roi, Self.estimate { Self.revenue($0, [0]) / 350 })
    }

    @Test("windows tell groups after components, each the sum of its channels", arguments: [[], ["north", "south"]])
    func windows(geos: [String]) throws {
        let analysis = Self.analysis(["bought", "bought", nil], geos: geos)
        let plain = Self.analysis([nil, nil, nil], geos: geos)
        #expect(analysis.windows.filter { $0.component != "bought" } == plain.windows && plain.groups.isEmpty)
        let names = analysis.windows.prefix(8).map(\.component)
        #expect(names == ["tv", "search", "press", "intercept", "bought", "media", "baseline", "total"])
        for row in analysis.windows where row.component == "bought" {
            let parts = analysis.windows.filter {
                $0.window == row.window && ["tv", "search"].contains($0.component)
            }
            func sum(_ value: (WindowRow) -> Double?) -> Double { parts.reduce(0) { $0 + (value($1) ?? 0) } }
            let media = try #require(row.media)
            #expect(isClose(row.figure.contribution.mean, sum { $0.figure.contribution.mean }))
            #expect(isClose(media.spend, sum { $0.media?.spend }))
            #expect(isClose(media.own.mean, sum { $0.media?.own.mean }))
            #expect(isClose(media.carriedOutMean, sum { $0.media?.carriedOutMean }, relative: 1e-9))
            let returned = sum { ($0.media?.roi?.mean ?? 0) * ($0.media?.spend ?? 0) }
            #expect(isClose(media.roi?.mean, returned / media.spend))
            #expect(isClose(media.marginROI?.mean, 0.5 * returned / media.spend))
        }
        let year = try #require(analysis.windows.first { $0.component == "bought" })
        let factor = Double(max(1, geos.count))
        Self.expect(year.figure.contribution, Self.estimate { factor * Self.kpi($0, [0, 1]) })
    }

    @Test("a slow component belongs to its channel's group, and its money is counted once")
    func slow() {
        var channels = Campaign.model(groups: ["brand", nil, nil]).specification.channels
        channels[0].kind = .brand
        let slow = LongTerm.channel(
            of: channels[0], index: 0, effect: .coefficient, frequency: .week, likelihood: .normal)
        #expect(slow.group == "brand")
        var specification = Campaign.model().specification
        specification.channels = channels + [slow]
        #expect(specification.groups.map(\.name) == ["brand"] && specification.groups.map(\.channels) == [[0, 3]])
    }
}
