import Fitting
import Traces
import Tracing

/// An engine whose fits are spans, below that of their night.
package struct TracedEngine: NightEngine {
    private let engine: any NightEngine
    private let tracer: FileTracer

    package init(_ engine: any NightEngine, tracer: FileTracer) {
        self.engine = engine
        self.tracer = tracer
    }

    package func fit(_ bundle: BundleArchive, settings: FitSettings, into directory: String) async throws {
        let attributes: SpanAttributes = [
            "tutti.model": .string(bundle.name), "tutti.start": .string("\(settings.start)"),
        ]
        try await tracer.spanning("fit", attributes) { _ in
            try await engine.fit(bundle, settings: settings, into: directory)
        }
    }
}
