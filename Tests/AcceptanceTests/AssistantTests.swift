import Foundation
import JSON
import Testing

/// What an assistant is told through `tutti mcp`, held against the files and the commands that it is said to be from.
@Suite("an assistant that asks", .serialized)
struct AssistantTests {
    private let place: Workplace

    private static let channels = ["tv", "search", "radio"]

    private static let model = """
        tutti: 1
        data: {sources: [{file: sales.csv}], date: week, frequency: week}
        kpi: {column: sales, currency: EUR, margin: 0.5}
        channels:
          - {name: tv, group: bought, spend: tv, adstock: {max_lag: 4}}
          - {name: search, group: bought, spend: search, adstock: {max_lag: 2}}
          - {name: radio, spend: radio, adstock: {max_lag: 2}}
        experiments:
          - {name: radio test, channels: [radio], start: 2024-02-05, end: 2024-03-03, design: go_dark, lift: -90, se: 40}
        sampling: {chains: 2, warmup: 100, draws: 60}
        """

    /// Two fits of three channels over 120 weeks.
    init() throws {
        place = try Workplace()
        var rows = ["week,sales,tv,search,radio"]
        for week in 0..<120 {
            let date = Date(timeIntervalSince1970: 1_704_067_200 + 604_800 * Double(week))
            let day = ISO8601DateFormatter().string(from: date).prefix(10)
            let (tv, search) = (week * 7 % 20 < 9 ? 60 + week * 13 % 40 : 0, 20 + week * 5 % 17)
            let radio = week < 40 ? 10 + week % 7 : 0
            rows.append("\(day),\(1000 + 4 * tv + 9 * search + radio + week * week % 53),\(tv),\(search),\(radio)")
        }
        try place.write(rows.joined(separator: "\n") + "\n", to: "sales.csv")
        try place.write(Self.model, to: "model.yaml")
        for (name, options) in [("results", []), ("other", ["--seed", "7"])] {
            let fit = try TuttiProcess.run(
                ["fit", "model.yaml", "--out", name, "--quiet"] + options, directory: place.folder)
            try #require([0, 3].contains(fit.code), "\(fit.complaints)")
        }
    }

    // MARK: The questions

    private struct Question {
        var tool: String
        var arguments: JSONValue = [:]
    }

    /// Made from what the folder holds: each channel and figure, each window and component, and so on.
    private func script() throws -> [Question] {
        var questions = ["results", "diagnostics", "provenance", "groups", "experiments"].map { Question(tool: $0) }
        func add(_ tool: String, _ arguments: JSONValue) {
            questions.append(Question(tool: tool, arguments: arguments))
        }
        for channel in Self.channels {
            let name = JSONValue.text(channel)
            for figure in ["contribution", "share", "roi", "mroi", "margin_roi", "spend", "profit_mean"] {
                add("channels", ["channel": name, "figures": .text(figure)])
            }
            for figure in ["profit", "elasticity", "cost_per_kpi", "payback_weeks", "break_even_spend"] {
                add("finance", ["channel": name, "figures": .text(figure)])
            }
            for spend in [0.0, 150, 333] { add("response", ["channel": name, "spend": .number(spend)]) }
            add("response", ["channel": name])
            add("influence", ["channel": name])
            for quantity in ["roi", "mroi", "contribution"] {
                add("evidence", ["quantity": .text("\(quantity)[\(channel)]")])
                add("sensitivity", ["quantity": .text("\(quantity)[\(channel)]")])
            }
        }
        let windows = try place.table("windows.csv", in: "results")
        var seen: Set<String> = []
        for window in windows.compactMap({ $0["window"] }) where seen.insert(window).inserted {
            for component in ["tv", "total"] {
                add("contributions", ["window": .text(window), "component": .text(component)])
            }
            add("explain_change", ["window": .text(window)])
        }
        for parameter in try place.table("summary.csv", in: "results").compactMap({ $0["parameter"] }) {
            add("parameters", ["parameter": .text(parameter)])
        }
        for date in Set(try place.table("contributions.csv", in: "results").compactMap { $0["date"] }).sorted().prefix(
            40)
        {
            add("periods", ["from": .text(date), "to": .text(date), "component": ["search", "intercept"]])
        }
        add("diagnostics", ["results": "other"])
        add("channels", ["results": "other"])
        return questions
    }

    /// Computed, each by a command that can be run again.
    private static let computed = [
        Question(tool: "optimise"), Question(tool: "optimise", arguments: ["budget": 900, "bounds": "tv=0.5:2"]),
        Question(tool: "optimise", arguments: ["free": true, "fix": ["search"], "horizon": 8, "draws": 60]),
        Question(tool: "score_plan", arguments: ["plan": ["tv": 300, "search": .number(200.5), "radio": 10]]),
        Question(tool: "compare", arguments: ["results": ["results", "other"]]),
    ]

