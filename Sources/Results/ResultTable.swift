import Analysis

/// A CSV file of a results folder: its columns, what each means, and how a row fills it.
package struct ResultTable<Row>: Sendable {
    /// The file's name, what makes it, and what its columns mean.
    package let file: ResultFile
    private let columns: [Columns<Row>]

    init(_ name: String, of command: String, _ meaning: String, columns: [Columns<Row>]) {
        file = ResultFile(name, of: [command], meaning, fields: columns.flatMap(\.fields))
        self.columns = columns
    }

    package var name: String { file.name }
    package var columnNames: [String] { file.fields.map(\.name) }

    package func text(_ rows: some Sequence<Row>) -> String {
        var table = CSVText(header: columnNames.joined(separator: ","))
        for row in rows { table.append(columns.flatMap { $0.values(row) }) }
        return table.text
    }

    /// The file's name and text.
    package func written(_ rows: some Sequence<Row>) -> (name: String, text: String) { (name, text(rows)) }

    /// Nil without rows, where the file is not written.
    package func written(ifAny rows: some Collection<Row>) -> (name: String, text: String)? {
        rows.isEmpty ? nil : written(rows)
    }
}

/// One column of a table, or several that a row fills from one value.
struct Columns<Row>: Sendable {
    let fields: [ResultField]
    /// As many as there are fields.
    let values: @Sendable (Row) -> [CSVText.Field]

    static func text(_ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> String) -> Self {
        Self(fields: [ResultField(name, .text, meaning)]) { [.text(value($0))] }
    }

    static func boolean(_ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> Bool) -> Self {
        Self(fields: [ResultField(name, .boolean, meaning)]) { [.text(value($0) ? "true" : "false")] }
    }

    static func whole(
        _ name: String, unit: String = "", _ meaning: String, _ value: @escaping @Sendable (Row) -> Int
    ) -> Self {
        Self(fields: [ResultField(name, .whole, unit: unit, meaning)]) { [.integer(value($0))] }
    }

    static func number(
        _ name: String, unit: String = "", _ meaning: String, _ value: @escaping @Sendable (Row) -> Double?
    ) -> Self {
        Self(fields: [ResultField(name, .number, unit: unit, meaning)]) { [.number(value($0))] }
    }

    /// Columns of quantiles, empty where they are infinite, named `payback_weeks_q05` and so on.
    static func quantiles(
        _ name: String, unit: String, _ thing: String, _ value: @escaping @Sendable (Row) -> OpenEstimate?
    ) -> [Self] {
        [
            number("\(name)_q05", unit: unit, "5 % quantile of \(thing).") { value($0)?.q05 },
            number("\(name)_q50", unit: unit, "Median of \(thing).") { value($0)?.q50 },
            number("\(name)_q95", unit: unit, "95 % quantile of \(thing).") { value($0)?.q95 },
        ]
    }

    /// Columns of an estimate, named `roi_mean` and so on.
    ///
    /// - Parameters:
    ///   - name: empty where the figures stand alone.
    ///   - thing: what is estimated, as it stands after "Mean of".
    static func estimate(
        _ name: String, _ figures: [EstimateFigure] = [.mean, .q05, .q50, .q95], unit: String, _ thing: String,
        _ value: @escaping @Sendable (Row) -> Estimate?
    ) -> Self {
        let fields = figures.map { figure in
            ResultField(
                name.isEmpty ? figure.rawValue : "\(name)_\(figure.rawValue)", .number, unit: unit,
                "\(figure.words) of \(thing).")
        }
        return Self(fields: fields) { row in
            let estimate = value(row)
            return figures.map { figure in .number(estimate.map { figure.value(of: $0) }) }
        }
    }
}

/// What is written of an estimate.
enum EstimateFigure: String {
    case mean, sd, q05, q50, q95

    var words: String {
        switch self {
        case .mean: "Mean over draws"
        case .sd: "Standard deviation over draws"
        case .q05: "5 % quantile"
        case .q50: "Median"
        case .q95: "95 % quantile"
        }
    }

    func value(of estimate: Estimate) -> Double {
        switch self {
        case .mean: estimate.mean
        case .sd: estimate.sd
        case .q05: estimate.q05
        case .q50: estimate.q50
        case .q95: estimate.q95
        }
    }
}
