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
