import Tracing

/// A tracer whose spans go to a file, as the lines that OpenTelemetry's collector reads.
package struct FileTracer: Tracer {
    private let file: TraceFile

    /// Appends to a file, which is made where there is none.
    /// - Parameters:
    ///   - service: what the program is called, by OpenTelemetry's conventions.
    ///   - instance: which of its processes this is.
    ///   - onTrouble: told once, when a line could not be written or had no room.
    ///   - onDrop: told how many spans were lost, whenever some are.
    /// - Throws: `TraceFileError` where it cannot be written.
    package init(
        path: String, service: String, version: String, instance: String,
        onTrouble: @escaping @Sendable (String) -> Void, onDrop: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws {
        let resource: SpanAttributes = [
            "service.name": .string(service), "service.version": .string(version),
            "service.instance.id": .string(instance),
        ]
        file = try TraceFile(
            path: path, content: TraceLine(resource: resource, version: version), onTrouble: onTrouble, onDrop: onDrop)
    }

    /// Writes what has ended, and ends the writer; what ends later is dropped.
    package func stop() { file.stop() }

    package func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> RecordedSpan {
        var context = context()
        let parent = context.span
        let identity = context.nextSpan ?? SpanIdentity(trace: parent?.trace ?? .random(), span: .random())
        context.nextSpan = nil
        context.span = identity
        let start = instant().nanosecondsSinceEpoch
        return RecordedSpan(
            FinishedSpan(
                identity: identity, parent: parent?.span, name: operationName, kind: kind, start: start, end: start),
            context: context, onEnd: file.append)
    }

    /// What has ended is written within a moment anyway.
    package func forceFlush() {}

    // MARK: Between processes

    package func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let text = extractor.extract(key: TraceParent.field, from: carrier) else { return }
        context.span = TraceParent.identity(text) ?? context.span
    }

    package func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let span = context.span else { return }
        injector.inject(TraceParent.text(span), forKey: TraceParent.field, into: &carrier)
    }
}
