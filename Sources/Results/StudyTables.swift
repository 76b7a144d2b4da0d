import Analysis

/// The CSV files of a study's folder.
package enum StudyTables {
    package typealias Rank = (quantity: String, replication: Int, rank: Int)
    package typealias AlternativeReturn = (fit: CurveSummary.Alternative, value: CurveSummary.Return)

    private static let calibration = "tutti check --sbc"
    private static let curves = "tutti check --curves"
    private static let choice = "`as given`, or the choice that is made otherwise."
    private static let alternative = "What it is instead; empty for the model as given."

    package static let ranks = ResultTable<Rank>(
        "sbc.csv", of: calibration,
        "Simulation-based calibration: a record a quantity and world. Ranks of a calibrated model are uniform.",
        columns: [
            .text("quantity", "A parameter, a return or `log_likelihood`.") { $0.quantity },
            .whole("replication", "The world, from 1.") { $0.replication },
            .whole("rank", "Of \(CalibrationStudy.drawCount) thinned draws, how many lie below the truth.") { $0.rank },
        ])

    /// A record a quantity and replication.
    package static func ranks(of study: CalibrationStudy) -> [Rank] {
        study.rows.flatMap { row in
            row.ranks.enumerated().map { (row.quantity, $0.offset + 1, $0.element) }
        }
    }

    package static let recovery = ResultTable<RecoveryRow>(
        "recovery.csv", of: calibration,
        "How well the fits of the worlds find each channel's return: a record a quantity, in its unit.",
        columns: [
            .text("quantity", "As in sbc.csv: the return, or the contribution of a channel without spend.") {
                $0.quantity
            },
            .whole("replications", "Worlds.") { $0.replications },
            .number("truth_mean", "Mean of the truths.") { $0.meanTruth },
            .number("bias", "Mean of posterior mean − truth.") { $0.bias },
            .number("rmse", "Root mean square of posterior mean − truth.") { $0.rootMeanSquare },
        ] + coverage(50) { $0.coverage50 } + coverage(90) { $0.coverage90 })

    private static func coverage(
        _ percent: Int, _ value: @escaping @Sendable (RecoveryRow) -> Coverage
    ) -> [Columns<RecoveryRow>] {
        [
            .number("coverage_\(percent)", unit: "share", "Worlds whose truth lies in the \(percent) % interval.") {
                value($0).observed
            },
            .number("coverage_\(percent)_low", unit: "share", "Lower end of what chance allows of a calibrated model.")
            {
                value($0).low
            },
            .number("coverage_\(percent)_high", unit: "share", "Upper end of that.") { value($0).high },
        ]
    }

    package static let slices = ResultTable<SliceRow>(
        "slices.csv", of: "tutti check --slices",
        "How the fit of each growing window predicts the periods after it: a record a window. Figures are empty where no "
            + "KPI is known there.",
        columns: [
            .whole("slice", "The window, from 1.") { $0.slice },
            .whole("training_periods", unit: "periods", "What it is fitted to.") { $0.trainingPeriods },
            .text("first", "First day of the first period that is predicted.") { $0.first },
            .text("last", "First day of the last one.") { $0.last },
            .whole("cells", "Predicted cells whose KPI is known.") { $0.cells },
            .number("elpd", unit: "log density per KPI unit", "Sum of the log predictive densities.") {
                $0.expectedLogDensity
            },
            .number(
                "crps", unit: "KPI units",
                "Mean continuous ranked probability score (Gneiting and Raftery 2007, equation 21); lower is better."
            ) { $0.crps },
            .number("coverage_90", unit: "share", "Cells within their 90 % interval.") { $0.coverage },
            .number("mape", unit: "share", "Mean of |mean prediction − KPI| ÷ |KPI|.") { $0.absolutePercentageError },
            .whole("divergences", "Divergent draws of the window's fit.") { $0.divergences },
        ])

    package static let scores = ResultTable<CurveSummary.Alternative>(
        "curves.csv", of: curves,
        "The model and its alternatives by leave-one-out score: a record each, the model as given first.",
        columns: [
            .text("choice", choice) { $0.choice },
            .text("alternative", alternative) { $0.alternative },
            .number("elpd", unit: "log density per KPI unit", "Expected log predictive density, summed over cells.") {
                $0.elpd
            },
            .number("elpd_se", "Its standard error over cells.") { $0.elpdSE },
            .number("elpd_mcse", "Its Monte Carlo standard error; empty for one chain.") { $0.elpdMCSE },
            .number("difference", "elpd less the best one's.") { $0.difference },
            .number("difference_se", "Its standard error over cells.") { $0.differenceSE },
            .boolean("clearly_beaten", "Whether the best one predicts better by more than chance explains.") {
                $0.isClearlyBeaten
            },
            .whole("doubtful_cells", "Cells whose score is not to be trusted.") { $0.doubtfulCount },
            .whole("divergences", "Divergent draws.") { $0.divergences },
            .number("highest_r_hat", "The largest R-hat of a parameter; empty where none has one.") { $0.highestRHat },
        ])

    package static let returns = ResultTable<AlternativeReturn>(
        "curves_roi.csv", of: curves,
        "What each alternative says of each channel's return: a record an alternative and quantity, in its unit.",
        columns: [
            .text("choice", choice) { $0.fit.choice },
            .text("alternative", alternative) { $0.fit.alternative },
            .text("quantity", "`roi[CHANNEL]`, or `contribution[CHANNEL]` without spend.") { $0.value.quantity },
            .number("mean", "Mean over draws.") { $0.value.mean },
            .number("sd", "Standard deviation over draws.") { $0.value.sd },
            .number("q05", "5 % quantile.") { $0.value.q05 },
            .number("q95", "95 % quantile.") { $0.value.q95 },
            .number("mcse", "Monte Carlo standard error of the mean.") { $0.value.mcse },
        ])

    package static let placebos = ResultTable<PlaceboRow>(
        "placebo.csv", of: "tutti check --placebo",
        "What fits say of channels that cannot work: a record a placebo. Figures are of its `roi`, or without spend of its "
            + "`contribution`, whose truth is 0.",
        columns: [
            .text("placebo", "Name of the added channel.") { $0.placebo },
            .text("source", "The channel whose media it has, in another order.") { $0.source },
            .text("quantity", "`roi` or `contribution`.") { $0.isPerMoney ? "roi" : "contribution" },
            .number("mean", "Mean over draws.") { $0.mean },
            .number("q05", "5 % quantile.") { $0.q05 },
            .number("q50", "Median.") { $0.q50 },
            .number("q95", "95 % quantile.") { $0.q95 },
            .boolean("holds_zero", "Whether 0 lies in the 90 % interval.") { $0.holdsZero },
            .number("prior_share", "Standard deviation of the draws ÷ that of the prior's.") { $0.priorShare },
            .number(
                "gain_q05",
                "5 % quantile under a prior of gains only, half-normal and as wide; empty with few such draws."
            ) { $0.gain?.q05 },
            .number("gain_q50", "Median under it.") { $0.gain?.q50 },
            .number("gain_q95", "95 % quantile under it.") { $0.gain?.q95 },
        ])

    /// A record an alternative and channel.
    package static func returns(of summary: CurveSummary) -> [AlternativeReturn] {
        summary.alternatives.flatMap { fit in fit.returns.map { (fit, $0) } }
    }
}
