import Foundation
import Glibc
import Testing

/// Whoever may not, tries from another host: nothing is reached, and one line tells of each try.
@Suite(
    "refusals between two hosts", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: TwoHosts.obstacle == nil, Comment(rawValue: TwoHosts.obstacle ?? "")))
struct RefusalTests {
    private static let workers = "tcp://\(TwoHosts.address):5570"
    private static let url = "http://\(TwoHosts.address):8080"
    /// Never done within a test.
    private static let plan = ["--chains", "1", "--warmup", "400", "--draws", "1000000", "--resamples", "0"]

    private let place: Workplace
    private let hosts: TwoHosts
    private let tokens: [String: String]

    init() throws {
        place = try Workplace()
        hosts = try TwoHosts()
        for name in ["coordinator", "worker", "stranger"] {
            _ = try Self.made(["keys", "new", name, "--folder", place.path("keys")])
        }
        _ = try Self.made(["keys", "allow", place.path("keys/worker.public"), "--folder", place.path("keys")])
        var tokens: [String: String] = [:]
        for (name, role) in [("root", "operator"), ("brand-a", "submitter"), ("brand-b", "submitter")] {
            tokens[name] = try Self.made([
                "tokens", "new", name, "--role", role, "--project", name, "--folder", place.path("tokens"),
            ])
        }
        self.tokens = tokens
    }

    private static func made(_ arguments: [String]) throws -> String {
        let outcome = try TuttiProcess.run(arguments)
        try #require(outcome.code == 0, "\(outcome.complaints)")
        return outcome.output
    }

    private func startCoordinator() throws -> TuttiProcess {
        let coordinator = try TuttiProcess(
            [
                "coordinator", "--state", place.path("state"), "--bind", Self.workers, "--http",
                "\(TwoHosts.address):8080", "--keys", place.path("keys"), "--tokens", place.path("tokens"), "--lease",
                "3", "--checkpoint-interval", "0.1", "--allow-plaintext-off-loopback",
            ], launcher: hosts.first)
        try #require(coordinator.waitForComplaint { $0.contains("HTTP API answers") })
        return coordinator
    }

    /// - Parameter key: nil for a worker that shows none.
    private func startWorker(key: String?) throws -> TuttiProcess {
        let shown =
            key.map {
                ["--key", place.path("keys/\($0).secret"), "--coordinator-key", place.path("keys/coordinator.public")]
            } ?? ["--allow-plaintext-off-loopback"]
        return try TuttiProcess(
            ["worker", "--connect", Self.workers, "--slots", "1", "--no-spool"] + shown, launcher: hosts.second)
    }

    /// - Parameter token: its text; nil for none.
    private func ask(_ arguments: [String], token: String?) throws -> TuttiProcess.Outcome {
        try TuttiProcess.run(
            arguments + ["--url", Self.url, "--allow-plaintext-off-loopback"],
            environment: token.map { ["TUTTI_TOKEN": $0] } ?? [:], launcher: hosts.second)
    }

    private func end(_ process: TuttiProcess) {
        process.send(SIGKILL)
        _ = process.wait()
    }

    /// The one line with all of these words.
    private func expectOneLine(_ words: String..., in log: [Substring]) {
        let lines = log.filter { line in words.allSatisfy(line.contains) }
        #expect(lines.count == 1, "\(words): \(log.joined(separator: "\n"))")
    }

