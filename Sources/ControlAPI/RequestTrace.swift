import HTTPTypes
import HummingbirdCore
import Tracing

/// The span of a request until its answer begins, by OpenTelemetry's conventions for HTTP servers. Of a stream that is its
/// beginning alone.
struct RequestTrace {
    private let span: any Span
    private let method: String

    /// Far more than any path of the API; a stranger's may be as long as the server lets it.
    private static let pathLengthMax = 200
    /// The methods that have names of their own in spans.
    private static let methods: Set<HTTPRequest.Method> = [
        .get, .head, .post, .put, .delete, .connect, .options, .trace, .patch,
    ]

    init(_ tracer: any Tracer, _ request: Request, peer: String) {
        var context = InstrumentationContext.topLevel
        tracer.extract(request.headers, into: &context, using: FieldReader())
        method = Self.methods.contains(request.method) ? request.method.rawValue : "_OTHER"
        span = tracer.startSpan(method, context: context, ofKind: .server)
        span.attributes = [
            "http.request.method": .string(method),
            "url.path": .string(String(request.uri.path.prefix(Self.pathLengthMax))), "url.scheme": "http",
            "client.address": .string(peer),
        ]
    }

    /// - Parameter route: nil where the API has nothing there.
    func end(operation: String, route: String?, status: Int) {
        if let route {
            span.operationName = "\(method) \(route)"
            span.attributes["http.route"] = route
        }
        span.attributes["tutti.operation"] = operation
        span.attributes["http.response.status_code"] = Int64(status)
        // What a caller did wrong is no error of the server's.
        if status >= 500 { span.setStatus(SpanStatus(code: .error)) }
        span.end()
    }

    private struct FieldReader: Extractor {
        func extract(key: String, from fields: HTTPFields) -> String? {
            HTTPField.Name(key).flatMap { fields[$0] }
        }
    }
}
