import Foundation
import Glibc
import Wire

/// Bytes by their digest, a file each: `ab/abcdef…`. Files are never changed.
package struct BlobStore: Sendable {
    private let folder: String

    /// Opens the store and removes what a crash left half-written.
    package init(_ state: StateFolder) {
        folder = state.blobs
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        for name in names where name.hasSuffix(".part") { unlink("\(folder)/\(name)") }
    }

    /// Durable when it returns; does nothing when the blob is there.
    package func put(_ blob: Blob) throws(StorageError) {
        let path = path(of: blob.digest)
        if access(path, F_OK) == 0 { return }
        let parent = (path as NSString).deletingLastPathComponent
        if mkdir(parent, 0o700) == 0 {
            try DurableFile.syncFolder(folder)
        } else if errno != EEXIST {
            throw .system(attempt: "create \(parent)", code: errno)
        }
        try DurableFile.write(blob.bytes, to: path)
    }

    /// The bytes, or nil when there is no such blob; throws when they are not those that were stored.
    package func bytes(of digest: Digest) throws(StorageError) -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: path(of: digest)) else { return nil }
        let bytes = Array(data)
        guard Digest(hashing: bytes) == digest else { throw .damagedBlob(digest.description) }
        return bytes
    }

    private func path(of digest: Digest) -> String {
        let name = digest.description
        return "\(folder)/\(name.prefix(2))/\(name)"
    }
}
