import Assistant
import Foundation

/// Lines of standard input.
struct MessageInput {
    private var bytes: ArraySlice<UInt8> = []

    private static let pieceByteCount = 65_536

    /// Without its line break; nil at the end. Of a line that is too long only so much is kept as tells that it is.
    mutating func next() -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            if bytes.isEmpty, !fill() { return line.isEmpty ? nil : line }
            let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
            line += bytes[..<(end ?? bytes.endIndex)].prefix(ProtocolSession.lineByteCountMax + 1 - line.count)
            guard let end else {
                bytes = []
                continue
            }
            bytes = bytes[(end + 1)...]
            return line
        }
    }

    /// False at the end.
    private mutating func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: Self.pieceByteCount)
        while true {
            let count = read(STDIN_FILENO, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            bytes = piece[..<count]
            return true
        }
    }
}
