import Foundation
import Glibc
import JSON
import Testing

/// Spans of real programs, as a collector reads them.
@Suite("traces of a cluster", .serialized)
struct TraceTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private struct Span {
        var name: String
        var trace: String
        var id: String
        var parent: String?
        var kind: Double?
        var start: UInt64
        var end: UInt64
        var status: Double?
        var message: String?
        var attributes: [String: String]
        var service: String

        init(_ value: JSONValue, service: String) throws {
            func text(_ key: String) throws -> String { try #require(value[key]?.text, "a span without \(key)") }
            name = try text("name")
            trace = try text("traceId")
            id = try text("spanId")
            parent = value["parentSpanId"]?.text
            kind = value["kind"]?.number
            start = try #require(try UInt64(text("startTimeUnixNano")))
            end = try #require(try UInt64(text("endTimeUnixNano")))
            status = value["status"]?["code"]?.number
            message = value["status"]?["message"]?.text
            attributes = TraceTests.attributes(value["attributes"])
            self.service = service
        }

        func encloses(_ other: Span) -> Bool { start <= other.start && other.end <= end }
    }

    private static func attributes(_ list: JSONValue?) -> [String: String] {
        Dictionary(
            (list?.list ?? []).map { ($0["key"]?.text ?? "", $0["value"]?.mapping?.values.first?.text ?? "") },
            uniquingKeysWith: { $1 })
    }

    /// All spans of a file; each of its lines has to be one request of an exporter.
    private func spans(_ name: String) throws -> [Span] {
        let text = try String(contentsOfFile: place.path(name), encoding: .utf8)
        #expect(text.isEmpty || text.hasSuffix("\n"))
        return try text.split(separator: "\n").flatMap { line in
            let value = try #require(JSONValue(parsing: line.utf8), "no JSON: \(line.prefix(200))")
            let resource = try #require(value["resourceSpans"]?.list?.first)
            let service = Self.attributes(resource["resource"]?["attributes"])["service.name"] ?? ""
            return try (resource["scopeSpans"]?.list?.first?["spans"]?.list ?? []).map {
                try Span($0, service: service)
            }
        }
    }

