/// What stands between the fields of a file.
enum FieldSeparator {
    private static let known: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

    /// The comma, semicolon or tab that the first line has most of outside quotes; the comma among equals.
    static func of(_ bytes: some Sequence<UInt8>) -> UInt8 {
        var counts = known.map { _ in 0 }
        var isQuoted = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "\n"), !isQuoted { break }
            if !isQuoted, let index = known.firstIndex(of: byte) { counts[index] += 1 }
        }
        let most = counts.max() ?? 0
        return counts.firstIndex(of: most).map { known[$0] } ?? known[0]
    }
}
