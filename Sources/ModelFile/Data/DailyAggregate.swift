import CSeparatedValues
import Foundation
import ModelDefinition

/// A transaction file by geo and day: what travels in the place of the file, whatever its length.
///
/// The file is read in pieces; only one entry a geo and day is held. Days become the model's periods when its calendar
/// is known.
struct DailyAggregate {
    /// Of one geo and day.
    struct Entry {
        var records = 0
        /// By column: the sum, the least or the largest value, and the number of values.
        var values: [Double]
        var counts: [Int]
    }

    struct Key: Hashable {
        /// Empty where the model has no geos.
        var geo: String
        var day: Int
    }

    private(set) var entries: [Key: Entry] = [:]

    private static let chunkLength = 1 << 20

    /// Reads a file; nil after problems.
    init?(path: String, name: String, _ aggregation: Aggregation, problems: inout [Problem]) {
        guard let file = FileHandle(forReadingAtPath: path) else {
            problems.append(
                Problem(
                    file: name, message: "the file cannot be read.", mend: "check the path and its permissions."))
            return nil
        }
        defer { try? file.close() }
        let first = (try? file.read(upToCount: Self.chunkLength)) ?? Data()
        let head = TableHead(first)
        let scan = TransactionScan(file: name, aggregation, head)
        var parser = csv_parser()
        let status = csv_init(&parser, UInt8(CSV_STRICT) | UInt8(CSV_STRICT_FINI))
        precondition(status == 0, "these are options that libcsv has")
        defer { csv_free(&parser) }
        csv_set_delim(&parser, head.separator)
        let context = Unmanaged.passUnretained(scan).toOpaque()
        var piece: Data? = first.dropFirst(head.length)
        while let chunk = piece, !chunk.isEmpty, !scan.isStopped {
            let parsed = chunk.withUnsafeBytes {
                csv_parse(&parser, $0.baseAddress, $0.count, takeField, takeRecord, context)
            }
            if parsed != chunk.count { scan.failQuotes() }
            piece = try? file.read(upToCount: Self.chunkLength)
        }
        if !scan.isStopped, csv_fini(&parser, takeField, takeRecord, context) != 0 { scan.failQuotes() }
        scan.finish()
        problems += scan.problems.said
        guard scan.problems.isEmpty else { return nil }
        entries = scan.entries
    }

    /// The days that have records, ascending.
    var days: [Int] { Set(entries.keys.map(\.day)).sorted() }

    /// One line an entry, by geo, then day: day, geo, records, then value and count by column.
    var bytes: [UInt8] {
        let columns = entries.first?.value.values.count ?? 0
        var text = "day,geo,records" + (0..<columns).map { ",v\($0),n\($0)" }.joined() + "\n"
        for (key, entry) in entries.sorted(by: { ($0.key.geo, $0.key.day) < ($1.key.geo, $1.key.day) }) {
            let values = zip(entry.values, entry.counts).map { ",\($0),\($1)" }.joined()
            text += "\(key.day),\"\(key.geo.replacing("\"", with: "\"\""))\",\(entry.records)\(values)\n"
        }
        return Array(text.utf8)
    }

    /// Reads `bytes`.
    init?(bytes: [UInt8]) {
        var problems: [Problem] = []
        guard let table = CSVTable(bytes, file: "", problems: &problems) else { return nil }
        for record in table.records {
            guard let day = Int(record[0]), let records = Int(record[2]) else { return nil }
            let fields = record.dropFirst(3)
            let values = stride(from: 3, to: record.count, by: 2).compactMap { Double(record[$0]) }
            let counts = stride(from: 4, to: record.count, by: 2).compactMap { Int(record[$0]) }
            guard values.count == counts.count, 2 * values.count == fields.count else { return nil }
            entries[Key(geo: record[1], day: day)] = Entry(records: records, values: values, counts: counts)
        }
    }
}

/// What libcsv finds, added up.
private final class TransactionScan {
    private let file: String
    private let aggregation: Aggregation
    private(set) var entries: [DailyAggregate.Key: DailyAggregate.Entry] = [:]
    private(set) var problems = AlikeProblems()
    private var hasFailedQuotes = false
    /// Fields by the header's columns: what each is for.
    private var header: [String]?
    private var dateField = -1
    private var geoField = -1
    private var valueFields: [Int] = []
    private var fields: [[UInt8]] = []
    private var fieldCount = 0
    private var line: Int
    private var newlines = 0
    /// How each column writes its numbers.
    private var numbers: [TransactionNumbers]
    /// The entry of the last record: transactions mostly come in the order of their days.
    private var last: (key: DailyAggregate.Key, entry: DailyAggregate.Entry)?

    init(file: String, _ aggregation: Aggregation, _ head: TableHead) {
        self.file = file
        self.aggregation = aggregation
        line = head.line
        numbers = aggregation.columns.map { _ in
            TransactionNumbers(mayHaveCommas: head.separator != UInt8(ascii: ","))
        }
    }

    var isStopped: Bool { hasFailedQuotes || (header != nil && dateField < 0) }

