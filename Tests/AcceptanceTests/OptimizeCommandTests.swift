import Foundation
import Testing

@Suite("a budget that is split", .serialized)
struct OptimizeCommandTests {
    private struct Answer: Decodable {
        struct Interval: Decodable {
            var mean: Double
            var q05: Double
            var q95: Double
        }

        struct Channel: Decodable {
            var channel: String
            var spend: Double
            var proposed: Double
            var fixed: Bool
            var informationValue: Double?
        }

        var periods: Int
        var spend: Double
        var proposed: Double
        var gain: Interval
        var gainOnHalves: Interval?
        var expectedRegret: Double
        var residual: Double?
        var channels: [Channel]
        var sentences: [String]
    }

    private let place: Workplace

    /// A fit of two channels over eighty weeks, and of one that stopped.
    init() throws {
        place = try Workplace()
        var rows = ["week,sales,tv,search,radio"]
        for week in 0..<80 {
            let date = Date(timeIntervalSince1970: 1_704_067_200 + 604_800 * Double(week))
            let day = ISO8601DateFormatter().string(from: date).prefix(10)
            let tv = week * 7 % 20 < 9 ? 60 + week * 13 % 40 : 0
            let search = 20 + week * 5 % 17
            let radio = week < 40 ? 10 + week % 7 : 0
            rows.append("\(day),\(1000 + 4 * tv + 9 * search + radio + week * week % 53),\(tv),\(search),\(radio)")
        }
        try place.write(rows.joined(separator: "\n") + "\n", to: "sales.csv")
        try place.write(
            """
            tutti: 1
            data: {sources: [{file: sales.csv}], date: week, frequency: week}
            kpi: {column: sales, currency: EUR, margin: 0.5}
            channels:
              - {name: tv, group: bought, spend: tv, adstock: {max_lag: 4}}
              - {name: search, group: bought, spend: search, adstock: {max_lag: 2}}
              - {name: radio, spend: radio, adstock: {max_lag: 2}}
            sampling: {chains: 2, warmup: 100, draws: 60}
            """, to: "model.yaml")
        let fit = try TuttiProcess.run(["fit", "model.yaml", "--out", "results", "--quiet"], directory: place.folder)
        try #require([0, 3].contains(fit.code), "\(fit.complaints)")
    }

    private func optimize(_ words: [String]) throws -> (code: Int32, output: String, complaints: String) {
        let outcome = try TuttiProcess.run(["optimize"] + words, directory: place.folder)
        return (outcome.code, outcome.output, outcome.complaints)
    }

    private func answer(_ words: [String]) throws -> Answer {
        let outcome = try optimize(words + ["--json"])
        try #require(outcome.code == 0, "\(outcome.complaints)")
        return try decoder.decode(Answer.self, from: Data(outcome.output.utf8))
    }

    @Test("a plan within its bounds, its tables beside the results, and the same again")
    func plan() throws {
        let first = try answer(["results"])
        #expect(first.periods == 13 && abs(first.proposed - first.spend) < 1e-6 * first.spend)
        let residual = try #require(first.residual)
        #expect(first.gain.mean >= 0 && residual < 1e-6)
        for channel in first.channels {
            #expect(channel.proposed <= 1.3 * channel.spend + 1e-6 && channel.proposed >= 0.7 * channel.spend - 1e-6)
        }
        #expect(first.channels.map(\.channel) == ["tv", "search", "radio"])
        #expect(first.channels[2].proposed == 0 && first.channels[2].fixed)
        #expect(try #require(first.channels[0].informationValue) <= first.expectedRegret)
        let files = try ["allocation.csv", "plan.csv", "forecast.csv"].map {
            try Data(contentsOf: URL(fileURLWithPath: place.path("results/\($0)")))
        }
        #expect(try place.table("forecast.csv", in: "results").count == 13)
        _ = try answer(["results", "--out", "again"])
        for (name, bytes) in zip(["allocation.csv", "plan.csv", "forecast.csv"], files) {
            #expect(try Data(contentsOf: URL(fileURLWithPath: place.path("again/\(name)"))) == bytes)
        }
        let text = try optimize(["results", "--out", "again"]).output
        #expect(text.contains("best at (90 %)") && text.contains("of profit over 13 periods from 2025-07-14"))
    }

    @Test("what a plan that was written is worth is what it was said to be")
    func scored() throws {
        let best = try answer(["results", "--by", "period", "--horizon", "6", "--out", "six"])
        let scored = try answer(["results", "--plan", "six/plan.csv", "--horizon", "6", "--out", "scored"])
        #expect(abs(scored.gain.mean - best.gain.mean) < 1e-6 * abs(best.gain.mean) + 1e-9)
        #expect(scored.residual == nil)
        try place.write("channel,spend\ntv,300\nsearch,200\nradio,0\n", to: "own.csv")
        #expect(abs(try answer(["results", "--plan", "own.csv", "--out", "scored"]).proposed - 500) < 1e-9)
    }

