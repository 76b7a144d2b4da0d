import Foundation
import JSON
import Synchronization
import Testing
import Traces
import Tracing

/// A folder with a file of traces, which goes with this value.
final class TraceFolder: Sendable {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("tutti-traces-\(UUID().uuidString)").path
    private let complaints = Mutex<[String]>([])
    private let drops = Mutex(0)

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var file: String { path + "/traces.jsonl" }

    /// What was told of trouble.
    var troubles: [String] { complaints.withLock { $0 } }

    /// How many spans were told of as lost.
    var droppedCount: Int { drops.withLock { $0 } }

    func tracer(_ path: String? = nil) throws -> FileTracer {
        try FileTracer(
            path: path ?? file, service: "tutti-test", version: "1.2", instance: "host:7",
            onTrouble: { text in self.complaints.withLock { $0.append(text) } },
            onDrop: { count in self.drops.withLock { $0 += count } })
    }

    var text: String { get throws { try String(contentsOfFile: file, encoding: .utf8) } }

    /// The lines, each of which has to be JSON.
    func lines() throws -> [JSONValue] {
        try text.split(separator: "\n").map { try #require(JSONValue(parsing: $0.utf8), "no JSON: \($0.prefix(200))") }
    }

    /// The spans of all lines.
    func spans() throws -> [JSONValue] { try lines().flatMap(Self.spans) }

    static func spans(_ line: JSONValue) -> [JSONValue] {
        (line["resourceSpans"]?.list ?? []).flatMap { $0["scopeSpans"]?.list ?? [] }.flatMap { $0["spans"]?.list ?? [] }
    }
}

/// A moment that a test chooses.
struct Moment: TracerInstant {
    let nanosecondsSinceEpoch: UInt64

    init(_ nanoseconds: UInt64) { nanosecondsSinceEpoch = nanoseconds }

    static func < (left: Moment, right: Moment) -> Bool { left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch }
}
