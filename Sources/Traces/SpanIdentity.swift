import Tracing

/// Names a trace: sixteen bytes, not all of them 0.
package struct TraceID: Hashable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        // What is all 0 is no name.
        self.low = high == 0 && low == 0 ? 1 : low
    }

    static func random() -> TraceID {
        TraceID(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max))
    }

    /// 32 lower-case hexadecimal digits.
    package var description: String { Hexadecimal.text(high) + Hexadecimal.text(low) }

    /// Nil unless there are 32 lower-case hexadecimal digits that are not all 0.
    init?(_ text: Substring) {
        guard text.utf8.count == 32, let high = Hexadecimal.number(text.prefix(16)),
            let low = Hexadecimal.number(text.suffix(16)), high != 0 || low != 0
        else { return nil }
        self.init(high: high, low: low)
    }
}

/// Names a span of a trace: eight bytes, not all of them 0.
package struct SpanID: Hashable, Sendable, CustomStringConvertible {
    private let number: UInt64

    package init(_ number: UInt64) {
        self.number = max(number, 1)
    }

    static func random() -> SpanID { SpanID(.random(in: 1 ... .max)) }

    /// 16 lower-case hexadecimal digits.
    package var description: String { Hexadecimal.text(number) }

    /// Nil unless there are 16 lower-case hexadecimal digits that are not all 0.
    init?(_ text: Substring) {
        guard let number = Hexadecimal.number(text), number != 0 else { return nil }
        self.init(number)
    }
}

private enum Hexadecimal {
    static func text(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Nil unless there are sixteen digits, the letters in lower case.
    static func number(_ text: Substring) -> UInt64? {
        guard text.utf8.count == 16,
            text.utf8.allSatisfy({
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            })
        else { return nil }
        return UInt64(text, radix: 16)
    }
}

/// One span of all.
package struct SpanIdentity: Hashable, Sendable {
    package let trace: TraceID
    package let span: SpanID

    package init(trace: TraceID, span: SpanID) {
        self.trace = trace
        self.span = span
    }
}

extension InstrumentationContext {
    private enum SpanKey: InstrumentationContextKey {
        typealias Value = SpanIdentity
        static var nameOverride: String? { "span" }
    }

    private enum NextKey: InstrumentationContextKey {
        typealias Value = SpanIdentity
        static var nameOverride: String? { "next span" }
    }

    /// The span in which something happens: the parent of what begins in it.
    package var span: SpanIdentity? {
        get { self[SpanKey.self] }
        set { self[SpanKey.self] = newValue }
    }

    /// What the next span is called, where another process is to know its name without being told; nil for a random name.
    package var nextSpan: SpanIdentity? {
        get { self[NextKey.self] }
        set { self[NextKey.self] = newValue }
    }

    /// - Parameters:
    ///   - name: what the span that begins is called; nil for a random name.
    ///   - parent: nil for none.
    package static func beginning(_ name: SpanIdentity? = nil, in parent: SpanIdentity? = nil) -> InstrumentationContext
    {
        var context = InstrumentationContext.topLevel
        context.span = parent
        context.nextSpan = name
        return context
    }
}
