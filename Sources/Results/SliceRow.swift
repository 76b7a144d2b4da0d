/// One line of `slices.csv`: how the fit of one window predicts what follows it.
package struct SliceRow: Sendable, Hashable {
    package static let fileName = "slices.csv"

    package var slice: Int
    package var trainingPeriods: Int
    /// First and last period that were predicted.
    package var first: String
    package var last: String
    /// Predicted cells whose KPI is known.
    package var cells: Int
    /// Sum of log predictive densities in KPI units; nil, as all that follow, where no KPI is known.
    package var expectedLogDensity: Double?
    package var crps: Double?
    package var coverage: Double?
    package var absolutePercentageError: Double?
    package var divergences: Int

    package init(
        slice: Int, trainingPeriods: Int, first: String, last: String, cells: Int, expectedLogDensity: Double?,
        crps: Double?, coverage: Double?, absolutePercentageError: Double?, divergences: Int
    ) {
        self.slice = slice
        self.trainingPeriods = trainingPeriods
        self.first = first
        self.last = last
        self.cells = cells
        self.expectedLogDensity = expectedLogDensity
        self.crps = crps
        self.coverage = coverage
        self.absolutePercentageError = absolutePercentageError
        self.divergences = divergences
    }

    /// The table of `slices.csv`.
    package static func table(_ rows: [SliceRow]) -> String {
        var table = CSVText(
            header: "slice,training_periods,first,last,cells,elpd,crps,coverage_90,mape,divergences")
        for row in rows {
            table.append([
                .integer(row.slice), .integer(row.trainingPeriods), .text(row.first), .text(row.last),
                .integer(row.cells), .number(row.expectedLogDensity), .number(row.crps), .number(row.coverage),
                .number(row.absolutePercentageError), .integer(row.divergences),
            ])
        }
        return table.text
    }
}