    @Test(
        "200 questions and more: every number is in the file that is named, by its hash, or is printed by the command")
    func questions() throws {
        let questions = try script() + Self.computed
        #expect(questions.count >= 200)
        let conversation = try AssistantConversation(["results", "other"], directory: place.folder)
        for (number, question) in questions.enumerated() {
            conversation.call(number + 1, question.tool, question.arguments)
        }
        let (replies, outcome) = try conversation.end()
        #expect(outcome.code == 0 && outcome.complaints.isEmpty, "\(outcome.complaints)")
        try #require(replies.count == questions.count + 1)
        let check = AnswerCheck(place)
        var tools: Set<String> = []
        var answered = 0
        for (question, reply) in zip(questions, replies.dropFirst()) {
            let about = "\(question.tool) \(question.arguments.line)"
            guard let answer = reply["result"]?["structuredContent"] else {
                Issue.record("\(about): \(reply.line.prefix(300))")
                continue
            }
            let text = reply["result"]?["content"]?.list?.first?["text"]?.text ?? ""
            #expect(JSONValue(parsing: text.utf8) == answer, "\(about)")
            let count = try check.check(answer, about)
            // What the file does not have is said to be empty, and a change wants a year before it.
            let isEmpty = answer["records"]?.list?.contains { $0["empty"] != nil } == true
            #expect(count > 0 || isEmpty || ["results", "explain_change"].contains(question.tool), "\(about)")
            if count > 0 {
                tools.insert(question.tool)
                answered += 1
            }
        }
        #expect(answered >= 200)
        #expect(tools.contains("explain_change") && tools.count >= 12)
        #expect(check.count > 2000)
    }

    @Test(
        "a file that was changed after the fit is not quoted, and questions that go wrong do not end the conversation")
    func refusals() throws {
        let path = place.path("other/channels.csv")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("tv,", with: "tv,9").write(toFile: path, atomically: true, encoding: .utf8)
        let conversation = try AssistantConversation(["results", "other"], directory: place.folder)
        conversation.call(1, "channels", ["results": "other"])
        conversation.call(2, "optimise", ["budget": .number(1e9)])
        conversation.call(3, "score_plan", ["plan": ["tv": 5]])
        conversation.call(4, "optimise", ["bounds": "--out=elsewhere"])
        conversation.call(5, "channels", ["results": "3"])
        conversation.call(6, "jobs")
        conversation.send("{\"jsonrpc\": \"2.0\", \"id\": 7,")
        conversation.send(8, "resources/read", ["uri": "tutti://results/results/..%2Fmodel.yaml"])
        conversation.send(9, "resources/read", ["uri": "tutti://results/results/run.json"])
        conversation.send(10, "resources/list")
        conversation.send(11, "ping")
        conversation.send(12, "tools/list")
        conversation.call(13, "contributions", ["kind": "year", "component": "total"])
        let (replies, outcome) = try conversation.end()
        #expect(outcome.code == 0)
        for (place, words) in [
            (1, "is not the file that run.json vouches for"), (2, "the budget cannot be spent"),
            (3, "it says nothing of 'search'"), (4, "cannot be read. Mend: "), (5, "There are no results '3'"),
        ] {
            let result = replies[place]["result"]
            #expect(result?["isError"] == true)
            let told = result?["content"]?.list?.first?["text"]?.text ?? ""
            #expect(told.contains(words) && told.contains("Mend: "), "\(told)")
        }
        #expect(replies[6]["error"]?["code"] == -32602, "no coordinator, no jobs")
        #expect(replies[7]["error"]?["code"] == -32700)
        #expect(replies[8]["error"]?["code"] == -32002)
        let contents = replies[9]["result"]?["contents"]?.list?.first
        let manifest = try String(contentsOfFile: place.path("results/run.json"), encoding: .utf8)
        #expect(contents?["text"]?.text == manifest)
        #expect(contents?["_meta"]?["sha256"]?.text == AnswerCheck(place).digest("results/run.json"))
        #expect(replies[10]["result"]?["resources"]?.list?.contains { $0["name"] == "windows.csv" } == true)
        #expect(replies[11]["result"] == [:])
        let tools = try #require(replies[12]["result"]?["tools"]?.list)
        #expect(tools.filter { $0["annotations"]?["readOnlyHint"] == true }.count >= 12)
        #expect(!tools.contains { $0["name"] == "submit" })
        let years = replies[13]["result"]?["structuredContent"]?["records"]?.list ?? []
        #expect(years.count > 1 && years.allSatisfy { $0["of"]?["kind"] == "year" })
        #expect(!FileManager.default.fileExists(atPath: place.path("elsewhere")))
        let nowhere = try TuttiProcess.run(["mcp", "nowhere"], directory: place.folder)
        #expect(nowhere.code == 2 && nowhere.complaints.contains("nowhere holds no results. Mend: "))
    }

