import Foundation
import MarketingMix
import ModelDefinition
import ModelFile
import Testing

@Suite("transaction files")
struct AggregationTests {
    /// A folder with these files, removed at the end.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("tutti-\(UUID().uuidString)")

        init(_ files: [String: String]) throws {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            for (name, text) in files {
                try text.write(to: url.appendingPathComponent(name), atomically: true, encoding: .utf8)
            }
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        func read() throws -> ReadModel {
            try ModelFileReader.read(ModelFileReader.bundle(at: url.appendingPathComponent("model.yaml").path))
        }
    }

    private static let start = CalendarDate(year: 2024, month: 1, day: 1)!

    private static func model(_ aggregate: String, sources: String = "{file: media.csv}, ", kpi: String = "revenue")
        -> String
    {
        """
        tutti: 1
        data: {sources: [\(sources){file: orders.csv, aggregate: {date: at, columns: {\(aggregate)}}}], date: week}
        kpi: {column: \(kpi)}
        channels: [{name: tv, spend: tv}]
        """
    }

    /// Ten weeks of media from a Monday.
    private static let media =
        "week,tv\n" + (0..<10).map { "\(start.advanced(by: 7 * $0)),\($0 % 4)\n" }.joined()

    @Test("records come to counts, sums, means and extremes of the model's weeks, in whatever order they stand")
    func rules() throws {
        // Two records a day, in disorder, from three days before the first week to one after the last.
        var records: [(day: Int, amount: Double)] = (-3..<71).flatMap { [($0, Double($0) + 100.5), ($0, 2.25)] }
        records.sort { ($0.day * 37 % 74, $0.amount) < ($1.day * 37 % 74, $1.amount) }
        let lines = records.map { "\(Self.start.advanced(by: $0.day)) 10:15:00,\($0.amount)\n" }.joined()
        let rules =
            "orders: count, revenue: {sum: amount}, basket: {mean: amount}, least: {min: amount}, most: {max: amount}"
        let folder = try Folder([
            "model.yaml": Self.model(rules) + "\ncontrols: [orders, basket, least, most]\n", "media.csv": Self.media,
            "orders.csv": "at,amount\n" + lines,
        ])
        let read = try folder.read()
        #expect(read.dataset.dates == (0..<10).map { Self.start.advanced(by: 7 * $0) })
        for week in 0..<10 {
            let own = records.filter { $0.day >= 7 * week && $0.day < 7 * week + 7 }.map(\.amount)
            let sum: Double = own.reduce(0, +)
            #expect(abs(read.dataset.kpi[week] - sum) < 1e-12 * sum)
            let controls = read.dataset.controls.map { $0.values[week] }
            #expect(controls[0] == 14 && abs(controls[1] - sum / 14) < 1e-12 * sum)
            #expect(controls[2] == own.min() && controls[3] == own.max())
        }
        #expect(read.warnings.contains { $0.description.contains("8 records lie outside") })
    }

    @Test("a week without records counts 0 and has no mean; without files of periods weeks begin on Monday")
    func gaps() throws {
        let days = Array(2..<68).filter { !(14..<21).contains($0) }
        let lines = days.map { "\(Self.start.advanced(by: $0)),\(5 + $0 % 3),\($0 % 5)\n" }.joined()
        let files = ["orders.csv": "at,amount,tv\n" + lines]
        let alone = Self.model("revenue: {sum: amount}, tv: sum", sources: "")
        let read = try Folder(files.merging(["model.yaml": alone]) { $1 }).read()
        #expect(read.dataset.dates == (0..<10).map { Self.start.advanced(by: 7 * $0) })
        #expect(read.dataset.kpi[2] == 0 && read.dataset.spend[0][2] == 0)
        #expect(read.warnings.contains { $0.description.contains("do not fill the first and the last period") })
        let mean =
            Self.model("revenue: {sum: amount}, tv: sum, price: {mean: amount}", sources: "") + "\ncontrols: [price]\n"
        let folder = try Folder(files.merging(["model.yaml": mean]) { $1 })
        #expect {
            try folder.read()
        } throws: { error in
            (error as? ProblemList)?.problems.contains { $0.description.contains("the value is missing") } == true
        }
    }

    @Test("records of a panel are those of their geo")
    func geos() throws {
        let lines = (0..<70).flatMap { day in
            ["north", "south"].map { geo in
                "\(Self.start.advanced(by: day)),\(geo),\(geo == "north" ? 2 : 3 + day)\n"
            }
        }
        let media = (0..<10).flatMap { week in
            ["south", "north"].map { "\(Self.start.advanced(by: 7 * week)),\($0),\(week % 4)\n" }
        }
        let model = Self.model("revenue: {sum: amount}").replacingOccurrences(
            of: "date: week}", with: "date: week, geo: region}")
        let read = try Folder([
            "model.yaml": model, "media.csv": "week,region,tv\n" + media.joined(),
            "orders.csv": "at,region,amount\n" + lines.joined(),
        ]).read()
        #expect(read.dataset.geos == ["north", "south"])
        #expect(read.dataset.kpi[0] == 14 && read.dataset.kpi[10] == 42 && read.dataset.kpi[19] == 7 * 3 + 7 * 66)
    }
}
