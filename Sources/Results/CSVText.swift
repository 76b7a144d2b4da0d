/// A table as CSV text: `,` and `\n`, quotes where needed, numbers in their shortest form that reads back to the same
/// value, an empty field for what does not exist.
struct CSVText {
    private(set) var text: String

    init(header: String) {
        text = header + "\n"
    }

    /// Records without a header.
    init() {
        text = ""
    }

    enum Field {
        case text(String)
        case number(Double?)
        case integer(Int)
    }

    mutating func append(_ fields: [Field]) {
        text += fields.map(Self.format).joined(separator: ",") + "\n"
    }

    private static func format(_ field: Field) -> String {
        switch field {
        case .text(let text):
            // A carriage return with its line feed is one Character, so the search is among scalars.
            text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) })
                ? "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
                : text
        case .number(let number): number.map { $0.isNaN ? "" : "\($0)" } ?? ""
        case .integer(let integer): String(integer)
        }
    }
}

/// Reads what `CSVText` writes.
package enum CSVReading {
    /// Records × fields, the header first.
    package static func records(_ text: String) -> [[String]] {
        var records: [[String]] = []
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        var characters = text.makeIterator()
        var next = characters.next()
        while let character = next {
            next = characters.next()
            if isQuoted {
                if character != "\"" {
                    field.append(character)
                } else if next == "\"" {
                    field.append("\"")
                    next = characters.next()
                } else {
                    isQuoted = false
                }
            } else if character == "\"" {
                isQuoted = true
            } else if character == "," {
                fields.append(field)
                field = ""
            } else if character == "\n" {
                records.append(fields + [field])
                fields = []
                field = ""
            } else {
                field.append(character)
            }
        }
        return records
    }
}
