import Cluster
import ControlAPI
import Coordination
import Foundation
import HTTPTypes
import Testing

@Suite("the HTTP API and its document")
struct ResponderTests {
    private static let methods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .delete, .patch, .options, .trace, HTTPRequest.Method("BREW")!,
    ]

    /// A path of an operation, with what is there.
    private static func target(_ path: String) -> String {
        path.replacing("{job}", with: "1").replacing("{file}", with: "run.json")
    }

    @Test("agree: every route is in the document, and what is in the document answers")
    func agreement() async throws {
        let coordinator = try TestCoordinator(entries: Jobs.finished(1))
        try coordinator.putResults(of: 1)
        let documented = Set(coordinator.document.operations.map { "\($0.method) \($0.path)" })
        let routes = coordinator.responder.routes.flatMap { route in
            (route.method == "GET" ? ["GET", "HEAD"] : [route.method]).map { "\($0) \(route.path)" }
        }
        #expect(Set(routes) == documented)
        #expect(documented.count > 20)
        for path in Set(coordinator.document.operations.map(\.path)) {
            for method in Self.methods {
                let reply = try await coordinator.ask(method, Self.target(path))
                if documented.contains("\(method.rawValue) \(path)") {
                    #expect(![404, 405, 500].contains(reply.status), "\(method) \(path)")
                } else {
                    #expect(reply.status == 405, "\(method) \(path)")
                    #expect(reply.headers[.allow]?.isEmpty == false)
                }
            }
        }
        for operation in coordinator.document.operations {
            #expect(Set(operation.answers.keys).contains { $0 < 300 }, "\(operation.path)")
        }
    }

    @Test("HEAD has the fields of GET and no body")
    func head() async throws {
        let coordinator = try TestCoordinator(entries: Jobs.finished(1))
        try coordinator.putResults(of: 1)
        for operation in coordinator.document.operations where operation.method == "GET" {
            let target = Self.target(operation.path)
            if target == "/metrics" { continue }
            let got = try await coordinator.ask(.get, target)
            let asked = try await coordinator.ask(.head, target)
            #expect(asked.status == got.status && asked.headers == got.headers && asked.body.isEmpty, "\(target)")
            #expect(got.headers[.xContentTypeOptions] == "nosniff")
        }
    }

    @Test(
        "answers every mistake with a problem that says what is wrong",
        arguments: [
            ("GET", "/v2", 404, "the API has no /v2"), ("GET", "/v1", 404, "no /v1"),
            ("GET", "/v1/jobs/", 404, "no /v1/jobs/"),
            ("GET", "/v1/jobs/7", 404, "no job '7'"), ("GET", "/v1/jobs/seven", 404, "no job 'seven'"),
            ("GET", "/v1/jobs/%ff", 400, "percent-encoded UTF-8"), ("GET", "/v1/jobs/01", 404, "no job '01'"),
            ("GET", "/v1/jobs/99999999999999999999999", 404, "no job"),
            ("GET", "/v1/jobs/1/results", 409, "it is queued"),
            ("GET", "/v1/jobs/1/results/..%2F..%2Fledger.sqlite", 409, "it is queued"),
            ("GET", "/v1/jobs?portfolio=", 400, "'portfolio' is empty"),
            ("GET", "/v1/jobs?limit=0", 400, "'limit' is not a whole number from 1 to 500"),
            ("GET", "/v1/jobs?limit=x", 400, "'limit'"), ("GET", "/v1/jobs?limit=1&limit=2", 400, "'limit' twice"),
            ("GET", "/v1/jobs?limt=1", 400, "'limt' is unknown. Mend: this takes limit, after, state"),
            ("GET", "/v1/jobs?after=-1", 400, "'after' is not the number of a job"),
            ("GET", "/v1/jobs?state=done", 400, "'state' is none of queued"), ("GET", "/v1/jobs?%ff=1", 400, "UTF-8"),
            ("GET", "/v1/workers?x", 400, "'x' is unknown. Mend: this takes none"),
            ("GET", "/v1/jobs/1/events?tasks=yes", 400, "'tasks' is none of true, false"),
            ("POST", "/v1/jobs/2/cancel", 404, "no job '2'"), ("DELETE", "/v1/jobs/1", 405, "not asked by DELETE"),
            ("POST", "/v1/jobs", 415, "application/json or multipart/form-data"),
        ])
    func mistakes(method: String, target: String, status: Int, words: String) async throws {
        let coordinator = try TestCoordinator(entries: [Jobs.submitted(1)])
        let reply = try await coordinator.ask(try #require(HTTPRequest.Method(method)), target)
        #expect(reply.status == status)
        #expect(reply.problem.contains(words), "\(reply.problem)")
    }

    @Test("gives what a client takes, and says so where it cannot")
    func acceptance() async throws {
        let coordinator = try TestCoordinator(entries: Jobs.finished(1))
        try coordinator.putResults(of: 1)
        for (field, status) in [
            ("*/*", 200), ("application/json", 200), ("text/html, application/*;q=0.1", 200), ("text/html", 406),
            ("application/json;q=0, */*", 406), ("", 406), ("nonsense", 406), ("text/html, */*;q=0.5", 200),
        ] {
            let reply = try await coordinator.ask(.get, "/v1/jobs", headers: [.accept: field])
            #expect(reply.status == status, "\(field)")
        }
        for (field, status) in [("text/csv", 200), ("text/html", 406), ("image/png", 406)] {
            let reply = try await coordinator.ask(.get, "/v1/jobs/1/results/channels.csv", headers: [.accept: field])
            #expect(reply.status == status, "\(field)")
        }
    }

    @Test("without tokens, web pages and foreign names are refused on loopback")
    func browsers() async throws {
        let coordinator = try TestCoordinator()
        #expect(try await coordinator.ask(.get, "/v1/jobs", authority: "localhost:8080").status == 200)
        #expect(try await coordinator.ask(.get, "/v1/jobs", authority: "[::1]:8080").status == 200)
        #expect(try await coordinator.ask(.get, "/v1/jobs", authority: "evil.example").status == 421)
        #expect(try await coordinator.ask(.get, "/v1/jobs", authority: nil).status == 421)
        let own: HTTPFields = [.origin: "http://127.0.0.1:8080"]
        #expect(try await coordinator.ask(.get, "/v1/jobs", headers: own).status == 200)
        #expect(try await coordinator.ask(.get, "/v1/jobs", headers: [.origin: "null"]).status == 403)
        let open = try TestCoordinator(isLocal: false)
        #expect(try await open.ask(.get, "/v1/jobs", authority: "cluster.example").status == 200)
        let foreign: HTTPFields = [.origin: "https://evil.example"]
        #expect(try await open.ask(.get, "/v1/jobs", headers: foreign, authority: "cluster.example").status == 403)
    }

    @Test("lists jobs a page at a time, the newest first, and by state")
    func pages() async throws {
        let coordinator = try TestCoordinator(entries: (1...7).map(Jobs.submitted) + [.cancelled(Jobs.id(3))])
        var seen: [String] = []
        var next: String? = ""
        while let after = next {
            let query = after.isEmpty ? "" : "&after=\(after)"
            let page = try await coordinator.ask(.get, "/v1/jobs?limit=3\(query)").decoded(JobPage.self)
            #expect(page.jobs.count <= 3)
            seen += page.jobs.map(\.id)
            next = page.next
        }
        #expect(seen == ["7", "6", "5", "4", "3", "2", "1"])
        let cancelled = try await coordinator.ask(.get, "/v1/jobs?state=cancelled").decoded(JobPage.self)
        #expect(cancelled.jobs.map(\.id) == ["3"] && cancelled.next == nil)
        #expect(cancelled.jobs[0].taskCounts.cancelled == 2)
        let detail = try await coordinator.ask(.get, "/v1/jobs/7").decoded(JobDetail.self)
        #expect(detail.summary.id == "7" && detail.summary.state == "queued" && detail.summary.taskCounts.ready == 2)
        #expect(detail.tasks.map(\.label) == ["chain 1", "chain 2"])
        let queue = try await coordinator.ask(.get, "/v1/queue").text
        #expect(queue.contains("\"queued\":6"))
    }

    @Test("cancels once, and again without harm; what has succeeded stays")
    func cancel() async throws {
        let coordinator = try TestCoordinator(entries: [Jobs.submitted(1)] + Jobs.finished(2))
        for _ in 0..<2 {
            let reply = try await coordinator.ask(.post, "/v1/jobs/1/cancel")
            #expect(reply.status == 200)
            #expect(try reply.decoded(JobSummary.self).state == "cancelled")
        }
        let late = try await coordinator.ask(.post, "/v1/jobs/2/cancel")
        #expect(late.status == 409)
        #expect(late.problem.contains("succeeded already"))
    }

    @Test("has metrics in Prometheus' form")
    func metrics() async throws {
        let coordinator = try TestCoordinator(entries: [Jobs.submitted(1)])
        _ = try await coordinator.ask(.get, "/v1/jobs")
        let lines = try await coordinator.ask(.get, "/metrics").text.split(separator: "\n")
        #expect(lines.contains("tutti_jobs{state=\"queued\"} 1"))
        #expect(lines.contains("tutti_slots_wanted 2"))
        #expect(lines.contains("tutti_http_requests_total{operation=\"listJobs\",status=\"200\"} 1"))
        // One request was answered before this one, whatever it took.
        let duration = "tutti_http_request_duration_seconds"
        #expect(lines.contains("# TYPE \(duration) histogram"))
        #expect(lines.contains("\(duration)_bucket{operation=\"listJobs\",le=\"+Inf\"} 1"))
        #expect(lines.contains("\(duration)_count{operation=\"listJobs\"} 1"))
        let sample = /[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9]+(\.[0-9]+(e-[0-9]+)?)?/
        for line in lines where !line.hasPrefix("#") { #expect(line.wholeMatch(of: sample) != nil, "\(line)") }
    }

    @Test("counts the spans that are dropped where there are traces, from 0 on")
    func droppedSpans() {
        let registry = CoordinatorMetrics.registry()
        func lines() -> [Substring] { registry.text.split(separator: "\n") }
        #expect(!lines().contains { $0.hasPrefix("tutti_trace_spans_dropped_total") })
        let drop = CoordinatorMetrics.countingDroppedSpans(in: registry)
        #expect(lines().contains("tutti_trace_spans_dropped_total 0"))
        drop(3)
        drop(2)
        #expect(lines().contains("tutti_trace_spans_dropped_total 5"))
    }

    @Test("counts the slots that are wanted by the memory that tasks need, and none for what is paused")
    func wantedSlots() async throws {
        var large = Jobs.specification(2, tasks: 3)
        large.needs = TaskNeeds(memory: 6 << 30)
        let coordinator = try TestCoordinator(entries: [
            Jobs.submitted(1), .submitted(Jobs.id(2), large), Jobs.submitted(3), .paused(Jobs.id(3)),
        ])
        let lines = try await coordinator.ask(.get, "/metrics").text.split(separator: "\n")
        #expect(lines.contains("tutti_slots_wanted 5"))
        for (memory, count) in [("1G", 2), ("4G", 2), ("8G", 5), ("256G", 5)] {
            #expect(lines.contains("tutti_slots_wanted_within{memory=\"\(memory)\"} \(count)"), "\(memory)")
        }
    }

    @Test("streams a job until it is over", .timeLimit(.minutes(5)))
    func events() async throws {
        let coordinator = try TestCoordinator(entries: [Jobs.submitted(1)])
        async let stream = coordinator.ask(.get, "/v1/jobs/1/events?tasks=true")
        let stop = Task {
            // It begins while the job waits, or when it is over: both are a stream with one last event.
            _ = try await coordinator.ask(.post, "/v1/jobs/1/cancel")
        }
        let reply = try await stream
        try await stop.value
        #expect(reply.headers[.contentType] == "text/event-stream")
        let blocks = reply.text.components(separatedBy: "\n\n").filter { !$0.isEmpty }
        #expect(blocks.first == "retry: 1000")
        let last = try #require(blocks.last)
        #expect(last.hasPrefix("event: over\ndata: "))
        let data = try #require(last.split(separator: "\n").last).dropFirst("data: ".count)
        let detail = try JSONDecoder().decode(JobDetail.self, from: Data(data.utf8))
        #expect(detail.summary.state == "cancelled" && detail.tasks.count == 2)
        #expect(blocks.count { $0.hasPrefix("event: over") } == 1)
        let again = try await coordinator.ask(.get, "/v1/jobs/1/events").text
        #expect(again.components(separatedBy: "event: ").count == 2)
        #expect(!again.contains("\"tasks\""))
    }
}
