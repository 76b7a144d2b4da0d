import Cluster
import Foundation
import HTTPTypes
import Testing

@Suite("tokens of the HTTP API")
struct TokenTests {
    private static let tokens: [(name: String, role: TokenRole, project: String)] = [
        ("olga", .observer, "default"), ("sam", .submitter, "default"), ("root", .operator, "default"),
        ("eve", .submitter, "other"),
    ]

    @Test("are asked for everywhere but at health and readiness, and in no form but as they are")
    func needed() async throws {
        let coordinator = try TestCoordinator(tokens: Self.tokens)
        let right = try #require(coordinator.texts["sam"])
        for operation in coordinator.document.operations {
            let target = operation.path.replacing("{job}", with: "1").replacing("{file}", with: "x")
            let method = try #require(HTTPRequest.Method(operation.method))
            let status = try await coordinator.ask(method, target).status
            #expect((status == 401) == (operation.path != "/healthz" && operation.path != "/readyz"), "\(target)")
        }
        #expect(try await coordinator.ask(.get, "/v1/nothing").status == 401, "strangers do not learn what there is")
        for field in [
            "", "Bearer", "Bearer ", "Basic \(right)", right, "Bearer \(right)x", "Bearer \(right.dropLast())",
            "Bearer \(right.uppercased())", "Bearer \(right), Bearer \(right)",
        ] {
            let reply = try await coordinator.ask(.get, "/v1/jobs", headers: [.authorization: field])
            #expect(reply.status == 401, "\(field)")
            #expect(reply.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            #expect(!reply.text.contains(right))
        }
        #expect(try await coordinator.ask(.get, "/v1/jobs", headers: [.authorization: "bearer \(right)"]).status == 200)
        #expect(try await coordinator.ask(.get, "/v1/jobs", token: "sam", authority: "tutti.example").status == 200)
    }

    @Test("let their holders do what the role says, in their project")
    func roles() async throws {
        let coordinator = try TestCoordinator(tokens: Self.tokens, entries: [Jobs.submitted(1)] + Jobs.finished(2))
        try coordinator.putResults(of: 2)
        let json: HTTPFields = [.contentType: "application/json"]
        func submit(_ token: String) async throws -> Int {
            try await coordinator.ask(.post, "/v1/jobs", token: token, headers: json, body: Jobs.submission()).status
        }
        for (name, role, project) in Self.tokens {
            let caller = try await coordinator.ask(.get, "/v1/caller", token: name).decoded(CallerReply.self)
            #expect(caller.name == name && caller.role == role.rawValue && caller.project == project)
        }
        #expect(try await submit("olga") == 403)
        #expect(try await submit("sam") == 201)
        #expect(try await submit("root") == 200)
        #expect(try await coordinator.ask(.post, "/v1/jobs/1/cancel", token: "olga").status == 403)
        // For another project, jobs do not exist.
        for target in ["", "/events", "/results", "/results/run.json", "/results.zip"] {
            let foreign = try await coordinator.ask(.get, "/v1/jobs/2\(target)", token: "eve")
            let missing = try await coordinator.ask(.get, "/v1/jobs/9\(target)", token: "eve")
            #expect(foreign.status == 404 && missing.status == 404)
            #expect(foreign.problem.replacing("'2'", with: "'9'") == missing.problem)
            #expect(try await coordinator.ask(.get, "/v1/jobs/2\(target)", token: "olga").status == 200)
        }
        #expect(try await coordinator.ask(.post, "/v1/jobs/1/cancel", token: "eve").status == 404)
        #expect(try await coordinator.ask(.get, "/v1/jobs", token: "eve").decoded(JobPage.self).jobs.isEmpty)
        #expect(try await coordinator.ask(.get, "/v1/queue", token: "eve").text.contains("\"queued\":0"))
        #expect(coordinator.service.jobs.first { $0.id == Jobs.id(1) }?.state == .queued)
        #expect(try await coordinator.ask(.post, "/v1/jobs/1/cancel", token: "root").status == 200)
    }

