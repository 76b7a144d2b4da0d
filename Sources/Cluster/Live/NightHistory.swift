import Foundation
import Recalibration

/// What the last nights of a model came to, read from its audit trail.
package struct NightHistory: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var night: String
        /// ISO 8601.
        package var at: String
        /// `promote`, `hold` or `fail`.
        package var verdict: String
        /// Whether its result was accepted.
        package var accepts: Bool
        package var sentence: String
        /// Who overrode the verdict; nil for what the gates said.
        package var by: String?
    }

    package var model: String
    /// The newest first.
    package var entries: [Entry]
    /// Why there are none that can be trusted; nil where nothing is wrong.
    package var problem: String?

    /// Nights of a model that are shown.
    private static let countMax = 14
    private static let modelsMax = 100

    /// Of every model below the folder of a plan, in the order of their names.
    /// - Throws: where the folder cannot be read.
    package static func all(inFolder folder: String) throws -> [NightHistory] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/trail.jsonl") }
            .prefix(modelsMax).map { model in
                do {
                    let path = "\(folder)/\(model)"
                    let trail = try Trail(NightStore.lines(inFolder: path), of: path)
                    return NightHistory(
                        model: model, entries: trail.entries.suffix(countMax).reversed().map(Entry.init), problem: nil)
                } catch {
                    return NightHistory(model: model, entries: [], problem: "\(error)")
                }
            }
    }
}

extension NightHistory.Entry {
    init(_ entry: TrailEntry) {
        night = entry.night
        at = entry.at
        verdict = entry.verdict.rawValue
        accepts = entry.accepts
        sentence = entry.sentence
        by = entry.by
    }
}
