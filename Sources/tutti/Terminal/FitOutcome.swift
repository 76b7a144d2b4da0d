import ArgumentParser
import Cluster
import Foundation
import Results

/// What a results folder says, at the terminal: the table of channels, the verdict, where the files are.
struct FitOutcome {
    private let directory: String

    init(directory: String) {
        self.directory = directory
    }

    /// Prints it, and ends the command with exit code 3 when the fit did not pass its convergence gate.
    ///
    /// - Parameter advice: what to do next; for people only.
    func report(json: Bool, quiet: Bool, advice: String? = nil) throws {
        guard let summary = try ResultsSummary(directory: directory) else {
            throw UserError.failed("\(directory) holds no results.")
        }
        if json {
            Output.printJSONLine(
                FinishedEvent(
                    event: "finished", directory: directory, passed: summary.passed, outcome: summary.outcome,
                    reasons: summary.reasons, advice: summary.advice, warnings: summary.warnings))
        } else if !quiet {
            print(table(summary))
            if let units = summary.units { print(units) }
            print("")
            if !summary.mediation.isEmpty {
                print(mediationTable(summary))
                print("")
            }
            for line in summary.verdict { print(line) }
            for line in summary.reasons { print("  \(line)") }
            for line in summary.advice { print("  Try: \(line)") }
            for line in summary.warnings { print("  Warning: \(line)") }
            print("Results: \(directory) (open report.html)")
            if let advice { print(advice) }
        }
        if !summary.passed { throw ExitCode(3) }
    }

    /// Mean and 90 % interval.
    private func interval(
        _ row: ResultsSummary.Channel, _ name: String, scale: Double = 1, digits: Int = 2
    ) -> String {
        interval(row, name) { NumberText.decimal($0 * scale, digits) }
    }

    private func interval(_ row: ResultsSummary.Channel, _ name: String, _ words: (Double) -> String) -> String {
        guard let mean = row["\(name)_mean"] else { return "–" }
        guard let low = row["\(name)_q05"], let high = row["\(name)_q95"] else { return words(mean) }
        return "\(words(mean)) [\(words(low)), \(words(high))]"
    }

    private func mediationTable(_ summary: ResultsSummary) -> String {
        let rows = summary.mediation.map { row in
            [row.name, interval(row, "exposure_share", scale: 100, digits: 1)]
                + ["direct", "through", "total"].map { interval(row, $0, NumberText.short) }
                + [interval(row, "total_roi")]
        }
        return TextTable(
            header: [
                "drives", "of its exposure, % [90 %]", "direct [90 %]", "through it [90 %]", "total [90 %]",
                "total ROI [90 %]",
            ],
            rows: rows, numeric: [1, 2, 3, 4, 5]
        ).text
    }

    private func table(_ summary: ResultsSummary) -> String {
        let rows = summary.channels.map { row in
            [
                row.name, row["spend"].map { $0 == 0 ? "–" : NumberText.short($0) } ?? "–",
                interval(row, "contribution", NumberText.short),
                interval(row, "share", scale: 100, digits: 1), interval(row, "roi"), interval(row, "mroi"),
            ] + (summary.grades.isEmpty ? [] : [summary.grades[row.name] ?? "–"])
        }
        return TextTable(
            header: [
                "channel", "spend", "contribution [90 %]", "share, % [90 %]", "ROI [90 %]", "marginal ROI [90 %]",
            ] + (summary.grades.isEmpty ? [] : ["evidence"]),
            rows: rows, numeric: [1, 2, 3, 4, 5]
        ).text
    }
}

private struct FinishedEvent: Encodable {
    var event: String
    var directory: String
    var passed: Bool
    var outcome: String
    var reasons: [String]
    var advice: [String]
    var warnings: [String]
}

/// Numbers as people read them.
enum NumberText {
    /// `12.3M`, `4.57k`, `0.812`: three significant digits.
    static func short(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let size = abs(value)
        for (unit, suffix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where size >= 0.9995 * unit {
            return significant(value / unit) + suffix
        }
        return significant(value)
    }

    static func decimal(_ value: Double, _ digits: Int) -> String {
        value.isFinite ? String(format: "%.\(digits)f", value) : "–"
    }

    private static func significant(_ value: Double) -> String {
        let size = abs(value)
        return decimal(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2)
    }
}
