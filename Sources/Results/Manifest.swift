import Analysis

/// `run.json`: what was run, how it went, and the hashes of all. The one file of the folder that knows of time.
package struct Manifest: Codable, Sendable {
    package struct Plan: Codable, Sendable {
        package var chains: Int
        package var warmup: Int
        package var draws: Int
        package var targetAccept: Double
        package var resamples: Int
        /// What resamples vary, as `block_gamma`; nil in folders of older versions.
        package var scheme: String?
        /// `sampled`, or `map` where each resample tells its maximum alone; nil in folders of older versions.
        package var resampleMethod: String?
        /// Nil where nothing is weighed in blocks of periods.
        package var blockLength: Int?
        /// What ended the chains: `draws`, or `ess` where their draws were enough or the most that they might have.
        package var until: String
        /// `independent`, or `pooled` where scouts went before the chains.
        package var start: String

        package init(
            chains: Int, warmup: Int, draws: Int, targetAccept: Double, resamples: Int, scheme: String,
            resampleMethod: String, blockLength: Int?, until: String, start: String
        ) {
            self.resampleMethod = resampleMethod
            self.chains = chains
            self.warmup = warmup
            self.draws = draws
            self.targetAccept = targetAccept
            self.resamples = resamples
            self.scheme = scheme
            self.blockLength = blockLength
            self.until = until
            self.start = start
        }

        enum CodingKeys: String, CodingKey {
            case chains, warmup, draws, resamples, scheme, until, start
            case targetAccept = "target_accept"
            case resampleMethod = "resample_method"
            case blockLength = "block_length"
        }
    }

    /// One try at a task.
    package struct Attempt: Codable, Sendable {
        package var epoch: UInt64
        package var worker: String
        /// Iteration of the checkpoint it went on from; 0 from the beginning.
        package var startIteration: Int
        /// The furthest iteration that was heard of.
        package var lastIteration: Int
        package var outcome: String

        package init(epoch: UInt64, worker: String, startIteration: Int, lastIteration: Int, outcome: String) {
            self.epoch = epoch
            self.worker = worker
            self.startIteration = startIteration
            self.lastIteration = lastIteration
            self.outcome = outcome
        }

        enum CodingKeys: String, CodingKey {
            case epoch, worker, outcome
            case startIteration = "start_iteration"
            case lastIteration = "last_iteration"
        }
    }

    package struct Task: Codable, Sendable {
        package var label: String
        package var iterations: Int
        package var attempts: [Attempt]
        /// Iterations known to have been run more than once.
        package var recomputedIterations: Int
        /// Nil of a chain that was let go when its draws were enough.
        package var gradientEvaluations: Int?
        package var divergences: Int?
        /// Digest that chains all draws of the task.
        package var result: String

        package init(
            label: String, iterations: Int, attempts: [Attempt], recomputedIterations: Int, gradientEvaluations: Int?,
            divergences: Int?, result: String
        ) {
            self.label = label
            self.iterations = iterations
            self.attempts = attempts
            self.recomputedIterations = recomputedIterations
            self.gradientEvaluations = gradientEvaluations
            self.divergences = divergences
            self.result = result
        }

        enum CodingKeys: String, CodingKey {
            case label, iterations, attempts, divergences, result
            case recomputedIterations = "recomputed_iterations"
            case gradientEvaluations = "gradient_evaluations"
        }
    }

    /// What the chains that went before the others have come to.
    package struct Scouts: Codable, Sendable {
        /// Split R-hat among them; nil where it is undefined.
        package var highestRHat: Double?
        /// False where the chains warmed up by themselves, since the scouts did not agree.
        package var areUsed: Bool

        package init(highestRHat: Double, areUsed: Bool) {
            self.highestRHat = highestRHat.isFinite ? highestRHat : nil
            self.areUsed = areUsed
        }

        enum CodingKeys: String, CodingKey {
            case highestRHat = "highest_r_hat"
            case areUsed = "used"
        }
    }

    /// A figure and the quantity that has it; nil where the figure does not exist.
    package struct Extreme: Codable, Sendable {
        package var name: String
        package var value: Double?

        package init(name: String, value: Double) {
            self.name = name
            self.value = value.isFinite ? value : nil
        }
    }

    /// Leave-one-out cross-validation over the cells with a KPI.
    package struct CrossValidation: Codable, Sendable {
        package var expectedLogDensity: Double?
        package var standardError: Double?
        package var parameterCount: Double?
        /// Above this Pareto k an observation's figure is not to be trusted.
        package var shapeLimit: Double
        /// The observations above it, at most 20 of them: dates, with the geo before where the data is a panel.
        package var doubtful: [String]
        package var doubtfulCount: Int

        package init(
            expectedLogDensity: Double, standardError: Double, parameterCount: Double, shapeLimit: Double,
            doubtful: [String]
        ) {
            func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
            self.expectedLogDensity = finite(expectedLogDensity)
            self.standardError = finite(standardError)
            self.parameterCount = finite(parameterCount)
            self.shapeLimit = shapeLimit
            self.doubtful = Array(doubtful.prefix(20))
            doubtfulCount = doubtful.count
        }

        enum CodingKeys: String, CodingKey {
            case doubtful
            case expectedLogDensity = "elpd_loo"
            case standardError = "se"
            case parameterCount = "p_loo"
            case shapeLimit = "pareto_k_limit"
            case doubtfulCount = "doubtful_count"
        }
    }

    /// A lift test beside what the model says of it, in KPI units.
    package struct Experiment: Codable, Sendable {
        package var name: String
        /// As measured, with its standard error.
        package var lift: Double
        package var standardError: Double
        package var modelMean: Double
        package var modelQ05: Double
        package var modelQ95: Double

        package init(
            name: String, lift: Double, standardError: Double, modelMean: Double, modelQ05: Double, modelQ95: Double
        ) {
            self.name = name
            self.lift = lift
            self.standardError = standardError
            self.modelMean = modelMean
            self.modelQ05 = modelQ05
            self.modelQ95 = modelQ95
        }

        enum CodingKeys: String, CodingKey {
            case name, lift
            case standardError = "se"
            case modelMean = "model_mean"
            case modelQ05 = "model_q05"
            case modelQ95 = "model_q95"
        }
    }

    /// What a channel brings by itself and through one that it drives, in KPI units: the means of `mediation.csv`, and the
    /// 90 % interval of the total.
    package struct Mediation: Codable, Sendable {
        package var channel: String
        package var mediator: String
        package var directMean: Double
        package var throughMean: Double
        package var totalMean: Double
        package var totalQ05: Double
        package var totalQ95: Double

        package init(_ row: MediationRow) {
            channel = row.channel
            mediator = row.mediator
            directMean = row.direct.mean
            throughMean = row.through.mean
            totalMean = row.total.mean
            totalQ05 = row.total.q05
            totalQ95 = row.total.q95
        }

        enum CodingKeys: String, CodingKey {
            case channel, mediator
            case directMean = "direct_mean"
            case throughMean = "through_mean"
            case totalMean = "total_mean"
            case totalQ05 = "total_q05"
            case totalQ95 = "total_q95"
        }
    }

    /// The prediction of the periods that were held out, in KPI units.
    package struct Holdout: Codable, Sendable {
        package var periods: Int
        /// Cells whose KPI was held out.
        package var cells: Int
        /// Sum of the log predictive densities.
        package var logDensity: Double?
        /// Mean continuous ranked probability score.
        package var crps: Double?
        /// Share of cells within their 90 % interval.
        package var coverage: Double
        /// Mean absolute error of the mean prediction ÷ KPI.
        package var absolutePercentageError: Double?

        package init(
            periods: Int, cells: Int, logDensity: Double, crps: Double, coverage: Double,
            absolutePercentageError: Double
        ) {
            func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
            self.periods = periods
            self.cells = cells
            self.logDensity = finite(logDensity)
            self.crps = finite(crps)
            self.coverage = coverage
            self.absolutePercentageError = finite(absolutePercentageError)
        }

        enum CodingKeys: String, CodingKey {
            case periods, cells, crps
            case logDensity = "elpd"
            case coverage = "coverage_90"
            case absolutePercentageError = "mape"
        }
    }

    /// What money is told in.
    package struct Money: Codable, Sendable {
        /// ISO 4217 code; nil where nobody says.
        package var currency: String?
        /// `included` or `excluded`; nil where nobody says.
        package var vat: String?
        /// What is left of revenue before media; of margins that differ the mean, weighted by revenue. Nil without one.
        package var margin: Double?

        package init(currency: String?, vat: String?, margin: Double?) {
            self.currency = currency
            self.vat = vat
            self.margin = margin
        }
    }

    /// `succeeded`: the fit ran; whether it converged is the verdict's.
    package let status: String
    package let name: String
    /// Version of the program.
    package let tutti: String
    /// Digest of model, data, settings and numeric version: equal fits have equal digests.
    package let fit: String
    package let modelSHA256: String
    package let dataSHA256: String
    package let binarySHA256: String
    package let seed: UInt64
    package let plan: Plan
    /// ISO 8601, UTC.
    package let startedAt: String
    package let finishedAt: String
    package let wallSeconds: Double
    /// Of the tasks' last attempts; nil where a chain was let go when its draws were enough.
    package let cpuSeconds: Double?
    package let recomputedIterations: Int
    package let tasks: [Task]
    package let verdict: Verdict
    /// Nil where no scouts went before the chains.
    package let scouts: Scouts?
    /// Nil where the fit was too large for it.
    package let crossValidation: CrossValidation?
    package let holdout: Holdout?
    /// In the order of the model file; nil without experiments.
    package let experiments: [Experiment]?
    /// Nil where no channel drives another.
    package let mediation: [Mediation]?
    /// Of the figures by what they are: `contribution` and `roi`.
    package let units: [String: String]?
    /// Nil in folders of older versions.
    package let money: Money?
    /// About the figures, then about model and data.
    package let warnings: [String]
    /// SHA-256 of every other file.
    package private(set) var files: [String: String]

    /// - Parameters:
    ///   - experiments: empty for none, as `mediation`.
    package init(
        run: Run, seed: UInt64, plan: Plan, verdict: Verdict, scouts: Scouts? = nil,
        crossValidation: CrossValidation? = nil, holdout: Holdout? = nil, experiments: [Experiment] = [],
        mediation: [Mediation] = [], units: [String: String]? = nil, money: Money? = nil,
        warnings: [String]
    ) {
        status = "succeeded"
        name = run.name
        tutti = run.version
        fit = run.identity.fit
        modelSHA256 = run.identity.model
        dataSHA256 = run.identity.data
        binarySHA256 = run.identity.binary
        self.seed = seed
        self.plan = plan
        startedAt = run.startedAt
        finishedAt = run.finishedAt
        wallSeconds = run.wallSeconds
        cpuSeconds = run.cpuSeconds
        recomputedIterations = run.tasks.reduce(0) { $0 + $1.recomputedIterations }
        tasks = run.tasks
        self.verdict = verdict
        self.scouts = scouts
        self.crossValidation = crossValidation
        self.holdout = holdout
        self.experiments = experiments.isEmpty ? nil : experiments
        self.mediation = mediation.isEmpty ? nil : mediation
        self.units = units
        self.money = money
        self.warnings = warnings
        files = [:]
    }

    /// The same with the digests of the folder's other files.
    package func vouching(for files: [String: String]) -> Manifest {
        var manifest = self
        manifest.files = files
        return manifest
    }

    enum CodingKeys: String, CodingKey {
        case status, name, tutti, fit, seed, plan, tasks, verdict, warnings, files, holdout, experiments, mediation,
            units, money, scouts
        case modelSHA256 = "model_sha256"
        case dataSHA256 = "data_sha256"
        case binarySHA256 = "binary_sha256"
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case wallSeconds = "wall_seconds"
        case cpuSeconds = "cpu_seconds"
        case recomputedIterations = "recomputed_iterations"
        case crossValidation = "loo"
    }
}
