import Cluster
import Coordination
import Results

/// What commands print as JSON, and what `tutti simulate` writes, for the reference of result files.
enum CommandFiles {
    static let all = [
        truth, progress, finished, planned, compared, allocated, submitted, submittedPortfolio, portfolio, replay, jobs,
        job, wait,
        workers, overview, live,
        results, keys, backup, verification,
        recovery,
        tokens, densities, diagnosis,
    ]

    private static let diagnosis = ResultFile(
        "diagnosis", of: ["tutti doctor --json"], "One JSON object: what the program is, and whether it works here.",
        fields: [
            ResultField("version", .text, "The program's version."),
            ResultField("built_for", .text, "The level of processors that it was built for."),
            ResultField("processor", .text, "The highest such level that this processor has."),
            ResultField("fingerprint", .text, "Digest of what the numeric core computes here."),
            ResultField("processors", .whole, "Processors that it may use."),
            ResultField("memory_bytes", .whole, unit: "bytes", "The machine's memory."),
            ResultField("checks", .list, "What was looked at."),
            ResultField("checks[].name", .text, "`temporary`, `fit` or `coordinator`."),
            ResultField("checks[].finding", .text, "What was found, and the mend where it is not as it has to be."),
            ResultField("checks[].passed", .boolean, "Whether it is."),
        ])

    private static let truth = ResultFile(
        "truth.json", of: ["tutti simulate"], "What made the data.",
        fields: [
            ResultField("seed", .whole, "The seed."),
            ResultField("world", .text, "What `--world` says."),
            ResultField("parameters", .mapping, "The parameters that were drawn from the prior."),
            ResultField("parameters.*", .number, "Its value, by its name in summary.csv."),
            ResultField("channels", .list, "Channels in the order of the model file."),
            ResultField("channels[].name", .text, "The channel."),
            ResultField(
                "channels[].contribution", .number, unit: "KPI units", "What it brought in the periods of the data."),
            ResultField("channels[].spend", .number, unit: "money", "What it cost."),
            ResultField("hidden", .mapping, "What the model does not know of; in such worlds."),
            ResultField("hidden.channel", .text, "With whose exposure the hidden demand goes."),
            ResultField("hidden.demand", .list, unit: "KPI units", "The hidden demand by cell."),
            ResultField(
                "hidden.errors", .list, unit: "KPI units", "The errors by cell, each leaning on the one before."),
        ])

    private static let progress = ResultFile(
        "progress lines", of: ["tutti fit --json", "tutti check --json"],
        "JSON objects, one a line, until the work is done.",
        fields: [
            ResultField("event", .text, "`resumed` once where an interrupted fit goes on, else `progress`."),
            ResultField("progress", .mapping, "How far the job is."),
        ] + job("progress."))

    private static let finished = ResultFile(
        "last line", of: ["tutti fit --json"],
        "One JSON object when the work is done. The last lines of `tutti check --json` are the content of sbc.json, that of "
            + "curves.json or placebo.json, or the records of slices.csv as mappings of texts.",
        fields: [
            ResultField("event", .text, "`finished`."),
            ResultField("directory", .text, "The results folder."),
            ResultField("passed", .boolean, "As `verdict.passed` of run.json."),
            ResultField("outcome", .text, "As `verdict.outcome` of run.json."),
            ResultField("reasons", .list, "Why the gate was not passed, a sentence each."),
            ResultField("advice", .list, "What to try, a sentence each."),
            ResultField("warnings", .list, "Those of the verdict and of run.json, a sentence each."),
        ])

