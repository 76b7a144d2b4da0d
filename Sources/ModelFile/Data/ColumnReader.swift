import ModelDefinition

/// Takes columns of numbers out of the sources, one value a cell of the panel.
struct ColumnReader {
    enum Role {
        case kpi
        /// Media, which may begin before the KPI.
        case exposure
        case spend
        case population
        case control

        var isNegativeAllowed: Bool { self == .kpi || self == .control }
    }

    let context: ReadingContext
    let sources: [SourceTable]
    var panel: Panel

    private var read: ReadSpecification { context.read }

    func numbers(
        _ column: String, _ role: Role, line: Int?
    ) -> [Double] {
        let cells = panel.cells
        let nan = [Double](repeating: .nan, count: cells.count)
        guard let source = sources.first(where: { $0.has(column) }),
            let place = source.table.columns.firstIndex(of: column), column != read.dateColumn
        else {
            context.add(
                Problem(
                    file: context.modelFile, line: line, message: "no data file has a column '\(column)'.",
                    mend: NearestKey.mend(
                        for: column, among: sources.flatMap(\.table.columns).filter { $0 != read.dateColumn })))
            return nan
        }
        var found: [Problem] = []
        if !role.isNegativeAllowed, !source.hasGeos, cells[0].geo != "" {
            found.append(
                Problem(
                    file: source.table.file, column: column, message: "the media of a panel need a column of geos.",
                    mend: "add the column '\(read.geoColumn ?? "geo")', and each geo's own figures."))
        }
        let values = cells.enumerated().map { index, cell -> Double in
            // Media alone matter before the first KPI.
            let isNeeded = role == .exposure || index % panel.dates.count >= panel.historyCount
            guard isNeeded || role == .kpi else { return 0 }
            guard let row = source.row(cell) else {
                if role == .kpi { return .nan }
                if !read.missingIsZero {
                    found.append(
                        Problem(
                            file: source.table.file, column: column, message: "\(cell.words) is missing.",
                            mend: "add the record, or write `data: {missing: zero}` if absent means 0."))
                }
                return 0
            }
            return number(
                source.table.records[row][place], role, file: source.table.file, line: source.table.lines[row],
                column: column, problems: &found)
        }
        context.add(found)
        return values
    }

    private func number(
        _ text: String, _ role: Role, file: String, line: Int, column: String, problems: inout [Problem]
    ) -> Double {
        func fail(_ message: String, _ mend: String) -> Double {
            problems.append(Problem(file: file, line: line, column: column, message: message, mend: mend))
            return .nan
        }
        if ["", "na", "nan", "null", "none", "n/a"].contains(text.lowercased()) {
            if role == .kpi { return .nan }
            if read.missingIsZero { return 0 }
            return fail(
                "the value is missing.", "fill it in, or write `data: {missing: zero}` if absent means 0.")
        }
        guard let value = Double(text), value.isFinite, text.first?.isLetter != true else {
            let hint =
                text.contains(",") ? "write numbers with a decimal point and without separators." : "write a number."
            return fail("'\(text)' is not a number.", hint)
        }
        if !role.isNegativeAllowed, value < 0 {
            return fail("\(text) is below 0.", "write 0 or more: media and spend cannot be negative.")
        }
        return value
    }

    /// The population of each geo, the same in every period; nil where the file names none.
    func population() -> [Double]? {
        guard let column = read.populationColumn else { return nil }
        let values = numbers(column, .population, line: read.kpiLine)
        guard values.allSatisfy(\.isFinite) else { return nil }
        let periods = panel.dates.count
        for (geo, name) in panel.geos.enumerated() {
            let own = values[geo * periods + panel.historyCount..<(geo + 1) * periods]
            if own.first == 0 || own.contains(where: { $0 != own.first }) {
                context.add(
                    Problem(
                        file: context.modelFile, line: read.kpiLine, column: column,
                        message: "the population of '\(name)' is 0 or differs between periods.",
                        mend: "give one number above 0 for each geo, the same in every period."))
            }
        }
        return panel.geos.indices.map { values[$0 * periods + panel.historyCount] }
    }
}
