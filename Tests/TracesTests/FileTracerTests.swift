import Foundation
import JSON
import Testing
import Traces
import Tracing

@Suite("spans in a file")
struct FileTracerTests {
    private let folder: TraceFolder

    init() throws { folder = try TraceFolder() }

    private static let parent = SpanIdentity(
        trace: TraceID(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10), span: SpanID(0xab))
    private static let child = SpanIdentity(trace: parent.trace, span: SpanID(0xfedc_ba98_7654_3210))

    /// Nanoseconds that a Double cannot hold.
    private static let start: UInt64 = 1_790_000_000_123_456_789

    private struct Mishap: Error, CustomStringConvertible {
        let description = "it broke"
    }

    /// Expected by hand from opentelemetry-proto's trace.proto and the rules of OTLP for JSON: names of traces and spans in
    /// hexadecimal, 64-bit numbers as texts, enumerations as numbers, keys in lowerCamelCase.
    @Test("a line is a request of a trace exporter by the rules of OTLP for JSON")
    func line() throws {
        let tracer = try folder.tracer()
        let span = tracer.startSpan(
            "attempt", context: .beginning(Self.child, in: Self.parent), ofKind: .client, at: Moment(Self.start))
        span.attributes = [
            "text": .string("a \"b\"/\n"), "count": .int64(.max), "small": .int32(-3), "share": .double(0.5),
            "none": .double(.nan), "flag": .bool(true), "names": .stringArray(["x", "y"]),
        ]
        span.addEvent(SpanEvent(name: "draws lost", at: Moment(Self.start + 1), attributes: ["task": .int64(2)]))
        span.addLink(SpanLink(context: .beginning(in: Self.parent), attributes: [:]))
        span.setStatus(SpanStatus(code: .error, message: "worker lost"))
        span.end(at: Moment(Self.start + 5))
        tracer.stop()
        let expected: JSONValue = [
            "resourceSpans": [
                [
                    "resource": [
                        "attributes": [
                            ["key": "service.instance.id", "value": ["stringValue": "host:7"]],
                            ["key": "service.name", "value": ["stringValue": "tutti-test"]],
                            ["key": "service.version", "value": ["stringValue": "1.2"]],
                        ]
                    ],
                    "scopeSpans": [
                        [
                            "scope": ["name": "tutti", "version": "1.2"],
                            "spans": [
                                [
                                    "traceId": "0102030405060708090a0b0c0d0e0f10", "spanId": "fedcba9876543210",
                                    "parentSpanId": "00000000000000ab", "name": "attempt", "kind": 3,
                                    "startTimeUnixNano": "1790000000123456789",
                                    "endTimeUnixNano": "1790000000123456794",
                                    "attributes": [
                                        ["key": "count", "value": ["intValue": "9223372036854775807"]],
                                        ["key": "flag", "value": ["boolValue": true]],
                                        [
                                            "key": "names",
                                            "value": [
                                                "arrayValue": ["values": [["stringValue": "x"], ["stringValue": "y"]]]
                                            ],
                                        ],
                                        ["key": "none", "value": ["doubleValue": "NaN"]],
                                        ["key": "share", "value": ["doubleValue": .number(0.5)]],
                                        ["key": "small", "value": ["intValue": "-3"]],
                                        ["key": "text", "value": ["stringValue": "a \"b\"/\n"]],
                                    ],
                                    "events": [
                                        [
                                            "timeUnixNano": "1790000000123456790", "name": "draws lost",
                                            "attributes": [["key": "task", "value": ["intValue": "2"]]],
                                        ]
                                    ],
                                    "links": [
                                        [
                                            "traceId": "0102030405060708090a0b0c0d0e0f10",
                                            "spanId": "00000000000000ab", "attributes": [],
                                        ]
                                    ],
                                    "status": ["code": 2, "message": "worker lost"],
                                ]
                            ],
                        ]
                    ],
                ]
            ]
        ]
        #expect(try folder.lines() == [expected])
        let text = try folder.text
        #expect(text.hasSuffix("}\n") && text.count { $0 == "\n" } == 1)
    }

    @Test(
        "kinds have their numbers",
        arguments: [
            (SpanKind.internal, 1), (.server, 2), (.client, 3), (.producer, 4), (.consumer, 5),
        ])
    func kinds(_ kind: SpanKind, _ number: Int) throws {
        let tracer = try folder.tracer()
        tracer.startSpan("span", context: .topLevel, ofKind: kind).end()
        tracer.stop()
        #expect(try folder.spans().map { $0["kind"] } == [.whole(number)])
    }

    @Test("what begins in a span is its child; what is nobody's child begins a trace")
    func parents() throws {
        let tracer = try folder.tracer()
        let outer = tracer.startSpan("outer", context: .topLevel)
        InstrumentationContext.withValue(outer.context) {
            tracer.withSpan("inner") { _ in }
        }
        outer.end()
        // The name that was wanted is that of one span, not of those that begin in it.
        let named = tracer.startSpan("named", context: .beginning(Self.child))
        tracer.startSpan("below", context: named.context).end()
        named.end()
        tracer.stop()
        let spans = Dictionary(uniqueKeysWithValues: try folder.spans().map { ($0["name"]?.text ?? "", $0) })
        #expect(spans.count == 4)
        #expect(spans["outer"]?["parentSpanId"] == nil)
        #expect(spans["inner"]?["parentSpanId"] == spans["outer"]?["spanId"])
        #expect(spans["inner"]?["traceId"] == spans["outer"]?["traceId"])
        #expect(spans["named"]?["spanId"] == "fedcba9876543210")
        #expect(spans["below"]?["parentSpanId"] == "fedcba9876543210")
        #expect(spans["below"]?["spanId"] != "fedcba9876543210")
        #expect(spans["outer"]?["traceId"] != spans["named"]?["traceId"])
    }

