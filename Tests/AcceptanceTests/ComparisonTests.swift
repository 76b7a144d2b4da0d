import Foundation
import Testing

@Suite("comparing fits, and points of the density")
struct ComparisonTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    /// Thirty weeks of a KPI in some unit.
    private func write(_ name: String, scale: Double) throws {
        let weeks = (0..<30).map { week -> String in
            let date = Date(timeIntervalSince1970: 1_704_067_200 + 604_800 * Double(week))
            let day = String(ISO8601DateFormatter().string(from: date).prefix(10))
            let tv = week * 7 % 20 < 9 ? 60 + week * 13 % 40 : 0
            let search = 20 + week * 5 % 17
            return "\(day),\(scale * Double(1000 + 2 * tv + 3 * search + week * 7 % 23)),\(tv),\(search)"
        }
        try place.write("week,sales,tv,search\n" + weeks.joined(separator: "\n") + "\n", to: "\(name).csv")
        try place.write(
            """
            tutti: 1
            name: \(name)
            data: {sources: [{file: \(name).csv}], date: week, frequency: week}
            kpi: {column: sales}
            channels:
              - {name: tv, spend: tv, adstock: {max_lag: 4}}
              - {name: search, spend: search, adstock: {max_lag: 2}}
            sampling: {chains: 2, warmup: 60, draws: 60}
            """, to: "\(name).yaml")
    }

    @Test("a KPI is not ranked with its thousandth")
    func otherKPI() throws {
        for (name, scale) in [("euro", 1.0), ("thousand", 0.001)] {
            try write(name, scale: scale)
            let fit = try TuttiProcess.run(["fit", place.path("\(name).yaml"), "--out", place.path(name), "--quiet"])
            #expect(fit.code == 3, "\(fit.complaints)")
        }
        let other = try TuttiProcess.run(["compare", place.path("euro"), place.path("thousand")])
        #expect(other.code == 2 && other.complaints.contains("its KPI is not that of"))
        #expect(other.complaints.contains("2024-01-01, national has 1.18 where the other has 1180.0"))
        let same = try TuttiProcess.run(["compare", place.path("euro"), place.path("euro")])
        #expect(same.code == 0, "\(same.complaints)")
    }

    private func logp(_ points: String) throws -> (code: Int32, output: String, complaints: String) {
        try place.write(points, to: "points.json")
        let outcome = try TuttiProcess.run(["logp", place.path("euro.yaml"), "--points", place.path("points.json")])
        return (outcome.code, outcome.output, outcome.complaints)
    }

    @Test("`logp` names every number, and refuses names that it does not know, other shapes and another order")
    func points() throws {
        try write("euro", scale: 1)
        let names = try logp(#"{"points": []}"#)
        #expect(names.code == 0, "\(names.complaints)")
        #expect(names.output.contains("\"alpha[tv]\"") && names.output.contains("\"labels\""))
        let root = try #require(try JSONSerialization.jsonObject(with: Data(names.output.utf8)) as? [String: Any])
        let order = try #require(root["order"] as? [[String: Any]])
        let elements = try #require(root["elements"] as? [String])
        let sizes = order.map { ($0["shape"] as? [Int] ?? []).reduce(1, *) }
        #expect(sizes.reduce(0, +) == elements.count)

        let unknown = try logp(#"{"points": [{"constrained": {"alfa": 1}}]}"#)
        #expect(unknown.code == 2 && unknown.complaints.contains("no parameter 'alfa'"))
        let short = try logp(#"{"points": [{"unconstrained": [1, 2]}]}"#)
        #expect(short.code == 2 && short.complaints.contains("2 coordinates, the model has \(elements.count)"))

        var turned = order
        let index = try #require(turned.firstIndex { ($0["labels"] as? [[String]])?.first?.count == 2 })
        turned[index]["labels"] = [["search", "tv"]]
        let body = try JSONSerialization.data(withJSONObject: ["order": turned, "points": [[String: Any]]()])
        let swapped = try logp(String(decoding: body, as: UTF8.self))
        #expect(swapped.code == 2 && swapped.complaints.contains("Mend: put the numbers in the model's order."))
    }
}