    @Test("a channel on which nothing was ever spent stays without, and the others are planned")
    func unspent() throws {
        let rows = try String(contentsOfFile: place.path("sales.csv"), encoding: .utf8).split(separator: "\n")
        try place.write(
            rows.enumerated().map { "\($1),\($0 == 0 ? "outdoor" : "0")\n" }.joined(), to: "unspent.csv")
        let model = try String(contentsOfFile: place.path("model.yaml"), encoding: .utf8)
        try place.write(
            model.replacingOccurrences(of: "sales.csv", with: "unspent.csv").replacingOccurrences(
                of: "sampling:", with: "  - {name: outdoor, spend: outdoor, adstock: {max_lag: 2}}\nsampling:"),
            to: "unspent.yaml")
        let fit = try TuttiProcess.run(
            ["fit", "unspent.yaml", "--out", "unspent", "--quiet"], directory: place.folder)
        try #require([0, 3].contains(fit.code), "\(fit.complaints)")
        let plan = try answer(["unspent"])
        #expect(plan.channels.filter { $0.proposed > 0 }.map(\.channel) == ["tv", "search"])
        #expect(abs(plan.proposed - plan.spend) < 1e-6 * plan.spend)
    }

    @Test("a group of the model file stands for its channels")
    func groups() throws {
        let most = 0.9 * (try answer(["results", "--out", "now"]).spend)
        let plans = try ["bought", "tv+search"].map { name in
            try answer(["results", "--free", "--group", "\(name)=0:\(most)", "--out", "grouped"])
        }
        #expect(plans[0].proposed == plans[1].proposed && plans[0].gain.mean == plans[1].gain.mean)
        #expect(plans[0].proposed <= most * (1 + 1e-9))
        #expect(try place.table("groups.csv", in: "results").map { $0["channels"] } == ["tv+search"])
    }

    @Test("what bounds hold, what has no money now, and what all of it returns is said")
    func said() throws {
        let held = try answer(["results", "--free", "--bounds", "0.5:0.6", "--out", "said"]).sentences
        #expect(held.contains { $0.hasPrefix("Held by their bounds: ") && $0.contains("tv") })
        #expect(held.contains { $0.hasPrefix("Without money now") && $0.contains("plan: radio.") })
        let target = try answer(["results", "--target-roi", "0.01", "--out", "said"]).sentences
        #expect(target.contains { $0.contains("more than the 0.01 asked for: bounds allow no more money.") })
        let one = try answer(["results", "--horizon", "1", "--bounds", "1:1", "--out", "said"]).sentences
        #expect(one[0].hasPrefix("Nothing of EUR ") && one[0].contains(" is moved over 1 period from "))
    }

    @Test("halves of the periods are fitted where it is asked")
    func halves() throws {
        let answer = try answer(["results", "--cross-fit", "--out", "halves"])
        #expect(answer.gainOnHalves != nil && answer.sentences.contains { $0.contains("did not see") })
    }

    private static let refused = [
        (["results", "--fix", "tvv"], "'tvv' is no channel with spend. Mend: name one of tv, search, radio."),
        (["results", "--budget", "1e9"], "the budget cannot be spent"),
        (["results", "--bounds", "2:1"], "--bounds 2:1: this cannot be read"),
        (["results", "--margin", "30"], "--margin 30.0: it must be above 0 and at most 1."),
        (["results", "--risk", "cvar:2"], "--risk cvar:2: this cannot be read"),
        (["results", "--group", "tv+tv=1:2"], "'tv' is named twice"),
        (["results", "--group", "bought+tv=1:2"], "'tv' is named twice"),
        (["results", "--horizon", "81"], "--horizon must be from 1 to 80"),
        (["results", "--free", "--budget", "5"], "exclude each other"),
        (["nowhere"], "nowhere is no results folder of `tutti fit`"),
        (["results", "--plan", "broken.csv"], "broken.csv:3: spend: '-5' is no money"),
        (["results", "--plan", "short.csv"], "it says nothing of 'search'"),
        (["results", "--plan", "late.csv"], "late.csv:2: date: '2024-01-01' is no planned period"),
        (["bare"], "bare has no bundle.json"),
        (["bare", "--model", "other.yaml"], "this is not what bare was fitted from"),
    ]

    @Test(
        "what cannot be asked is refused, with the mend; a folder without its model takes the file that it was fitted from"
    )
    func refusals() throws {
        try place.write("channel,spend\ntv,5\nsearch,-5\nradio,0\n", to: "broken.csv")
        try place.write("channel,spend\ntv,5\n", to: "short.csv")
        try place.write("date,channel,spend\n2024-01-01,tv,5\n", to: "late.csv")
        let bare = place.path("bare")
        try FileManager.default.copyItem(atPath: place.path("results"), toPath: bare)
        try FileManager.default.removeItem(atPath: "\(bare)/bundle.json")
        let model = try String(contentsOfFile: place.path("model.yaml"), encoding: .utf8)
        try place.write(model + "\nseed: 2\n", to: "other.yaml")
        for (words, expected) in Self.refused {
            let outcome = try optimize(words)
            #expect(outcome.code == 2 && outcome.complaints.contains(expected), "\(words): \(outcome.complaints)")
        }
        let own = try answer(["bare", "--model", "model.yaml"])
        let same = try answer(["results"])
        #expect(own.gain.mean == same.gain.mean)
    }
}
