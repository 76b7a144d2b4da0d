import Foundation
import JSON
import Testing

/// Nights of one model whose data grow by a week each.
@Suite("recalibration, night by night")
struct RecalibrationTests {
    private struct Entry: Decodable {
        var night: String
        var folder: String
        var verdict: String
        var accepts: Bool
        var sentence: String
        var start: String?
        var basis: String?
        var by: String?
    }

    private struct Moved: Decodable {
        struct Part: Decodable {
            var change: Double
        }

        struct Row: Decodable {
            var quantity: String
            var oldMean: Double
            var newMean: Double
            var change: Double
            var newWeeks: Part
            var restatedHistory: Part
            var changedModel: Part
            var monteCarloError: Part
        }

        var rows: [Row]
    }

    private static let base = 80
    private let place: Workplace
    private let rows: [String]

    init() throws {
        place = try Workplace()
        // Numbers of Numerical Recipes' linear congruential generator; twelve of them make one that is nearly normal.
        var state: UInt32 = 7
        func uniform() -> Double {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Double(state) / 4_294_967_296
        }
        func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
        let first = Date(timeIntervalSince1970: 1_672_617_600)
        var stock = 0.0
        rows = (0..<Self.base + 6).map { week in
            let tv = 20 + 60 * uniform()
            let search = 10 + 30 * uniform()
            stock = 0.5 * stock + 0.5 * tv
            let kpi = 500 + 200 * stock / (50 + stock) + 120 * search / (20 + search) + 10 * normal()
            let date = first.addingTimeInterval(Double(week) * 604_800).formatted(.iso8601.year().month().day())
            return "\(date),\(kpi),\(tv),\(search)"
        }
        try place.write(
            """
            tutti: 1
            name: nights
            data: {sources: [{file: data.csv}], date: week, frequency: week}
            kpi: {column: sales, currency: EUR}
            channels:
              - {name: tv, kind: brand, spend: tv}
              - {name: search, kind: performance, spend: search}
            """, to: "model.yaml")
        try place.write(
            "recalibration: test\nfolder: accepted\naudit: never\nmodels: [{model: model.yaml}]\n", to: "plan.yaml")
    }

    private func write(_ count: Int, _ change: (Int, String) -> String = { $1 }) throws {
        let lines = rows.prefix(count).enumerated().map { change($0, $1) }
        try place.write((["week,sales,tv,search"] + lines).joined(separator: "\n") + "\n", to: "data.csv")
    }

    private func recalibrate(_ arguments: String..., plan: String = "plan") throws -> TuttiProcess.Outcome {
        try TuttiProcess.run(["recalibrate", place.path("\(plan).yaml")] + arguments)
    }

    private var trail: [Entry] {
        get throws {
            try String(contentsOfFile: place.path("accepted/model/trail.jsonl"), encoding: .utf8)
                .split(separator: "\n").map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
        }
    }

    /// The second night is a span with its verdict, and its one fit another below it.
    private func expectSpans() throws {
        let text = try String(contentsOfFile: place.path("night.jsonl"), encoding: .utf8)
        let spans = text.split(separator: "\n").flatMap { line in
            JSONValue(parsing: line.utf8)?["resourceSpans"]?.list?.first?["scopeSpans"]?.list?.first?["spans"]?.list
                ?? []
        }
        #expect(spans.map { $0["name"] } == ["fit", "night"])
        guard spans.count == 2 else { return }
        #expect(spans[1]["parentSpanId"] == nil && spans[0]["parentSpanId"] == spans[1]["spanId"])
        #expect(spans.allSatisfy { $0["status"]?["code"] == 1 && $0["traceId"] == spans[1]["traceId"] })
        for (key, value) in [("tutti.night", "2026-01-12"), ("tutti.model", "model"), ("tutti.verdict", "promote")] {
            let attribute = spans[1]["attributes"]?.list?.first { $0["key"] == .text(key) }
            #expect(attribute?["value"] == ["stringValue": .text(value)])
        }
    }

    private var accepted: String {
        get throws { try FileManager.default.destinationOfSymbolicLink(atPath: place.path("accepted/model/accepted")) }
    }

