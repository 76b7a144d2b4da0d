import Foundation
import Testing

@Suite("channels that drive others")
struct MediationTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    /// Sixty weeks whose clicks follow television.
    private func write(drives: String) throws {
        let weeks = (0..<60).map { week -> String in
            let tv = week * 7 % 20 < 9 ? 60 + week * 13 % 40 : 0
            let clicks = 100 + tv + week * 11 % 17
            let date = Date(timeIntervalSince1970: 1_704_067_200 + 604_800 * Double(week))
            let day = String(ISO8601DateFormatter().string(from: date).prefix(10))
            return "\(day),\(1000 + tv + 2 * clicks + week * 5 % 23),\(tv),\(clicks / 2),\(clicks)"
        }
        try place.write("week,sales,tv,cost,clicks\n" + weeks.joined(separator: "\n") + "\n", to: "data.csv")
        try place.write(
            """
            tutti: 1
            name: shop
            data: {sources: [{file: data.csv}], date: week, frequency: week}
            kpi: {column: sales}
            channels:
              - {name: tv, kind: brand, spend: tv\(drives), adstock: {max_lag: 4}}
              - {name: search, spend: cost, exposure: clicks}
            sampling: {chains: 2, warmup: 100, draws: 100}
            """, to: "model.yaml")
    }

    @Test("a fit tells direct and total effect at the terminal, in a table and on the page, the same whenever it runs")
    func fit() throws {
        try write(drives: ", drives: [search]")
        let outcome = try TuttiProcess.run(["fit", place.path("model.yaml"), "--out", place.path("one")])
        #expect([0, 3].contains(outcome.code), "\(outcome.complaints)")
        #expect(outcome.output.contains("tv through search"))
        let rows = try place.table("mediation.csv", in: "one")
        #expect(rows.count == 1 && rows[0]["channel"] == "tv" && rows[0]["mediator"] == "search")
        func number(_ column: String) throws -> Double { try #require(rows[0][column].flatMap(Double.init)) }
        let (direct, through, total) = try (number("direct_mean"), number("through_mean"), number("total_mean"))
        #expect(abs(direct + through - total) < 1e-9 * total && through > 0)
        let channel = try #require(try place.table("channels.csv", in: "one").first)
        #expect(abs(try #require(channel["contribution_mean"].flatMap(Double.init)) - direct) < 1e-9 * direct)
        let page = try String(contentsOfFile: place.path("one/report.html"), encoding: .utf8)
        #expect(page.contains("What channels drive in others"))
        #expect(try place.manifest("one").files["mediation.csv"] != nil)

        let told = try #require(try place.manifest("one").mediation?.first)
        #expect(told.channel == "tv" && told.mediator == "search" && told.directMean == direct)
        #expect(told.throughMean == through && told.totalMean == total)
        #expect(try told.totalQ05 == number("total_q05") && told.totalQ95 == number("total_q95"))

        let again = try TuttiProcess.run(["fit", place.path("model.yaml"), "--out", place.path("two"), "--quiet"])
        #expect(again.code == outcome.code)
        #expect(try place.results("one")["mediation.csv"] == place.results("two")["mediation.csv"])

        // Draws of the media do not know of the declaration.
        try write(drives: "")
        let undeclared = try TuttiProcess.run([
            "fit", place.path("model.yaml"), "--out", place.path("three"), "--quiet",
        ])
        #expect(undeclared.code == outcome.code)
        #expect(try place.manifest("three").mediation == nil)
        let files = try place.results("three")
        #expect(files["mediation.csv"] == nil)
        for name in ["channels.csv", "contributions.csv", "summary.csv"] {
            #expect(try files[name] == place.results("one")[name], "\(name)")
        }
    }
}
