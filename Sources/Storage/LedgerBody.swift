import Coordination
import Foundation
import Wire

/// An entry as text: JSON with sorted keys, so that equal entries have equal bytes.
struct LedgerBody {
    /// Numbers of the sampler may be infinite or not a number; JSON has no words for those.
    private static let notANumber = "nan"
    private static let infinity = "inf"

    let text: String

    init(text: String) {
        self.text = text
    }

    init(_ entry: LedgerEntry) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: Self.infinity, negativeInfinity: "-" + Self.infinity, nan: Self.notANumber)
        text = String(decoding: try encoder.encode(entry), as: UTF8.self)
    }

    /// SQLite checks the form of its pages, not the bytes in them.
    var digest: Digest { Digest(hashing: Array(text.utf8)) }

    /// Nil when the text is not what was written under `digest`, or no entry.
    func entry(digest: Data) -> LedgerEntry? {
        guard Array(digest) == self.digest.bytes else { return nil }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: Self.infinity, negativeInfinity: "-" + Self.infinity, nan: Self.notANumber)
        return try? decoder.decode(LedgerEntry.self, from: Data(text.utf8))
    }
}