    @Test("go on from what is accepted, are run once, hold what is late, and fail what cannot be read")
    func nights() throws {
        try write(Self.base)
        #expect(try recalibrate("--date", "2026-01-05").code == 0)
        #expect(try accepted == "nights/2026-01-05/results")

        // One more week: the accepted constants, warm chains, and parts of every change that add up.
        try write(Self.base + 1)
        let second = try recalibrate("--date", "2026-01-12", "--traces", place.path("night.jsonl"))
        #expect(second.code == 0, "\(second.output)\(second.complaints)")
        #expect(!second.complaints.contains("HDF5"))
        #expect(try trail.map(\.verdict) == ["promote", "promote"])
        #expect(try trail[1].start == "warm" && trail[1].basis == "2026-01-05")
        #expect(try accepted == "nights/2026-01-12/results")
        try expectSpans()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let moved = try decoder.decode(
            Moved.self,
            from: Data(contentsOf: URL(fileURLWithPath: place.path("accepted/model/nights/2026-01-12/moved.json"))))
        #expect(moved.rows.map(\.quantity) == ["contribution[tv]", "contribution[search]", "roi[tv]", "roi[search]"])
        for row in moved.rows {
            let sum =
                row.newWeeks.change + row.restatedHistory.change + row.changedModel.change + row.monteCarloError.change
            let size = max(abs(row.oldMean), abs(row.newMean))
            #expect(abs(sum - row.change) < 1e-9 * size && abs(row.newMean - row.oldMean - row.change) < 1e-9 * size)
            #expect(row.restatedHistory.change == 0 && row.changedModel.change == 0 && row.newWeeks.change != 0)
        }
        // The report says it too, beside the results, which stay as their manifest vouches for them.
        let night = place.path("accepted/model/nights/2026-01-12")
        let report = try String(contentsOfFile: "\(night)/report.html", encoding: .utf8)
        let own = try String(contentsOfFile: "\(night)/results/report.html", encoding: .utf8)
        let section = try #require(report.firstMatch(of: /<section id="moved">(?<moved>[\s\S]*?)<\/section>/)?.moved)
        #expect(section.contains("the accepted result of 2026-01-05"))
        #expect(section.components(separatedBy: "<th scope=\"row\">").count == 5, "two channels, two rows each")
        #expect(report.replacing(section, with: "") == own)

        // Both pages can be written again, in their language to the byte, and in another.
        func rewrite(_ words: String...) throws -> (code: Int32, output: String, complaints: String) {
            let outcome = try TuttiProcess.run(["report", night] + words, directory: place.folder)
            return (outcome.code, outcome.output, outcome.complaints)
        }
        let rewritten = try rewrite()
        #expect(rewritten.code == 0 && rewritten.output.contains("night-en.html"), "\(rewritten.complaints)")
        func page(_ name: String) throws -> String { try String(contentsOfFile: "\(night)/\(name)", encoding: .utf8) }
        #expect(try page("night-en.html") == page("night.html") && page("report-en-full.html") == report)
        #expect(try rewrite("--lang", "fr", "--audience", "cmo").code == 0)
        let (french, summary) = (try page("night-fr.html"), try page("report-fr-cmo.html"))
        #expect(french.contains("<html lang=\"fr\">") && french.contains("Ce qui a changé, et pourquoi"))
        #expect(french.contains("ADOPTÉ") && french.contains("05/01/2026"))
        #expect(summary.contains("<html lang=\"fr\">") && summary.contains("Ce qui a changé, et pourquoi"))
        #expect(try rewrite("--out", "page.html").code == 2)

        // The same night again is not run again.
        let again = try recalibrate("--date", "2026-01-12")
        #expect(again.code == 0 && again.output.contains("done before"))
        #expect(try trail.count == 2)

        // Nothing new: held, and what was accepted stays.
        let late = try recalibrate("--date", "2026-01-19")
        #expect(late.code == 5 && late.output.contains("HOLD"), "\(late.output)")
        #expect(try accepted == "nights/2026-01-12/results")

        // A file that cannot be read: failed with its line.
        try write(Self.base + 2) { $0 == 40 ? $1.replacingOccurrences(of: ",", with: ";") : $1 }
        let broken = try recalibrate("--date", "2026-01-26")
        #expect(broken.code == 6 && broken.output.contains("data.csv:42"), "\(broken.output)")
        #expect(try recalibrate("--override", "2026-01-26", "--by", "A", "--why", "B").code == 2)

        // The file that comes later in the same period is another try at it.
        try write(Self.base + 2)
        #expect(try recalibrate("--date", "2026-01-26").code == 0)
        #expect(try accepted == "nights/2026-01-26.2/results")

        let history = try recalibrate("--history")
        #expect(history.code == 0 && history.output.contains("accepted"))
        let explained = try recalibrate("--explain", "2026-01-26")
        #expect(["data: FAIL", "predictive: PROMOTE", "drift: PROMOTE"].allSatisfy(explained.output.contains))
        #expect(try recalibrate("--explain", "2025-01-01").code == 2)
    }

    @Test("a market that has changed is not promoted until somebody says so, with a name and a reason")
    func regime() throws {
        let model = try String(contentsOfFile: place.path("model.yaml"), encoding: .utf8)
        try place.write(model + "\nreport: {lang: fr}\n", to: "model.yaml")
        try write(Self.base)
        #expect(try recalibrate("--date", "2026-01-05").code == 0)
        try write(Self.base + 2) { week, line in
            guard week >= Self.base else { return line }
            var fields = line.split(separator: ",").map(String.init)
            fields[1] = "\(Double(fields[1])! - 200)"
            return fields.joined(separator: ",")
        }
        let night = try recalibrate("--date", "2026-01-12")
        #expect([5, 6].contains(night.code), "\(night.output)")
        #expect(try trail.last?.accepts == false)
        #expect(try accepted == "nights/2026-01-05/results")
        #expect(try recalibrate("--explain", "2026-01-12").output.contains("predictive: FAIL"))
        // Pages are in the language of the model file.
        for (file, words) in [("night", "Ce que dit chaque contrôle"), ("report", "Ce qui a changé, et pourquoi")] {
            let path = place.path("accepted/model/nights/2026-01-12/\(file).html")
            let page = try String(contentsOfFile: path, encoding: .utf8)
            #expect(page.contains("<html lang=\"fr\">") && page.contains(words), "\(file)")
        }

        #expect(try recalibrate("--override", "2026-01-12", "--by", "A. Roe").code == 2)
        let override = try recalibrate("--override", "2026-01-12", "--by", "A. Roe", "--why", "a customer left")
        #expect(override.code == 0, "\(override.complaints)")
        #expect(try trail.last?.by == "A. Roe" && trail.last?.accepts == true)
        #expect(try accepted == "nights/2026-01-12/results")
        #expect(try recalibrate("--override", "2026-01-12", "--by", "A. Roe", "--why", "again").code == 2)
    }

