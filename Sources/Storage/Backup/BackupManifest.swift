import Foundation
import Wire

/// What a backup consists of: `backup.json` in its folder, written last.
package struct BackupManifest: Codable, Hashable, Sendable {
    package struct File: Codable, Hashable, Sendable {
        /// In the folder.
        package let path: String
        package let bytes: Int
        package let sha256: String
    }

    static let name = "backup.json"
    private static let version = 1

    /// Of this file's layout.
    package private(set) var version = Self.version
    /// ISO 8601.
    package let createdAt: String
    /// In the order of their paths.
    package let files: [File]
    /// Blobs that jobs name and that were not there, or were damaged, when the backup was made.
    package let missing: [String]

    private enum CodingKeys: String, CodingKey {
        case version, files, missing
        case createdAt = "created_at"
    }

    init(files: [File], missing: [String]) {
        createdAt = ISO8601DateFormatter().string(from: Date())
        self.files = files.sorted { $0.path < $1.path }
        self.missing = missing
    }

    /// Nil where the folder has none: it is no backup, or one that was not finished.
    static func read(in folder: String) throws(StorageError) -> BackupManifest? {
        let path = "\(folder)/\(name)"
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        guard let manifest = try? JSONDecoder().decode(BackupManifest.self, from: data) else {
            throw .damagedBackup(folder: folder, detail: "\(name) cannot be read")
        }
        guard manifest.version <= version else { throw .newer(folder: folder) }
        return manifest
    }

    func write(to folder: String) throws(StorageError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("a manifest is numbers and strings")
        }
        try DurableFile.write(Array(data), to: "\(folder)/\(Self.name)")
    }

    /// Paths of files that are missing, or are not what the manifest says.
    func problems(in folder: String) throws(StorageError) -> [String] {
        files.filter { FileDigest.of("\(folder)/\($0.path)")?.description != $0.sha256 }.map(\.path)
    }
}