    @Test("no key, an unknown key and a revoked one: no session, no task, one line with the address")
    func keys() throws {
        let coordinator = try startCoordinator()
        defer { end(coordinator) }
        let submitted = try ask(["submit", Workplace.model("mmm_example")] + Self.plan, token: tokens["brand-a"])
        #expect(submitted.output == "1", "\(submitted.complaints)")
        let strangers = [try startWorker(key: nil), try startWorker(key: "stranger")]
        defer { strangers.forEach(end) }
        #expect(coordinator.waitForComplaint { $0.contains("a peer was refused") })
        #expect(coordinator.waitForComplaint { $0.contains("a key was refused") })
        // Each tries again and again, at growing intervals.
        coordinator.waitForConnections(3 * strangers.count, to: Self.workers)
        let listed = try ask(["workers", "--json"], token: tokens["root"])
        #expect(listed.output.filter { !$0.isWhitespace } == "[]", "\(listed.output)")
        let why = try ask(["why", "1"], token: tokens["brand-a"])
        #expect(why.output.contains("No worker is connected at all"), "\(why.output)")

        let worker = try startWorker(key: "worker")
        #expect(worker.waitForComplaint { $0.contains("started") })
        _ = try Self.made(["keys", "revoke", "worker", "--folder", place.path("keys")])
        #expect(coordinator.waitForComplaint { $0.contains("attempt ended") && $0.contains("key revoked") })
        #expect(worker.waitForComplaint { $0.contains("the coordinator is silent") })
        // Started anew it comes no further.
        end(worker)
        let again = try startWorker(key: "worker")
        defer { end(again) }
        coordinator.waitForConnections(3 * strangers.count + 4, to: Self.workers)
        let left = try ask(["workers", "--json"], token: tokens["root"])
        #expect(left.output.filter { !$0.isWhitespace } == "[]", "\(left.output)")

        coordinator.send(SIGTERM)
        let ended = coordinator.wait()
        #expect(ended.code == 0)
        let log = ended.complaints.split(separator: "\n")
        // On a busy machine every one of its tries may be gone before its address is asked for, which the line then says.
        expectOneLine("a peer was refused", "shows no key", in: log)
        #expect(
            log.contains {
                $0.contains("a peer was refused")
                    && ($0.contains("address=10.77.0.2") || $0.contains("address=gone too soon"))
            })
        expectOneLine("a key was refused", "address=10.77.0.2", "unknown", in: log)
        expectOneLine("a key may no longer work", "key=worker", "address=10.77.0.2", in: log)
        #expect(log.count { $0.contains("was refused") } == 2, "\(ended.complaints)")
        expectOneLine("worker joined", in: log)
        expectOneLine("granted", in: log)
        #expect(!log.contains { $0.contains("a frame was dropped") })
    }

    @Test("no token, a wrong one, another project's, and a worker's key: no job, one line with the address")
    func requests() throws {
        let coordinator = try startCoordinator()
        defer { end(coordinator) }
        let submission = ["submit", Workplace.model("mmm_example")] + Self.plan
        #expect(try ask(submission, token: tokens["brand-a"]).output == "1")

        let file = place.path("keys/worker.secret")
        let secret = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
            .first { $0.hasPrefix("secret-key: ") }.map { String($0.dropFirst("secret-key: ".count)) }
        let key = try #require(secret)
        // The command sees what a worker's key is, and shows it to nobody; other programs may.
        for shown in [
            try ask(submission + ["--token-file", file], token: nil), try ask(submission, token: key),
        ] {
            #expect(shown.code == 2 && shown.complaints.contains("Mend: "), "\(shown.complaints)")
            #expect(!shown.complaints.contains(key))
        }
        let request = "POST /v1/jobs HTTP/1.1\r\nHost: \(TwoHosts.address)\r\nAuthorization: Bearer \(key)\r\n"
        try place.write(request + "Content-Length: 0\r\nConnection: close\r\n\r\n", to: "request")
        let answer = try hosts.send(place.path("request"), to: TwoHosts.address, port: 8080)
        #expect(answer.hasPrefix("HTTP/1.1 401 "), "\(answer)")
        let tries: [(token: String?, words: String)] = [
            (nil, "a token is needed. Mend: "), ("tutti_wrong", "this token is not taken. Mend: "),
        ]
        for (token, words) in tries {
            let refused = try ask(submission, token: token)
            #expect(refused.code == 2 && refused.output.isEmpty, "\(refused.complaints)")
            #expect(refused.complaints.contains(words), "\(refused.complaints)")
        }
        let foreign = try ask(["cancel", "1"], token: tokens["brand-b"])
        #expect(foreign.code == 2 && foreign.complaints.contains("there is no job '1'"), "\(foreign.complaints)")

        let listed = try ask(["jobs", "--json"], token: tokens["root"])
        #expect(listed.output.components(separatedBy: "\"id\" : ").count - 1 == 1, "\(listed.output)")
        #expect(listed.output.contains("\"state\" : \"queued\""), "\(listed.output)")
        coordinator.send(SIGTERM)
        let ended = coordinator.wait()
        let log = ended.complaints.split(separator: "\n").filter { $0.contains("a request was refused") }
        #expect(log.count == 4, "\(ended.complaints)")
        #expect(log.allSatisfy { $0.contains("address=10.77.0.2 ") }, "\(log.joined(separator: "\n"))")
        expectOneLine("POST /v1/jobs", "reason=no token", in: log)
        #expect(log.count { $0.contains("POST /v1/jobs ") && $0.contains("reason=a token that is not taken") } == 2)
        expectOneLine("POST /v1/jobs/1/cancel", "reason=a job of another project", "token=brand-b", in: log)
        for text in Array(tokens.values) + [key] { #expect(!ended.complaints.contains(text)) }
    }
}
