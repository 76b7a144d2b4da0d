import ArgumentParser
import Results

/// What the folder of a study says, at the terminal.
struct StudyOutcome {
    let directory: String
    let json: Bool
    let quiet: Bool

    /// Prints it, and ends the command with exit code 1 when the model is not calibrated.
    func report() throws {
        if let summary = CalibrationSummary.read(in: directory) {
            try report(summary)
        } else if let summary = CurveSummary.read(in: directory) {
            report(summary)
        } else if let summary = PlaceboSummary.read(in: directory) {
            try report(summary)
        } else if let table = ResultsFolder.readTable(StudyTables.slices.name, in: directory) {
            try report(slices: table)
        } else {
            throw UserError.failed("\(directory) holds no study.")
        }
    }

    private func report(_ summary: CalibrationSummary) throws {
        if json {
            Output.printJSONLine(summary)
        } else if !quiet {
            print(Self.ranks(summary))
            print("")
            print(Self.recovery(summary))
            print("")
            print(
                "\(summary.passed ? "Calibrated" : "NOT calibrated") in \(summary.replications) worlds: "
                    + "\(summary.quantities.count) quantities, all judged together at 5 %.")
            for line in summary.reasons + summary.warnings { print("  \(line)") }
            print("Results: \(directory) (open sbc.html)")
        }
        if !summary.passed { throw ExitCode(1) }
    }

    private static func ranks(_ summary: CalibrationSummary) -> String {
        TextTable(
            header: ["quantity", "p", "mean rank", ""],
            rows: summary.quantities.map { row in
                [
                    row.quantity, NumberText.decimal(row.pValue, 3), NumberText.decimal(row.meanRank, 3),
                    row.passed ? "" : "leaves the band",
                ]
            }, numeric: [1, 2]
        ).text
    }

    private static func recovery(_ summary: CalibrationSummary) -> String {
        TextTable(
            header: ["quantity", "mean truth", "bias", "rmse", "in 50 %", "in 90 %", ""],
            rows: summary.recovery.map { row in
                [row.quantity]
                    + [row.meanTruth, row.bias, row.rootMeanSquare, row.coverage50, row.coverage90].map {
                        NumberText.decimal($0, 3)
                    } + [row.passed ? "" : "beyond chance"]
            }, numeric: [1, 2, 3, 4, 5]
        ).text
    }

    private func report(_ summary: CurveSummary) {
        if json {
            Output.printJSONLine(summary)
        } else if !quiet {
            print(Self.scores(summary))
            print("")
            for line in summary.findings { print(line) }
            print("Results: \(directory) (open curves.html)")
        }
    }

    /// Channels whose returns stand in the table at the terminal; the files have all.
    private static let channelsShown = 5

    private static func scores(_ summary: CurveSummary) -> String {
        let shown = summary.ranges.prefix(channelsShown).map(\.quantity)
        let rows = summary.alternatives.map { row in
            [
                row.label, NumberText.decimal(row.difference, 1), NumberText.decimal(row.differenceSE, 1),
                row.isComparable ? (row.isClearlyBeaten ? "clearly worse" : "") : "chains disagree",
            ]
                + row.returns.prefix(channelsShown).map {
                    NumberText.decimal($0.mean, 2) + " ± " + NumberText.decimal($0.sd, 2)
                }
        }
        return TextTable(
            header: ["", "elpd", "se", ""] + shown, rows: rows, numeric: Set([1, 2] + (4..<4 + shown.count))
        ).text
    }

    private func report(_ summary: PlaceboSummary) throws {
        if json {
            Output.printJSONLine(summary)
        } else if !quiet {
            print(Self.placebos(summary))
            print("")
            print(
                "\(summary.holding) of \(summary.placebos) placebos have 0 in their 90 % interval: "
                    + (summary.passed ? "as many as chance lets expect." : "TOO FEW."))
            if let credited = summary.credited {
                print(
                    "With a prior of gains only, a channel that does nothing would be credited with a return of "
                        + "\(NumberText.decimal(credited.q50, 2)), up to \(NumberText.decimal(credited.q95, 2)).")
            }
            for line in summary.reasons + summary.warnings { print("  \(line)") }
            print("Results: \(directory)/\(StudyTables.placebos.name)")
        }
        if !summary.passed { throw ExitCode(1) }
    }

    private static func placebos(_ summary: PlaceboSummary) -> String {
        TextTable(
            header: ["", "media of", "", "mean", "5 %", "95 %", "of the prior", ""],
            rows: summary.rows.map { row in
                let digits = row.quantity == "roi" ? 2 : 0
                return [row.placebo, row.source, row.quantity]
                    + [row.mean, row.q05, row.q95].map { NumberText.decimal($0, digits) }
                    + [NumberText.decimal(row.priorShare, 2), row.holdsZero ? "" : "misses 0"]
            }, numeric: [3, 4, 5, 6]
        ).text
    }

    private func report(slices table: [[String]]) throws {
        guard let header = table.first else { throw UserError.failed("\(directory) holds an empty study.") }
        if json {
            for record in table.dropFirst() {
                Output.printJSONLine(
                    Dictionary(zip(header, record).map { ($0, $1) }, uniquingKeysWith: { first, _ in first }))
            }
            return
        }
        guard !quiet else { return }
        let rows = table.dropFirst().map { record in
            record.enumerated().map { column, field in
                (5...8).contains(column) ? NumberText.decimal(Double(field) ?? .nan, column == 5 ? 1 : 3) : field
            }
        }
        print(TextTable(header: header, rows: Array(rows), numeric: Set([0, 1] + (4..<header.count))).text)
        print("Results: \(directory)/\(StudyTables.slices.name)")
    }
}
