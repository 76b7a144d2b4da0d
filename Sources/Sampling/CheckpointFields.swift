/// Writes fields one after another, little-endian.
struct FieldWriter {
    var bytes: [UInt8] = []

    mutating func append<T: FixedWidthInteger>(_ value: T) {
        for shift in stride(from: 0, to: T.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> T(shift)))
        }
    }

    mutating func append(count: Int) {
        append(UInt64(count))
    }

    mutating func append(_ number: Double) {
        append(number.bitPattern)
    }

    mutating func append(_ numbers: [Double]) {
        for number in numbers { append(number.bitPattern) }
    }
}

/// Reads fields of eight bytes one after another, each within its range.
struct FieldReader {
    let bytes: [UInt8]
    private(set) var offset: Int

    init(bytes: [UInt8], offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    /// A little-endian word of up to eight bytes. The caller has checked the length.
    static func word(_ bytes: [UInt8], at offset: Int, count: Int) -> UInt64 {
        var value: UInt64 = 0
        for i in 0..<count {
            value |= UInt64(bytes[offset + i]) << UInt64(8 * i)
        }
        return value
    }

    /// Throws where fewer than so many words follow, whatever may come after them.
    private func require(words: Int) throws(SamplingError) {
        guard words <= (bytes.count - offset) / 8 else {
            throw .checkpointLength(expected: offset + 8 * words, found: bytes.count)
        }
    }

    mutating func word() throws(SamplingError) -> UInt64 {
        try require(words: 1)
        defer { offset += 8 }
        return Self.word(bytes, at: offset, count: 8)
    }

    mutating func count(_ field: String, in range: ClosedRange<Int>) throws(SamplingError) -> Int {
        guard let value = Int(exactly: try word()), range.contains(value) else {
            throw .invalidCheckpoint(field: field)
        }
        return value
    }

    /// A finite number with a property.
    mutating func number(
        _ field: String, where holds: (Double) -> Bool = { _ in true }
    ) throws(SamplingError) -> Double {
        let value = Double(bitPattern: try word())
        guard value.isFinite, holds(value) else { throw .invalidCheckpoint(field: field) }
        return value
    }

    mutating func vector(
        _ field: String, _ count: Int, where holds: (Double) -> Bool = { _ in true }
    ) throws(SamplingError) -> [Double] {
        try require(words: count)
        var values: [Double] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            values.append(try number(field, where: holds))
        }
        return values
    }
}
