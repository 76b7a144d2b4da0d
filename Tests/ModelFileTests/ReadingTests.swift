import Foundation
import ModelChecks
import ModelDefinition
import ModelFile
import Testing

/// Data as people export them, which say what `00-base` says.
@Suite("data in other forms")
struct ReadingTests {
    private func read(_ name: String) throws -> ReadModel {
        let root = try #require(Bundle.module.url(forResource: "Resources/reading", withExtension: nil))
        return try ModelFileReader.read(
            ModelFileReader.bundle(at: root.appendingPathComponent("\(name)/model.yaml").path)
        ).judged()
    }

    /// `text` in the place of the base's data.
    private func read(data text: String, model: (String) -> String = { $0 }) throws -> ReadModel {
        let root = try #require(Bundle.module.url(forResource: "Resources/reading/00-base", withExtension: nil))
        let yaml = try String(contentsOf: root.appendingPathComponent("model.yaml"), encoding: .utf8)
        return try ModelFileReader.read(
            ModelBundle(
                modelName: "model.yaml", model: Array(model(yaml).utf8), files: [("data.csv", Array(text.utf8))])
        ).judged()
    }

    /// The base's data by line and field.
    private func base() throws -> [[String]] {
        let root = try #require(Bundle.module.url(forResource: "Resources/reading/00-base", withExtension: nil))
        let text = try String(contentsOf: root.appendingPathComponent("data.csv"), encoding: .utf8)
        return text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    }

    private func problems(_ body: () throws -> ReadModel) -> [String] {
        do {
            return try body().warnings.map(\.description)
        } catch {
            return (error as? ProblemList)?.problems.map(\.description) ?? ["\(error)"]
        }
    }

    private func text(_ records: [[String]], separator: String = ",") -> String {
        records.map { $0.joined(separator: separator) + "\n" }.joined()
    }

    @Test("semicolons and tabs part fields as commas do, and then a number may have a decimal comma")
    func separators() throws {
        let plain = try read("00-base")
        let semicolons = try read("02-semicolon")
        #expect(semicolons.dataset == plain.dataset && semicolons.warnings == plain.warnings)
        let records = try base()
        #expect(try read(data: text(records, separator: "\t")).dataset == plain.dataset)
        #expect(try read(data: text(records, separator: ";")).dataset == plain.dataset)
        // Thousands are grouped with what is no decimal comma; a column without any follows the file's others.
        let grouped = records.enumerated().map { line, record in
            guard line > 0, let revenue = Double(record[1]) else { return record }
            let cents = Int((revenue * 100).rounded())
            let whole = "\(cents / 100_000).\(String(format: "%03d", cents / 100 % 1000))"
            return [record[0], "\(whole),\(String(format: "%02d", cents % 100))", record[2], record[3]]
        }
        let german = text(
            grouped.enumerated().map { line, record in
                line == 0 ? record : Array(record.prefix(2)) + record.dropFirst(2).map { $0.replacing(".", with: ",") }
            }, separator: ";")
        #expect(try read(data: german).dataset == plain.dataset)
    }

    @Test("a KPI that is put in the place of another is written as the file writes numbers")
    func replacement() throws {
        let model = try read("02-semicolon")
        let root = try #require(Bundle.module.url(forResource: "Resources/reading", withExtension: nil))
        let bundle = try ModelFileReader.bundle(at: root.appendingPathComponent("02-semicolon/model.yaml").path)
        let values = model.dataset.kpi.indices.map { 1000.25 + Double($0) }
        let again = try ModelFileReader.read(bundle.replacingKPI(of: model, with: values))
        #expect(again.dataset.kpi == values && again.dataset.spend == model.dataset.spend)
    }

    @Test("three decimals beside whole numbers are a question; with an answer they are read")
    func thousands() throws {
        let records = try base()
        func table(_ number: (Int) -> String) -> String {
            text(records.enumerated().map { $0 == 0 ? $1 : [$1[0], $1[1], number($0), $1[3]] })
        }
        let asked = problems { try read(data: table { $0 % 2 == 0 ? "1.\(100 + $0)" : "\(800 + $0)" }) }
        #expect(asked.count == 1 && asked[0].contains("'1.102' stands beside '801'") && asked[0].contains("as 1102"))
        // All with decimals; decimals of another number; whole thousands; zeros beside few.
        for sound in [
            table { $0 % 2 == 0 ? "1.\(100 + $0)" : "\(800 + $0).000" },
            table { $0 % 2 == 0 ? "1.\(100 + $0)" : $0 % 3 == 0 ? "2.5" : "\(800 + $0)" },
            table { $0 % 2 == 0 ? "0.\(100 + $0)" : "\(800 + $0)" }, table { $0 % 5 == 0 ? "1.\(100 + $0)" : "0" },
            table { $0 % 2 == 0 ? "1.\(100 + $0)" : "\(1800 + $0)" },
        ] {
            _ = try read(data: sound)
        }
    }

