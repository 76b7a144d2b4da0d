/// How a file of records begins: what stands before its column names, and what parts its fields.
struct TableHead {
    private static let known: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    private static let bar = UInt8(ascii: "|")
    private static let separatorKey = Array("sep=".utf8)

    let separator: UInt8
    /// Bytes before the column names: the mark of the encoding, and the line `sep=;` by which Excel is told the separator.
    let length: Int
    /// The line of the column names, from 1.
    let line: Int

    init(_ bytes: some Collection<UInt8>) {
        let mark = bytes.starts(with: TextCoding.mark) ? TextCoding.mark.count : 0
        let text = bytes.dropFirst(mark)
        if let (separator, length) = Self.statedSeparator(text) {
            (self.separator, self.length, line) = (separator, mark + length, 2)
        } else {
            (separator, length, line) = (Self.usualSeparator(text), mark, 1)
        }
    }

    /// What a first line `sep=;`, in quotes or not, says, and its length with its end.
    private static func statedSeparator(_ text: some Collection<UInt8>) -> (separator: UInt8, length: Int)? {
        let line = text.prefix { $0 != UInt8(ascii: "\n") }
        guard line.count < text.count, line.count < 10 else { return nil }
        let said = line.filter { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\r") }
        guard said.count == separatorKey.count + 1, said.starts(with: separatorKey) else { return nil }
        return (said[separatorKey.count], line.count + 1)
    }

    /// The comma, semicolon or tab that the first line has most of outside quotes; the comma among equals. The bar, which
    /// stands in names of columns as well, where there is none of them.
    private static func usualSeparator(_ text: some Collection<UInt8>) -> UInt8 {
        var counts = known.map { _ in 0 }
        var hasBar = false
        var isQuoted = false
        for byte in text {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "\n"), !isQuoted { break }
            if !isQuoted, let index = known.firstIndex(of: byte) { counts[index] += 1 }
            if !isQuoted, byte == bar { hasBar = true }
        }
        let most = counts.max() ?? 0
        if most == 0, hasBar { return bar }
        return counts.firstIndex(of: most).map { known[$0] } ?? known[0]
    }
}
