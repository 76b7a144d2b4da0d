/// Whether bytes are text, and which.
enum TextCoding {
    /// Three bytes that some editors write before text in UTF-8.
    static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The text of bytes, without their mark.
    static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...], as: UTF8.self)
    }

    /// The first line that is not UTF-8, from 1; nil where all are.
    static func firstInvalidLine(_ bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        // A line feed is never a part of another character.
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
    }
}
