import Wire

/// Blobs that are kept in rows beside the entries that name them. Any thread may call.
package protocol BlobRows: Sendable {
    /// At most `count` bytes beginning at `offset`, fewer at the end, unchecked; nil when there is no such row.
    func row(_ digest: Digest, from offset: Int, count: Int) throws(StorageError) -> [UInt8]?

    /// Nil when there is no such row.
    func rowByteCount(_ digest: Digest) throws(StorageError) -> Int?

    /// Removes every row whose digest is not in `referenced`. Nothing may add rows meanwhile.
    /// - Returns: how many were removed.
    func removeRows(except referenced: Set<Digest>) throws(StorageError) -> Int
}