    private static let planned = ResultFile(
        "forecast", of: ["tutti plan --json"], "One JSON object: what a fit will cost, by what was measured of it.",
        fields: [
            ResultField("name", .text, "The model's name."),
            ResultField("workers", .whole, "Workers of one slot, as `--workers` says."),
            ResultField("dimension", .whole, "Parameters that are sampled."),
            ResultField("wall_seconds", .number, unit: "seconds", "From the beginning to the results."),
            ResultField("cpu_seconds", .number, unit: "seconds", "Processor time of all processes."),
            ResultField(
                "task_cpu_seconds", .number, unit: "seconds",
                "Of its tasks alone: what `cpu_seconds` of run.json will be."),
            ResultField(
                "slot_bytes", .whole, unit: "bytes",
                "Memory of its own of a worker's slot, as `--memory-per-slot` counts."),
            ResultField(
                "coordinator_bytes", .whole, unit: "bytes",
                "The most memory that the coordinator holds, when results are put together."),
            ResultField("tasks", .list, "Kinds of tasks."),
            ResultField("tasks[].kind", .text, "`scout`, `chain`, `resample` or `resample batch`."),
            ResultField("tasks[].count", .whole, "Tasks of the fit."),
            ResultField("tasks[].tried", .whole, "Those that were tried."),
            ResultField("tasks[].finished", .whole, "Those that were tried to their end."),
            ResultField("tasks[].gradients", .number, "Gradient evaluations of one task, in the mean."),
            ResultField("tasks[].seconds_per_gradient", .number, unit: "seconds", "Processor time of one evaluation."),
            ResultField("tasks[].cpu_seconds", .number, unit: "seconds", "Processor time of all tasks of the kind."),
            ResultField("results", .mapping, "Results, put together on the coordinator."),
            ResultField("results.tried_draws", .list, "Draws of all chains together with which it was tried."),
            ResultField("results.tried_resamples", .whole, "Resamples with which it was tried."),
            ResultField("results.cpu_seconds", .number, unit: "seconds", "Processor time."),
            ResultField("results.wall_seconds", .number, unit: "seconds", "Wall time."),
            ResultField("start", .mapping, "Coordinator and workers, started and stopped."),
            ResultField("start.cpu_seconds", .number, unit: "seconds", "Processor time."),
            ResultField("start.wall_seconds", .number, unit: "seconds", "Wall time."),
            ResultField(
                "processor_share", .number, "Of a core, what each task had in the trial; 1 on an idle machine."),
            ResultField("scaling", .list, "The same fit with other numbers of workers."),
            ResultField("scaling[].workers", .whole, "Workers of one slot."),
            ResultField("scaling[].wall_seconds", .number, unit: "seconds", "Wall time with them."),
            ResultField("enough_workers", .whole, "More workers gain less than 2 % of the wall time."),
            ResultField(
                "first_round", .mapping,
                "The least that it may come to, with `until: ess`; all else is what it comes to at most."),
            ResultField("first_round.draws", .whole, "Draws of a chain in the first round."),
            ResultField("first_round.cpu_seconds", .number, unit: "seconds", "As `cpu_seconds`."),
            ResultField("first_round.wall_seconds", .number, unit: "seconds", "As `wall_seconds`."),
            ResultField("first_round.coordinator_bytes", .whole, unit: "bytes", "As `coordinator_bytes`."),
            ResultField("notes", .list, "What was assumed, and what is a guess, a sentence each."),
        ])

    static let compared = ResultFile(
        "lines of fits", of: ["tutti compare --json"], "JSON objects, one a fit, the best first.",
        fields: [
            ResultField("folder", .text, "The results folder."),
            ResultField(
                "elpd", .number, unit: "log density per KPI unit",
                "Sum over cells of the leave-one-out scores; higher is better."),
            ResultField("se", .number, unit: "log density per KPI unit", "Its standard error over cells."),
            ResultField("difference", .number, unit: "log density per KPI unit", "elpd less the best one's."),
            ResultField("difference_se", .number, unit: "log density per KPI unit", "Its standard error over cells."),
            ResultField("doubtful_count", .whole, "Cells whose Pareto k is above 0.7."),
        ])

