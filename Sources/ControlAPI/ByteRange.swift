import Foundation

/// One range of `Range: bytes=…` (RFC 9110, section 14.1.2).
enum ByteRange: Hashable {
    case from(Int)
    case between(Int, Int)
    case last(Int)

    /// Nil for what is no range of bytes, or several: such a field is passed over, and all is sent.
    init?(_ field: String) {
        let words = field.split(separator: "=", maxSplits: 1)
        guard words.count == 2, words[0].trimmingCharacters(in: .whitespaces).lowercased() == "bytes" else {
            return nil
        }
        let ends = words[1].trimmingCharacters(in: .whitespaces)
            .split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else { return nil }
        switch (Int(ends[0]), Int(ends[1])) {
        case (let first?, let last?):
            guard first <= last else { return nil }
            self = .between(first, last)
        case (let first?, nil) where ends[1].isEmpty: self = .from(first)
        case (nil, let count?) where ends[0].isEmpty: self = .last(count)
        default: return nil
        }
    }

    /// Which bytes of so many; nil for none.
    func bounds(in byteCount: Int) -> Range<Int>? {
        let bounds =
            switch self {
            case .from(let first): min(first, byteCount)..<byteCount
            case .between(let first, let last): min(first, byteCount)..<min(last, byteCount - 1) + 1
            case .last(let count): max(0, byteCount - count)..<byteCount
            }
        return bounds.isEmpty ? nil : bounds
    }
}
