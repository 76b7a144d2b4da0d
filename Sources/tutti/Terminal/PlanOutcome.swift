import Cluster
import Fitting

/// What a fit will cost, at the terminal and as JSON.
struct PlanOutcome {
    let name: String
    let settings: FitSettings
    let workers: Int
    let cores: Int
    let calibration: Calibration
    /// Of all draws.
    private let forecast: FitForecast
    /// Of the draws of the first round, where chains may end with it.
    private let earliest: FitForecast?

    private static let workerCounts = [1, 2, 4, 8, 16, 32, 64]

    init(name: String, settings: FitSettings, workers: Int, cores: Int, calibration: Calibration) {
        self.name = name
        self.settings = settings
        self.workers = workers
        self.cores = cores
        self.calibration = calibration
        forecast = FitForecast(settings, calibration.measurement)
        let rounds = FitPlan(settings).rounds
        earliest =
            rounds.count > 1
            ? rounds.first.map { draws in
                var short = settings
                short.draws = draws
                return FitForecast(short, calibration.measurement)
            } : nil
    }

    private var measurement: FitMeasurement { calibration.measurement }

    private var kinds: [(name: String, work: FitForecast.Work)] {
        [
            ("scout", forecast.scouts), ("chain", forecast.chains),
            (FitPlan(settings).hasBatches ? "resample batch" : "resample", forecast.resamples),
        ]
        .filter { !$0.1.seconds.isEmpty }
    }

    // MARK: For people

    var text: String { ([heading, costs, "", summary, "", scaling, ""] + notes).joined(separator: "\n") }

    private var heading: String {
        let resamples =
            settings.resamples > 0
            ? " and \(Self.count(settings.resamples, settings.resampleMethod == .map ? "MAP resample" : "resample"))"
            : ""
        return
            "\(name): \(Self.count(settings.chains, "chain")) of \(settings.warmup) + \(settings.draws) iterations\(resamples), "
            + "\(calibration.dimension) parameters sampled\n"
    }

    private var costs: String {
        let rows = kinds.map { name, work in
            [
                name, "\(work.seconds.count)", Self.seconds(work.processorSeconds / Double(work.seconds.count)),
                Self.seconds(work.processorSeconds), Self.measured(work),
            ]
        }
        let assembled = calibration.assembledDraws.map(String.init).joined(separator: ", ")
        let others = [
            [
                "results", "1", "", Self.seconds(forecast.assemblyProcessorSeconds),
                "put together of \(assembled) draws"
                    + (calibration.assembledResamples > 0 ? ", \(calibration.assembledResamples) resamples" : ""),
            ],
            ["start", "", "", Self.seconds(measurement.startProcessorSeconds), "a fit of a few draws"],
            ["all", "", "", Self.seconds(forecast.processorSeconds), ""],
        ]
        return TextTable(
            header: ["what", "tasks", "each", "CPU time", "measured"], rows: rows + others, numeric: [1, 2, 3],
            width: Output.width
        ).text
    }

    private static func measured(_ work: FitForecast.Work) -> String {
        let rates = work.traces.map(\.secondsPerGradient)
        let rate = rates.reduce(0, +) / Double(max(1, rates.count))
        let cut = work.traces.count - work.finishedCount
        let far = work.traces.map(\.iteration).min() ?? 0
        return "\(work.traces.count) of them"
            + (cut == 0 ? "" : ", \(cut) of these up to iteration \(far) or later")
            + "; \(NumberText.short(work.gradients)) gradients of \(NumberText.short(rate * 1e6)) µs"
    }

    private var summary: String {
        let rows = [
            [
                "wall time with \(Self.count(workers, "worker"))",
                range { Self.seconds($0.wallSeconds(workers: workers)) },
            ],
            ["CPU time", range { Self.seconds($0.processorSeconds) }],
            ["memory of a slot", MemorySize.words(measurement.slotByteCount)],
            ["memory of the coordinator", range { MemorySize.words($0.coordinatorByteCount) }],
        ]
        let width = rows.map { $0[0].count }.max() ?? 0
        return rows.map { pad($0[0], width + 2) + $0[1] }.joined(separator: "\n")
    }

    /// From the first round to the last, where chains may end between.
    private func range(_ words: (FitForecast) -> String) -> String {
        guard let earliest else { return words(forecast) }
        return "\(words(earliest)) to \(words(forecast))"
    }

    private var scaling: String {
        let table = TextTable(
            header: ["workers", "wall time"],
            rows: Self.workerCounts.map { count in ["\(count)", range { Self.seconds($0.wallSeconds(workers: count)) }]
            },
            numeric: [0, 1])
        let enough = forecast.enoughWorkers
        return table.text + "\nMore than \(Self.count(enough, "worker")) "
            + (enough == 1 ? "does" : "do") + " not help: what is left is the longest chain and what only one can do."
    }

    private var notes: [String] {
        var notes: [String] = []
        if earliest != nil {
            let rounds = FitPlan(settings).rounds
            notes.append(
                "Chains end after the first of \(rounds.count) rounds, of \(rounds[0]) to \(rounds[rounds.count - 1]) "
                    + "draws, that is enough; which, nobody knows before. Of each figure the first and the last.")
        }
        if kinds.contains(where: { $0.work.traces.contains { $0.isWarmingUp } }) {
            notes.append(
                "The trial ended in mid-warm-up: how long trajectories are later is a guess. A longer one says more: "
                    + "--calibration \(Int(calibrationNeeded.rounded(.up))).")
        }
        if measurement.processorShare < 0.9 {
            notes.append(
                "Other work left each task \(Int((measurement.processorShare * 100).rounded())) % of a core, and is taken to "
                    + "do so all the time.")
        }
        if settings.resamples > 0, calibration.assembledResamples == 0 {
            notes.append("No resample came to its end: what putting them together takes is not counted.")
        }
        if workers > cores {
            notes.append("This machine has \(Self.count(cores, "core")): more workers than that need others like it.")
        }
        notes.append(
            "Assumed: workers with a core each, as fast as this one; a coordinator with the \(Self.count(cores, "core")) and "
                + "the disk of this machine. Memory of a slot is its own, as --memory-per-slot counts it, without the program that all "
                + "processes of a machine share; that of the coordinator is all.")
        return notes
    }