    static let allocated = ResultFile(
        "plan of a budget", of: ["tutti optimize --json"],
        "One JSON object: what is in allocation.csv, and what the plan comes to in all.",
        fields: [
            ResultField("from", .text, "First day of the first planned period."),
            ResultField("to", .text, "First day of the last."),
            ResultField("periods", .whole, unit: "periods", "Planned periods."),
            ResultField("spend", .number, unit: "money", "Of the current plan."),
            ResultField("proposed", .number, unit: "money", "Of this one."),
            ResultField("margin", .number, unit: "share of revenue", "Profit before media per revenue."),
        ] + interval("profit", unit: "money", "Profit that media of the current plan add, less their cost.")
            + interval("proposed_profit", unit: "money", "The same of this plan.")
            + interval("gain", unit: "money", "The second less the first, at each draw.")
            + interval(
                "gain_on_halves", unit: "money",
                "What plans of fits to alternate blocks of periods gain by the other fit; with `--cross-fit`.")
            + [
                ResultField(
                    "gain_hoped_by_halves", .number, unit: "money", "What they gain by their own; with `--cross-fit`."),
                ResultField("chance", .number, unit: "share", "Draws at which the gain is above 0."),
                ResultField("worst_tenth", .number, unit: "money", "Mean of the worst tenth of `profit`."),
                ResultField(
                    "proposed_worst_tenth", .number, unit: "money", "Mean of the worst tenth of `proposed_profit`."),
                ResultField(
                    "expected_regret", .number, unit: "money",
                    "Mean over draws of the profit of each draw's own best plan less that of this one."),
                ResultField(
                    "residual", .number, unit: "money per money",
                    "Half of the largest difference of marginal profit that is left to be used; not of a plan that was given."
                ),
                ResultField("concave", .boolean, "Whether the plan is the best for certain."),
                ResultField("channels", .list, "One a channel with spend, as in allocation.csv."),
                ResultField("channels[].channel", .text, "Its name."),
                ResultField("channels[].spend", .number, unit: "money", "Now."),
                ResultField("channels[].proposed", .number, unit: "money", "In the plan."),
                ResultField("channels[].fixed", .boolean, "Whether it was not for choice."),
            ] + interval("channels[].mroi", unit: "KPI money per money", "Return of one per cent more than now.")
            + interval("channels[].proposed_mroi", unit: "KPI money per money", "The same of the plan.")
            + interval("channels[].optimum", unit: "money", "The money that would be best were the draw the truth.") + [
                ResultField(
                    "channels[].chance", .number, unit: "share",
                    "Draws at which it would be best to move it as proposed."),
                ResultField(
                    "channels[].information_value", .number, unit: "money",
                    "What it would be worth to know its response before choosing."),
                ResultField(
                    "channels[].extrapolates", .boolean,
                    "Whether it goes beyond 1.2 times the most that was ever spent."),
                ResultField("flights", .list, "Of channels that run in flights, with `--flight`."),
                ResultField("flights[].channel", .text, "Its name."),
                ResultField("flights[].from", .text, "First day of its first period."),
                ResultField("flights[].to", .text, "First day of its last period."),
                ResultField("flights[].periods", .whole, unit: "periods", "Periods in a row."),
                ResultField("flights[].spend", .number, unit: "money", "In all of them."),
                ResultField("sentences", .list, "The answer first, then what else to know."),
                ResultField("directory", .text, "The folder of the tables."),
            ])

    private static func interval(_ path: String, unit: String, _ meaning: String) -> [ResultField] {
        [
            ResultField(path, .mapping, meaning),
            ResultField(path + ".mean", .number, unit: unit, "Mean over draws."),
            ResultField(path + ".q05", .number, unit: unit, "5 % quantile."),
            ResultField(path + ".q95", .number, unit: unit, "95 % quantile."),
        ]
    }

    private static let submitted = ResultFile(
        "answer to a submission", of: ["tutti submit --json"], "One JSON object.",
        fields: [
            ResultField("id", .text, "The job's number."),
            ResultField("existed", .boolean, "Whether the same content was submitted before."),
        ])

    private static let submittedPortfolio = ResultFile(
        "answer to a portfolio", of: ["tutti submit PORTFOLIO --json"], "One JSON object.",
        fields: [
            ResultField("portfolio", .text, "The portfolio's name."),
            ResultField("models", .list, "Its models, in its order."),
            ResultField("models[].name", .text, "What the portfolio calls it."),
            ResultField("models[].job", .text, "The job's number."),
            ResultField("models[].existed", .boolean, "Whether the same content was submitted before."),
        ])

