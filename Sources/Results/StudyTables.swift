import Analysis

/// The CSV files of a study's folder.
package enum StudyTables {
    /// One line a rank.
    package static func ranks(_ study: CalibrationStudy) -> String {
        var table = CSVText(header: "quantity,replication,rank")
        for row in study.rows {
            for (index, rank) in row.ranks.enumerated() {
                table.append([.text(row.quantity), .integer(index + 1), .integer(rank)])
            }
        }
        return table.text
    }

    package static func recovery(_ rows: [RecoveryRow]) -> String {
        var table = CSVText(
            header: "quantity,replications,truth_mean,bias,rmse,coverage_50,coverage_50_low,coverage_50_high,"
                + "coverage_90,coverage_90_low,coverage_90_high")
        for row in rows {
            table.append(
                [
                    .text(row.quantity), .integer(row.replications), .number(row.meanTruth), .number(row.bias),
                    .number(row.rootMeanSquare),
                ]
                    + [row.coverage50, row.coverage90].flatMap { coverage -> [CSVText.Field] in
                        [.number(coverage.observed), .number(coverage.low), .number(coverage.high)]
                    })
        }
        return table.text
    }
}
