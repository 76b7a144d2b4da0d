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
        let outside = try #require(read.warnings.first { $0.description.contains("8 records lie outside") })
        #expect(outside.figures.english == outside.figures.french)
        #expect(outside.sentence.french.contains("qui vont du 01/01/2024 au 10/03/2024"))
    }

    @Test("a week without records counts 0 and has no mean; without files of periods weeks begin on Monday")
    func gaps() throws {
        let days = Array(2..<68).filter { !(14..<21).contains($0) }
        let lines = days.map { "\(Self.start.advanced(by: $0)),\(5 + $0 % 3),\($0 % 5)\n" }.joined()
        let files = ["orders.csv": "at,amount,tv\n" + lines]
        let alone = Self.model("revenue: {sum: amount}, tv: sum", sources: "")
        let read = try Folder(files.merging(["model.yaml": alone]) { $1 }).read()
        // Five of the first week's days have records and five of the last's: these weeks are left out.
        #expect(read.dataset.dates == (1..<9).map { Self.start.advanced(by: 7 * $0) })
        #expect(read.dataset.kpi[1] == 0 && read.dataset.spend[0][1] == 0)
        let partial = try #require(
            read.warnings.first { $0.description.contains("do not fill the first and the last period") })
        #expect(partial.figures.english == partial.figures.french)
        #expect(partial.sentence.french.contains("la première et la dernière période, qui sont laissées de côté"))
        let mean =
            Self.model("revenue: {sum: amount}, tv: sum, price: {mean: amount}", sources: "") + "\ncontrols: [price]\n"
        let folder = try Folder(files.merging(["model.yaml": mean]) { $1 })
        #expect {
            try folder.read()
        } throws: { error in
            (error as? ProblemList)?.problems.contains { $0.description.contains("the value is missing") } == true
        }
    }

    /// Orders of these days beside the media of ten weeks, and what is read or said.
    private func orders(
        _ days: [Int], _ columns: String = "revenue: {sum: amount}", kpi: String = "revenue", more: String = ""
    ) throws -> (read: ReadModel?, said: [String]) {
        let lines = days.map { "\(Self.start.advanced(by: $0)),\(5 + $0 % 3)\n" }.joined()
        var model = Self.model(columns, kpi: kpi) + "\n\(more)\n"
        let sales = "week,sales\n" + (0..<10).map { "\(Self.start.advanced(by: 7 * $0)),\(50 + $0 * 3 % 7)\n" }.joined()
        if kpi == "sales" { model.replace("{file: media.csv}, ", with: "{file: media.csv}, {file: sales.csv}, ") }
        let folder = try Folder([
            "model.yaml": model, "media.csv": Self.media, "sales.csv": sales, "orders.csv": "at,amount\n" + lines,
        ])
        do {
            let read = try folder.read()
            return (read, read.warnings.map(\.description))
        } catch let error as ProblemList {
            return (nil, error.problems.map(\.description))
        }
    }

    @Test("where records end within a week its KPI is not known, unless gaps as long are usual")
    func partialWeeks() throws {
        let cut = try orders(Array(0..<67))
        #expect(try #require(cut.read).dataset.periodCount == 9)
        #expect(cut.said.filter { $0.contains("left out of the likelihood") }.count == 1)
        let whole = try orders(Array(0..<70))
        #expect(try #require(whole.read).dataset.knownCells.count == 10)
        // Nothing is sold on weekends: the last week ends on Friday.
        let weekdays = try orders((0..<70).filter { $0 % 7 < 5 })
        #expect(try #require(weekdays.read).dataset.knownCells.count == 10)
        let wednesday = try orders((0..<66).filter { $0 % 7 < 5 })
        #expect(try #require(wednesday.read).dataset.periodCount == 9)
    }

    @Test("spend and controls of weeks that their records do not fill are asked about, once")
    func unknownSpend() throws {
        let columns = "price: {sum: amount}"
        let late = try orders(Array(14..<70), columns, kpi: "sales", more: "controls: [price]")
        #expect(late.read == nil && late.said.count == 1)
        #expect(late.said[0].contains("2 of the model's periods, as that of 2024-01-01, reach beyond"))
        #expect(try orders(Array(0..<70), columns, kpi: "sales", more: "controls: [price]").read != nil)
    }

    @Test("semicolons part the fields of records too, and then numbers may have decimal commas")
    func semicolons() throws {
        func read(_ amount: (Int) -> String) throws -> ReadModel {
            let lines = (0..<70).map { "\(Self.start.advanced(by: $0));\(amount($0))\n" }.joined()
            return try Folder([
                "model.yaml": Self.model("revenue: {sum: amount}"), "media.csv": Self.media,
                "orders.csv": "at;amount\n" + lines,
            ]).read()
        }
        #expect(try read { "\($0 % 5),5" }.dataset.kpi[0] == 0.5 + 1.5 + 2.5 + 3.5 + 4.5 + 0.5 + 1.5)
        #expect(throws: ProblemList.self) { try read { $0 % 2 == 0 ? "1,5" : "1.5" } }
        #expect(throws: ProblemList.self) { try read { $0 % 2 == 0 ? "1.\(100 + $0)" : "\(800 + $0)" } }
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