    private static let portfolio = ResultFile(
        "portfolio", of: ["tutti submit PORTFOLIO --wait --json", "tutti watch --portfolio --json"],
        "The portfolio when all its jobs are over, one JSON object.",
        fields: [
            ResultField("portfolio", .text, "The portfolio's name."),
            ResultField("models", .list, "Its models."),
            ResultField("models[].name", .text, "What the portfolio calls it."),
            ResultField("models[].job", .text, "The job's number."),
            ResultField("models[].state", .text, "`succeeded`, `failed`, `cancelled` or `held`."),
            ResultField("models[].text", .text, "Why it is in its state, where that needs saying."),
            ResultField(
                "models[].passed", .boolean, "As `verdict.passed` of run.json; left out where there is no verdict."),
            ResultField("models[].reasons", .list, "Why the gate was not passed, a sentence each."),
        ])

    static let jobs = ResultFile(
        "jobs",
        of: [
            "tutti jobs --json", "tutti jobs --pin --json", "tutti jobs --unpin --json", "tutti cancel --json",
            "tutti pause --json", "tutti resume --json",
            "tutti prioritise --json",
        ], "A list of jobs, the newest first; of what changes them a line a job.", fields: summary("[]."))

    static let wait = ResultFile(
        "wait", of: ["tutti why --json"], "Why a job waits, or that it does not, one JSON object.",
        fields: [
            ResultField("job", .text, "The job's number."),
            ResultField(
                "reason", .text, "One of " + WaitReason.words.map { "`\($0)`" }.joined(separator: ", ") + "."),
            ResultField("sentence", .text, "For people: why, and what would change it."),
        ])

    static let job = ResultFile(
        "job", of: ["tutti watch --json", "tutti submit --wait --json"], "The job when it is over, one JSON object.",
        fields: summary("") + tasks(""))

    private static let replay = ResultFile(
        "replay", of: ["tutti replay --json"], "One JSON object.",
        fields: [
            ResultField("job", .text, "The job's number."),
            ResultField("task", .text, "`chain 1`."),
            ResultField("seed", .whole, "The fit's seed."),
            ResultField("start_iteration", .whole, "Of the checkpoint from which it went on."),
            ResultField("heard_iteration", .whole, "The furthest that was heard of in any try."),
            ResultField("last_iteration", .whole, "The last that was run, or in which it ended."),
            ResultField("passed", .boolean, "Whether it ended without an error."),
            ResultField("text", .text, "The error, where there was one."),
        ])

    static let workers = ResultFile(
        "workers", of: ["tutti workers --json"], "A list of the workers that are connected.",
        fields: worker("[]."))

    private static let overview = ResultFile(
        "overview", of: ["tutti top --json"], "The cluster as it is, one JSON object a look, one a line.",
        fields: [
            counts,
            [ResultField("running", .list, "Jobs that run, are held or are being put together, the oldest first.")],
            liveJob("running[]."), waiting, summary("waiting[].job."),
            [ResultField("finished", .list, "The jobs that ended last.")], summary("finished[]."),
            [ResultField("workers", .list, "The workers that are connected.")], worker("workers[]."), events,
        ].flatMap { $0 })

    private static let counts: [ResultField] = [
        ResultField("version", .text, "The version of the coordinator."),
        ResultField("ready", .boolean, "Whether work can be stored."),
        ResultField("queue", .mapping, "How much there is to do, and who does it."),
        ResultField("queue.jobs", .mapping, "Jobs by state."), ResultField("queue.jobs.*", .whole, "Their number."),
        ResultField("queue.tasks", .mapping, "Tasks by state."), ResultField("queue.tasks.*", .whole, "Their number."),
        ResultField("queue.workers", .whole, "Workers that are connected."),
        ResultField("queue.slots", .whole, "Tasks that they can run at once."),
        ResultField("queue.busy_slots", .whole, "Tasks that they run now."),
    ]

    private static let waiting: [ResultField] = [
        ResultField("waiting", .list, "Jobs that wait."), ResultField("waiting[].job", .mapping, "The job."),
        ResultField("waiting[].reason", .text, "A word for why it waits; left out where it cannot be said."),
        ResultField("waiting[].sentence", .text, "Why it waits, and what would change it."),
    ]