    @Test("a span is written once, as it was at its end")
    func ends() throws {
        let tracer = try folder.tracer()
        let span = tracer.startSpan("span", context: .topLevel, at: Moment(Self.start))
        span.recordError(Mishap())
        #expect(span.isRecording)
        // The clock was set back.
        span.end(at: Moment(Self.start - 5))
        #expect(!span.isRecording)
        span.operationName = "late"
        span.attributes["late"] = true
        span.end()
        tracer.stop()
        tracer.startSpan("after", context: .topLevel).end()
        let spans = try folder.spans()
        #expect(spans.count == 1)
        #expect(spans[0]["name"] == "span" && spans[0]["attributes"] == [])
        #expect(spans[0]["endTimeUnixNano"] == "1790000000123456789")
        let event = try #require(spans[0]["events"]?.list?.first)
        #expect(event["name"] == "exception")
        #expect(
            event["attributes"] == [
                ["key": "exception.message", "value": ["stringValue": "it broke"]],
                ["key": "exception.type", "value": ["stringValue": "Mishap"]],
            ])
        #expect(folder.droppedCount == 1)
    }

    @Test("what follows half a line of a process that was killed begins on a line of its own")
    func halfLine() throws {
        try Data("{\"resourceSpans\":[".utf8).write(to: URL(fileURLWithPath: folder.file))
        for name in ["first", "second"] {
            let tracer = try folder.tracer()
            tracer.startSpan(name, context: .topLevel).end()
            tracer.stop()
        }
        let lines = try folder.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4 && lines.last == "")
        #expect(lines[0] == "{\"resourceSpans\":[")
        #expect(lines[1...2].allSatisfy { JSONValue(parsing: $0.utf8) != nil })
    }

    @Test("a file that cannot be written is one error that says why and what to do")
    func unwritable() throws {
        let pipe = folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        for (path, reason) in [
            (folder.path + "/none/traces.jsonl", "No such file or directory"), (folder.path, "Is a directory"),
            (pipe, "it is no regular file"), ("/dev/null", "it is no regular file"),
        ] {
            let error = #expect(throws: TraceFileError.self) { try folder.tracer(path) }
            let text = "\(try #require(error))"
            #expect(text.contains("'\(path)'") && text.contains(reason) && text.contains("Mend: "), "\(text)")
        }
    }

    @Test("spans that come faster than they are written are dropped, counted, and told of once")
    func tooMany() throws {
        let tracer = try folder.tracer()
        let spans = (0..<60_000).map { _ in tracer.startSpan("span", context: .topLevel) }
        // Far less than the pause in which spans gather.
        for span in spans { span.end() }
        tracer.stop()
        let lines = try folder.lines().map { TraceFolder.spans($0).count }
        #expect(folder.droppedCount > 0)
        #expect(lines.reduce(folder.droppedCount, +) == spans.count)
        #expect(lines.allSatisfy { (1...100).contains($0) })
        #expect(folder.troubles.count == 1 && folder.troubles[0].contains("too slowly"))
    }

    @Test("spans that the disk does not take are all counted, and told of once")
    func refused() throws {
        // The kernel takes numbers there alone.
        let tracer = try folder.tracer("/proc/self/oom_score_adj")
        // Lines of 100 at most, each of which fails.
        for _ in 0..<250 { tracer.startSpan("span", context: .topLevel).end() }
        tracer.stop()
        #expect(folder.droppedCount == 250)
        #expect(folder.troubles.count == 1 && folder.troubles[0].contains("cannot be written"), "\(folder.troubles)")
    }
}

@Suite("traces between processes")
struct TraceParentTests {
    private struct Fields: Extractor, Injector {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }

        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
            carrier[key] = value
        }
    }

    /// The example of the recommendation (W3C Trace Context, section 3.2.2).
    private static let example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test("a request's trace is taken over and handed on")
    func taken() throws {
        let folder = try TraceFolder()
        let tracer = try folder.tracer()
        var context = InstrumentationContext.topLevel
        tracer.extract(["traceparent": Self.example], into: &context, using: Fields())
        #expect(context.span?.trace.description == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(context.span?.span.description == "00f067aa0ba902b7")
        var carrier: [String: String] = [:]
        tracer.inject(context, into: &carrier, using: Fields())
        #expect(carrier == ["traceparent": Self.example])
        // A later version may say more.
        var later = InstrumentationContext.topLevel
        tracer.extract(["traceparent": "01" + Self.example.dropFirst(2) + "-x"], into: &later, using: Fields())
        #expect(later.span == context.span)
        tracer.stop()
    }

    @Test(
        "what is no such field begins a trace of its own",
        arguments: [
            "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ])
    func refused(_ field: String) throws {
        let folder = try TraceFolder()
        let tracer = try folder.tracer()
        var context = InstrumentationContext.topLevel
        tracer.extract(["traceparent": field], into: &context, using: Fields())
        #expect(context.span == nil)
        tracer.stop()
    }
}
