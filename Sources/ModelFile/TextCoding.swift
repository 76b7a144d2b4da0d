/// Whether bytes are text.
enum TextCoding {
    /// The first line that is not UTF-8, from 1; nil where all are.
    static func firstInvalidLine(_ bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        // A line feed is never a part of another character.
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
    }
}
