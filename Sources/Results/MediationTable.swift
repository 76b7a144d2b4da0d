import Analysis

/// `mediation.csv`: what channels bring by themselves and through the channels that they drive.
package enum MediationTable {
    package static let fileName = "mediation.csv"

    /// Estimates in their order, four columns each.
    private static let estimates = ["exposure_share", "direct", "through", "total", "direct_roi", "total_roi"]
    private static let figures = ["mean", "q05", "q50", "q95"]

    package static var columns: [String] {
        ["channel", "mediator"] + estimates.flatMap { name in figures.map { "\(name)_\($0)" } }
    }

    static func text(_ rows: [MediationRow]) -> String {
        var table = CSVText(header: columns.joined(separator: ","))
        for row in rows {
            let estimates = [row.exposureShare, row.direct, row.through, row.total, row.directROI, row.totalROI]
            table.append(
                [.text(row.channel), .text(row.mediator)]
                    + estimates.flatMap { [.number($0?.mean), .number($0?.q05), .number($0?.q50), .number($0?.q95)] })
        }
        return table.text
    }
}
