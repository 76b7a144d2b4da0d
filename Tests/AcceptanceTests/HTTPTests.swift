import Foundation
import Glibc
import Testing

/// The HTTP API as commands and programs of others meet it.
@Suite("the HTTP API from outside", .serialized)
struct HTTPTests {
    private static let packageFolder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let plan = ["--chains", "1", "--warmup", "100", "--draws", "100", "--resamples", "0"]

    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private struct Cluster {
        var coordinator: TuttiProcess
        var worker: TuttiProcess?
        var url: String

        func stop() {
            for process in [worker, coordinator] {
                process?.send(SIGKILL)
                _ = process?.wait()
            }
        }
    }

    private func cluster(_ options: [String] = [], workers: Bool = true) throws -> Cluster {
        let coordinator = try TuttiProcess(
            [
                "coordinator", "--state", place.path("state"), "--bind", "tcp://127.0.0.1:*", "--http", "127.0.0.1:0",
                "--lease", "3", "--checkpoint-interval", "0.1",
            ] + options)
        let addresses = try DocumentationTests.addresses(of: coordinator)
        let worker = workers ? try TuttiProcess(["worker", "--connect", addresses.broker, "--slots", "2"]) : nil
        return Cluster(coordinator: coordinator, worker: worker, url: "http://\(addresses.http)")
    }

    private func makeToken(_ name: String, _ role: String, project: String = "default") throws -> String {
        let made = try TuttiProcess.run([
            "tokens", "new", name, "--role", role, "--project", project, "--folder", place.path("tokens"),
        ])
        #expect(made.code == 0, "\(made.complaints)")
        #expect(!made.complaints.contains(made.output))
        return made.output
    }

