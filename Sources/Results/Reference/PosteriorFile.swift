/// What `posterior.nc` holds: the variables that have names of their own, and its groups.
package enum PosteriorFile {
    // Reported quantities.
    package static let contribution = ResultField(
        "contribution", .number, unit: "KPI units", "What each channel brought within the window.")
    package static let roi = ResultField(
        "roi", .number, unit: "KPI money per money",
        "Revenue of the contribution ÷ spend, of channels with spend.")
    package static let marginalROI = ResultField(
        "mroi", .number, unit: "KPI money per money",
        "What one per cent more would return, of channels with spend.")
    package static let lift = ResultField(
        "lift", .number, unit: "KPI units", "What the model says of each lift test, as its result is given.")
    package static let baseline = ResultField(
        "baseline", .number, unit: "KPI units", "All components that are no channel, summed over the window.")
    package static let total = ResultField(
        "total", .number, unit: "KPI units", "The fitted KPI, summed over the window.")

    // What the sampler says of each draw.
    package static let logDensity = ResultField("lp", .number, "Log density of the posterior, up to a constant.")
    package static let acceptanceRate = ResultField(
        "acceptance_rate", .number, unit: "share", "Mean acceptance along the trajectory.")
    package static let stepSize = ResultField("step_size", .number, "Step size of the trajectory.")
    package static let nominalStepSize = ResultField(
        "step_size_nom", .number,
        "The chain's adapted step size, about which `step_size` varies; left out where it does not.")
    package static let energy = ResultField("energy", .number, "Hamiltonian at the draw.")
    package static let treeDepth = ResultField("tree_depth", .whole, "Doublings of the trajectory.")
    package static let leapfrogs = ResultField("n_steps", .whole, "Leapfrog steps of the trajectory.")
    package static let diverging = ResultField("diverging", .boolean, "Whether the trajectory diverged.")
    package static let reachedMaximumDepth = ResultField(
        "reached_max_treedepth", .boolean, "Whether the trajectory ended because it could grow no further.")

    // Where trajectories diverged.
    package static let divergenceChain = ResultField("divergence_chain", .whole, "The chain, from 0.")
    package static let divergenceDraw = ResultField("divergence_draw", .whole, "The draw, from 0.")

    // Data.
    package static let kpi = ResultField("kpi", .number, unit: "KPI units", "The KPI of each cell.")
    package static let logLikelihood = ResultField(
        "kpi", .number, unit: "log density", "Log density of the KPI of each cell at each draw, per unit of the KPI.")
    package static let replicatedKPI = ResultField(
        "kpi", .number, unit: "KPI units", "A KPI of each cell drawn from the model at each draw.")
    package static let priorKPI = ResultField(
        "kpi", .number, unit: "KPI units",
        "A KPI of each cell drawn from the model at each draw from the prior; NaN where its parameters make no distribution."
    )
    package static let predictedKPI = ResultField(
        "kpi", .number, unit: "KPI units",
        "A KPI of each held-out cell drawn from the model at each draw, given the KPI known before; NaN where none came."
    )
    package static let heldOutKPI = ResultField(
        "kpi", .number, unit: "KPI units", "The KPI that came, which the fit did not see; NaN where none came.")
    package static let spend = ResultField("spend", .number, unit: "money", "Spend of each channel in each cell.")
    package static let exposure = ResultField(
        "exposure", .number, unit: "that of the column",
        "Exposure of each channel in each cell; the spend where it is that.")
    package static let controls = ResultField(
        "control_data", .number, unit: "that of the column", "Each control in each cell.")

    private static let parameters = ResultField(
        "*", .number,
        "Every sampled parameter that is no reported quantity, by its name in summary.csv and with the labels there as "
            + "coordinates.")
    private static let coordinates = ResultField(
        "*", .number,
        "Every sampled parameter in the model's own coordinates, those of `tutti logp`: on the whole real line, by its name "
            + "in the model with the suffix of the transform, which is `_log__`, `_logodds__`, `_interval__`, "
            + "`_lowerbound__`, none, or `_mixed__` where elements differ. The group's attribute `order` has the names in "
            + "the order of `tutti logp`.")
    private static let logPrior = ResultField(
        "*", .number, unit: "log density",
        "Log density of each parameter's prior at each draw, summed over its elements, in the parameters themselves: "
            + "without the Jacobian of a transform; where a scale is learned, given that scale. The sum of all variables is "
            + "`prior` of `tutti logp`, whose `logp` has the `likelihood` and the `jacobian` besides.")
    private static let quantities = [contribution, roi, marginalROI, lift, baseline, total]

    /// By group; each has coordinates beside its variables.
    package static let groups = [
        group(
            "posterior",
            "Draws after warm-up, by chain and draw. Its attribute `marginalized_variables` lists the parameters that were "
                + "integrated out, and then drawn given the others, where any were.", [parameters] + quantities),
        group("unconstrained_posterior", "The same draws as the model sees them.", [coordinates]),
        group(
            "sample_stats",
            "What the sampler says of each draw. There is neither `energy_error` nor `max_energy_error` nor `inv_metric`: no draw "
                + "is kept with them.",
            [
                logDensity, acceptanceRate, stepSize, nominalStepSize, energy, treeDepth, leapfrogs, diverging,
                reachedMaximumDepth,
            ]),
        group("log_prior", "For what the prior does to the posterior, as ArviZ's `psense` asks.", [logPrior]),
        group(
            "prior",
            "Draws from the prior, one by one: there is no `sample_stats_prior`, for no sampler has anything to say.",
            [parameters]),
        group(
            "prior_predictive", "Data replicated at the draws of `prior`; not of data with more than 32,000 cells.",
            [priorKPI]),
        group("observed_data", "The KPI by cell: date, before it geo in a panel; NaN where it is not known.", [kpi]),
        group("constant_data", "Media and controls by cell.", [spend, exposure, controls]),
        group("log_likelihood", "For leave-one-out scores; not of fits too large for it.", [logLikelihood]),
        group("posterior_predictive", "Replications of the data; not of fits too large for it.", [replicatedKPI]),
        group(
            "predictions",
            "The KPI of the held-out periods: date, before it geo in a panel; only with `holdout`, and not of fits too large "
                + "for log_likelihood. Forecasts of periods after the data are made by `tutti optimize` (forecast.csv).",
            [predictedKPI]),
        group(
            "predictions_constant_data", "Media, controls and the KPI of the held-out periods; with predictions.",
            [spend, exposure, controls, heldOutKPI]),
        group(
            "divergences", "Where trajectories diverged: the first hundred places of each chain; only if any did.",
            [divergenceChain, divergenceDraw, parameters]),
        group(
            "bootstrap",
            "Reported quantities by resample, chain and draw; only with `resampling`. Its attribute `resample_method` is "
                + "`sampled` or `map`: then each resample has one chain of one draw, the figures at its maximum.",
            quantities),
    ]

    private static func group(_ name: String, _ meaning: String, _ variables: [ResultField]) -> ResultFile {
        ResultFile("\(ResultsFolder.posteriorName)/\(name)", of: ["tutti fit"], meaning, fields: variables)
    }
}

extension NetCDFVariable {
    /// A variable of which the reference says what it is.
    package init(_ field: ResultField, dimensions: [String], values: Values) {
        self.init(name: field.name, dimensions: dimensions, values: values)
    }
}
