import Foundation
import GRDB
import MarketingMix
import ModelDefinition
import ModelFile
import Testing

@Suite("SQLite sources")
struct DatabaseSourceTests {
    private static let weeks = (0..<10).map { CalendarDate(year: 2024, month: 1, day: 1)!.advanced(by: 7 * $0) }

    /// A folder with a database of media, a file of sales, and a model that asks for the media by `query`.
    private static func read(_ query: String) throws -> ReadModel {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tutti-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try DatabaseQueue(path: folder.appendingPathComponent("crm.db").path)
        try database.write { database in
            try database.execute(sql: "create table media (week text, channel text, cost real, mails integer)")
            for (index, week) in weeks.enumerated() {
                for channel in ["tv", "mail"] {
                    try database.execute(
                        sql: "insert into media values (?, ?, ?, ?)",
                        arguments: [week.description, channel, Double(index) + 0.5, index])
                }
            }
        }
        try database.close()
        let sales = (0..<10).map { "2024-W\($0 < 9 ? "0" : "")\($0 + 1),\(100 + $0 * $0)\n" }.joined()
        try ("week,sales\n" + sales).write(
            to: folder.appendingPathComponent("sales.csv"), atomically: true, encoding: .utf8)
        let model = """
            tutti: 1
            data: {sources: [{file: sales.csv}, {sqlite: crm.db, query: "\(query)"}], date: week, frequency: week}
            kpi: {column: sales}
            channels: [{name: tv, spend: cost, exposure: mails}]
            """
        let path = folder.appendingPathComponent("model.yaml")
        try model.write(to: path, atomically: true, encoding: .utf8)
        return try ModelFileReader.read(ModelFileReader.bundle(at: path.path))
    }

    @Test("a query's columns are joined on the date, here with ISO weeks")
    func query() throws {
        let data = try Self.read("select week, sum(cost) as cost, max(mails) as mails from media group by week").dataset
        #expect(data.dates == Self.weeks)
        #expect(data.spend == [(0..<10).map { 2 * Double($0) + 1 }] && data.exposure == [(0..<10).map(Double.init)])
    }

    @Test(
        "a query that fails, and one that would write, are problems with a mend",
        arguments: [("select week from medium", "no such table"), ("delete from media", "readonly")])
    func failing(query: String, words: String) {
        #expect {
            try Self.read(query)
        } throws: { error in
            let problem = (error as? ProblemList)?.problems.first?.description ?? ""
            return problem.contains("the query on 'crm.db' fails") && problem.contains(words)
        }
    }

    @Test("weeks of ISO 8601 begin on their Monday, and a year has 52 or 53")
    func isoWeeks() {
        // Examples of the standard's calendar: 2020 has 53 weeks, 2021 begins in its last.
        #expect(CalendarDate("2020-W01")?.description == "2019-12-30")
        #expect(CalendarDate("2020-W53")?.description == "2020-12-28")
        #expect(CalendarDate("2021-W01")?.description == "2021-01-04")
        #expect(CalendarDate("2021-W53") == nil && CalendarDate("2021-W00") == nil && CalendarDate("2021-W1") == nil)
    }
}
