import Foundation
import Testing

@Suite("what is odd about the data of a fit")
struct WarningTests {
    @Test("stands at the terminal, in run.json and in the report alike")
    func everywhere() throws {
        let place = try Workplace()
        let weeks = (0..<30).map { week -> String in
            let date = Date(timeIntervalSince1970: 1_704_067_200 + 604_800 * Double(week))
            let day = String(ISO8601DateFormatter().string(from: date).prefix(10))
            let tv = 20 + week * 13 % 40
            return "\(day),\(1000 + 2 * tv + week * 7 % 23),\(tv),9"
        }
        try place.write("week,sales,tv,price\n" + weeks.joined(separator: "\n") + "\n", to: "shop.csv")
        try place.write(
            """
            tutti: 1
            data: {sources: [{file: shop.csv}], date: week, frequency: week}
            kpi: {column: sales}
            channels: [{name: tv, spend: tv, adstock: {max_lag: 4}}]
            controls: [price]
            sampling: {chains: 2, warmup: 60, draws: 60}
            """, to: "shop.yaml")
        let fit = try TuttiProcess.run(["fit", place.path("shop.yaml"), "--out", place.path("shop")])
        #expect([0, 3].contains(fit.code), "\(fit.complaints)")
        let words = "is 9 in every period"
        #expect(fit.complaints.contains(words), "\(fit.complaints)")
        #expect(try place.manifest("shop").warnings.contains { $0.contains(words) })
        #expect(try String(contentsOfFile: place.path("shop/report.html"), encoding: .utf8).contains(words))
    }
}
