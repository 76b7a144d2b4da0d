import Assistant
import JSON
import Results
import Testing

/// Tools on a folder that is written by hand.
@Suite("tools that answer from results")
struct ResultsToolsTests {
    private static let curve = """
        channel,spend,contribution_mean,contribution_q05,contribution_q50,contribution_q95
        tv,0.0,0.0,0.0,0.0,0.0
        tv,100.0,10.5,9.0,10.0,12.25
        tv,200.0,15.0,11.0,15.0,19.0
        "out, door",0.0,0.0,0.0,0.0,0.0
        "out, door",50.0,5.0,4.0,5.0,6.0

        """

    private static let sensitivity = """
        quantity,prior,likelihood,conflict,diagnosis
        roi[tv],0.01,0.2,,data
        alpha[tv],0.3,0.25,1.5,prior and data

        """

    private static let moved = """
        {"rows": [{"quantity": "roi[tv]", "old_mean": 2.5, "old_sd": 0.25, "new_mean": 3.0, "change": 0.5,
         "new_weeks": {"change": 0.25, "error": 0.01}, "restated_history": {"change": 0.125, "error": 0.01},
         "changed_model": {"change": 0, "error": 0}, "monte_carlo_error": {"change": "NaN", "error": 0.02},
         "separation": "complete", "unexplained": false, "weeks": []}]}
        """

    private static let run = """
        {"name": "shop", "fit": "abc", "units": {"contribution": "EUR", "roi": "EUR per EUR spent"},
         "money": {"currency": "EUR"}, "verdict": {"passed": true, "outcome": "OUTCOME",
         "r_hat_max": {"name": "alpha[tv]", "value": 1.0625}, "divergences": 3, "draws": 4000, "reasons": [],
         "e_bfmi_min": 0.5, "warnings": ["Mind the gap."]}, "warnings": [],
         "experiments": [{"name": "geo test", "lift": 12.5, "se": 2.5, "model_mean": 11, "model_q05": 9, "model_q95": 13.5}],
         "files": {"response_curves.csv": "DIGEST"}}
        """

    /// A digest that a test can foresee.
    private static func digest(_ bytes: [UInt8]) -> String {
        "\(bytes.count)-\(bytes.reduce(0) { $0 &* 31 &+ Int($1) })"
    }

    private static func results(
        outcome: String = "passed", changing changes: [String: String] = [:]
    ) -> ServedResults {
        let run = run.replacing("OUTCOME", with: outcome)
            .replacing("DIGEST", with: digest(Array(curve.utf8)))
        let files = [
            "run.json": run, "response_curves.csv": curve, "sensitivity.csv": sensitivity, "../moved.json": moved,
        ].merging(changes) { $1 }
        return ServedResults(
            name: "shop", path: "results/shop", contents: { name in files[name].map { Array($0.utf8) } },
            digest: { digest($0) })
    }

    private static func ask(
        _ name: String, _ arguments: [String: JSONValue] = [:], _ results: ServedResults = results()
    ) throws -> JSONValue {
        let tool = try #require(ResultsTools.all.first { $0.tool.name == name })
        return try tool.answer(tool.tool.arguments(arguments), from: results)
    }

    private static func refusal(
        _ name: String, _ arguments: [String: JSONValue] = [:], _ results: ServedResults = results()
    ) -> String {
        do {
            return "answered: \(try ask(name, arguments, results).line)"
        } catch {
            return (error as? ToolRefusal)?.text ?? "\(error)"
        }
    }

    private func figure(_ name: String, of record: JSONValue?) -> JSONValue? {
        record?["figures"]?.list?.first { $0["figure"]?.text == name }
    }

    @Test("a figure has its interval, its unit, and where it stands")
    func figures() throws {
        let answer = try Self.ask("response", ["channel": "tv", "spend": 100])
        let records = try #require(answer["records"]?.list)
        #expect(records.count == 1 && records[0]["of"] == ["channel": "tv", "spend": "100.0"])
        let told = try #require(figure("contribution", of: records[0]))
        #expect(told["mean"]?.number == 10.5 && told["q05"]?.number == 9 && told["q95"]?.number == 12.25)
        #expect(told["unit"] == "EUR" && told["interval"] == "90 %, from q05 to q95")
        #expect(told["source"]?["file"] == "response_curves.csv")
        #expect(told["source"]?["sha256"]?.text == Self.digest(Array(Self.curve.utf8)))
        #expect(told["source"]?["columns"]?["q95"] == "contribution_q95")
        #expect(answer["meanings"]?["contribution"]?.text?.hasPrefix("what the channel would have brought") == true)
        #expect(figure("spend", of: records[0])?["interval"] == "none is told")
    }

