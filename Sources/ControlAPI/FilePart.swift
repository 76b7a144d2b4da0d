import Foundation
import HummingbirdCore
import NIOCore

/// Bytes of a file, read as they are sent.
struct FilePart: Sendable {
    let path: String
    let bounds: Range<Int>

    private static let chunkByteCount = 256 << 10

    var body: ResponseBody {
        ResponseBody(contentLength: bounds.count) { writer in
            try await read { try await writer.write(ByteBuffer(bytes: $0)) }
            try await writer.finish(nil)
        }
    }

    /// Hands the bytes over in pieces.
    /// - Throws: where the file ends early, so that nobody takes it for whole.
    func read(_ take: (Data) async throws -> Void) async throws {
        guard let file = FileHandle(forReadingAtPath: path) else { throw CocoaError(.fileReadNoSuchFile) }
        defer { try? file.close() }
        try file.seek(toOffset: UInt64(bounds.lowerBound))
        var remaining = bounds.count
        while remaining > 0 {
            guard let piece = try file.read(upToCount: min(remaining, Self.chunkByteCount)), !piece.isEmpty else {
                throw CocoaError(.fileReadCorruptFile)
            }
            try await take(piece)
            remaining -= piece.count
        }
    }
}