    private static let events: [ResultField] = [
        ResultField("events", .list, "What has happened, the newest first."),
        ResultField("events[].at", .text, unit: "ISO 8601, UTC", "When."),
        ResultField("events[].level", .text, "`info`, `warning`, `error` or `critical`."),
        ResultField("events[].kind", .text, "What it is, in a word for programs."),
        ResultField("events[].text", .text, "What it is."),
        ResultField("events[].job", .text, "The job that it is about; left out where it is about none."),
        ResultField("events[].task", .text, "The task that it is about; left out where it is about none."),
        ResultField("events[].worker", .text, "The worker that it is about; left out where it is about none."),
        ResultField("events[].details", .text, "What else is to be said."),
    ]

    private static let live = ResultFile(
        "job that is watched", of: ["tutti top JOB --json"], "One JSON object a look, one a line.",
        fields: liveJob("") + figures)

    private static let figures: [ResultField] = [
        ResultField(
            "figures", .mapping, "What the draws that have come so far say; left out as long as there are too few."),
        ResultField("figures.chains", .whole, "Chains that have drawn enough to be looked at."),
        ResultField("figures.draws", .whole, "Draws that each of them has, at least."),
        ResultField("figures.looked_at", .whole, "Draws that were looked at, evenly taken, of all chains together."),
        ResultField("figures.highest_r_hat", .mapping, "The highest R-hat of all reported quantities."),
        ResultField("figures.highest_r_hat.name", .text, "Whose it is."),
        ResultField("figures.highest_r_hat.value", .number, "The figure."),
        ResultField("figures.lowest_bulk_ess", .mapping, "The lowest effective sample size of a bulk."),
        ResultField("figures.lowest_bulk_ess.name", .text, "Whose it is."),
        ResultField("figures.lowest_bulk_ess.value", .number, "The figure."),
        ResultField("figures.lowest_tail_ess", .mapping, "The lowest effective sample size of tails."),
        ResultField("figures.lowest_tail_ess.name", .text, "Whose it is."),
        ResultField("figures.lowest_tail_ess.value", .number, "The figure."),
        ResultField("figures.quantities", .list, "Returns of channels; contributions where none has spend."),
        ResultField("figures.quantities[].name", .text, "As in summary.csv."),
        ResultField("figures.quantities[].mean", .number, "Mean."),
        ResultField("figures.quantities[].q05", .number, "5 % quantile."),
        ResultField("figures.quantities[].q50", .number, "Median."),
        ResultField("figures.quantities[].q95", .number, "95 % quantile."),
        ResultField("figures.quantities[].ess_bulk", .number, "Effective sample size of the bulk."),
        ResultField("figures.quantities[].ess_tail", .number, "Effective sample size of the tails."),
        ResultField("figures.quantities[].r_hat", .number, "Split R-hat."),
    ]

    static let results = ResultFile(
        "list of result files", of: ["tutti results --json"], "A list of the files of a finished job.",
        fields: [
            ResultField("[].name", .text, "The file's name."),
            ResultField("[].media_type", .text, "What is in it."),
            ResultField("[].bytes", .whole, "Its size."),
            ResultField("[].sha256", .text, "SHA-256 of its bytes."),
        ])

    private static let tokens = ResultFile(
        "tokens", of: ["tutti tokens list --json"], "A list of the tokens that a coordinator takes.",
        fields: [
            ResultField("[].name", .text, "The token's name."),
            ResultField("[].role", .text, "`observer`, `submitter` or `operator`."),
            ResultField("[].project", .text, "Whose jobs its holder sees; of an operator, where its submissions go."),
        ])

    private static let keys = ResultFile(
        "keys", of: ["tutti keys list --json"], "A list of the keys that a coordinator lets in.",
        fields: [
            ResultField("[].name", .text, "The key's name."),
            ResultField("[].role", .text, "`worker` or `observer`."),
            ResultField("[].key", .text, "The public key, 40 characters of Z85."),
        ])