    /// Seconds after which a task of each kind would have been run to its end, were it as long as is guessed.
    private var calibrationNeeded: Double {
        let longest = kinds.map { $0.work.processorSeconds / Double($0.work.seconds.count) }.max() ?? 0
        return 1.2 * longest * Double(kinds.count)
    }

    private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

    private static func seconds(_ seconds: Double) -> String {
        seconds < 60 ? "\(NumberText.decimal(seconds, seconds < 9.95 ? 1 : 0)) s" : ProgressDisplay.duration(seconds)
    }

    // MARK: As JSON

    struct Document: Encodable {
        struct Tasks: Encodable {
            var kind: String
            var count: Int
            var tried: Int
            var finished: Int
            var gradients: Double
            var secondsPerGradient: Double
            var cpuSeconds: Double

            enum CodingKeys: String, CodingKey {
                case kind, count, tried, finished, gradients
                case secondsPerGradient = "seconds_per_gradient"
                case cpuSeconds = "cpu_seconds"
            }
        }

        struct Results: Encodable {
            var triedDraws: [Int]
            var triedResamples: Int
            var cpuSeconds: Double
            var wallSeconds: Double

            enum CodingKeys: String, CodingKey {
                case triedDraws = "tried_draws"
                case triedResamples = "tried_resamples"
                case cpuSeconds = "cpu_seconds"
                case wallSeconds = "wall_seconds"
            }
        }

        struct Start: Encodable {
            var cpuSeconds: Double
            var wallSeconds: Double

            enum CodingKeys: String, CodingKey {
                case cpuSeconds = "cpu_seconds"
                case wallSeconds = "wall_seconds"
            }
        }

        struct Round: Encodable {
            var draws: Int
            var cpuSeconds: Double
            var wallSeconds: Double
            var coordinatorBytes: Int

            enum CodingKeys: String, CodingKey {
                case draws
                case cpuSeconds = "cpu_seconds"
                case wallSeconds = "wall_seconds"
                case coordinatorBytes = "coordinator_bytes"
            }
        }

        struct Point: Encodable {
            var workers: Int
            var wallSeconds: Double

            enum CodingKeys: String, CodingKey {
                case workers
                case wallSeconds = "wall_seconds"
            }
        }

        var name: String
        var workers: Int
        var dimension: Int
        var wallSeconds: Double
        var cpuSeconds: Double
        var taskCPUSeconds: Double
        var slotBytes: Int
        var coordinatorBytes: Int
        var tasks: [Tasks]
        var results: Results
        var start: Start
        var processorShare: Double
        var scaling: [Point]
        var enoughWorkers: Int
        var firstRound: Round?
        var notes: [String]

        enum CodingKeys: String, CodingKey {
            case name, workers, dimension, tasks, results, start, scaling, notes
            case wallSeconds = "wall_seconds"
            case cpuSeconds = "cpu_seconds"
            case taskCPUSeconds = "task_cpu_seconds"
            case slotBytes = "slot_bytes"
            case coordinatorBytes = "coordinator_bytes"
            case processorShare = "processor_share"
            case enoughWorkers = "enough_workers"
            case firstRound = "first_round"
        }
    }

    var document: Document {
        Document(
            name: name, workers: workers, dimension: calibration.dimension,
            wallSeconds: forecast.wallSeconds(workers: workers), cpuSeconds: forecast.processorSeconds,
            taskCPUSeconds: forecast.taskProcessorSeconds, slotBytes: measurement.slotByteCount,
            coordinatorBytes: forecast.coordinatorByteCount,
            tasks: kinds.map { name, work in
                Document.Tasks(
                    kind: name, count: work.seconds.count, tried: work.traces.count, finished: work.finishedCount,
                    gradients: work.gradients,
                    secondsPerGradient: work.traces.map(\.secondsPerGradient).reduce(0, +)
                        / Double(max(1, work.traces.count)),
                    cpuSeconds: work.processorSeconds)
            },
            results: Document.Results(
                triedDraws: calibration.assembledDraws, triedResamples: calibration.assembledResamples,
                cpuSeconds: forecast.assemblyProcessorSeconds, wallSeconds: forecast.assemblyWallSeconds),
            start: Document.Start(
                cpuSeconds: measurement.startProcessorSeconds, wallSeconds: measurement.startWallSeconds),
            processorShare: measurement.processorShare,
            scaling: Self.workerCounts.map {
                Document.Point(workers: $0, wallSeconds: forecast.wallSeconds(workers: $0))
            },
            enoughWorkers: forecast.enoughWorkers,
            firstRound: earliest.map {
                Document.Round(
                    draws: FitPlan(settings).rounds[0], cpuSeconds: $0.processorSeconds,
                    wallSeconds: $0.wallSeconds(workers: workers), coordinatorBytes: $0.coordinatorByteCount)
            },
            notes: notes)
    }
}