    @Test("commands do with a token what its role may, and nothing without one")
    func tokens() throws {
        let sam = try makeToken("sam", "submitter")
        let olga = try makeToken("olga", "observer")
        let eve = try makeToken("eve", "submitter", project: "other")
        let into = try TuttiProcess.run([
            "tokens", "new", "root", "--role", "operator", "--into", place.path("root.token"), "--folder",
            place.path("tokens"),
        ])
        #expect(into.code == 0 && into.output == place.path("root.token"))
        let cluster = try cluster(["--tokens", place.path("tokens")])
        defer { cluster.stop() }
        let model = Workplace.model("mmm_example")
        func run(_ arguments: [String], token: String?) throws -> TuttiProcess.Outcome {
            try TuttiProcess.run(
                arguments + ["--url", cluster.url], environment: token.map { ["TUTTI_TOKEN": $0] } ?? [:])
        }
        for (token, words) in [
            (nil, "a token is needed. Mend: "), ("tutti_wrong", "this token is not taken. Mend: "),
            (olga, "the token 'olga' is of an observer"),
        ] as [(String?, String)] {
            let refused = try run(["submit", model] + Self.plan, token: token)
            #expect(refused.code == 2, "\(refused.complaints)")
            #expect(refused.complaints.contains(words), "\(refused.complaints)")
        }
        let submitted = try run(["submit", model, "--wait"] + Self.plan, token: sam)
        // A hundred draws are too few for the gate.
        #expect(submitted.code == 3, "\(submitted.complaints)")
        #expect(try run(["jobs"], token: olga).output.contains("mmm-example"))
        #expect(try !run(["jobs"], token: eve).output.contains("mmm-example"))
        let foreign = try run(["results", "1"], token: eve)
        #expect(foreign.code == 2 && foreign.complaints.contains("there is no job '1'"))
        let root = try TuttiProcess.run(
            ["workers", "--url", cluster.url], environment: ["TUTTI_TOKEN_FILE": place.path("root.token")])
        #expect(root.code == 0 && root.output.contains("slots"), "\(root.complaints)")
        chmod(place.path("root.token"), 0o444)
        let open = try TuttiProcess.run(["jobs", "--url", cluster.url, "--token-file", place.path("root.token")])
        #expect(open.code == 2 && open.complaints.contains("Mend: chmod 0400 "), "\(open.complaints)")

        let watching = try TuttiProcess(
            ["submit", model, "--wait", "--url", cluster.url, "--chains", "1", "--draws", "1000000"],
            environment: ["TUTTI_TOKEN": sam])
        #expect(watching.waitForComplaint { $0.contains("draws/s") || $0.contains("starting") })
        #expect(try TuttiProcess.run(["tokens", "revoke", "sam", "--folder", place.path("tokens")]).code == 0)
        let revoked = watching.wait()
        #expect(revoked.code == 2 && revoked.complaints.contains("this token is not taken"), "\(revoked.complaints)")
        let listed = try TuttiProcess.run(["tokens", "list", "--folder", place.path("tokens")])
        #expect(listed.output.contains("olga") && !listed.output.contains("sam"))

        cluster.coordinator.send(SIGTERM)
        let left = cluster.coordinator.wait()
        #expect(left.code == 0, "\(left.complaints)")
        #expect(left.complaints.contains("reason=no token"))
        #expect(left.complaints.contains("token=eve") && left.complaints.contains("token=olga"))
        for text in [sam, olga, eve] { #expect(!left.complaints.contains(text)) }
    }

    @Test("off loopback it is refused without tokens, and a token is not shown in plain text")
    func plaintext() throws {
        let state = ["coordinator", "--state", place.path("state"), "--bind", "tcp://127.0.0.1:*"]
        let bare = try TuttiProcess.run(state + ["--http", "0.0.0.0:0"])
        #expect(bare.code == 2)
        #expect(bare.complaints.contains("tutti tokens new NAME --role operator"))
        #expect(bare.complaints.contains("--allow-plaintext-off-loopback"))
        let none = try TuttiProcess.run(state + ["--tokens", place.path("none")])
        #expect(none.code == 2, "\(none.complaints)")
        let token = try makeToken("root", "operator")
        for options in [["--tokens", place.path("tokens")], ["--allow-plaintext-off-loopback"]] {
            let coordinator = try TuttiProcess(state + ["--http", "0.0.0.0:0"] + options)
            #expect(coordinator.waitForComplaint { $0.contains("HTTP API answers") })
            coordinator.send(SIGTERM)
            #expect(coordinator.wait().code == 0)
        }
        let shown = try TuttiProcess.run(
            ["jobs", "--url", "http://192.0.2.1:8080"], environment: ["TUTTI_TOKEN": token])
        #expect(shown.code == 2)
        #expect(shown.complaints.contains("could read the token") && !shown.complaints.contains(token))
        for http in ["127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", ":8080", "::1:8080"] {
            #expect(try TuttiProcess.run(state + ["--http", http]).code == 2, "\(http)")
        }
    }

    @Test("an open stream does not keep the coordinator from leaving")
    func leaving() throws {
        let cluster = try cluster(workers: false)
        defer { cluster.stop() }
        let submitted = try TuttiProcess.run(
            ["submit", Workplace.model("mmm_example"), "--url", cluster.url] + Self.plan)
        #expect(submitted.code == 0, "\(submitted.complaints)")
        let watching = try TuttiProcess(["watch", "1", "--url", cluster.url])
        #expect(watching.waitForComplaint { $0.contains("starting") })
        cluster.coordinator.send(SIGTERM)
        let left = cluster.coordinator.wait()
        #expect(left.code == 0, "\(left.complaints)")
        #expect(watching.waitForComplaint { $0.contains("does not answer") })
        watching.send(SIGKILL)
        _ = watching.wait()
    }

    @Test("jobs are cancelled, and results listed, printed and fetched")
    func commands() throws {
        let cluster = try cluster()
        defer { cluster.stop() }
        func run(_ arguments: String...) throws -> TuttiProcess.Outcome {
            try TuttiProcess.run(arguments + ["--url", cluster.url])
        }
        let model = Workplace.model("mmm_example")
        let submitted = try TuttiProcess.run(["submit", model, "--wait", "--url", cluster.url] + Self.plan)
        #expect(submitted.code == 3, "\(submitted.complaints)")
        #expect(try run("watch", "1").code == 3, "the gate has failed for who watches too")

        let listed = try run("results", "1")
        #expect(listed.code == 0)
        #expect(listed.output.contains("posterior.nc") && listed.output.contains("application/netcdf"))
        let printed = try run("results", "1", "channels.csv")
        #expect(printed.code == 0 && printed.output.hasPrefix("channel,spend"))
        let one = try run("results", "1", "posterior.nc", "--into", place.path("one"))
        #expect(one.code == 0 && one.output == place.path("one/posterior.nc"), "\(one.complaints)")
        #expect(try run("results", "1", "posterior.nc", "--into", place.path("one")).code == 2)
        let missing = try run("results", "1", "nothing.csv")
        #expect(missing.code == 2 && missing.complaints.contains("Mend: it has bundle.json, channels.csv"))
        let all = try run("results", "1", "--into", place.path("all"))
        #expect(all.code == 3, "\(all.complaints)")
        #expect(try place.results("all")["posterior.nc"] == place.results("one")["posterior.nc"])
        #expect(try run("results", "1", "--into", place.path("all")).code == 2)

        let long = try TuttiProcess.run(
            ["submit", model, "--chains", "1", "--draws", "1000000", "--url", cluster.url])
        #expect(long.output == "2")
        let cancelled = try run("cancel", "2")
        #expect(cancelled.code == 0 && cancelled.output == "job 2 is cancelled")
        #expect(try run("cancel", "1").code == 2)
        #expect(try run("watch", "2").code == 1)
        let page = try run("jobs", "--limit", "1")
        #expect(page.output.contains("cancelled") && !page.output.contains("succeeded"))
        #expect(page.complaints.contains("tutti jobs --after 2"))
        #expect(try run("jobs", "--state", "succeeded").output.split(separator: "\n").count == 3)
        #expect(try run("jobs", "--state", "done").code == 2)
    }

    @Test("a portfolio is checked whole, submitted once however often, and watched as one", .timeLimit(.minutes(10)))
    func portfolio() throws {
        let cluster = try cluster()
        defer { cluster.stop() }
        func run(_ arguments: String...) throws -> TuttiProcess.Outcome {
            try TuttiProcess.run(arguments + ["--url", cluster.url], directory: place.folder)
        }
        let model = Workplace.model("mmm_example")
        let shared = "settings: {chains: 1, warmup: 50, draws: 50, resamples: 0}\n"
        try place.write("tutti: 1\nnmae: x\n", to: "broken.yaml")
        try place.write(
            """
            portfolio: p
            settings: {chains: 1, priority: huge}
            models:
              - {name: a, model: broken.yaml}
              - {name: b, model: missing.yaml}
              - {name: c, model: \(model), memory: lots}
              - {name: d, model: \(model)}
            """, to: "wrong.yaml")
        let wrong = try run("submit", "wrong.yaml")
        #expect(wrong.code == 2)
        for part in [
            "broken.yaml:2: unknown key 'nmae'. Mend: write 'name'.", "missing.yaml: the model file cannot be read.",
            "wrong.yaml:2: 'priority' is 'huge'. Mend: ", "wrong.yaml:6: 'memory' is 'lots'. Mend: ",
            "wrong.yaml:7: 'd' is the same fit as 'c'. Mend: ", "nothing was run",
        ] {
            #expect(wrong.complaints.contains(part), "\(part) is missing from:\n\(wrong.complaints)")
        }
        #expect(wrong.complaints.components(separatedBy: "'huge'").count == 2, "what is shared is wrong once")
        #expect(try run("jobs", "--json").output == "[\n\n]", "nothing is submitted")

        // As after an interruption, one of them is there.
        let one = try run("submit", model, "--chains", "1", "--warmup", "50", "--draws", "50", "--resamples", "0")
        #expect(one.output == "1", "\(one.complaints)")
        let models = "models: [{name: a, model: \(model)}, {name: b, model: \(model), seed: 2}]\n"
        try place.write("portfolio: p\n" + shared + models, to: "right.yaml")
        let waited = try run("submit", "right.yaml", "--wait")
        #expect(waited.code == 3, "a hundred draws do not pass the gate: \(waited.complaints)")
        #expect(waited.output.contains("did NOT pass") && waited.complaints.contains("b: "), "\(waited.output)")
        let again = try run("submit", "right.yaml")
        #expect(again.code == 0 && again.output == "1 a\n2 b", "\(again.output) \(again.complaints)")
        let listed = try run("jobs", "--portfolio", "p")
        #expect(listed.output.contains("p: b") && !listed.output.contains("p: a"), "a stands under no name")

        let long =
            "models: [{name: b, model: \(model), seed: 3, draws: 1000000}, {name: c, model: \(model), seed: 4}]\n"
        try place.write("portfolio: p\n" + shared + long, to: "longer.yaml")
        #expect(try run("submit", "longer.yaml").output == "3 b\n4 c")
        #expect(try run("cancel", "3").code == 0)
        let watched = try run("watch", "--portfolio", "p", "--json")
        #expect(watched.code == 1, "work that did not succeed is worse than a gate: \(watched.complaints)")
        #expect(watched.output.contains("\"job\" : \"3\"") && watched.output.contains("\"job\" : \"4\""))
        #expect(!watched.output.contains("\"job\" : \"2\""), "of each model the latest")
        #expect(try run("watch", "--portfolio", "none").code == 2)
        #expect(try run("watch", "1", "--portfolio", "p").code == 2)

        let pinned = try run("jobs", "--pin", "1", "--pin", "2")
        #expect(pinned.output == "job 1 is pinned\njob 2 is pinned", "\(pinned.complaints)")
        #expect(try run("jobs").output.contains("succeeded, pinned"))
        #expect(try run("jobs", "--unpin", "2").output == "job 2 is not pinned")
    }

    /// An interpreter with what the program of the page needs: `TUTTI_PYTHON`, or python3.
    private static let interpreter: String? = {
        let name = ProcessInfo.processInfo.environment["TUTTI_PYTHON"] ?? "python3"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name, "-c", "import arviz, requests"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        process.waitUntilExit()
        return process.terminationStatus == 0 ? name : nil
    }()

    @Test(
        "the Python of the documentation's page runs as it stands",
        .enabled(if: Self.interpreter != nil, "needs Python with requests and arviz: pip install requests arviz"))
    func python() throws {
        let page = try String(
            contentsOf: Self.packageFolder.appendingPathComponent("Sources/tutti/Documentation.docc/HTTP.md"),
            encoding: .utf8)
        let blocks = page.components(separatedBy: "```python\n").dropFirst().map {
            $0.components(separatedBy: "```")[0]
        }
        try #require(blocks.count == 1)
        try place.write(blocks[0], to: "notebook.py")
        try FileManager.default.createSymbolicLink(
            atPath: place.path("Configs"),
            withDestinationPath: Self.packageFolder.appendingPathComponent("Configs").path)
        let token = try makeToken("notebook", "submitter")
        let cluster = try cluster(["--tokens", place.path("tokens")])
        defer { cluster.stop() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [try #require(Self.interpreter), "notebook.py"]
        process.currentDirectoryURL = place.folder
        process.environment = ProcessInfo.processInfo.environment.merging([
            "TUTTI_URL": cluster.url, "TUTTI_TOKEN": token,
        ]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.contains("succeeded 1200 of 1200 iterations"), "\(text)")
        #expect(text.contains("roi[search]"), "\(text)")
    }
}
