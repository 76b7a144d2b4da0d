import Synchronization
import Tracing

/// A span that is over.
struct FinishedSpan: Sendable {
    var identity: SpanIdentity
    var parent: SpanID?
    var name: String
    var kind: SpanKind
    /// Nanoseconds since 1970.
    var start: UInt64
    var end: UInt64
    var attributes = SpanAttributes()
    var events: [SpanEvent] = []
    var links: [(identity: SpanIdentity, attributes: SpanAttributes)] = []
    var status: SpanStatus?
}

/// A span that is handed in when it ends; what is said of it later is not heard.
package final class RecordedSpan: Span {
    package let context: InstrumentationContext
    /// Nil from the end on.
    private let content: Mutex<FinishedSpan?>
    private let onEnd: @Sendable (FinishedSpan) -> Void

    init(_ span: FinishedSpan, context: InstrumentationContext, onEnd: @escaping @Sendable (FinishedSpan) -> Void) {
        self.context = context
        content = Mutex(span)
        self.onEnd = onEnd
    }

    package var operationName: String {
        get { content.withLock { $0?.name ?? "" } }
        set { content.withLock { $0?.name = newValue } }
    }

    package var attributes: SpanAttributes {
        get { content.withLock { $0?.attributes ?? [:] } }
        set { content.withLock { $0?.attributes = newValue } }
    }

    package var isRecording: Bool { content.withLock { $0 != nil } }

    package func setStatus(_ status: SpanStatus) { content.withLock { $0?.status = status } }

    package func addEvent(_ event: SpanEvent) { content.withLock { $0?.events.append(event) } }

    package func addLink(_ link: SpanLink) {
        guard let identity = link.context.span else { return }
        content.withLock { $0?.links.append((identity, link.attributes)) }
    }

    /// By the conventions for exceptions.
    package func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        var attributes = attributes
        attributes["exception.type"] = "\(type(of: error))"
        attributes["exception.message"] = "\(error)"
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
    }

    package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let end = instant().nanosecondsSinceEpoch
        let finished = content.withLock { content in
            defer { content = nil }
            return content
        }
        guard var finished else { return }
        // A clock that was set back meanwhile would have it end before its start.
        finished.end = max(end, finished.start)
        onEnd(finished)
    }
}
