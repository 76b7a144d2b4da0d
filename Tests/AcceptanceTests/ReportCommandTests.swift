import Foundation
import Testing

@Suite("a report that is written again", .serialized)
struct ReportCommandTests {
    private let place: Workplace

    /// A fit of two channels over eighty weeks, long enough to converge.
    init() throws {
        place = try Workplace()
        var rows = ["week,sales,tv,search"]
        for week in 0..<80 {
            let date = Date(timeIntervalSince1970: 1_704_067_200 + 604_800 * Double(week))
            let day = ISO8601DateFormatter().string(from: date).prefix(10)
            let tv = week * 7 % 20 < 9 ? 60 + week * 13 % 40 : 0
            let search = 20 + week * 5 % 17
            rows.append("\(day),\(1000 + 4 * tv + 9 * search + week * week % 53),\(tv),\(search)")
        }
        try place.write(rows.joined(separator: "\n") + "\n", to: "sales.csv")
        try place.write(
            """
            tutti: 1
            data: {sources: [{file: sales.csv}], date: week, frequency: week}
            kpi: {column: sales, currency: EUR, margin: 0.5}
            channels:
              - {name: tv, spend: tv, adstock: {max_lag: 4}}
              - {name: search, spend: search, adstock: {max_lag: 2}}
            report: {lang: fr, audience: finance}
            sampling: {chains: 4, warmup: 500, draws: 500}
            """, to: "model.yaml")
        let fit = try TuttiProcess.run(["fit", "model.yaml", "--out", "results", "--quiet"], directory: place.folder)
        try #require(fit.code == 0, "\(fit.output) \(fit.complaints)")
    }

    private func report(_ words: [String]) throws -> (code: Int32, output: String, complaints: String) {
        let outcome = try TuttiProcess.run(["report"] + words, directory: place.folder)
        return (outcome.code, outcome.output, outcome.complaints)
    }

    private func page(_ name: String) throws -> String { try String(contentsOfFile: place.path(name), encoding: .utf8) }

    @Test(
        "it is the fit's own page to the byte, in the language and for the readers of the model file, or of the options"
    )
    func again() throws {
        let own = try page("results/report.html")
        #expect(own.contains("<html lang=\"fr\">") && own.contains("Les médias ont apporté"))
        #expect(!own.contains("Avant et après les données"))
        #expect(try report(["results"]).output.contains("results/report-fr-finance.html"))
        #expect(try page("results/report-fr-finance.html") == own)
        let english = try report(["results", "--lang", "en", "--audience", "full", "--out", "english.html"])
        #expect(english.code == 0, "\(english.complaints)")
        let text = try page("english.html")
        #expect(text.contains("Media brought €") && text.contains("Before and after the data"))
        #expect(text.contains("moving €") && text.contains("chance of being better."))
    }

    @Test("what cannot be is refused with what to do")
    func refusals() throws {
        #expect(try report(["results", "--lang", "de"]).complaints.contains("Mend: en or fr"))
        #expect(try report(["results", "--audience", "all"]).complaints.contains("Mend: cmo, finance or full"))
        let nothing = try report(["nowhere"])
        #expect(nothing.code == 2 && nothing.complaints.contains("no results folder"))
        try place.write("{\"form\": 99}", to: "results/report.json")
        let other = try report(["results"])
        #expect(other.code == 2 && other.complaints.contains("this version cannot read it"))
        try FileManager.default.removeItem(atPath: place.path("results/report.json"))
        let old = try report(["results"])
        #expect(old.code == 2 && old.complaints.contains("has no report.json"))
    }

    private struct Estimate: Decodable {
        var mean: Double
        var q05: Double
        var q95: Double
    }

    @Test("the page's planner says of a plan what tutti optimize says", .enabled(if: Browser.path != nil))
    func planner() throws {
        for plan in [["tv": 500.0, "search": 300], ["tv": 600, "search": 210], ["tv": 0, "search": 420]] {
            try compare(plan)
        }
    }

