/// Columns of text, aligned.
struct TextTable {
    let text: String

    /// - Parameter numeric: columns that are aligned on the right.
    init(header: [String], rows: [[String]], numeric: Set<Int>) {
        let widths = header.indices.map { column in
            ([header[column]] + rows.map { $0[column] }).map(\.count).max() ?? 0
        }
        func line(_ cells: [String]) -> String {
            var parts: [String] = []
            for (column, cell) in cells.enumerated() {
                parts.append(numeric.contains(column) ? padLeft(cell, widths[column]) : pad(cell, widths[column]))
            }
            var text = parts.joined(separator: "  ")
            while text.hasSuffix(" ") { text.removeLast() }
            return text
        }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
        text = ([line(header), rule] + rows.map(line)).joined(separator: "\n")
    }
}
