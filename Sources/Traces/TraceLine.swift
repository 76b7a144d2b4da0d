import JSON
import Tracing

/// Writes spans as OTLP JSON: a request of a trace exporter (ExportTraceServiceRequest) on a line, as OpenTelemetry's file
/// exporter does. By the rules of OTLP, names are hexadecimal, whole numbers of 64 bits texts, and kinds numbers.
struct TraceLine: Sendable {
    /// What is said of the program.
    let resource: SpanAttributes
    /// Of the program, which is what makes the spans.
    let version: String

    func text(_ spans: [FinishedSpan]) -> String {
        let content: JSONValue = [
            "resourceSpans": [
                [
                    "resource": ["attributes": Self.attributes(resource)],
                    "scopeSpans": [
                        [
                            "scope": ["name": "tutti", "version": .text(version)],
                            "spans": .list(spans.map(Self.span)),
                        ]
                    ],
                ]
            ]
        ]
        return content.line
    }

    private static func span(_ span: FinishedSpan) -> JSONValue {
        var fields: [String: JSONValue] = [
            "traceId": .text("\(span.identity.trace)"), "spanId": .text("\(span.identity.span)"),
            "name": .text(span.name), "kind": kind(span.kind), "startTimeUnixNano": .text("\(span.start)"),
            "endTimeUnixNano": .text("\(span.end)"), "attributes": attributes(span.attributes),
            "status": status(span.status),
        ]
        if let parent = span.parent { fields["parentSpanId"] = .text("\(parent)") }
        if !span.events.isEmpty { fields["events"] = .list(span.events.map(event)) }
        if !span.links.isEmpty {
            fields["links"] = .list(
                span.links.map { link in
                    [
                        "traceId": .text("\(link.identity.trace)"), "spanId": .text("\(link.identity.span)"),
                        "attributes": attributes(link.attributes),
                    ]
                })
        }
        return .mapping(fields)
    }

    private static func event(_ event: SpanEvent) -> JSONValue {
        [
            "timeUnixNano": .text("\(event.nanosecondsSinceEpoch)"), "name": .text(event.name),
            "attributes": attributes(event.attributes),
        ]
    }

    private static func kind(_ kind: SpanKind) -> JSONValue {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }

    private static func status(_ status: SpanStatus?) -> JSONValue {
        guard let status else { return [:] }
        var fields: [String: JSONValue] = ["code": status.code == .ok ? 1 : 2]
        if let message = status.message { fields["message"] = .text(message) }
        return .mapping(fields)
    }

    private static func attributes(_ attributes: SpanAttributes) -> JSONValue {
        var values: [(key: String, value: JSONValue)] = []
        attributes.forEach { key, value in values.append((key, Self.value(value))) }
        return .list(values.sorted { $0.key < $1.key }.map { ["key": .text($0.key), "value": $0.value] })
    }

    private static func value(_ attribute: SpanAttribute) -> JSONValue {
        switch attribute {
        case .int32(let number): ["intValue": .text("\(number)")]
        case .int64(let number): ["intValue": .text("\(number)")]
        case .double(let number): ["doubleValue": double(number)]
        case .bool(let value): ["boolValue": .boolean(value)]
        case .string(let text): ["stringValue": .text(text)]
        case .int32Array(let numbers): list(numbers.map { .int32($0) })
        case .int64Array(let numbers): list(numbers.map { .int64($0) })
        case .doubleArray(let numbers): list(numbers.map { .double($0) })
        case .boolArray(let values): list(values.map { .bool($0) })
        case .stringArray(let texts): list(texts.map { .string($0) })
        case .stringConvertible(let value): ["stringValue": .text("\(value)")]
        case .stringConvertibleArray(let values): list(values.map { .string("\($0)") })
        default: ["stringValue": .text("\(attribute)")]
        }
    }

    private static func list(_ values: [SpanAttribute]) -> JSONValue {
        ["arrayValue": ["values": .list(values.map(value))]]
    }

    /// What is not finite has a name in the JSON of Protocol Buffers.
    private static func double(_ number: Double) -> JSONValue {
        if number.isNaN { return "NaN" }
        guard number.isFinite else { return number > 0 ? "Infinity" : "-Infinity" }
        return .number(number)
    }
}