    /// Spend and sales of channels of all curves, in both orders, with one of reach and frequency.
    private func writeMultiplying() throws {
        var rows = ["week,sales,tv,video,people,contacts,radio,search,social,press,display"]
        for week in 0..<80 {
            let date = Date(timeIntervalSince1970: 1_704_067_200 + 604_800 * Double(week))
            let day = ISO8601DateFormatter().string(from: date).prefix(10)
            let spends = (0..<7).map { channel in
                (week * (7 + 2 * channel) + channel) % 20 < 4
                    ? 0.0 : Double(20 + week * (13 + 3 * channel) % (41 + channel))
            }
            let effects = [0.16, 0.1, 0.08, 0.12, 0.06, 0.05, 0.03]
            let sum = zip(spends, effects).reduce(0.0) { $0 + $1.1 * $1.0 / ($1.0 + 30) }
            let sales = 2000 * exp(sum + 0.03 * (Double(week * week % 53) / 26.5 - 1))
            let contacts = spends[1] > 0 ? 1.5 + Double(week % 3) / 2 : 0
            rows.append(
                "\(day),\(sales),\(spends[0]),\(spends[1]),\(10 * spends[1]),\(contacts),"
                    + spends[2...].map { "\($0)" }.joined(separator: ","))
        }
        try place.write(rows.joined(separator: "\n") + "\n", to: "multiplying.csv")
        try place.write(
            """
            tutti: 1
            data: {sources: [{file: multiplying.csv}], date: week, frequency: week}
            kpi: {column: sales, currency: EUR, margin: 0.5}
            likelihood: {family: lognormal}
            channels:
              - {name: tv, spend: tv, adstock: {max_lag: 4}, saturation: {kind: logistic}}
              - {name: video, spend: video, reach: people, frequency: contacts, adstock: {max_lag: 2}}
              - {name: radio, spend: radio, adstock: {kind: delayed, max_lag: 3}, saturation: {kind: hill, order: saturation_first}}
              - {name: search, spend: search, adstock: {max_lag: 2}, saturation: {kind: michaelis_menten}}
              - {name: social, spend: social, adstock: {max_lag: 2}, saturation: {kind: root}}
              - {name: press, spend: press, adstock: {max_lag: 2}, saturation: {kind: hill_sigmoid}}
              - {name: display, spend: display, adstock: {kind: none}, saturation: {kind: log}}
            sampling: {chains: 4, warmup: 1000, draws: 1500, target_accept: 0.98}
            """, to: "multiplying.yaml")
    }

    @Test("the same where channels multiply each other, by every curve", .enabled(if: Browser.path != nil))
    func multiplyingPlanner() throws {
        try writeMultiplying()
        let fit = try TuttiProcess.run(
            ["fit", "multiplying.yaml", "--out", "results", "--quiet", "--force"], directory: place.folder)
        try #require(fit.code == 0, "\(fit.output) \(fit.complaints)")
        for money in [[500.0, 480, 400, 600, 420, 530, 450], [400, 600, 0, 410, 590, 380, 0]] {
            try compare(
                Dictionary(
                    uniqueKeysWithValues: zip(
                        ["tv", "video", "radio", "search", "social", "press", "display"], money)))
        }
    }

    private func compare(_ plan: [String: Double]) throws {
        struct Scored: Decodable {
            var gain: Estimate
            var chance: Double
            var proposed: Double
        }
        struct Told: Decodable {
            var gain: Estimate
            var chance: Double
            var budget: Double
        }
        let browser = try #require(Browser.path)
        let money = plan.sorted { $0.key < $1.key }
        try place.write("channel,spend\n" + money.map { "\($0.key),\($0.value)\n" }.joined(), to: "own.csv")
        let outcome = try TuttiProcess.run(
            ["optimize", "results", "--plan", "own.csv", "--json", "--out", "scored"], directory: place.folder)
        try #require(outcome.code == 0, "\(outcome.complaints)")
        let scored = try decoder.decode(Scored.self, from: Data(outcome.output.utf8))
        let fragment = money.map { "\($0.key):\($0.value)" }.joined(separator: ",")
        let dom = try Browser.dom(of: "file://\(place.path("results/report.html"))#plan=\(fragment)", by: browser)
        let start = try #require(dom.firstRange(of: "data-result=\"")).upperBound
        let json = dom[start...].prefix { $0 != "\"" }.replacing("&quot;", with: "\"")
        let told = try JSONDecoder().decode(Told.self, from: Data(json.utf8))
        #expect(abs(told.budget - scored.proposed) <= 1e-9 * scored.proposed && told.chance == scored.chance)
        let size = max(abs(scored.gain.q05), abs(scored.gain.q95))
        for (a, b) in [
            (told.gain.mean, scored.gain.mean), (told.gain.q05, scored.gain.q05), (told.gain.q95, scored.gain.q95),
        ] { #expect(abs(a - b) <= 1e-6 * size, "\(a) \(b)") }
    }
}

/// A browser that runs a page without a screen, where the machine has one.
private enum Browser {
    static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// The page after its scripts have run.
    static func dom(of url: String, by path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", url]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
