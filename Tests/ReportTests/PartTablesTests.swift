import Analysis
import Foundation
import ModelDefinition
import Report
import Testing
import Wording

@Suite("tables of groups and geos")
struct PartTablesTests {
    /// Geo `z3` spends 4,000 in every channel, and so on; the first channel nothing in the last but one.
    static func table(
        channels: [String], geoCount: Int
    ) -> [(channel: String, geo: String, spend: Double, roi: Estimate?)] {
        channels.enumerated().flatMap { channel, name in
            (0..<geoCount).map { geo in
                guard channel > 0 || geo != geoCount - 2 else { return (name, "z\(geo)", 0, nil) }
                let mean = Double(channel + 1) + Double(geo) / 100
                let roi = Estimate(mean: mean, sd: 0.1, q05: mean - 0.25, q50: mean, q95: mean + 0.25)
                return (name, "z\(geo)", 1000 * Double(geo + 1), roi)
            }
        }
    }

    /// The lines of the page's one table of geos, or of one of them.
    private func geoRows(_ page: String, table: Int = 0) throws -> [String] {
        let tables = page.components(separatedBy: "<table class=\"pinned\">").dropFirst().map {
            $0.components(separatedBy: "</table>")[0]
        }
        let body = try #require(tables[table].components(separatedBy: "<tbody>").last)
        return body.components(separatedBy: "</tr>").dropLast()
            .map { $0.replacing(#/<[^>]+>/#, with: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }

    @Test("the geos with the most spend have rows, most first, and it is said what part of the spend they have")
    func geos() throws {
        let geos = try #require(GeoReturns(Self.table(channels: ["tv", "web"], geoCount: 25)))
        // The last but one spends 24,000, of one channel, as z11 does of both.
        let places = [24] + (11...22).reversed() + [23] + (5...10).reversed()
        #expect(geos.rows.map(\.geo) == places.map { "z\($0)" })
        #expect(geos.geoCount == 25)
        // All but z0 to z4, of 2 × (1 + … + 25) − 24 thousand.
        #expect(abs(geos.spendShare - (626 - 30) / 626) < 1e-12)
        #expect(GeoReturns(Self.table(channels: ["tv"], geoCount: 2).map { ($0.channel, $0.geo, 0, nil) }) == nil)
        #expect(GeoReturns([]) == nil)
    }

    @Test("a slow component has a return of its own, and no money beside that of its channel")
    func slow() throws {
        let geos = try #require(
            GeoReturns(Self.table(channels: ["tv", "tv_slow", "web"], geoCount: 3), slow: ["tv_slow"]))
        #expect(geos.rows.map(\.spend) == [6000, 2000, 2000])
        #expect(geos.channels == ["tv", "tv_slow", "web"])
    }

    @Test("each geo's line has its spend and each channel's return, and a dash where there is none")
    func geoTable() throws {
        var content = ShopReport.content(names: ["tv", "web", "sms"])
        content.geoReturns = GeoReturns(Self.table(channels: ["tv", "web"], geoCount: 3))
        let page = ReportPage.render(content)
        #expect(
            try geoRows(page) == [
                "z2 6.00k 1.02 [0.77; 1.27] 2.02 [1.77; 2.27]", "z0 2.00k 1.00 [0.75; 1.25] 2.00 [1.75; 2.25]",
                "z1 2.00k – 2.01 [1.76; 2.26]",
            ])
        #expect(!page.contains("with the most spend"))
        content.geoReturns = GeoReturns(Self.table(channels: ["tv", "web"], geoCount: 25))
        #expect(ReportPage.render(content).contains("The 20 geos of 25 with the most spend, 95.2% of all."))
        for (audience, isThere) in [(ReportSpecification.Audience.full, true), (.finance, true), (.cmo, false)] {
            let page = ReportPage.render(content, as: ReportSpecification(audience: audience))
            #expect(page.contains("<code>geo_channels.csv</code>") == isThere, "\(audience)")
        }
        #expect(!ReportPage.render(ShopReport.content()).contains("ROI by geo"))
    }

    @Test("many channels are told in tables as wide as a page, none twice and none left out")
    func manyChannels() throws {
        let names = (0..<20).map { "kanal\($0)" }
        var content = ShopReport.content()
        content.geoReturns = GeoReturns(Self.table(channels: names, geoCount: 30))
        let tables = ReportPage.render(content).components(separatedBy: "<table class=\"pinned\">").dropFirst()
        #expect(tables.count == 3)
        let heads = tables.map { $0.components(separatedBy: "</thead>")[0] }
        #expect(heads.flatMap { head in names.filter { head.contains(">\($0)<") } } == names)
        #expect(try geoRows(ReportPage.render(content), table: 2).count == 20)
    }

    @Test("a group's line has the sums of its channels and their names", arguments: Language.allCases)
    func groups(_ language: Language) throws {
        let content = ShopReport.content(group: "screen & sound")
        let page = ReportPage.render(content, as: ReportSpecification(language: language, audience: .finance))
        let row = try #require(page.components(separatedBy: "<tr><th scope=\"row\">screen &amp; sound</th>").last)
            .components(separatedBy: "</tr>")[0]
        let own = content.channels.prefix(2)
        let spend = own.reduce(0) { $0 + $1.spend }
        let returned = own.reduce(0) { $0 + $1.spend * ($1.roi?.mean ?? .nan) } / spend
        let figures = row.matches(of: #/<span>([^<]*?)\s*</#).map { String($0.output.1) }
        #expect(figures[0] == NumberText.short(spend, language))
        #expect(figures[1] == NumberText.short(own.reduce(0) { $0 + $1.contribution.mean }, language))
        #expect(figures[3] == NumberText.decimal(returned, 2, language))
        #expect(row.contains("television, radio"))
        let brief = ReportPage.render(content, as: ReportSpecification(language: language, audience: .cmo))
        #expect(!brief.contains("screen &amp; sound"))
        #expect(!ReportPage.render(ShopReport.content()).contains("Groups of channels"))
    }

    @Test(
        "of a KPI in units the lines of its change of revenue add up to the printed sum, and the price has one",
        arguments: Language.allCases)
    func dueTo(_ language: Language) throws {
        let content = ShopReport.content(isRevenue: false)
        let dueTo = try #require(content.dueTo)
        // Of the weeks from January 2023 on no year has one before it, and of quarters the last whole one is 2025-Q3.
        #expect([dueTo.earlier, dueTo.later] == ["2024-Q3", "2025-Q3"])
        #expect(dueTo.lines.map(\.channel) == [nil] + ShopReport.channelNames)
        let sum = dueTo.lines.reduce(0) { $0 + $1.change.mean } + dueTo.byPrice.mean
        #expect(abs(sum - dueTo.total.mean) < 1e-9 * abs(dueTo.total.mean))
        let page = ReportPage.render(content, as: ReportSpecification(language: language))
        let table = try #require(
            page.components(separatedBy: "<summary>").first { $0.contains("2025-Q3") && $0.contains("2024-Q3") }
        )
        .components(separatedBy: "</table>")[0]
        let printed = try table.matches(of: #/<td>([^<]*)/#).map { match -> Double in
            let mark: Character = language == .french ? "," : "."
            let text = match.output.1.filter { $0.isNumber || $0 == "−" || $0 == mark }
            return try #require(Double(text.replacing("−", with: "-").replacing(",", with: ".")))
        }
        #expect(printed.count == dueTo.lines.count + 2)
        #expect(abs(printed.dropLast().reduce(0, +) - (printed.last ?? .nan)) < 1e-6)
        #expect(abs((printed.last ?? .nan) - dueTo.total.mean) <= 0.5)
        #expect(page.contains(language == .french ? "évolution du prix" : "change of price"))
        #expect(!ReportPage.render(ShopReport.content()).contains("is due to"))
    }

    @Test("content of a version that told of neither is still read")
    func older() throws {
        var content = ShopReport.content()
        (content.groups, content.geoReturns, content.dueTo) = (nil, nil, nil)
        let bytes = try ReportArchive(content, as: ReportSpecification()).encoded()
        #expect(!String(decoding: bytes, as: UTF8.self).contains("geoReturns"))
        #expect(try ReportArchive(decoding: bytes).content == content)
    }
}