    // MARK: A coordinator

    private func makeToken(_ name: String, _ role: String) throws -> String {
        let made = try TuttiProcess.run([
            "tokens", "new", name, "--role", role, "--folder", place.path("tokens"),
        ])
        #expect(made.code == 0, "\(made.complaints)")
        return made.output
    }

    @Test("jobs and their results are told to whoever may look, and only who may submit is offered to")
    func coordinator() throws {
        let (sam, olga) = (try makeToken("sam", "submitter"), try makeToken("olga", "observer"))
        let coordinator = try TuttiProcess([
            "coordinator", "--state", place.path("state"), "--bind", "tcp://127.0.0.1:*", "--http", "127.0.0.1:0",
            "--tokens", place.path("tokens"),
        ])
        let addresses = try DocumentationTests.addresses(of: coordinator)
        let worker = try TuttiProcess(["worker", "--connect", addresses.broker, "--slots", "2"])
        defer {
            for process in [worker, coordinator] {
                process.send(SIGKILL)
                _ = process.wait()
            }
        }
        let url = "http://\(addresses.http)"
        func conversation(_ token: String) throws -> AssistantConversation {
            try AssistantConversation(["--url", url], environment: ["TUTTI_TOKEN": token], directory: place.folder)
        }
        func names(_ reply: JSONValue) -> [String] {
            (reply["result"]?["tools"]?.list ?? []).compactMap { $0["name"]?.text }
        }
        let looking = try conversation(olga)
        looking.send(1, "tools/list")
        #expect(try !names(looking.reply(1)).contains("submit"))
        looking.call(2, "submit", ["model": "model.yaml"])
        let refused = try looking.reply(2)["result"]
        #expect(refused?["isError"] == true)
        #expect(refused?["content"]?.list?.first?["text"]?.text?.contains("may not submit. Mend: ") == true)

        let working = try conversation(sam)
        working.send(1, "tools/list")
        #expect(try names(working.reply(1)).contains("submit"))
        working.call(2, "submit", ["model": "../model.yaml"])
        #expect(try working.reply(2)["result"]?["isError"] == true)
        working.call(3, "submit", ["model": "model.yaml", "priority": "low"])
        #expect(try working.reply(3)["result"]?["structuredContent"]?["answer"]?["id"] == "1")
        let watched = try TuttiProcess.run(
            ["watch", "1", "--url", url, "--json"], environment: ["TUTTI_TOKEN": sam], directory: place.folder)
        #expect([0, 3].contains(watched.code), "\(watched.complaints)")

        looking.call(4, "jobs", ["state": "succeeded"])
        #expect(try looking.reply(4)["result"]?["structuredContent"]?["answer"]?["jobs"]?.list?.count == 1)
        looking.call(5, "job", ["job": "1"])
        let job = try looking.reply(5)["result"]?["structuredContent"]
        #expect(job?["answer"]?["state"] == "succeeded" && job?["source"]?["request"] == "GET /v1/jobs/1")
        #expect(job?["meanings"]?["divergences"] == "Divergent draws after warm-up.")
        looking.call(6, "why", ["job": "1"])
        #expect(try looking.reply(6)["result"]?["structuredContent"]?["answer"]?["reason"] == "over")
        looking.call(7, "channels", ["results": "1", "channel": "tv", "figures": "roi"])
        let roi = try looking.reply(7)["result"]?["structuredContent"]
        let figure = roi?["records"]?.list?.first?["figures"]?.list?.first
        let own = try #require(try place.table("channels.csv", in: "results").first { $0["channel"] == "tv" })
        // The same model and data: the files are the same to the byte.
        #expect(figure?["mean"]?.number == own["roi_mean"].flatMap(Double.init))
        #expect(figure?["source"]?["sha256"]?.text == AnswerCheck(place).digest("results/channels.csv"))
        looking.call(11, "optimise", ["results": "1"])
        let plan = try looking.reply(11)["result"]?["structuredContent"]?["records"]?.list?.first
        #expect(
            plan?["figures"]?.list?.first?["source"]?["command"]
                == "tutti results 1 --into job-1 && tutti optimize job-1 --out planned --json")
        looking.call(8, "channels")
        #expect(try looking.reply(8)["result"]?["isError"] == true, "which job is not said")
        looking.call(9, "job", ["job": "99"])
        #expect(try looking.reply(9)["result"]?["isError"] == true)
        looking.call(10, "job", ["job": "../workers"])
        #expect(try looking.reply(10)["result"]?["isError"] == true)
        #expect(try looking.end().outcome.code == 0 && working.end().outcome.code == 0)
    }
}
