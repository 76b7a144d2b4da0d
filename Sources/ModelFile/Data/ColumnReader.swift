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
        /// Of a unit of the KPI.
        case price
        /// Share of revenue.
        case margin
        /// Contacts of a person reached; none where nobody is.
        case frequency

        var isNegativeAllowed: Bool { self == .kpi || self == .control }
        /// Whether each geo has its own, so that a source without geos cannot hold it.
        var isOfGeo: Bool { !isNegativeAllowed && !isOfMoney }
        /// What turns a KPI into money, which is never nothing by being absent.
        var isOfMoney: Bool { self == .price || self == .margin }
        /// Whether it matters before the first KPI.
        var isOfHistory: Bool { self == .exposure || self == .frequency }
    }

    let context: ReadingContext
    let sources: [SourceTable]
    var panel: Panel

    private var read: ReadSpecification { context.read }

    func numbers(_ column: String, _ role: Role, line: Int?) -> [Double] {
        let cells = panel.cells
        let nan = [Double](repeating: .nan, count: cells.count)
        guard let source = sources.first(where: { $0.has(column) }),
            let place = source.table.columns.firstIndex(of: column), column != read.dateColumn
        else {
            context.add(absence(of: column, line: line))
            return nan
        }
        var found: [Problem] = []
        if role.isOfGeo, !source.hasGeos, cells[0].geo != "" {
            found.append(
                Problem(
                    file: source.table.file, column: column, message: "the media of a panel need a column of geos.",
                    mend: "add the column '\(read.geoColumn ?? "geo")', and each geo's own figures."))
        }
        let style = source.table.numberStyle(of: place)
        if let doubtful = style.doubtful(source.table.records.map { $0[place] }) {
            let row = source.table.records.firstIndex { $0[place] == doubtful.number }
            found.append(
                Problem(
                    file: source.table.file, line: row.map { source.table.lines[$0] }, column: column,
                    message: doubtful.words.message, mend: doubtful.words.mend))
        }
        let values = cells.enumerated().map { index, cell -> Double in
            // Media alone matter before the first KPI.
            let isNeeded = role.isOfHistory || index % panel.dates.count >= panel.historyCount
            guard isNeeded || role == .kpi else { return 0 }
            guard let row = source.row(cell) else {
                if role == .kpi || role == .frequency { return .nan }
                if !read.missingIsZero || role.isOfMoney {
                    found.append(
                        Problem(
                            file: source.table.file, column: column, message: "\(cell.words) is missing.",
                            mend: "add the record, or write `data: {missing: zero}` if absent means 0.",
                            french: """
                                la valeur manque (\(cell.frenchWords)). Ajoutez l’enregistrement, ou écrivez \
                                \(code: "`data: {missing: zero}`") si l’absence vaut 0.
                                """))
                }
                return 0
            }
            return number(
                source.table.records[row][place], role, style, problems: &found,
                at: (source.table.file, source.table.lines[row], column))
        }
        let size = values.reduce(0) { $1.isNaN ? $0 : $0 + abs($1) }
        if size >= Self.sizeMax {
            found.append(
                Problem(
                    file: source.table.file, column: column, message: "the values add up to \(size).",
                    mend: "give them in thousands or millions; sums must stay below 1e15."))
        }
        context.add(found)
        return values
    }

    private func absence(of column: String, line: Int?) -> Problem {
        let known = sources.flatMap(\.table.columns).filter { $0 != read.dateColumn }
        let absence = "no data file has a column '\(column)'"
        // What cannot be seen is said.
        let alike = known.first {
            $0.lowercased() != column.lowercased() && Spelling.folded($0) == Spelling.folded(column)
        }
        guard let alike else {
            return Problem(
                file: context.modelFile, line: line, message: "\(absence).",
                mend: NearestKey.mend(for: column, among: known),
                french: """
                    aucun fichier de données n’a de colonne « \(code: column) ». Ajoutez-la, ou corrigez son nom dans le \
                    modèle.
                    """)
        }
        return Problem(
            file: context.modelFile, line: line,
            message: "\(absence); '\(alike)' differs in \(Spelling.difference(alike, column)).",
            mend: "write both alike.")
    }

    /// Whole numbers up to here keep their last digit.
    private static let sizeMax = 1e15

    private func number(
        _ text: String, _ role: Role, _ style: NumberStyle, problems: inout [Problem],
        at place: (file: String, line: Int, column: String)
    ) -> Double {
        func fail(_ message: String, _ mend: String) -> Double {
            problems.append(
                Problem(file: place.file, line: place.line, column: place.column, message: message, mend: mend))
            return .nan
        }
        if ["", "na", "nan", "null", "none", "n/a"].contains(text.lowercased()) {
            if role == .kpi || role == .frequency { return .nan }
            if role == .price {
                return fail("the value is missing.", "fill it in: what a unit of the KPI is worth is never nothing.")
            }
            if role == .margin { return fail("the value is missing.", "fill in the margin, as 0.38.") }
            if read.missingIsZero { return 0 }
            return fail(
                "the value is missing.", "fill it in, or write `data: {missing: zero}` if absent means 0.")
        }
        guard let value = style.value(text) else {
            let hint =
                text.contains(",") ? "write numbers with a decimal point and without separators." : "write a number."
            return fail("'\(text)' is not a number.", hint)
        }
        if role == .price, value <= 0 {
            return fail(
                "\(text) is no price.",
                "write what a unit of the KPI is worth, above 0; for returns count units below 0.")
        }
        if role == .margin, !(0...1).contains(value) {
            return fail("\(text) is no margin.", "write a share of revenue from 0 to 1, as 0.38.")
        }
        if !role.isNegativeAllowed, value < 0 {
            return fail("\(text) is below 0.", "write 0 or more: media and spend cannot be negative.")
        }
        return value
    }

    /// The population of each geo, the same in every period; nil where the file names none.
    func population() -> [Double]? {
        guard let column = read.kpi.populationColumn else { return nil }
        let values = numbers(column, .population, line: read.kpi.line)
        guard values.allSatisfy(\.isFinite) else { return nil }
        let periods = panel.dates.count
        for (geo, name) in panel.geos.enumerated() {
            let own = values[geo * periods + panel.historyCount..<(geo + 1) * periods]
            if own.first == 0 || own.contains(where: { $0 != own.first }) {
                context.add(
                    Problem(
                        file: context.modelFile, line: read.kpi.line, column: column,
                        message: "the population of '\(name)' is 0 or differs between periods.",
                        mend: "give one number above 0 for each geo, the same in every period."))
            }
        }
        return panel.geos.indices.map { values[$0 * periods + panel.historyCount] }
    }
}
