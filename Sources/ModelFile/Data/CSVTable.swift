import CSeparatedValues

/// One CSV file as columns of text, with the line on which each record begins.
package struct CSVTable {
    package let file: String
    package let columns: [String]
    /// Records × columns.
    package let records: [[String]]
    /// Line of each record, from 1, as a text editor counts.
    package let lines: [Int]
    /// What parts the fields of the file.
    let separator: UInt8
    /// Whether a number of the file has a decimal comma; not where a comma parts fields.
    let hasDecimalCommas: Bool

    /// A table made of something else.
    init(file: String, columns: [String], records: [[String]], lines: [Int]) {
        self.file = file
        self.columns = columns
        self.records = records
        self.lines = lines
        separator = UInt8(ascii: ",")
        hasDecimalCommas = false
    }

    /// Reads a whole file; nil after problems that leave no table.
    package init?(_ bytes: [UInt8], file: String, problems: inout [Problem]) {
        self.file = file
        func fail(_ line: Int?, _ message: String, mend: String) {
            problems.append(Problem(file: file, line: line, message: message, mend: mend))
        }
        if let line = TextCoding.firstInvalidLine(bytes) {
            fail(line, "the file is not UTF-8 text.", mend: "save it as UTF-8.")
            return nil
        }
        let head = TableHead(bytes)
        separator = head.separator
        let parser = CSVRecords(separator: separator, line: head.line)
        if let failure = parser.parse(Array(bytes.dropFirst(head.length))) {
            fail(
                failure, "the record is not valid CSV: a quote is out of place.",
                mend: "check the quotes: a quote inside a quoted field is written twice, and every quoted field ends.")
            return nil
        }
        guard let header = parser.records.first, header.contains(where: { !$0.isEmpty }) else {
            fail(nil, "the file is empty.", mend: "begin with a line of column names.")
            return nil
        }
        let rows = parser.records.dropFirst()
        let kept = header.indices.filter {
            !header[$0].isEmpty || !Self.isIdle($0, in: rows, columnCount: header.count)
        }
        var isUsable = true
        for (index, name) in header.enumerated() where kept.contains(index) {
            if name.isEmpty {
                fail(parser.lines[0], "column \(index + 1) has no name.", mend: "name it in the first line.")
                isUsable = false
            } else if header.firstIndex(of: name) != index {
                fail(parser.lines[0], "two columns are named '\(name)'.", mend: "rename one of them.")
                isUsable = false
            }
        }
        guard parser.records.count > 1 else {
            fail(nil, "the file has column names and no data.", mend: "add the records.")
            return nil
        }
        for (record, line) in zip(parser.records, parser.lines).dropFirst() where record.count != header.count {
            fail(
                line, "the record has \(record.count) fields, the first line names \(header.count) columns.",
                mend: "give every column a field.")
            isUsable = false
        }
        guard isUsable else { return nil }
        columns = kept.map { header[$0] }
        let values = kept.count == header.count ? Array(rows) : rows.map { record in kept.map { record[$0] } }
        lines = Array(parser.lines.dropFirst())
        records = values
        let mayHaveCommas = separator != UInt8(ascii: ",")
        hasDecimalCommas =
            mayHaveCommas && values.contains { $0.contains(where: NumberStyle.isDecimalComma) }
    }

    /// Whether a column without a name is empty, or the count of the records that data frames write before them.
    private static func isIdle(_ index: Int, in records: ArraySlice<[String]>, columnCount: Int) -> Bool {
        guard records.allSatisfy({ $0.count == columnCount }) else { return false }
        let fields = records.map { $0[index] }
        let numbers = fields.compactMap { Int($0) }
        let isCount =
            index == 0 && numbers.count == fields.count
            && zip(numbers, numbers.dropFirst()).allSatisfy { $0.subtractingReportingOverflow($1).partialValue == -1 }
        return isCount || fields.allSatisfy(\.isEmpty)
    }

    /// How a column writes its numbers.
    func numberStyle(of column: Int) -> NumberStyle {
        hasDecimalCommas
            ? NumberStyle(records.map { $0[column] }, fileHasDecimalCommas: true) : NumberStyle(hasDecimalComma: false)
    }
}

/// Records as libcsv finds them, in strict mode.
private final class CSVRecords {
    private(set) var records: [[String]] = []
    private(set) var lines: [Int] = []
    private var fields: [String] = []
    private var recordLine: Int
    private var line: Int
    private let separator: UInt8

    init(separator: UInt8, line: Int) {
        self.separator = separator
        self.line = line
        recordLine = line
    }

    /// Returns the line of the first record that is not CSV.
    func parse(_ bytes: [UInt8]) -> Int? {
        var parser = csv_parser()
        let status = csv_init(&parser, UInt8(CSV_STRICT) | UInt8(CSV_STRICT_FINI))
        precondition(status == 0, "these are options that libcsv has")
        defer { csv_free(&parser) }
        csv_set_delim(&parser, separator)
        let context = Unmanaged.passUnretained(self).toOpaque()
        var start = 0
        while start < bytes.count {
            // A line at a time, so that a record's first line is known.
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            if !isInsideRecord { recordLine = line }
            // A blank line begins no record.
            isInsideRecord = isInsideRecord || !bytes[start..<end].allSatisfy(Self.blanks.contains)
            let parsed = bytes[start..<end].withUnsafeBytes { buffer in
                csv_parse(&parser, buffer.baseAddress, buffer.count, takeField, takeRecord, context)
            }
            if parsed != end - start { return recordLine }
            line += 1
            start = end
        }
        return csv_fini(&parser, takeField, takeRecord, context) == 0 ? nil : recordLine
    }

    private static let blanks: Set = [UInt8(ascii: " "), UInt8(ascii: "\r"), UInt8(ascii: "\n")]

    private var isInsideRecord = false

    fileprivate func add(field: String) { fields.append(field) }

    fileprivate func endRecord() {
        records.append(fields)
        lines.append(recordLine)
        fields = []
        isInsideRecord = false
    }
}

private func takeField(_ text: UnsafeMutableRawPointer?, _ count: Int, _ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    let bytes = UnsafeRawBufferPointer(start: text, count: text == nil ? 0 : count)
    Unmanaged<CSVRecords>.fromOpaque(context).takeUnretainedValue().add(field: String(decoding: bytes, as: UTF8.self))
}

private func takeRecord(_ terminator: Int32, _ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<CSVRecords>.fromOpaque(context).takeUnretainedValue().endRecord()
}
