import Coordination
import Foundation
import GRDB
import Wire

/// An entry as bytes; equal entries have equal bytes. The first byte says in which form: those of which there are many
/// are compact, the others JSON. Bodies of older ledgers are JSON as text, without that byte.
struct LedgerBody {
    let bytes: [UInt8]

    init(_ entry: LedgerEntry) throws {
        if let compact = try CompactEntry.bytes(entry) {
            bytes = compact
        } else {
            bytes = [CompactEntry.Form.json.rawValue] + (try LedgerJSON.encode(entry))
        }
    }

    /// SQLite checks the form of its pages, not the bytes in them.
    var digest: Digest { Digest(hashing: bytes) }

    /// Nil when the value is not what was written under `digest`, or no entry.
    static func entry(_ value: DatabaseValue, digest: DatabaseValue) -> LedgerEntry? {
        guard case .blob(let expected) = digest.storage else { return nil }
        switch value.storage {
        case .string(let text):
            let bytes = Array(text.utf8)
            guard Digest(hashing: bytes).bytes == Array(expected) else { return nil }
            return LedgerJSON.decode(LedgerEntry.self, from: bytes)
        case .blob(let data):
            let bytes = Array(data)
            guard Digest(hashing: bytes).bytes == Array(expected) else { return nil }
            return bytes.first == CompactEntry.Form.json.rawValue
                ? LedgerJSON.decode(LedgerEntry.self, from: bytes.dropFirst()) : CompactEntry.entry(bytes)
        default:
            return nil
        }
    }
}
