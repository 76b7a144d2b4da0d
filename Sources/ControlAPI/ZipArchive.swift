import Foundation
import HummingbirdCore
import NIOCore

/// Files as one ZIP archive, stored as they are and written while it is sent: its length is known before the first byte,
/// and nothing of it is kept.
///
/// Libraries write to where they can go back and fill in sizes, that is to a temporary file as large as all results.
/// Stored files need no more than this (APPNOTE.TXT 6.3, sections 4.3 and 4.5.3); all sizes are in Zip64 fields, so that
/// there is one form for every size. Posteriors are compressed in themselves.
struct ZipArchive: Sendable {
    struct File: Sendable {
        /// In the archive.
        var name: String
        var path: String
        var byteCount: Int
    }

    let files: [File]

    private static let localHeadByteCount = 30 + 20
    private static let centralHeadByteCount = 46 + 28
    private static let endByteCount = 56 + 20 + 22
    /// Of the specification that a reader must know: Zip64.
    private static let version = 45
    /// Names are UTF-8.
    private static let flags = 1 << 11
    /// 1 January 1980, the first day that there is: the same results give the same archive.
    private static let date = 1 << 5 | 1

    var byteCount: Int {
        files.reduce(Self.endByteCount) { sum, file in
            sum + Self.localHeadByteCount + Self.centralHeadByteCount + 2 * file.name.utf8.count + file.byteCount
        }
    }

    var body: ResponseBody {
        ResponseBody(contentLength: byteCount) { writer in
            try await write { try await writer.write(ByteBuffer(bytes: $0)) }
            try await writer.finish(nil)
        }
    }

    func write(_ send: (Data) async throws -> Void) async throws {
        var offset = 0
        var directory = Data()
        for file in files {
            let part = FilePart(path: file.path, bounds: 0..<file.byteCount)
            // The head of a stored file has its checksum, so the file is read twice.
            var checksum = CRC32()
            try await part.read { checksum.add($0) }
            let head = Self.localHead(file, checksum: checksum.value)
            directory += Self.centralHead(file, checksum: checksum.value, offset: offset)
            try await send(head)
            try await part.read(send)
            offset += head.count + file.byteCount
        }
        try await send(directory + Self.end(count: files.count, directory: offset..<offset + directory.count))
    }

    private static func localHead(_ file: File, checksum: UInt32) -> Data {
        var head = Data()
        head.append(0x0403_4b50, 4)
        head.append(common(file, checksum: checksum))
        head.append(20, 2)
        head.append(contentsOf: file.name.utf8)
        head.append(1, 2)
        head.append(16, 2)
        head.append(file.byteCount, 8)
        head.append(file.byteCount, 8)
        return head
    }

    private static func centralHead(_ file: File, checksum: UInt32, offset: Int) -> Data {
        var head = Data()
        head.append(0x0201_4b50, 4)
        head.append(3 << 8 | version, 2)
        head.append(common(file, checksum: checksum))
        head.append(28, 2)
        // No comment, first disk, no internal attributes; a regular file of mode 0644; the offset is in the extra field.
        head.append(0, 2)
        head.append(0, 2)
        head.append(0, 2)
        head.append(0o100644 << 16, 4)
        head.append(0xFFFF_FFFF, 4)
        head.append(contentsOf: file.name.utf8)
        head.append(1, 2)
        head.append(24, 2)
        head.append(file.byteCount, 8)
        head.append(file.byteCount, 8)
        head.append(offset, 8)
        return head
    }

    /// What both heads have, from the version that is needed to the length of the name.
    private static func common(_ file: File, checksum: UInt32) -> Data {
        var fields = Data()
        fields.append(version, 2)
        fields.append(flags, 2)
        fields.append(0, 2)
        fields.append(0, 2)
        fields.append(date, 2)
        fields.append(Int(checksum), 4)
        fields.append(0xFFFF_FFFF, 4)
        fields.append(0xFFFF_FFFF, 4)
        fields.append(file.name.utf8.count, 2)
        return fields
    }

    private static func end(count: Int, directory: Range<Int>) -> Data {
        var end = Data()
        end.append(0x0606_4b50, 4)
        end.append(44, 8)
        end.append(3 << 8 | version, 2)
        end.append(version, 2)
        end.append(0, 4)
        end.append(0, 4)
        end.append(count, 8)
        end.append(count, 8)
        end.append(directory.count, 8)
        end.append(directory.lowerBound, 8)
        end.append(0x0706_4b50, 4)
        end.append(0, 4)
        end.append(directory.upperBound, 8)
        end.append(1, 4)
        end.append(0x0605_4b50, 4)
        end.append(0, 2)
        end.append(0, 2)
        end.append(0xFFFF, 2)
        end.append(0xFFFF, 2)
        end.append(0xFFFF_FFFF, 4)
        end.append(0xFFFF_FFFF, 4)
        end.append(0, 2)
        return end
    }
}

extension Data {
    /// Appends a number in so many bytes, the lowest first.
    fileprivate mutating func append(_ number: Int, _ byteCount: Int) {
        for index in 0..<byteCount { append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
    }
}

/// The checksum of ZIP: CRC-32 of ISO 3309, reflected.
struct CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
    }

    private var state: UInt32 = 0xFFFF_FFFF

    var value: UInt32 { ~state }

    mutating func add(_ bytes: Data) {
        var state = state
        Self.table.withUnsafeBufferPointer { table in
            for byte in bytes { state = state >> 8 ^ table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] }
        }
        self.state = state
    }
}