    @Test("months are named by their first day, their last, a working day at either end, or begin on some day")
    func months() throws {
        let ends = try read("12-month-end")
        let plain = try read("00-base")
        #expect(ends.dataset.kpi == plain.dataset.kpi && ends.dataset.periodCount == 104)
        #expect(
            ends.dataset.dates[0] == CalendarDate("2016-01-01") && ends.dataset.dates[1] == CalendarDate("2016-02-01"))
        let records = try base()
        func dates(_ day: (CalendarDate) -> CalendarDate) throws -> [CalendarDate] {
            let first = try #require(CalendarDate("2015-03-01"))
            let table = records.enumerated().map { line, record in
                line == 0 ? record : [day(first.advanced(byMonths: line - 1)).description] + record.dropFirst()
            }
            return try read(data: text(table)) { $0.replacing("frequency: week", with: "frequency: month") }.dataset
                .dates
        }
        let starts = try dates { $0 }
        #expect(starts[103] == CalendarDate("2023-10-01"))
        // Fridays where the last day is on a weekend.
        let working = try dates { start in
            let last = start.advanced(byMonths: 1).advanced(by: -1)
            return last.advanced(by: -max(0, last.dayNumber - last.monday.dayNumber - 4))
        }
        #expect(working == starts)
        let firstWorking = try dates { start in
            let weekday = start.dayNumber - start.monday.dayNumber
            return start.advanced(by: weekday > 4 ? 7 - weekday : 0)
        }
        #expect(firstWorking == starts)
        #expect(try dates { $0.advanced(by: 14) } == starts.map { $0.advanced(by: 14) })
        #expect(try dates { $0.advanced(byMonths: 1).advanced(by: -2) } == starts)
    }

    @Test("a KPI from records that begin later is not known before, as it is not where its file begins later")
    func recordsBeginLater() throws {
        let records = try read("19-agg-kpi-later")
        let weeks = try read("19b-weekly-kpi-later")
        #expect(records.dataset.dates == weeks.dataset.dates && records.dataset.history == weeks.dataset.history)
        #expect(records.dataset.history?.dates.count == 26)
        #expect(zip(records.dataset.kpi, weeks.dataset.kpi).allSatisfy { abs($0 - $1) < 0.05 })
    }

    @Test("the index that data frames write before their columns is no column; others without a name are asked about")
    func unnamed() throws {
        let records = try base()
        let plain = try read("00-base").dataset
        let indexed = records.enumerated().map { ["\($0 == 0 ? "" : String($0 - 1))"] + $1 }
        #expect(try read(data: text(indexed)).dataset == plain)
        #expect(try read(data: text(records.map { $0 + [""] })).dataset == plain)
        let odd = problems { try read(data: text(records.enumerated().map { $1 + [$0 == 0 ? "" : "7"] })) }
        #expect(odd == ["data.csv:1: column 5 has no name. Mend: name it in the first line."])
    }

    @Test("geos that differ in spaces or in signs that look alike are told, and composed letters are no difference")
    func spellings() throws {
        func table(_ second: String) -> String {
            var lines = ["week,geo,revenue,tv,search"]
            for week in 0..<20 {
                let date = CalendarDate(dayNumber: 18_995 + 7 * week)
                let zurich = week == 3 ? second : "Z\u{FC}rich"
                lines.append("\(date),\(zurich),\(100 + week * 7 % 11),\(week % 5),\(week % 3)")
                lines.append("\(date),Basel,\(90 + week * 5 % 13),\(week % 4),\(week % 7)")
            }
            return lines.joined(separator: "\n") + "\n"
        }
        func found(_ second: String) -> [String] {
            problems { try read(data: table(second)) { $0.replacing("date: week", with: "date: week, geo: geo") } }
        }
        #expect(found("Zu\u{308}rich") == found("Z\u{FC}rich"))
        for (second, manner) in [
            ("z\u{FC}rich", "case"), ("Z\u{FC} rich", "spaces"), ("Z\u{FC}rich\u{200B}", "signs that look alike"),
        ] {
            let found = found(second)
            #expect(found.count == 1 && found[0].contains("differ only in") && found[0].contains(manner), "\(found)")
            #expect(found[0].hasPrefix("data.csv:8, column 'geo'"))
        }
    }
}
