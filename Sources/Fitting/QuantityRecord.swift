/// The bytes of what is kept of one draw of a resample: its reported quantities in their order, as little-endian bit
/// patterns of doubles.
package enum QuantityRecord {
    static func append(_ values: [Double], to bytes: inout [UInt8]) {
        for value in values { LittleEndianWords.append(value.bitPattern, to: &bytes) }
    }

    /// Where in `bytes` each record lies; nil when they are not whole records.
    package static func ranges(in bytes: [UInt8], quantityCount: Int) -> [Range<Int>]? {
        let length = quantityCount * 8
        guard length > 0, bytes.count % length == 0 else { return nil }
        return stride(from: 0, to: bytes.count, by: length).map { $0..<$0 + length }
    }

    /// By quantity, then draw. Nil when `bytes` are not `drawCount` whole records of finite numbers.
    package static func decode(_ bytes: [UInt8], quantityCount: Int, drawCount: Int) -> [[Double]]? {
        guard bytes.count == quantityCount * drawCount * 8 else { return nil }
        let columns = (0..<quantityCount).map { quantity in
            (0..<drawCount).map { draw in
                let word = LittleEndianWords.word(of: bytes, at: (draw * quantityCount + quantity) * 8)
                return Double(bitPattern: word)
            }
        }
        return columns.allSatisfy { $0.allSatisfy(\.isFinite) } ? columns : nil
    }
}