    func take(_ bytes: UnsafeRawBufferPointer) {
        if fieldCount == fields.count { fields.append([]) }
        fields[fieldCount].replaceSubrange(0..<fields[fieldCount].count, with: bytes)
        fieldCount += 1
        for byte in bytes where byte == UInt8(ascii: "\n") { newlines += 1 }
    }

    func endRecord() {
        if header == nil { readHeader() } else if !isStopped { addRecord() }
        line += 1 + newlines
        newlines = 0
        fieldCount = 0
    }

    func failQuotes() {
        fail("the record is not valid CSV: a quote is out of place.", mend: "check the quotes.")
        hasFailedQuotes = true
    }

    func finish() {
        store()
        for (column, numbers) in zip(aggregation.columns, numbers) {
            guard let source = column.source, let doubt = numbers.doubt else { continue }
            line = doubt.line
            fail(doubt.message, column: source, mend: doubt.mend)
        }
        guard problems.isEmpty, entries.isEmpty else { return }
        line = 1
        fail("the file has no records.", mend: "add the records, or remove the source.")
    }

    private func fail(_ message: String, column: String? = nil, mend: String) {
        problems.add(Problem(file: file, line: line, column: column, message: message, mend: mend))
    }

    private func text(_ field: Int) -> String { String(decoding: fields[field], as: UTF8.self) }

    private func readHeader() {
        let names = (0..<fieldCount).map(text)
        header = names
        func place(_ column: String) -> Int {
            if let index = names.firstIndex(of: column) { return index }
            fail(
                "there is no column '\(column)'.", mend: NearestKey.mend(for: column, among: names))
            return -1
        }
        let date = place(aggregation.date)
        // A file without geos is one of all: only a panel's own columns need them, and those are checked later.
        geoField = aggregation.geo.map(place) ?? -1
        valueFields = aggregation.columns.map { $0.source.map(place) ?? -1 }
        dateField = problems.isEmpty ? date : -1
    }

    private func addRecord() {
        guard fieldCount == header?.count else {
            fail(
                "the record has \(fieldCount) fields, the first line names \(header?.count ?? 0) columns.",
                mend: "give every column a field.")
            return
        }
        guard let day = Self.day(fields[dateField]) else {
            fail(
                fields[dateField].isEmpty ? "the date is missing." : "'\(text(dateField))' is not a date.",
                column: aggregation.date, mend: "write days as YYYY-MM-DD, with a time after them or without.")
            return
        }
        let geo = geoField < 0 ? "" : text(geoField)
        if geoField >= 0, geo.isEmpty {
            fail("the geo is missing.", column: aggregation.geo, mend: "write its name.")
            return
        }
        let key = DailyAggregate.Key(geo: geo, day: day)
        if last?.key != key {
            store()
            last = (key, entries[key] ?? Self.empty(aggregation))
        }
        last?.entry.records += 1
        for (index, column) in aggregation.columns.enumerated() { add(index, column) }
    }

    private func add(_ index: Int, _ column: Aggregation.Column) {
        let field = valueFields[index]
        guard field >= 0, let source = column.source else {
            last?.entry.values[index] += 1
            last?.entry.counts[index] += 1
            return
        }
        if column.rule == .count {
            guard !fields[field].isEmpty else { return }
            last?.entry.values[index] += 1
            last?.entry.counts[index] += 1
            return
        }
        guard let value = numbers[index].value(text(field), line: line) else {
            fail(
                fields[field].isEmpty ? "the value is missing." : "'\(text(field))' is not a number.", column: source,
                mend: "write a number with a decimal point and without separators.")
            return
        }
        guard let known = last?.entry.values[index], let count = last?.entry.counts[index] else { return }
        let combined: Double =
            switch column.rule {
            case .count, .sum, .mean: known + value
            case .min: count == 0 ? value : Swift.min(known, value)
            case .max: count == 0 ? value : Swift.max(known, value)
            }
        last?.entry.values[index] = combined
        last?.entry.counts[index] = count + 1
    }

    private func store() {
        if let last { entries[last.key] = last.entry }
        last = nil
    }

    private static func empty(_ aggregation: Aggregation) -> DailyAggregate.Entry {
        DailyAggregate.Entry(
            values: [Double](repeating: 0, count: aggregation.columns.count),
            counts: [Int](repeating: 0, count: aggregation.columns.count))
    }

    /// The day number of `YYYY-MM-DD`, alone or before a `T` or a space.
    private static func day(_ bytes: [UInt8]) -> Int? {
        guard
            bytes.count == 10
                || (bytes.count > 10 && (bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "))),
            bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-")
        else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for index in range {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) else { return nil }
                value = 10 * value + Int(bytes[index] - UInt8(ascii: "0"))
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
        return CalendarDate(year: year, month: month, day: day)?.dayNumber
    }
}

private func takeField(_ text: UnsafeMutableRawPointer?, _ count: Int, _ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<TransactionScan>.fromOpaque(context).takeUnretainedValue().take(
        UnsafeRawBufferPointer(start: text, count: text == nil ? 0 : count))
}

private func takeRecord(_ terminator: Int32, _ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<TransactionScan>.fromOpaque(context).takeUnretainedValue().endRecord()
}
