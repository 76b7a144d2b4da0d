import Foundation
import Wire

/// SHA-256 of a file's bytes, read piece by piece.
enum FileDigest {
    private static let pieceByteCount = 1 << 20

    /// Nil when the file cannot be read to its end.
    static func of(_ path: String) -> Digest? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        var builder = DigestBuilder()
        while true {
            do {
                guard let piece = try file.read(upToCount: pieceByteCount), !piece.isEmpty else {
                    return builder.digest
                }
                builder.append(piece)
            } catch {
                return nil
            }
        }
    }
}