    @Test("a trail that was tampered with, or is in use, is refused, and nothing is run")
    func refusals() throws {
        try write(Self.base)
        #expect(try recalibrate("--date", "2026-01-05").code == 0)
        let path = place.path("accepted/model/trail.jsonl")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try (text + text).write(toFile: path, atomically: true, encoding: .utf8)
        let outcome = try recalibrate("--date", "2026-01-12")
        #expect(outcome.code == 1 && outcome.complaints.contains("trail.jsonl:2"), "\(outcome.complaints)")

        try place.write(
            "recalibration: test\nmodels: [{model: model.yaml, spend: 3}]\ngates: {drift: 1}\n", to: "plan.yaml")
        let plan = try recalibrate()
        #expect(plan.code == 2 && plan.complaints.contains("'folder'") && plan.complaints.contains("'models[0].spend'"))
    }

    @Test("through a coordinator is promoted with the bytes of the same nights on this machine")
    func coordinator() throws {
        let coordinator = try TuttiProcess([
            "coordinator", "--state", place.path("state"), "--bind", "tcp://127.0.0.1:*", "--http", "127.0.0.1:0",
        ])
        defer {
            coordinator.send(SIGKILL)
            _ = coordinator.wait()
        }
        let addresses = try DocumentationTests.addresses(of: coordinator)
        let url = "http://\(addresses.http)"
        let worker = try TuttiProcess(["worker", "--connect", addresses.broker, "--slots", "2", "--no-spool"])
        defer {
            worker.send(SIGKILL)
            _ = worker.wait()
        }
        // One resample says nothing of intervals.
        let terms = """
            audit: never
            settings: {chains: 2, warmup: 300, draws: 1500, resamples: 1}
            gates: {mismatch: {promote: 10, hold: 10}}
            models: [{model: model.yaml}, {model: other.yaml}]
            """
        let model = try String(contentsOfFile: place.path("model.yaml"), encoding: .utf8)
        try place.write(model.replacing("name: nights", with: "name: other"), to: "other.yaml")
        for name in ["here", "there"] {
            try place.write("recalibration: test\nfolder: \(name)\n\(terms)\n", to: "\(name).yaml")
        }
        for (night, weeks) in [("2026-01-05", Self.base), ("2026-01-12", Self.base + 1)] {
            try write(weeks)
            let here = try recalibrate("--date", night, plan: "here")
            let there = try recalibrate("--date", night, "--url", url, plan: "there")
            #expect(here.code == 0 && there.code == 0, "\(here.output)\(there.output)\(there.complaints)")
            // A coordinator has the models side by side, and either may be done first.
            #expect(here.output.split(separator: "\n").sorted() == there.output.split(separator: "\n").sorted())
            #expect(here.output.contains("model \(night): PROMOTE") && here.output.contains("other \(night): PROMOTE"))
        }
        let jobs = try TuttiProcess.run(["jobs", "--url", url])
        #expect(jobs.output.components(separatedBy: "succeeded").count == 5, "all fits were the coordinator's")
        let files = try files(below: "here/model")
        #expect(try self.files(below: "there/other") == self.files(below: "here/other"))
        #expect(files.keys.contains("nights/2026-01-12/results/posterior.nc"))
        #expect(files.keys.contains("nights/2026-01-12/moved.json"))
        #expect(try self.files(below: "there/model") == files)
        #expect(try trailText(in: "there") == trailText(in: "here"))
    }

    /// The bytes of a model's files, by their paths in its folder; `run.json` tells who ran what, and the trail when.
    private func files(below folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: place.path(folder))
        where !path.hasSuffix("/run.json") && path != "trail.jsonl" {
            files[path] = FileManager.default.contents(atPath: place.path("\(folder)/\(path)"))
        }
        return files
    }

    /// The trail but for its clock, which the digest of each line is of too.
    private func trailText(in folder: String) throws -> String {
        let text = try String(contentsOfFile: place.path("\(folder)/model/trail.jsonl"), encoding: .utf8)
        let told = text.replacing(/"at":"[^"]+"/, with: "").replacing(/"previous":"[0-9a-f]*"/, with: "")
        #expect(told != text && text.split(separator: "\n").count == 2)
        return told
    }
}
