/// The field `traceparent` of a request, by which it joins its caller's trace (W3C Trace Context, version 00).
enum TraceParent {
    static let field = "traceparent"

    static func text(_ identity: SpanIdentity) -> String { "00-\(identity.trace)-\(identity.span)-01" }

    /// Nil for what is no such field: a request then begins a trace of its own, as the recommendation has it.
    static func identity(_ text: String) -> SpanIdentity? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        // A later version may have more parts.
        guard parts.count >= 4, parts[0].utf8.count == 2, parts[0] != "ff", parts[0] != "00" || parts.count == 4,
            let trace = TraceID(parts[1]), let span = SpanID(parts[2]), parts[3].utf8.count == 2
        else { return nil }
        return SpanIdentity(trace: trace, span: span)
    }
}