    @Test("between two points of a curve both are told, and nothing is interpolated")
    func between() throws {
        let answer = try Self.ask("response", ["channel": "tv", "spend": 150])
        #expect(answer["records"]?.list?.map { $0["of"]?["spend"] } == ["100.0", "200.0"])
        #expect(answer["notes"]?.list?.first?.text?.contains("nothing is interpolated") == true)
        #expect(try Self.ask("response", ["channel": "out, door"])["records"]?.list?.count == 2)
        #expect(Self.refusal("response", ["channel": "tv", "spend": 201]).contains("told from 0 to 200.0"))
        #expect(
            Self.refusal("response", ["channel": "tw"]) == "response_curves.csv has no channel 'tw'. Mend: write 'tv'.")
    }

    @Test("a file that is not the one run.json vouches for is not quoted")
    func changed() {
        let changed = Self.results(changing: ["response_curves.csv": Self.curve.replacing("10.5", with: "99.5")])
        #expect(
            Self.refusal("response", ["channel": "tv"], changed).contains("is not the file that run.json vouches for"))
    }

    @Test("a fit that has not converged says so with every figure")
    func verdicts() throws {
        for (outcome, words) in [
            ("failed", "these figures may be wrong"), ("figures_only", "Some parameters did not pass"),
        ] {
            let answer = try Self.ask("sensitivity", [:], Self.results(outcome: outcome))
            #expect(answer["notes"]?.list?.first?.text?.contains(words) == true)
            #expect(answer["results"]?["convergence"]?.text == outcome)
        }
        #expect(try Self.ask("sensitivity")["notes"] == [])
    }

    @Test("records are chosen by name, and figures too; what is empty is said to be")
    func choices() throws {
        let answer = try Self.ask("sensitivity", ["quantity": "roi[tv]", "figures": ["prior", "conflict"]])
        let records = try #require(answer["records"]?.list)
        #expect(records.count == 1 && records[0]["facts"] == ["diagnosis": "data"])
        #expect(figure("prior", of: records[0])?["value"]?.number == 0.01 && records[0]["empty"] == ["conflict"])
        #expect(Self.refusal("sensitivity", ["figures": "prio"]) == "There is no figure 'prio'. Mend: write 'prior'.")
        #expect(Self.refusal("sensitivity", ["quantity": "roi[tw]"]).hasSuffix("Mend: write 'roi[tv]'."))
        let page = try Self.ask("sensitivity", ["limit": 1])
        #expect(page["records"]?.list?.count == 1 && page["notes"]?.list?.first?.text?.contains("offset 1") == true)
        #expect(try Self.ask("sensitivity", ["offset": 1])["records"]?.list?.first?["of"] == ["quantity": "alpha[tv]"])
        #expect(try Self.ask("sensitivity", ["offset": 9])["records"] == [])
    }

    @Test("keys of run.json are told by their paths")
    func documents() throws {
        let record = try #require(try Self.ask("diagnostics")["records"]?.list?.first)
        let worst = try #require(figure("verdict.r_hat_max.value", of: record))
        #expect(worst["value"]?.number == 1.0625 && worst["source"]?["keys"]?["value"] == "verdict.r_hat_max.value")
        #expect(record["facts"]?["verdict.r_hat_max.name"] == "alpha[tv]")
        #expect(record["facts"]?["verdict.warnings"] == ["Mind the gap."])
        let tests = try #require(try Self.ask("experiments", ["name": "geo test"])["records"]?.list)
        #expect(tests.count == 1 && tests[0]["of"] == ["name": "geo test"])
        let model = try #require(figure("model", of: tests[0]))
        #expect(model["mean"]?.number == 11 && model["q95"]?.number == 13.5 && model["unit"] == "EUR")
        #expect(model["source"]?["keys"]?["q05"] == "experiments[name=geo test].model_q05")
    }

    @Test("what moved overnight is split into its causes, in the quantity's unit")
    func nights() throws {
        let record = try #require(try Self.ask("what_moved", ["quantity": "roi[tv]"])["records"]?.list?.first)
        let part = try #require(figure("new_weeks.change", of: record))
        #expect(part["value"]?.number == 0.25 && part["unit"] == "EUR per EUR spent")
        #expect(part["source"]?["keys"]?["value"] == "rows[quantity=roi[tv]].new_weeks.change")
        #expect(figure("monte_carlo_error.change", of: record)?["value"] == "NaN")
        #expect(record["facts"]?["unexplained"] == false)
        let without = Self.results(changing: [:])
        #expect(Self.refusal("nights", [:], without).contains("Mend: serve the folder of one of its models"))
        let trail =
            #"{"night":"2026-01-12","verdict":"hold","sentence":"Drift.","gates":[{"sentence":"A gate."}]}"# + "\n"
        let nights = try Self.ask("nights", [:], Self.results(changing: ["../../../trail.jsonl": trail]))
        #expect(nights["records"]?.list?.first?["facts"]?["gates"] == ["A gate."])
        #expect(nights["records"]?.list?.first?["of"] == ["night": "2026-01-12"])
    }

    @Test("a table that is not there, and one of another version, are refused with a mend")
    func absent() {
        #expect(Self.refusal("channels").contains("has no channels.csv. Mend: "))
        #expect(Self.refusal("periods", ["from": "May"]).contains("has no contributions.csv"))
        let old = Self.results(changing: ["sensitivity.csv": "quantity,prior\nroi[tv],0.1\n"])
        #expect(Self.refusal("sensitivity", [:], old).contains("of another version"))
        let none = ServedResults(name: "x", path: "x", contents: { _ in nil }, digest: { _ in "" })
        #expect(Self.refusal("diagnostics", [:], none).contains("x holds no results"))
    }

    @Test("what names mean is told from the reference")
    func glossary() throws {
        let glossary = Glossary(with: [])
        let found = try glossary.answer(glossary.tool.arguments(["file": "channels.csv", "name": "mroi"]))
        #expect(
            found["fields"]?.list?.compactMap { $0["name"]?.text } == ["mroi_mean", "mroi_q05", "mroi_q50", "mroi_q95"])
        #expect(throws: ToolRefusal.self) { try glossary.answer(glossary.tool.arguments(["file": "chanels.csv"])) }
    }

    @Test("tools have names of their own, only read, and say what they take")
    func catalogue() {
        let tools = ResultsTools.all.map(\.tool)
        #expect(Set(tools.map(\.name)).count == tools.count && tools.count > 12)
        for tool in tools {
            #expect(tool.isReadOnly && tool.name.wholeMatch(of: /[a-z_]+/) != nil)
            #expect(tool.value["annotations"]?["readOnlyHint"] == true)
            #expect(tool.value["inputSchema"]?["additionalProperties"] == false)
            #expect(Set(tool.parameters.map(\.name)).count == tool.parameters.count)
        }
    }
}
