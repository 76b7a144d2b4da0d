extension Manifest {
    /// `run.json`, by the paths of its keys.
    package static let file = ResultFile(
        ResultsFolder.manifestName, of: ["tutti fit", "tutti check"],
        "What was run, how it went, and the hashes of all; the only file that knows of time. A key whose value does not "
            + "exist is left out. The verdict's rules: R-hat below 1.01 and effective sizes of 400 for reported "
            + "quantities, below 1.05 and of 100 for parameters.",
        fields: run + verdictFields + findings)

    private static let run = [
        ResultField("status", .text, "`succeeded`: the fit ran. Whether it converged is the verdict's."),
        ResultField("name", .text, "The model's."),
        ResultField("tutti", .text, "Version of the program."),
        ResultField(
            "fit", .text, "Digest of model, data, settings and numeric version: equal fits have equal digests."),
        ResultField("model_sha256", .text, "SHA-256 of the model file."),
        ResultField("data_sha256", .text, "SHA-256 of the data."),
        ResultField("binary_sha256", .text, "SHA-256 of the program."),
        ResultField("seed", .whole, "The seed."),
        ResultField("plan", .mapping, "What was asked for."),
        ResultField("plan.chains", .whole, "Chains."),
        ResultField("plan.warmup", .whole, unit: "iterations a chain", "Iterations that adapt and are not kept."),
        ResultField("plan.draws", .whole, unit: "iterations a chain", "Iterations that are kept."),
        ResultField("plan.until", .text, "What ended the chains, `draws` or `ess`."),
        ResultField("plan.start", .text, "`independent`, or `pooled` where scouts went before the chains."),
        ResultField("scouts", .mapping, "What the scouts came to; where chains were to begin with it."),
        ResultField("scouts.highest_r_hat", .number, "Split R-hat among them."),
        ResultField("scouts.used", .boolean, "Whether the chains began with what they found."),
        ResultField("plan.target_accept", .number, unit: "share", "The acceptance that step sizes are adapted to."),
        ResultField("plan.resamples", .whole, "Bootstrap resamples."),
        ResultField("plan.scheme", .text, "What resamples vary; see `resampling.scheme` of the model file."),
        ResultField(
            "plan.resample_method", .text, "What is told of each resample: `sampled`, draws; `map`, its maximum alone."),
        ResultField(
            "plan.block_length", .whole, unit: "periods",
            "Periods that a resample takes together; left out where it takes none."),
        ResultField("started_at", .text, unit: "ISO 8601, UTC", "When the job was submitted."),
        ResultField("finished_at", .text, unit: "ISO 8601, UTC", "When its results were put together."),
        ResultField("wall_seconds", .number, unit: "seconds", "Between the two."),
        ResultField(
            "cpu_seconds", .number, unit: "seconds",
            "Processor time of the tasks' last attempts; left out where a chain was let go when its draws were enough."),
        ResultField("recomputed_iterations", .whole, "Iterations known to have been run more than once."),
        ResultField("tasks", .list, "Scouts and chains, then resamples; replications, slices or alternatives."),
        ResultField("tasks[].label", .text, "`chain 1`."),
        ResultField("tasks[].iterations", .whole, "Iterations, warm-up counted."),
        ResultField("tasks[].attempts", .list, "Tries at the task; more than one after an interruption."),
        ResultField("tasks[].attempts[].epoch", .whole, "The try, from 1."),
        ResultField("tasks[].attempts[].worker", .text, "Who tried: host and process."),
        ResultField(
            "tasks[].attempts[].start_iteration", .whole, "Of the checkpoint it went on from; 0 from the beginning."),
        ResultField("tasks[].attempts[].last_iteration", .whole, "The furthest that was heard of."),
        ResultField("tasks[].attempts[].outcome", .text, "`done`, or how it ended otherwise."),
        ResultField("tasks[].recomputed_iterations", .whole, "As above, of the task."),
        ResultField(
            "tasks[].gradient_evaluations", .whole,
            "Evaluations of the log density's gradient; left out of a chain that was let go when its draws were enough."
        ),
        ResultField("tasks[].divergences", .whole, "Divergent draws after warm-up; left out where those are."),
        ResultField("tasks[].result", .text, "Digest that chains all draws of the task."),
        ResultField("units", .mapping, "In what figures are."),
        ResultField("units.*", .text, "Of `contribution` and of `roi`."),
        ResultField("money", .mapping, "What money is told in."),
        ResultField("money.currency", .text, "`kpi.currency`; left out where nobody says."),
        ResultField("money.vat", .text, "`kpi.vat`, `included` or `excluded`; left out where nobody says."),
        ResultField(
            "money.margin", .number, unit: "share of revenue",
            "`kpi.margin`; of margins that differ the mean, weighted by revenue; left out without one."),
        ResultField("warnings", .list, "Sentences about the figures, then about model and data."),
        ResultField("files", .mapping, "Every other file of the folder."),
        ResultField("files.*", .text, "SHA-256 of the file of that name."),
    ]

    private static let verdictFields =
        [
            ResultField("verdict", .mapping, "What the convergence gate, or a study, says."),
            ResultField("verdict.passed", .boolean, "Whether all passed."),
            ResultField(
                "verdict.outcome", .text,
                "`passed`, `figures_only` where a parameter failed and no reported quantity did, or `failed`; of fits."),
        ] + extremes("verdict", of: "reported quantities and parameters together")
        + [ResultField("verdict.quantities", .mapping, "The worst of the reported quantities.")]
        + extremes("verdict.quantities", of: "the reported quantities")
        + [ResultField("verdict.parameters", .mapping, "The worst of the parameters.")]
        + extremes("verdict.parameters", of: "the parameters")
        + [
            ResultField("verdict.divergences", .whole, "Divergent draws among `draws`."),
            ResultField("verdict.saturated", .whole, "Draws whose trajectory ended because it could grow no further."),
            ResultField("verdict.draws", .whole, "Draws of all chains after warm-up."),
            ResultField(
                "verdict.e_bfmi_min", .number,
                "The smallest of the chains' energy fractions (E-BFMI); a bad sign below 0.2."),
            ResultField("verdict.reasons", .list, "Why it failed, a sentence each."),
            ResultField("verdict.advice", .list, "What to try, a sentence each."),
            ResultField("verdict.warnings", .list, "What is worth knowing and no obstacle, a sentence each."),
        ]

    private static func extremes(_ path: String, of judged: String) -> [ResultField] {
        [
            ("r_hat_max", "The largest R-hat"), ("ess_bulk_min", "The smallest bulk effective sample size"),
            ("ess_tail_min", "The smallest tail effective sample size"),
        ].flatMap { key, words in
            [
                ResultField("\(path).\(key)", .mapping, "\(words) of \(judged)."),
                ResultField("\(path).\(key).name", .text, "Who has it."),
                ResultField("\(path).\(key).value", .number, "It; left out where it does not exist."),
            ]
        }
    }

    private static let findings = [
        ResultField(
            "loo", .mapping,
            "Leave-one-out cross-validation over the cells with a KPI (PSIS-LOO); not of fits too large for it."),
        ResultField("loo.elpd_loo", .number, unit: "log density per KPI unit", "Sum of the column of loo.csv."),
        ResultField("loo.se", .number, unit: "log density per KPI unit", "Its standard error over cells."),
        ResultField("loo.p_loo", .number, "Effective number of parameters."),
        ResultField("loo.pareto_k_limit", .number, "Above this Pareto k a cell's score is not to be trusted."),
        ResultField("loo.doubtful", .list, "Cells above it, at most 20: the date, with the geo before in a panel."),
        ResultField("loo.doubtful_count", .whole, "Their number."),
        ResultField("holdout", .mapping, "How well the periods that were held out are predicted; with `holdout`."),
        ResultField("holdout.periods", .whole, "Periods held out."),
        ResultField("holdout.cells", .whole, "Cells whose KPI was held out."),
        ResultField("holdout.elpd", .number, unit: "log density per KPI unit", "Sum of the log predictive densities."),
        ResultField(
            "holdout.crps", .number, unit: "KPI units",
            "Mean continuous ranked probability score (Gneiting and Raftery 2007, equation 21); lower is better."),
        ResultField("holdout.coverage_90", .number, unit: "share", "Cells within their 90 % interval."),
        ResultField("holdout.mape", .number, unit: "share", "Mean of |mean prediction − KPI| ÷ |KPI|."),
        ResultField(
            "experiments", .list, "Lift tests beside what the model says of them ([Experiments](Experiments.md))."),
        ResultField("experiments[].name", .text, "The test's."),
        ResultField("experiments[].lift", .number, unit: "KPI units", "As measured."),
        ResultField("experiments[].se", .number, unit: "KPI units", "Its standard error."),
        ResultField("experiments[].model_mean", .number, unit: "KPI units", "The model's lift: mean over draws."),
        ResultField("experiments[].model_q05", .number, unit: "KPI units", "Its 5 % quantile."),
        ResultField("experiments[].model_q95", .number, unit: "KPI units", "Its 95 % quantile."),
        ResultField(
            "mediation", .list, "mediation.csv in short ([Mediators](Mediators.md)); where a channel `drives` another."),
        ResultField("mediation[].channel", .text, "The channel that drives."),
        ResultField("mediation[].mediator", .text, "The channel that is driven."),
        ResultField("mediation[].direct_mean", .number, unit: "KPI units", "What the channel brings by itself."),
        ResultField("mediation[].through_mean", .number, unit: "KPI units", "What it brings through the mediator."),
        ResultField("mediation[].total_mean", .number, unit: "KPI units", "By itself and through all its mediators."),
        ResultField("mediation[].total_q05", .number, unit: "KPI units", "Its 5 % quantile."),
        ResultField("mediation[].total_q95", .number, unit: "KPI units", "Its 95 % quantile."),
    ]
}
