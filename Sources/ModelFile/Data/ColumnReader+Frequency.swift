import ModelDefinition

extension ColumnReader {
    /// Contacts of a person in one period above which reach and frequency are taken for one another.
    private static let frequencyMax = 100.0

    /// Contacts of a person reached: 1 or more wherever someone was, 0 elsewhere.
    func frequencies(_ column: String, reach: [Double], line: Int?) -> [Double] {
        let values = numbers(column, .frequency, line: line)
        // What is not a number was said to be none.
        guard let source = sources.first(where: { $0.has(column) }), !reach.contains(where: \.isNaN) else {
            return values.map { _ in 0 }
        }
        let cells = panel.cells
        let reached = values.indices.filter { reach[$0] > 0 }
        let given = reached.filter { values[$0] > 0 }
        func problem(_ cell: Int, _ message: String, mend: String) -> Problem {
            Problem(
                file: source.table.file, line: source.row(cells[cell]).map { source.table.lines[$0] }, column: column,
                message: message, mend: mend)
        }
        if let first = given.first {
            let mean = given.reduce(0) { $0 + values[$1] } / Double(given.count)
            if mean > Self.frequencyMax {
                context.add(
                    problem(
                        first, "a person reached has \(mean) contacts a period on average, as this column says.",
                        mend: "reach and frequency look swapped: name the other column, or give contacts a person."))
                return values.map { _ in 1 }
            }
            if given.allSatisfy({ values[$0] < 1 }) {
                context.add(
                    problem(
                        first, "the frequency is below 1 wherever people were reached, as a share would be.",
                        mend: "give the contacts of a person reached: impressions ÷ reach."))
                return values.map { _ in 1 }
            }
        }
        context.add(
            reached.filter { !(values[$0] >= 1) }.map { cell in
                let stated = values[cell].isNaN ? "missing" : "\(values[cell])"
                return problem(
                    cell, "\(cells[cell].words): the frequency is \(stated) where \(reach[cell]) were reached.",
                    mend: "give the contacts of a person reached, 1 or more, or a reach of 0.")
            })
        return values.map { $0.isNaN ? 0 : $0 }
    }
}
