import Cluster
import Coordination
import Foundation
import JSON
import Storage
import Testing
import Traces
import Wire

@Suite("spans of a coordinator")
struct CoordinatorTracesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func tracer(_ name: String) throws -> FileTracer {
        try FileTracer(path: "\(folder.path)/\(name)", service: "tutti-test", version: "1", instance: "here:1") {
            Issue.record("\($0)")
        }
    }

    private func spans(_ name: String) throws -> [JSONValue] {
        try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8).split(separator: "\n").flatMap { line in
            let value = try #require(JSONValue(parsing: line.utf8))
            return value["resourceSpans"]?.list?.first?["scopeSpans"]?.list?.first?["spans"]?.list ?? []
        }
    }

    private func attribute(_ key: String, of span: JSONValue) -> JSONValue? {
        span["attributes"]?.list?.first { $0["key"] == .text(key) }?["value"]?.mapping?.values.first
    }

    @Test("a job's span goes on in the same trace with the next coordinator, from its submission on")
    func continued() async throws {
        let ledger = MemoryLedger()
        // Let go of when it returns, and with it the lock of the folder.
        func run(_ file: String, _ body: (CoordinatorService) async throws -> Void) async throws {
            let tracer = try tracer(file)
            let service = try CoordinatorService(
                CoordinatorConfiguration(
                    state: folder.path + "/state", endpoint: "ipc://\(folder.path)/socket", tracer: tracer),
                logger: silence, openingLedger: { _ in ledger })
            try await body(service)
            service.stop()
            tracer.stop()
        }
        var submitted = 0.0
        try await run("first") { service in
            let first = try await service.submit(submission(named: "first")).job
            _ = try await service.submit(submission(named: "second"))
            #expect(try await service.cancel(first) == nil)
            submitted = service.job(JobID(2))?.submittedAt ?? 0
        }
        try await run("second") { service in
            let refusal = try await service.cancel(JobID(2))
            #expect(refusal == nil)
        }
        let first = try #require(try spans("first").first)
        #expect(try spans("first").count == 1, "what has not ended is not written")
        #expect(first["name"] == "job" && first["parentSpanId"] == nil)
        #expect(attribute("tutti.job", of: first) == "1" && attribute("tutti.job.state", of: first) == "cancelled")
        #expect(attribute("tutti.continued", of: first) == nil)
        // Nothing went wrong.
        #expect(first["status"] == [:])
        let second = try #require(try spans("second").first)
        #expect(try spans("second").count == 1)
        #expect(attribute("tutti.job", of: second) == "2" && attribute("tutti.continued", of: second) == true)
        #expect(second["startTimeUnixNano"] == .text("\(UInt64(submitted * 1e9))"))
        // Both coordinators call job 2 the same, and otherwise than job 1.
        let name = SpanIdentity(JobID(2), ledger: ledger.identity())
        #expect(second["traceId"] == .text("\(name.trace)") && second["spanId"] == .text("\(name.span)"))
        #expect(first["traceId"] != second["traceId"])
    }

    @Test("names differ by ledger, job, task and attempt, and attempts are in the trace of their job")
    func names() {
        var attempts: Set<SpanIdentity> = []
        var jobs: Set<SpanIdentity> = []
        for ledger: UInt64 in [1, 2] {
            for number: UInt64 in [1, 2, 256] {
                let job = JobID(number)
                let name = SpanIdentity(job, ledger: ledger)
                jobs.insert(name)
                for index: UInt32 in [0, 1] {
                    for epoch: UInt64 in [1, 2] {
                        let attempt = AttemptID(task: TaskID(job: job, index: index), epoch: epoch)
                        let own = SpanIdentity(attempt, ledger: ledger)
                        #expect(own.trace == name.trace)
                        attempts.insert(own)
                    }
                }
            }
        }
        #expect(Set(jobs.map(\.trace)).count == 6 && Set(jobs.map(\.span)).count == 6)
        #expect(Set(attempts.map(\.span)).count == 24)
    }
}
