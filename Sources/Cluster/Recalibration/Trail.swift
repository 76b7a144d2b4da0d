import Foundation
import Recalibration
import Storage
import Wire

/// The audit trail of a model as a value: its lines, and what follows from them.
package struct Trail: Sendable {
    package private(set) var entries: [TrailEntry] = []
    /// SHA-256 of the last line.
    private var last = ""

    package init() {}

    /// - Throws: `CoordinatorError` where a line is not one of a trail, or does not follow the one before.
    package init(_ lines: [String], of folder: String) throws {
        for (index, line) in lines.enumerated() {
            guard let entry = try? JSONDecoder().decode(TrailEntry.self, from: Data(line.utf8)) else {
                throw CoordinatorError(
                    description: "\(folder)/trail.jsonl:\(index + 1): this is no line of an audit trail. "
                        + "Mend: bring the file back from a backup.")
            }
            guard entry.previous == last else {
                throw CoordinatorError(
                    description: "\(folder)/trail.jsonl:\(index + 1): this line does not follow the one before: one of "
                        + "them was changed, or one between is gone. Mend: bring the file back from a backup.")
            }
            entries.append(entry)
            last = Self.digest(line)
        }
    }

    private static func digest(_ line: String) -> String { Digest(hashing: Array(line.utf8)).description }

    /// The line of an entry that follows, which is part of the trail from now on.
    package mutating func add(_ entry: TrailEntry) throws -> String {
        var entry = entry
        entry.previous = last
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = String(decoding: try encoder.encode(entry), as: UTF8.self)
        entries.append(entry)
        last = Self.digest(line)
        return line
    }

    /// The entry whose result is the accepted one.
    package var accepted: TrailEntry? { entries.last { $0.accepts } }

    /// What a night of these inputs has come to, if it was done.
    package func known(_ night: String, inputs: String) -> TrailEntry? {
        entries.last { $0.kind == .night && $0.night == night && $0.hashes.inputs == inputs }
    }

    /// The folder of the next try at a night: data that come a second time have one of their own.
    package func folder(of night: String) -> String {
        let tries = Set(entries.filter { $0.kind == .night && $0.night == night }.map(\.folder)).count
        return tries == 0 ? night : "\(night).\(tries + 1)"
    }

    /// The entry by which somebody accepts a night's result whatever the gates say.
    /// - Throws: `CoordinatorError` where there is nothing to accept.
    package func override(_ night: String, by: String, why: String, at: String) throws -> TrailEntry {
        guard let place = entries.lastIndex(where: { $0.kind == .night && $0.night == night }) else {
            throw CoordinatorError(description: "there was no night \(night). Mend: look at --history.")
        }
        let entry = entries[place]
        guard entry.verdict != .promote else {
            throw CoordinatorError(description: "the night \(night) was promoted: there is nothing to override.")
        }
        guard entry.start != nil else {
            throw CoordinatorError(
                description:
                    "the night \(night) has no result that could be accepted: nothing was fitted. Mend: mend the "
                    + "data, and run the plan again.")
        }
        if let later = entries[place...].first(where: { $0.accepts }) {
            throw CoordinatorError(
                description: later.night == night
                    ? "the night \(night) was overridden by \(later.by ?? "somebody") already."
                    : "a later result is accepted, that of \(later.night).")
        }
        var override = entry
        override.kind = .override
        override.at = at
        override.accepts = true
        override.by = by
        override.why = why
        override.sentence = "\(by) accepted it: \(why)"
        return override
    }
}