    @Test("that are refused are in the log, a line each, by name and never by text")
    func log() async throws {
        let coordinator = try TestCoordinator(tokens: Self.tokens, entries: [Jobs.submitted(1)])
        let stranger = TokenText.random()
        let cases: [(ask: () async throws -> Reply, words: [String])] = [
            ({ try await coordinator.ask(.get, "/v1/jobs/1") }, ["reason=no token", "request=GET /v1/jobs/1"]),
            ({ try await coordinator.ask(.get, "/v1/jobs", token: stranger) }, ["reason=a token that is not taken"]),
            (
                { try await coordinator.ask(.post, "/v1/jobs/1/cancel", token: "olga") },
                ["reason=the token's role", "token=olga"]
            ),
            (
                { try await coordinator.ask(.get, "/v1/jobs/1", token: "eve") },
                ["reason=a job of another project", "token=eve"]
            ),
        ]
        for (ask, words) in cases {
            let before = coordinator.log.lines.count
            _ = try await ask()
            let lines = coordinator.log.lines.dropFirst(before).filter { $0.contains("refused") }
            #expect(lines.count == 1)
            for word in words { #expect(lines.first?.contains(word) == true, "\(lines)") }
        }
        let all = coordinator.log.lines.joined()
        for text in coordinator.texts.values + [stranger] { #expect(!all.contains(text)) }
        for _ in 0..<300 { _ = try await coordinator.ask(.get, "/v1/jobs") }
        #expect(
            coordinator.log.lines.count { $0.contains("refused") } <= 130, "a flood of refusals is no flood of lines")
    }

    @Test("that are revoked are refused from the next reading on, and their streams end", .timeLimit(.minutes(5)))
    func revoked() async throws {
        let coordinator = try TestCoordinator(tokens: Self.tokens, entries: [Jobs.submitted(1)])
        async let stream = coordinator.ask(.get, "/v1/jobs/1/events", token: "olga")
        try coordinator.tokenFolder.revoke("olga")
        coordinator.book?.reread()
        #expect(try await coordinator.ask(.get, "/v1/jobs", token: "olga").status == 401)
        // It ends though the job does not; where it was asked for after the revocation, it did not begin.
        #expect([200, 401].contains(try await stream.status))
        #expect(try await coordinator.ask(.get, "/v1/jobs", token: "sam").status == 200)
        #expect(coordinator.log.lines.contains { $0.contains("a token is taken no longer") && $0.contains("olga") })
    }

    @Test("are kept as digests, in files for their owner alone; what is not sound is not taken")
    func files() async throws {
        let coordinator = try TestCoordinator(tokens: Self.tokens)
        let folder = coordinator.tokenFolder
        let path = "\(folder.path)/sam.token"
        let content = try String(contentsOfFile: path, encoding: .utf8)
        for text in coordinator.texts.values { #expect(!content.contains(text)) }
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o400)
        #expect(Set(coordinator.texts.values).count == 4)
        #expect(coordinator.texts.values.allSatisfy { $0.wholeMatch(of: /tutti_[A-Za-z0-9_-]{43}/) != nil })
        #expect(throws: KeyError.self) { try folder.make("sam", role: .operator, project: "default") }
        #expect(throws: KeyError.self) { try folder.make("../sam", role: .operator, project: "default") }
        #expect(throws: KeyError.self) { try folder.make("x", role: .operator, project: "a b") }
        // Whoever copies a file under another name, or changes it by hand, gains nothing.
        for (name, text) in [
            ("boss.token", content), ("odd.token", content.replacing("submitter", with: "king")),
            ("short.token", String(content.dropLast(4))), ("x.token", "hello\n"),
        ] {
            try text.write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
        }
        let (tokens, problems) = try folder.tokens()
        #expect(tokens.map(\.name) == ["eve", "olga", "root", "sam"])
        #expect(problems.count == 4)
        for problem in problems { #expect(problem.description.contains("Mend: ")) }
        #expect(throws: KeyError.self) { try TokenBook(folder, logger: coordinator.log.logger) }
        coordinator.book?.reread()
        coordinator.book?.reread()
        #expect(coordinator.log.lines.count { $0.contains("a token file is not taken") } == 4)
        #expect(try await coordinator.ask(.get, "/v1/jobs", token: "sam").status == 200)
    }

    @Test("of a client come from a file, the environment or systemd, in this order")
    func held() throws {
        let place = try TestCoordinator(tokens: Self.tokens)
        func file(_ name: String, _ text: String, mode: Int = 0o400) throws -> String {
            let path = "\(place.folder)/\(name)"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            return path
        }
        let first = try file("first", "one\n")
        let second = try file("second", "two")
        _ = try file("tutti-token", "four\n")
        var environment: [String: String] = [:]
        #expect(try HeldToken.text(file: nil, environment: environment) == nil)
        environment["CREDENTIALS_DIRECTORY"] = place.folder
        #expect(try HeldToken.text(file: nil, environment: environment) == "four")
        environment["TUTTI_TOKEN"] = "three"
        #expect(try HeldToken.text(file: nil, environment: environment) == "three")
        environment["TUTTI_TOKEN_FILE"] = second
        #expect(try HeldToken.text(file: nil, environment: environment) == "two")
        #expect(try HeldToken.text(file: first, environment: environment) == "one")
        for path in [
            try file("open", "one\n", mode: 0o440), try file("two-lines", "one\ntwo\n"), try file("empty", ""),
            try file("words", "a secret\n"), place.folder + "/none",
        ] {
            #expect(throws: KeyError.self, "\(path)") { try HeldToken.text(file: path, environment: [:]) }
        }
        #expect(throws: KeyError.self) { try HeldToken.text(file: nil, environment: ["TUTTI_TOKEN": "a\r\nb: c"]) }
    }
}
