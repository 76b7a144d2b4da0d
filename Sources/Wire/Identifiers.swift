/// A SHA-256 digest: the name of a blob, a task, a fit.
package struct Digest: Hashable, Sendable, Comparable {
    package let bytes: [UInt8]

    package static let byteCount = 32

    /// Nil unless there are 32 bytes.
    package init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Parses 64 hexadecimal digits; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let digits = text.utf8.map(Self.value)
        guard digits.count == 2 * Self.byteCount, !digits.contains(nil) else { return nil }
        bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0]! << 4 | digits[$0 + 1]! }
    }

    package static func < (left: Digest, right: Digest) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension Digest: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    package var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension Digest: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let digest = Digest(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a digest")
        }
        self = digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// One fit in the queue; given by the coordinator, counted from 1.
package struct JobID: Hashable, Sendable, Comparable, Codable {
    package let number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package static func < (left: JobID, right: JobID) -> Bool { left.number < right.number }
}

/// One chain or one resample of a job.
package struct TaskID: Hashable, Sendable, Comparable, Codable {
    package let job: JobID
    /// Place in the job's order.
    package let index: UInt32

    package init(job: JobID, index: UInt32) {
        self.job = job
        self.index = index
    }

    package static func < (left: TaskID, right: TaskID) -> Bool {
        (left.job, left.index) < (right.job, right.index)
    }
}

/// One try at a task. The epoch grows by one with every grant, so an older try is known as such.
package struct AttemptID: Hashable, Sendable, Comparable, Codable {
    package let task: TaskID
    package let epoch: UInt64

    package init(task: TaskID, epoch: UInt64) {
        self.task = task
        self.epoch = epoch
    }

    package static func < (left: AttemptID, right: AttemptID) -> Bool {
        (left.task, left.epoch) < (right.task, right.epoch)
    }
}

/// Bytes under the name of their digest.
package struct Blob: Hashable, Sendable {
    package let digest: Digest
    package let bytes: [UInt8]

    /// - Parameter digest: that of `bytes`; whoever makes the blob has computed or checked it.
    package init(digest: Digest, bytes: [UInt8]) {
        self.digest = digest
        self.bytes = bytes
    }
}
