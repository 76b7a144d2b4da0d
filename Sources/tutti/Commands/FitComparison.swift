import Foundation
import ModelFile
import Posterior
import Results

/// Fits of the same KPI, ranked by their leave-one-out scores.
struct FitComparison {
    /// A fit, as JSON.
    struct Line: Encodable {
        var folder: String
        var elpd: Double
        var se: Double
        var difference: Double
        var differenceSE: Double
        var doubtfulCount: Int

        enum CodingKeys: String, CodingKey {
            case folder, elpd, se, difference
            case differenceSE = "difference_se"
            case doubtfulCount = "doubtful_count"
        }
    }

    /// Above this Pareto k a score is not to be trusted.
    private static let shapeLimit = 0.7

    private struct Scores {
        var cells: [String]
        var values: [Double]
        var kpi: [Double]
        var doubtfulCount: Int
    }

    /// The best first.
    let lines: [Line]

    /// - Parameter folders: results folders of `tutti fit`, two or more.
    init(_ folders: [String]) throws {
        guard folders.count > 1 else {
            throw UserError.unusable("one fit has nothing to be compared with. Mend: name two results folders or more.")
        }
        let scores = try folders.map(Self.scores)
        for (folder, other) in zip(folders, scores).dropFirst() where other.cells != scores[0].cells {
            let first = Set(scores[0].cells).symmetricDifference(other.cells).min() ?? "their order"
            throw UserError.unusable(
                "\(folder): its cells are not those of \(folders[0]) (\(first)). Mend: compare fits of the same dates and "
                    + "geos.")
        }
        for (folder, other) in zip(folders, scores).dropFirst() {
            try Self.refuseOtherKPI(other, folder, beside: scores[0], folders[0])
        }
        let comparison = ModelComparison(pointwise: scores.map(\.values))
        lines = comparison.rows.map { row in
            Line(
                folder: folders[row.model], elpd: row.expectedLogDensity, se: row.standardError,
                difference: row.difference, differenceSE: row.differenceError,
                doubtfulCount: scores[row.model].doubtfulCount)
        }
    }

    /// Scores of other numbers cannot be ranked, whatever dates they have: a thousandth of a KPI is 6.9 better a cell.
    private static func refuseOtherKPI(
        _ scores: Scores, _ folder: String, beside first: Scores, _ firstFolder: String
    ) throws {
        let odd = scores.kpi.indices.first { index in
            !(abs(scores.kpi[index] - first.kpi[index]) <= 1e-9 * abs(first.kpi[index]))
        }
        guard let odd else { return }
        throw UserError.unusable(
            "\(folder): its KPI is not that of \(firstFolder): \(scores.cells[odd]) has \(scores.kpi[odd]) where the "
                + "other has \(first.kpi[odd]). Mend: compare fits of the same KPI in the same unit.")
    }

    private static func scores(of folder: String) throws -> Scores {
        let path = "\(folder)/\(Tables.leaveOneOut.name)"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UserError.unusable(
                "\(path) cannot be read. Mend: name a results folder of `tutti fit`; fits too large for leave-one-out have "
                    + "no such file.")
        }
        var problems: [Problem] = []
        guard let table = CSVTable(Array(data), file: path, problems: &problems), problems.isEmpty,
            table.columns == Tables.leaveOneOut.columnNames
        else {
            throw UserError.unusable("\(path) is not a table of leave-one-out scores. Mend: fit the model again.")
        }
        var scores = Scores(cells: [], values: [], kpi: [], doubtfulCount: 0)
        for (record, line) in zip(table.records, table.lines) {
            guard let value = Double(record[2]), value.isFinite else {
                throw UserError.unusable("\(path):\(line): '\(record[2])' is not a score. Mend: fit the model again.")
            }
            scores.cells.append("\(record[0]), \(record[1])")
            scores.values.append(value)
            scores.kpi.append(Double(record[4]) ?? .nan)
            if !(Double(record[3]) ?? .infinity <= shapeLimit) { scores.doubtfulCount += 1 }
        }
        guard !scores.values.isEmpty else {
            throw UserError.unusable("\(path) has no scores. Mend: fit the model again.")
        }
        return scores
    }
}
