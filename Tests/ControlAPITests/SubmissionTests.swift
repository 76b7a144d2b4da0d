import Cluster
import Foundation
import HTTPTypes
import Testing

@Suite("submissions over HTTP")
struct SubmissionTests {
    private let coordinator: TestCoordinator

    init() throws {
        coordinator = try TestCoordinator()
    }

    private func submit(_ body: Data, _ type: String = "application/json") async throws -> Reply {
        try await coordinator.ask(.post, "/v1/jobs", headers: [.contentType: type], body: body)
    }

    private func submit(form parts: [(name: String, fileName: String?, content: String)]) async throws -> Reply {
        try await submit(Jobs.form(parts), "multipart/form-data; boundary=b0undary")
    }

    @Test("as JSON and as a form are the same job")
    func forms() async throws {
        let first = try await submit(Jobs.submission())
        #expect(first.status == 201, "\(first.problem)")
        #expect(first.headers[.location] == "/v1/jobs/1")
        let again = try await submit(Jobs.submission())
        #expect(again.status == 200)
        #expect(try again.decoded(JobReference.self).existed)
        let settings = "{\"chains\": 2, \"draws\": 50, \"warmup\": 50}"
        let form = try await submit(form: [
            ("model", "shop.yaml", Jobs.model), ("data", "data/sales.csv", Jobs.data), ("settings", nil, settings),
        ])
        #expect(form.status == 200, "\(form.problem)")
        #expect(try form.decoded(JobReference.self).id == "1")
        let forced = try await submit(form: [
            ("model", "shop.yaml", Jobs.model), ("data", "data/sales.csv", Jobs.data), ("settings", nil, settings),
            ("again", nil, "true"),
        ])
        #expect(try forced.decoded(JobReference.self).id == "2")
    }

    @Test("in which a key means nothing, or is wrong, are refused by its name")
    func json() async throws {
        let cases: [(change: (inout [String: Any]) -> Void, status: Int, words: String)] = [
            ({ $0["setings"] = [:] as [String: Any] }, 400, "the key 'setings' is unknown. Mend: the keys are archive"),
            (
                { $0["settings"] = ["chain": 2] }, 400,
                "'settings' in the body cannot be read: the key 'chain' is unknown"
            ),
            ({ $0["settings"] = ["chains": "two"] }, 400, "'settings.chains' in the body is of another type"),
            ({ $0["settings"] = ["chains": 0] }, 422, "'settings.chains' is 0. Mend: give a number from 1 to 1024."),
            ({ $0["settings"] = ["resamples": 1_000_000] }, 422, "'settings.resamples' is 1000000"),
            (
                { $0["settings"] = ["seed": -1] }, 400,
                "'settings.seed' in the body cannot be read: it is no whole number, below 0"
            ),
            ({ $0["settings"] = ["draws": 1e300] }, 400, "'settings.draws'"),
            ({ $0["again"] = "yes" }, 400, "'again' in the body is of another type"),
            ({ $0["archive"] = nil }, 400, "'archive' in the body is missing"),
            (
                { $0["archive"] = ["name": "m", "model": "x", "data": ["a": "!"]] as [String: Any] }, 400,
                "'archive.data.a'"
            ),
            (
                {
                    $0["archive"] =
                        ["name": "m", "model": "x", "data": [:] as [String: Any], "more": 1] as [String: Any]
                }, 400,
                "the key 'more' is unknown"
            ),
            (
                { $0["archive"] = ["name": "m", "model": "tutti: 1", "data": [:] as [String: Any]] as [String: Any] },
                422, "Mend"
            ),
        ]
        for (change, status, words) in cases {
            let reply = try await submit(Jobs.submission(change))
            #expect(reply.status == status, "\(reply.problem)")
            #expect(reply.problem.contains(words), "\(reply.problem)")
        }
        for body in ["", "{", "[]", "null", "1", "\"x\"", String(repeating: "[", count: 100_000), "{\"archive\":{}}"] {
            #expect(try await submit(Data(body.utf8)).status == 400, "\(body.prefix(20))")
        }
        #expect(coordinator.service.jobs.isEmpty)
    }

    @Test("as a form are refused where they are no form to the letter")
    func form() async throws {
        let whole = (name: "model", fileName: "m.yaml" as String?, content: Jobs.model)
        let cases: [(parts: [(name: String, fileName: String?, content: String)], words: String)] = [
            ([], "followed by neither"), ([whole, whole], "the part 'model' twice"),
            ([("data", "a", "1")], "no part 'model'"), ([whole, ("data", nil, "1")], "no file name"),
            ([whole, ("data", "a", "1"), ("data", "a", "2")], "'data' of the file 'a' twice"),
            ([whole, ("dta", "a", "1")], "the form's part 'dta' is unknown"),
            ([whole, ("settings", nil, "chains=2")], "the part 'settings' cannot be read"),
            ([whole, ("settings", nil, "{\"chain\": 2}")], "the key 'chain' is unknown"),
            ([whole, ("again", nil, "yes")], "the part 'again'"),
        ]
        for (parts, words) in cases {
            let reply = try await submit(form: parts)
            #expect(reply.status == 400)
            #expect(parts.isEmpty || reply.problem.contains(words), "\(reply.problem)")
        }
        let body = Jobs.form([whole, ("data", "data/sales.csv", Jobs.data)])
        // Wherever it breaks off, it is refused and nothing is half taken.
        for length in stride(from: 0, to: body.count - 4, by: 7) {
            let reply = try await submit(body.prefix(length), "multipart/form-data; boundary=b0undary")
            #expect(reply.status == 400, "\(length)")
        }
        for type in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=other"] {
            #expect(try await submit(body, type).status == 400)
        }
        for type in ["text/plain", "application/jsonx", "multipart/mixed; boundary=b0undary"] {
            #expect(try await submit(body, type).status == 415)
        }
        let quoted = try await submit(body, "multipart/form-data; charset=utf-8; boundary=\"b0undary\"")
        #expect(quoted.status == 201, "\(quoted.problem)")
    }

    @Test("that say they are too long are refused unread")
    func length() async throws {
        let reply = try await coordinator.ask(
            .post, "/v1/jobs", headers: [.contentType: "application/json", .contentLength: "99999999999"])
        #expect(reply.status == 413)
    }
}
