/// Columns of text, aligned.
struct TextTable {
    let text: String

    /// - Parameters:
    ///   - numeric: columns that are aligned on the right.
    ///   - width: characters on a line of the terminal; what goes beyond is cut off, or it would break every line.
    init(header: [String], rows: [[String]], numeric: Set<Int>, width: Int? = nil) {
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
            guard let width, text.count > width, width > 1 else { return text }
            return text.prefix(width - 1) + "…"
        }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ").prefix(width ?? .max)
        text = ([line(header), String(rule)] + rows.map(line)).joined(separator: "\n")
    }
}
