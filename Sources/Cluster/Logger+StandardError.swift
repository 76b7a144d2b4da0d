import Foundation
import Logging

extension Logger {
    /// A logger to standard error, a line each.
    /// - Parameters:
    ///   - isJSON: whether a line is a JSON object.
    ///   - fields: what every object has beside; lines for people do without.
    package static func standardError(
        _ label: String, asJSON isJSON: Bool, level: Level = .info, fields: [String: String] = [:]
    ) -> Logger {
        Logger(label: label) { label in
            if isJSON {
                return JSONLogHandler(program: label, level: level, fields: fields) { line in
                    try? FileHandle.standardError.write(contentsOf: line)
                }
            }
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
    }
}

/// Writes what is logged as JSON: `at`, `level`, `program`, `message`, and the metadata as fields beside them.
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata
    package var logLevel: Logger.Level
    private let program: String
    private let write: @Sendable (Data) -> Void

    /// - Parameter write: is given a line with its end at a time.
    package init(
        program: String, level: Logger.Level, fields: [String: String], write: @escaping @Sendable (Data) -> Void
    ) {
        self.program = program
        logLevel = level
        metadata = fields.mapValues { "\($0)" }
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        fields["at"] = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        fields["level"] = "\(event.level)"
        fields["program"] = program
        fields["message"] = "\(event.message)"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(fields) else { return }
        write(line + Data("\n".utf8))
    }
}
