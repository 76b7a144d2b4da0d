extension CalibrationSummary {
    /// `sbc.json`, by the paths of its keys.
    package static let file = ResultFile(
        fileName, of: ["tutti check --sbc"], "The verdict of a calibration study, without its ranks.",
        fields: [
            ResultField(
                "passed", .boolean, "Whether ranks are uniform and intervals hold the truth as often as they say."),
            ResultField("reasons", .list, "Why not, a sentence each."),
            ResultField("warnings", .list, "What else to know, a sentence each."),
            ResultField("replications", .whole, "Worlds."),
            ResultField("ranked_draws", .whole, "Draws that a truth is ranked among: the largest rank."),
            ResultField("thinning", .whole, unit: "draws", "Of so many draws one is ranked."),
            ResultField("divergences", .whole, "Divergent draws of all worlds."),
            ResultField("quantities", .list, "Parameters, returns and `log_likelihood`, all judged together at 5 %."),
            ResultField("quantities[].quantity", .text, "As in sbc.csv."),
            ResultField("quantities[].p_value", .number, "Probability of ranks as far from uniform."),
            ResultField(
                "quantities[].mean_rank", .number, unit: "share of the largest rank",
                "0.5 when calibrated, above where the fit is too low."),
            ResultField(
                "quantities[].passed", .boolean, "Whether the ranks stay within the band of a calibrated model."),
            ResultField("recovery", .list, "recovery.csv in short."),
            ResultField("recovery[].quantity", .text, "As there."),
            ResultField("recovery[].mean_truth", .number, "Mean of the truths."),
            ResultField("recovery[].bias", .number, "Mean of posterior mean − truth."),
            ResultField("recovery[].rmse", .number, "Root mean square of posterior mean − truth."),
            ResultField(
                "recovery[].coverage_50", .number, unit: "share", "Worlds whose truth lies in the 50 % interval."),
            ResultField(
                "recovery[].coverage_90", .number, unit: "share", "Worlds whose truth lies in the 90 % interval."),
            ResultField("recovery[].passed", .boolean, "Whether both are within chance."),
        ])
}

extension CurveSummary {
    /// `curves.json`, by the paths of its keys.
    package static let file = ResultFile(
        fileName, of: ["tutti check --curves"], "curves.csv and curves_roi.csv as one document, with what they say.",
        fields: [
            ResultField("findings", .list, "What the study found, a sentence each."),
            ResultField("alternatives", .list, "The model as given, then its alternatives."),
        ] + StudyTables.scores.file.fields.map { own("alternatives[].", $0) } + [
            ResultField("alternatives[].comparable", .boolean, "Whether its chains agree well enough."),
            ResultField("alternatives[].returns", .list, "One a channel."),
        ]
            + StudyTables.returns.file.fields.filter { !["choice", "alternative"].contains($0.name) }
            .map { own("alternatives[].returns[].", $0) } + [
                ResultField(
                    "ranges", .list, "Returns among the alternatives that are not clearly beaten, one a channel."),
                ResultField("ranges[].quantity", .text, "As in curves_roi.csv."),
                ResultField("ranges[].as_given", .number, "Mean of the model as given."),
                ResultField("ranges[].lowest", .number, "The lowest mean."),
                ResultField("ranges[].highest", .number, "The highest mean."),
            ])

    private static func own(_ path: String, _ column: ResultField) -> ResultField {
        var field = column
        field.name = path + column.name
        return field
    }
}

extension PlaceboSummary {
    /// `placebo.json`, by the paths of its keys.
    package static let file = ResultFile(
        fileName, of: ["tutti check --placebo"], "placebo.csv as one document, with what it says.",
        fields: [
            ResultField("passed", .boolean, "Whether as many intervals hold 0 as chance lets expect."),
            ResultField("reasons", .list, "Why not, a sentence each."),
            ResultField("warnings", .list, "What else to know, a sentence each."),
            ResultField("placebos", .whole, "Placebos."),
            ResultField("holding", .whole, "Those whose 90 % interval holds 0."),
            ResultField("nominal", .number, unit: "share", "Intervals that should: what each states."),
            ResultField(
                "probability", .number,
                "Of no more that hold 0 when each does so with that probability, by itself; below "
                    + "0.01 the model has not passed."),
            ResultField("median_prior_share", .number, "Median of `rows[].prior_share`; near 1 the data say nothing."),
            ResultField(
                "credited", .mapping, "What a prior of gains only would credit a placebo with; absent without spend."),
            ResultField("credited.q05", .number, "Median over placebos of `gain_q05` of placebo.csv."),
            ResultField("credited.q50", .number, "The same of `gain_q50`."),
            ResultField("credited.q95", .number, "The same of `gain_q95`."),
            ResultField("rows", .list, "One a placebo."),
        ]
            + StudyTables.placebos.file.fields.filter { !$0.name.hasPrefix("gain_") }
            .map { field in
                var own = field
                own.name = "rows[]." + field.name
                return own
            })
}
