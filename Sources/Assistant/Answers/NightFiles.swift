import Results

/// What `tutti recalibrate` leaves beside the results of a night.
enum NightFiles {
    /// Lies beside the results folder.
    static let moved = ResultFile(
        "../moved.json", of: ["tutti recalibrate"],
        "What moved between the accepted result and this one, and why: an entry a reported quantity.",
        fields: [
            ResultField("rows", .list, "Reported quantities."),
            ResultField("rows[].quantity", .text, "`contribution[CHANNEL]` or `roi[CHANNEL]`."),
            ResultField("rows[].old_mean", .number, "Mean of the accepted result."),
            ResultField("rows[].old_sd", .number, "Standard deviation of the accepted result."),
            ResultField("rows[].new_mean", .number, "Mean of this result."),
            ResultField("rows[].change", .number, "The second mean less the first."),
            ResultField("rows[].separation", .text, "Which causes could be told apart."),
            ResultField("rows[].unexplained", .boolean, "Whether the parts do not explain the change."),
        ]
            + [
                ("new_weeks", "periods that were not there before"),
                ("restated_history", "periods whose data were changed"),
                ("changed_model", "another model or other settings"),
                ("monte_carlo_error", "chance in the draws"),
            ].flatMap { name, words in
                [
                    ResultField("rows[].\(name).change", .number, "The part of the change that is due to \(words)."),
                    ResultField("rows[].\(name).error", .number, "The Monte Carlo error of that part."),
                ]
            })

    /// The audit trail, in the folder of the model.
    static let trail = "../../../trail.jsonl"
}