    private static let backup = ResultFile(
        "backup", of: ["tutti backup --json"], "One JSON object.",
        fields: [
            ResultField("folder", .text, "The backup's folder."),
            ResultField("files", .whole, "Files in it, but for backup.json, which lists them."),
            ResultField("bytes", .whole, unit: "bytes", "How long they are together."),
            ResultField("missing", .list, "Digests of blobs that were missing or damaged in the state folder."),
        ])

    private static let verification = ResultFile(
        "verification", of: ["tutti verify --json"], "One JSON object.",
        fields: [
            ResultField("folder", .text, "The folder that was checked."),
            ResultField("entries", .whole, "Entries of the ledger."),
            ResultField("open_jobs", .whole, "Jobs that are not over."),
            ResultField("finished_jobs", .whole, "Jobs that are."),
            ResultField("rows", .whole, "Blobs in the ledger."),
            ResultField("files", .whole, "Blobs in files."),
            ResultField("problems", .list, "What is wrong; empty when nothing is."),
            ResultField(
                "problems[].kind", .text, "`damaged ledger`, `damaged blob`, `missing blob` or `damaged file`."),
            ResultField("problems[].subject", .text, "A blob's digest, a file's path, or a sentence of SQLite's."),
            ResultField("problems[].use", .text, "What it is for."),
        ])

    private static let recovery = ResultFile(
        "recovery", of: ["tutti recover --json"], "One JSON object.",
        fields: [
            ResultField("folder", .text, "The state folder that was made."),
            ResultField("open_jobs", .whole, "Jobs of the backup that were not over."),
            ResultField("finished_jobs", .whole, "Jobs that were."),
            ResultField("lost", .list, "What could not be brought back, a sentence each."),
        ])

    private static let densities = ResultFile(
        "densities", of: ["tutti logp"], "Log densities at given points (`tutti logp --help`).",
        fields: [
            ResultField("order", .list, "The order of coordinates: parameters."),
            ResultField("order[].name", .text, "The parameter, with PyMC's suffix of its transform."),
            ResultField("order[].shape", .list, "Its shape."),
            ResultField("order[].labels", .list, "What the places along each of its dimensions are called."),
            ResultField("elements", .list, "The name of each coordinate, as in summary.csv."),
            ResultField("points", .list, "In the order of the question."),
            ResultField("points[].logp", .number, "Log density of the unconstrained point, with the Jacobian."),
            ResultField("points[].likelihood", .number, "The likelihood's part."),
            ResultField("points[].prior", .number, "The prior's part."),
            ResultField("points[].jacobian", .number, "The Jacobian's part."),
            ResultField("points[].gradient", .list, "The gradient of logp, in `order`."),
        ])

    private static func job(_ path: String) -> [ResultField] {
        identity(path)
            + [ResultField(path + "recomputed_iterations", .whole, "Iterations known to have been run more than once.")]
            + tasks(path)
    }

    private static func identity(_ path: String) -> [ResultField] {
        [
            ResultField(path + "id", .text, "The job's number."),
            ResultField(path + "name", .text, "The model's name."),
            ResultField(
                path + "state", .text,
                "`queued`, `running`, `paused`, `held`, `assembling`, `succeeded`, `failed` or `cancelled`."),
            ResultField(path + "text", .text, "Why it is in its state, where that needs saying."),
        ]
    }

    private static func summary(_ path: String) -> [ResultField] {
        identity(path) + [
            ResultField(path + "project", .text, "Whose work it is."),
            ResultField(
                path + "portfolio", .mapping, "With which others it was submitted; left out where it was alone."),
            ResultField(path + "portfolio.name", .text, "The portfolio's name."),
            ResultField(path + "portfolio.model", .text, "What the portfolio calls this job's model."),
            ResultField(
                path + "pinned", .boolean, "Whether its results are kept whatever the rule of retention says."),
            ResultField(
                path + "priority", .text,
                "The class in which it waits: `low`, `normal`, `high` or `urgent`, or a number."),
            ResultField(path + "submitted_at", .text, unit: "ISO 8601, UTC", "When it was submitted."),
            ResultField(path + "task_counts", .mapping, "How many tasks are in each state."),
            ResultField(
                path + "task_counts.*", .whole,
                "Their number, by `ready`, `leased`, `done`, `quarantined`, `failed`, `cancelled`."),
            ResultField(path + "iteration", .whole, "Completed iterations of all tasks, warm-up counted."),
            ResultField(path + "iterations", .whole, "All that are planned."),
            ResultField(path + "divergences", .whole, "Divergent draws after warm-up."),
            ResultField(path + "recomputed_iterations", .whole, "Iterations known to have been run more than once."),
        ]
    }