    @Test("a worker's spans are children of its coordinator's, and a worker that is killed is told of")
    func cluster() throws {
        let coordinator = try TuttiProcess([
            "coordinator", "--state", place.path("state"), "--bind", "tcp://127.0.0.1:*", "--http", "127.0.0.1:0",
            "--lease", "3", "--checkpoint-interval", "0.1", "--traces", place.path("coordinator.jsonl"),
        ])
        var workers: String?
        var http: String?
        _ = coordinator.waitForComplaint { line in
            if let range = line.range(of: "tcp://127.0.0.1:") { workers = String(line[range.lowerBound...]) }
            if line.contains("HTTP API answers") {
                http = line.range(of: "http://").map { String(line[$0.lowerBound...]) }
            }
            return workers != nil && http != nil
        }
        let (address, url) = (try #require(workers), try #require(http))
        // With a spool the next worker of the host would take its place, and go on with its attempt.
        let lost = try TuttiProcess([
            "worker", "--connect", address, "--slots", "1", "--no-spool", "--traces", place.path("lost.jsonl"),
        ])
        let submitted = try TuttiProcess.run([
            "submit", Workplace.model("mmm_example"), "--url", url, "--chains", "2", "--warmup", "400", "--draws",
            "4000",
        ])
        #expect(submitted.code == 0, "\(submitted.complaints)")
        #expect(lost.waitForComplaint { $0.contains("started") })
        lost.send(SIGKILL)
        _ = lost.wait()
        let worker = try TuttiProcess(
            ["worker", "--connect", address, "--slots", "2"],
            environment: ["TUTTI_TRACES": place.path("worker.jsonl")])
        let watched = try TuttiProcess.run(["watch", "1", "--url", url])
        #expect([0, 3].contains(watched.code), "\(watched.complaints)")
        worker.send(SIGTERM)
        let left = worker.wait()
        #expect(left.code == 0, "\(left.complaints)")
        coordinator.send(SIGTERM)
        let ended = coordinator.wait()
        #expect(ended.code == 0, "\(ended.complaints)")

        let own = try spans("coordinator.jsonl")
        #expect(own.allSatisfy { $0.service == "tutti-coordinator" && $0.start <= $0.end })
        let jobs = own.filter { $0.name == "job" }
        let job = try #require(jobs.first)
        #expect(jobs.count == 1 && job.parent == nil && job.status == 1)
        #expect(job.attributes["tutti.job"] == "1" && job.attributes["tutti.job.state"] == "succeeded")
        let attempts = own.filter { $0.name == "attempt" }
        #expect(attempts.allSatisfy { $0.trace == job.trace && $0.parent == job.id && job.encloses($0) })
        #expect(Set(attempts.map(\.id)).count == attempts.count)
        let assemblies = own.filter { $0.name == "assembly" }
        #expect(assemblies.count == 1)
        #expect(assemblies.allSatisfy { $0.trace == job.trace && $0.parent == job.id && job.encloses($0) })
        let submissions = own.filter { $0.attributes["tutti.operation"] == "submitJob" }
        #expect(submissions.map { $0.attributes["http.response.status_code"] } == ["201"])

        let losses = attempts.filter { $0.status == 2 }
        #expect(!losses.isEmpty && losses.allSatisfy { $0.message == "worker lost" })
        #expect(losses.allSatisfy { $0.attributes["tutti.worker"]?.hasSuffix(":\(lost.processID)") == true })
        // What a killed worker ran it could write down no more.
        #expect(try spans("lost.jsonl").isEmpty)

        let runs = try spans("worker.jsonl")
        #expect(runs.count == 2 && runs.allSatisfy { $0.service == "tutti-worker" && $0.name == "run" })
        for run in runs {
            let parent = try #require(own.first { $0.id == run.parent }, "a span without its parent")
            #expect(parent.trace == run.trace && parent.name == "attempt" && parent.status == 1 && run.status == 1)
            #expect(parent.encloses(run), "\(parent) and \(run)")
            #expect(parent.kind == 3 && run.kind == 2)
            for key in ["tutti.job", "tutti.task", "tutti.attempt", "tutti.worker", "tutti.from_iteration"] {
                #expect(parent.attributes[key] != nil && parent.attributes[key] == run.attributes[key], "\(key)")
            }
        }
        #expect(Set(runs.map { $0.attributes["tutti.task"] }) == ["0", "1"])
    }

    @Test(
        "a file of traces that cannot be written is one clear error at the start", arguments: ["coordinator", "worker"])
    func unwritable(program: String) throws {
        let path = place.path("none/traces.jsonl")
        let own = program == "worker" ? ["--connect", "tcp://127.0.0.1:1"] : ["--state", place.path("state")]
        let ended = try TuttiProcess.run([program, "--traces", path] + own)
        #expect(ended.code == 2)
        #expect(ended.complaints.contains("'\(path)' cannot be written: No such file or directory. Mend: "))
    }

    @Test("a disk that takes no traces holds up no work, and is told of once")
    func full() throws {
        // The largest file that this worker may write has no byte; its other output goes through pipes.
        let launcher = ["bash", "-c", "ulimit -f 0; exec \"$0\" \"$@\""]
        let coordinator = try TuttiProcess([
            "coordinator", "--state", place.path("state"), "--bind", "ipc://" + place.path("socket"), "--http",
            "127.0.0.1:0",
        ])
        var http: String?
        _ = coordinator.waitForComplaint { line in
            http = line.range(of: "http://").map { String(line[$0.lowerBound...]) }
            return http != nil
        }
        let worker = try TuttiProcess(
            [
                "worker", "--connect", "ipc://" + place.path("socket"), "--slots", "1", "--no-spool", "--cache", "none",
                "--traces", place.path("worker.jsonl"),
            ], launcher: launcher)
        let submitted = try TuttiProcess.run([
            "submit", Workplace.model("mmm_example"), "--url", try #require(http), "--wait", "--chains", "3",
            "--warmup", "50", "--draws", "20",
        ])
        // Twenty draws are too few for the gate.
        #expect(submitted.code == 3, "\(submitted.complaints)")
        worker.send(SIGTERM)
        let left = worker.wait()
        #expect(left.code == 0, "\(left.complaints)")
        let told = left.complaints.split(separator: "\n").filter { $0.contains("traces cannot be written") }
        #expect(told.count == 1, "\(left.complaints)")
        coordinator.send(SIGTERM)
        _ = coordinator.wait()
        #expect(try Data(contentsOf: URL(fileURLWithPath: place.path("worker.jsonl"))).isEmpty)
    }
}
