import Foundation
import Results
import Storage
import Wire

/// A file of a job's results, as the HTTP API names it.
package struct ResultEntry: Codable, Sendable, Hashable {
    package var name: String
    package var mediaType: String
    package var bytes: Int
    /// Of its bytes, in hexadecimal digits.
    package var sha256: String

    package enum CodingKeys: String, CodingKey {
        case name, bytes, sha256
        case mediaType = "media_type"
    }

    /// Media types by the ending of a name; RFC 4180 and 8259, and what IANA has for NetCDF.
    private static let mediaTypes = [
        "csv": "text/csv; charset=utf-8; header=present", "json": "application/json",
        "html": "text/html; charset=utf-8", "nc": "application/netcdf",
    ]
    private static let unknownType = "application/octet-stream"

    /// All that a results file can be of, without parameters.
    package static let possibleTypes =
        (mediaTypes.values + [unknownType]).map { String($0.prefix { $0 != ";" }) }.sorted()

    /// The files of a results folder in the order of their names. Digests are those of `run.json`, which was written
    /// when they were.
    package static func list(in folder: String) throws -> [ResultEntry] {
        let manager = FileManager.default
        let digests = try ResultsFolder.readManifest(in: folder)?.files ?? [:]
        return try manager.contentsOfDirectory(atPath: folder).sorted().compactMap { name in
            let path = "\(folder)/\(name)"
            let attributes = try manager.attributesOfItem(atPath: path)
            guard attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int else {
                return nil
            }
            let ending = name.split(separator: ".").last.map(String.init) ?? ""
            let digest = try digests[name] ?? Digest(ofFile: path).description
            return ResultEntry(
                name: name, mediaType: mediaTypes[ending] ?? unknownType, bytes: size, sha256: digest)
        }
    }

    /// Whether a file is this one.
    package func isContent(of path: String) throws -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { throw CocoaError(.fileReadNoSuchFile) }
        defer { try? file.close() }
        var digest = DigestBuilder()
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { digest.append(piece) }
        return digest.digest.description == sha256
    }
}
