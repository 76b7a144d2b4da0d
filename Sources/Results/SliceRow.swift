/// One line of `slices.csv`: how the fit of one window predicts what follows it.
package struct SliceRow: Sendable, Hashable {
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
}
