import Tracing

extension FileTracer {
    /// A span as long as `operation` runs, below the one in which it is begun; with an error where that throws one.
    package func spanning<Value>(
        _ name: String, _ attributes: SpanAttributes, _ operation: (RecordedSpan) async throws -> Value
    ) async throws -> Value {
        let span = startSpan(name)
        defer { span.end() }
        span.attributes = attributes
        do {
            let value = try await InstrumentationContext.$current.withValue(span.context) {
                try await operation(span)
            }
            span.setStatus(SpanStatus(code: .ok))
            return value
        } catch {
            span.setStatus(SpanStatus(code: .error, message: "\(error)"))
            throw error
        }
    }
}