    private static func worker(_ path: String) -> [ResultField] {
        [
            ResultField(path + "name", .text, "Host and process."),
            ResultField(path + "slots", .whole, "Tasks that it can run at once."),
            ResultField(path + "tasks", .whole, "Tasks that it runs now."),
            ResultField(
                path + "memory", .whole, unit: "bytes",
                "Memory that a slot may use; left out where the worker has not said."),
            ResultField(path + "tags", .list, "Its tags."),
            ResultField(path + "leaving", .boolean, "Whether it leaves, or its host ends it soon."),
            ResultField(path + "silence_seconds", .number, unit: "s", "Since it was last heard."),
            ResultField(
                path + "gradients_per_second", .number, "Evaluations of the gradient a second, of all its tasks."),
            ResultField(path + "running", .list, "What it runs of the jobs that may be seen."),
            ResultField(path + "running[].job", .text, "The job's number."),
            ResultField(path + "running[].task", .text, "`chain 1`."),
        ]
    }

    private static func rates(_ path: String) -> [ResultField] {
        let meaning = "Its pace; left out as long as nothing can be said."
        return [
            ResultField(path + "iterations_per_second", .number, meaning),
            ResultField(path + "gradients_per_second", .number, meaning),
        ]
    }

    private static func liveJob(_ path: String) -> [ResultField] {
        let others = [
            ResultField(
                path + "seconds_left", .number, unit: "s",
                "Until its tasks are done, at this pace; left out where it cannot be said."),
            ResultField(path + "groups", .list, "Tasks that are no chains, by kind."),
            ResultField(path + "groups[].name", .text, "`resamples`."),
            ResultField(path + "groups[].tasks", .whole, "How many there are."),
            ResultField(path + "groups[].done", .whole, "Tasks that are done."),
            ResultField(path + "groups[].running", .whole, "Tasks that run."),
            ResultField(path + "groups[].lost", .whole, "Tasks that failed, were cancelled or are quarantined."),
            ResultField(path + "groups[].iteration", .whole, "Completed iterations of all."),
            ResultField(path + "groups[].iterations", .whole, "All that are planned."),
            ResultField(path + "groups[].divergences", .whole, "Divergent draws after warm-up."),
            ResultField(path + "chains[].worker", .text, "Who runs it; left out while nobody does."),
        ]
        let chains = tasks(path, "chains", "Its chains, and the scouts before them.")
        return summary(path) + rates(path) + others + chains + rates(path + "chains[].")
    }

    private static func tasks(
        _ prefix: String, _ name: String = "tasks", _ meaning: String = "As in run.json."
    ) -> [ResultField] {
        let path = prefix + name + "[]."
        return [
            ResultField(prefix + name, .list, meaning),
            ResultField(path + "label", .text, "`chain 1`."),
            ResultField(
                path + "state", .text, "`ready`, `leased`, `done`, `quarantined`, `failed` or `cancelled`."),
            ResultField(path + "iteration", .whole, "Completed iterations, warm-up counted."),
            ResultField(path + "iterations", .whole, "All that are planned."),
            ResultField(path + "warming_up", .boolean, "Whether the latest one adapts."),
            ResultField(path + "divergences", .whole, "Divergent draws after warm-up."),
            ResultField(path + "step_size", .number, "The latest step size; left out before there is one."),
            ResultField(path + "gradient_evaluations", .whole, "Evaluations of the gradient."),
            ResultField(path + "attempts", .whole, "Tries at the task."),
            ResultField(path + "start_iteration", .whole, "From which the latest try went on."),
        ]
    }
}
