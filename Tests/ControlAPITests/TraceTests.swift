import Foundation
import HTTPTypes
import Testing
import Traces

@Suite("spans of requests")
struct TraceTests {
    private struct Line: Decodable {
        struct Resource: Decodable {
            var scopeSpans: [Scope]
        }

        struct Scope: Decodable {
            var spans: [Span]
        }

        struct Span: Decodable {
            var traceId: String
            var parentSpanId: String?
            var name: String
            var kind: Int
            var attributes: [Attribute]
            var status: [String: Int]
        }

        struct Attribute: Decodable {
            var key: String
            var value: [String: String]
        }

        var resourceSpans: [Resource]
    }

    @Test("a request is a span with its operation and status, in its caller's trace where it names one")
    func requests() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("tutti-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let tracer = try FileTracer(path: path, service: "tutti-test", version: "1", instance: "here:1") {
            Issue.record("\($0)")
        }
        let coordinator = try TestCoordinator(entries: [Jobs.submitted(1)], tracer: tracer)
        let parent = try #require(HTTPField.Name("traceparent"))
        _ = try await coordinator.ask(
            .get, "/v1/jobs/1?x=secret",
            headers: [parent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"])
        _ = try await coordinator.ask(.get, "/v1/jobs/1")
        _ = try await coordinator.ask(.delete, "/healthz")
        _ = try await coordinator.ask(HTTPRequest.Method("BREW") ?? .get, "/none")
        tracer.stop()
        let spans = try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: UInt8(ascii: "\n")).flatMap {
            try JSONDecoder().decode(Line.self, from: $0).resourceSpans[0].scopeSpans[0].spans
        }
        #expect(spans.map(\.name) == ["GET /v1/jobs/{job}", "GET /v1/jobs/{job}", "DELETE", "_OTHER"])
        #expect(spans.allSatisfy { $0.kind == 2 && $0.status.isEmpty })
        #expect(spans[0].traceId == "4bf92f3577b34da6a3ce929d0e0e4736" && spans[0].parentSpanId == "00f067aa0ba902b7")
        #expect(spans[1].parentSpanId == nil && spans[1].traceId != spans[0].traceId)
        let attributes = spans.map { span in
            Dictionary(uniqueKeysWithValues: span.attributes.map { ($0.key, $0.value.values.first ?? "") })
        }
        #expect(
            attributes[1] == [
                "client.address": "test", "http.request.method": "GET", "http.response.status_code": "200",
                "http.route": "/v1/jobs/{job}", "tutti.operation": "getJob", "url.path": "/v1/jobs/1",
                "url.scheme": "http",
            ])
        #expect(attributes.map { $0["http.response.status_code"] } == ["400", "200", "405", "404"])
        #expect(attributes.map { $0["tutti.operation"] } == ["getJob", "getJob", "none", "none"])
        #expect(!attributes.contains { $0.values.contains { $0.contains("secret") } }, "a query is not told")
    }
}
