import Wire

/// Values one after another, without names: integers in as few bytes as they need (LEB128), strings and bytes behind
/// their length.
struct CompactWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) {
        bytes.append(value)
    }

    mutating func unsigned(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Small numbers of either sign take few bytes.
    mutating func signed(_ value: Int) {
        unsigned(UInt64(bitPattern: Int64(value << 1) ^ Int64(value >> 63)))
    }

    mutating func bool(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    mutating func block(_ values: some Collection<UInt8>) {
        unsigned(UInt64(values.count))
        bytes += values
    }

    mutating func text(_ value: String) {
        block(value.utf8)
    }

    mutating func digest(_ value: Digest) {
        bytes += value.bytes
    }

    mutating func optional<Value>(_ value: Value?, _ write: (inout CompactWriter, Value) -> Void) {
        bool(value != nil)
        if let value { write(&self, value) }
    }

    mutating func list<Value>(_ values: [Value], _ write: (inout CompactWriter, Value) -> Void) {
        unsigned(UInt64(values.count))
        for value in values { write(&self, value) }
    }
}

/// Reads what `CompactWriter` has written. No bytes can trap it: what does not fit throws.
struct CompactReader {
    struct Unreadable: Error {}

    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func byte() throws(Unreadable) -> UInt8 {
        guard place < bytes.count else { throw Unreadable() }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func unsigned() throws(Unreadable) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 63 || next <= 1 else { throw Unreadable() }
            value |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { return value }
            shift += 7
        }
    }

    mutating func signed() throws(Unreadable) -> Int {
        let value = try unsigned()
        return Int(truncatingIfNeeded: value >> 1) ^ -Int(value & 1)
    }

    mutating func bool() throws(Unreadable) -> Bool {
        let value = try byte()
        guard value <= 1 else { throw Unreadable() }
        return value == 1
    }

    mutating func block() throws(Unreadable) -> [UInt8] { Array(try slice(try count())) }

    mutating func text() throws(Unreadable) -> String {
        guard let text = String(validating: try slice(try count()), as: UTF8.self) else { throw Unreadable() }
        return text
    }

    mutating func digest() throws(Unreadable) -> Digest {
        guard let digest = Digest(bytes: try slice(Digest.byteCount)) else { throw Unreadable() }
        return digest
    }

    mutating func list<Value>(
        _ read: (inout CompactReader) throws(Unreadable) -> Value
    ) throws(Unreadable) -> [Value] {
        let count = try count()
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try read(&self)) }
        return values
    }

    /// A number of things of at least a byte each.
    private mutating func count() throws(Unreadable) -> Int {
        let count = try unsigned()
        guard count <= UInt64(bytes.count - place) else { throw Unreadable() }
        return Int(count)
    }

    private mutating func slice(_ count: Int) throws(Unreadable) -> ArraySlice<UInt8> {
        guard count <= bytes.count - place else { throw Unreadable() }
        defer { place += count }
        return bytes[place..<place + count]
    }
}
