import ArgumentParser
import Cluster
import Fitting
import Foundation
import Logging
import ModelDefinition
import ModelFile
import Recalibration
import Traces
import Tracing

struct RecalibrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recalibrate",
        abstract: "Refit models on new data, and let what passes take the place of the accepted results.",
        discussion: """
            For a timer that nobody watches. Each model is read with its new data; constants, priors and knots of the \
            accepted result stay; a provisional answer comes in seconds; chains begin warm; gates on data, convergence, \
            new periods, drift, decision and robustness say PROMOTE, HOLD or FAIL with a sentence each. On HOLD and FAIL \
            the accepted result stays. The plan's period is the name of the night: run twice, it does nothing the second \
            time, and after a crash it goes on where it was.

              recalibration: europe
              folder: accepted                     # below it a folder a model
              period: day                          # day, week or month
              audit: sunday                        # chains begin cold as well
              settings: {chains: 4, resamples: 20}
              models: [{model: uk.yaml}, {model: de.yaml, draws: 2000}]

              tutti recalibrate plan.yaml                       # on this machine
              tutti recalibrate plan.yaml --url http://HOST:8080   # through a coordinator
              tutti recalibrate plan.yaml --history
              tutti recalibrate plan.yaml --explain 2026-11-30 --model uk
              tutti recalibrate plan.yaml --override 2026-11-30 --model uk \\
                --by "A. Roe" --why "price change"

            Exit codes: 0 promoted, 5 held, 6 failed, of several models the worst; 1 the work could not be done, 2 \
            unusable input.
            """)

    @Argument(help: "The plan.")
    var plan: String

    @Option(help: "Only this model of the plan.")
    var model: String?

    @Option(help: "The day that the night is called after, as 2026-11-30 (default: today).")
    var date: String?

    @Flag(help: "List what the nights have come to.")
    var history = false

    @Option(help: ArgumentHelp("Tell everything that a night was judged by.", valueName: "night"))
    var explain: String?

    @Option(help: ArgumentHelp("Accept the result of a night that was held or has failed.", valueName: "night"))
    var override: String?

    @Option(help: "Who overrides.")
    var by: String?

    @Option(help: "Why.")
    var why: String?

    @Option(help: "Worker processes on this machine (default: one per core).")
    var workers: Int?

    @Option(
        help: """
            Append spans of nights and of their fits to this file, as OTLP JSON for OpenTelemetry's collector (default: \
            none).
            """)
    var traces: String?

    @OptionGroup
    var remote: RemoteOptions

    @OptionGroup(title: "Patience")
    var patience: PatienceOptions

    @Flag(help: "Print JSON, an object a line.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing but problems.")
    var quiet = false

    func validate() throws {
        if let workers, !(1...1024).contains(workers) { throw ValidationError("--workers must be from 1 to 1024.") }
        guard [history, explain != nil, override != nil].filter({ $0 }).count <= 1 else {
            throw ValidationError("Give one of --history, --explain and --override.")
        }
        if override != nil, by?.isEmpty != false || why?.isEmpty != false {
            throw ValidationError("--override needs --by, who overrides, and --why.")
        }
        if let date, CalendarDate(date) == nil { throw ValidationError("--date must be a day, as 2026-11-30.") }
    }

    func run() async throws {
        BrokenPipe.isAnError()
        let plan = try RecalibrationInput(path: plan, model: model)
        if history { return try show(plan) }
        if let explain { return try self.explain(explain, of: plan) }
        if let override { return try accept(override, of: plan) }
        try await recalibrate(plan)
    }

    // MARK: A night

    private func recalibrate(_ plan: RecalibrationInput) async throws {
        let night = try plan.night(date.flatMap { CalendarDate($0) })
        let isRemote = remote.url != nil || ProcessInfo.processInfo.environment["TUTTI_URL"] != nil
        let client = isRemote ? try remote.client : nil
        let tracer = try traces.map { path in
            try FileTracer(path: path, program: "recalibrate") { Output.complain($0) }
        }
        defer { tracer?.stop() }
        let worst = await withTaskGroup(of: Int32.self) { group in
            var worst: Int32 = 0
            for (index, model) in plan.models.enumerated() {
                if index >= (isRemote ? Self.modelsAtOnceMax : 1), let code = await group.next() {
                    worst = Self.worse(worst, code)
                }
                group.addTask { await recalibrate(model, of: plan, night: night, client: client, tracer: tracer) }
            }
            return await group.reduce(worst, Self.worse)
        }
        if worst != 0 { throw ExitCode(worst) }
    }

    /// Models whose nights a coordinator is asked for at the same time: it puts their tasks in order, and what is computed
    /// here of each is seconds. On this machine alone a fit has all cores, and one comes after the other.
    private static let modelsAtOnceMax = 8

    /// - Returns: the exit code of this model.
    private func recalibrate(
        _ model: PortfolioFile.Model, of plan: RecalibrationInput, night: NightKey, client: APIClient?,
        tracer: FileTracer?
    ) async -> Int32 {
        do {
            let outcome = try await run(model, of: plan, night: night, client: client, tracer: tracer)
            try report(outcome, model: model.name)
            await notify(plan, model: model.name, outcome)
            return Self.exitCode(outcome.entry.verdict)
        } catch let error as UserError {
            Output.complain("\(model.name): \(error.text)")
            return error.code
        } catch {
            Output.complain("\(model.name): \(error)")
            return 1
        }
    }

    private func run(
        _ model: PortfolioFile.Model, of plan: RecalibrationInput, night: NightKey, client: APIClient?,
        tracer: FileTracer?
    ) async throws -> Night.Outcome {
        let store = try NightStore(plan.folder(of: model))
        var engine: any NightEngine
        if let client {
            engine = RemoteEngine(client: client, queue: try plan.queue(of: model))
        } else {
            engine = LocalEngine(
                workers: workers ?? ProcessInfo.processInfo.activeProcessorCount,
                settings: patience.settings(workersDieWithCoordinator: true),
                logger: Logger(label: "tutti") { _ in
                    var handler = StreamLogHandler.standardError(label: "tutti")
                    handler.logLevel = .error
                    return handler
                })
        }
        if let tracer { engine = TracedEngine(engine, tracer: tracer) }
        let isSilent = quiet || json
        let name = model.name
        var run = try Night(
            Night.Request(
                night: night.rawValue, model: plan.path(of: model), settings: { plan.apply(model.settings, to: $0) },
                isAudit: plan.isAudit(date.flatMap { CalendarDate($0) }), bounds: plan.file.bounds, terms: plan.terms),
            store: store, engine: engine
        ) { if !isSilent { Output.complain("\(name): \($0)") } }
        guard let tracer else { return try await run.run() }
        let attributes: SpanAttributes = ["tutti.night": .string(night.rawValue), "tutti.model": .string(name)]
        return try await tracer.spanning("night", attributes) { span in
            let outcome = try await run.run()
            span.attributes["tutti.verdict"] = outcome.entry.verdict.rawValue
            span.attributes["tutti.known"] = outcome.wasKnown
            return outcome
        }
    }

    /// 0, 5 and 6 are answers; what could not be done is worse than any of them.
    private static func worse(_ one: Int32, _ other: Int32) -> Int32 {
        let order: [Int32] = [0, 5, 6, 2, 1]
        return (order.firstIndex(of: one) ?? 4) >= (order.firstIndex(of: other) ?? 4) ? one : other
    }

    private static func exitCode(_ verdict: Verdict) -> Int32 {
        switch verdict {
        case .promote: 0
        case .hold: 5
        case .fail: 6
        }
    }

    private func report(_ outcome: Night.Outcome, model: String) throws {
        let entry = outcome.entry
        if json {
            Output.printJSONLine(NightEvent(model: model, known: outcome.wasKnown, entry: entry))
        } else if !quiet {
            let known = outcome.wasKnown ? " (done before)" : ""
            print("\(model) \(entry.night): \(entry.verdict.rawValue.uppercased())\(known): \(entry.sentence)")
        }
    }

    /// What is notified has happened already: a webhook that does not answer changes nothing, and is told here.
    private func notify(_ plan: RecalibrationInput, model: String, _ outcome: Night.Outcome) async {
        guard !outcome.wasKnown, let webhook = plan.file.webhook else { return }
        do {
            try await Webhook(webhook, tokenFile: plan.file.webhookToken.map(plan.resolved)).post(
                NightEvent(model: model, known: false, entry: outcome.entry))
        } catch {
            Output.complain("\(model): the webhook was not told: \(error)")
        }
    }

    // MARK: What the trail says

    private func trails(_ plan: RecalibrationInput) throws -> [(model: String, trail: Trail)] {
        try plan.models.map { model in
            let folder = plan.folder(of: model)
            return (model.name, try Trail(NightStore.lines(inFolder: folder), of: folder))
        }
    }

    private func show(_ plan: RecalibrationInput) throws {
        for (model, trail) in try trails(plan) {
            for entry in trail.entries where json {
                Output.printJSONLine(NightEvent(model: model, known: true, entry: entry))
            }
            guard !json else { continue }
            let rows = trail.entries.map { entry in
                [
                    entry.night, entry.kind == .override ? "OVERRIDE" : entry.verdict.rawValue.uppercased(),
                    entry == trail.accepted ? "accepted" : "", entry.at, entry.sentence,
                ]
            }
            print(model)
            print(TextTable(header: ["night", "verdict", "", "at", "why"], rows: rows, numeric: []).text)
        }
    }

    private func explain(_ night: String, of plan: RecalibrationInput) throws {
        var found = false
        for (model, trail) in try trails(plan) {
            for entry in trail.entries where entry.night == night {
                found = true
                if json {
                    Output.printJSONLine(NightEvent(model: model, known: true, entry: entry))
                } else {
                    print(Self.words(entry, model: model))
                }
            }
        }
        guard found else { throw UserError.unusable("there was no night \(night). Mend: look at --history.") }
    }

    private static func words(_ entry: TrailEntry, model: String) -> String {
        var lines = ["\(model) \(entry.night): \(entry.verdict.rawValue.uppercased()), \(entry.at)"]
        if let by = entry.by, let why = entry.why { lines.append("  overridden by \(by): \(why)") }
        if let provisional = entry.provisional { lines.append("  provisional: \(provisional)") }
        if let start = entry.start {
            lines.append("  chains began \(start.rawValue)\(entry.basis.map { ", after \($0)" } ?? "")")
        }
        for gate in entry.gates {
            lines.append("  \(gate.gate.rawValue): \(gate.verdict.rawValue.uppercased()): \(gate.sentence)")
        }
        lines.append("  inputs \(entry.hashes.inputs)")
        if let model = entry.hashes.model { lines.append("  model  \(model)") }
        if let data = entry.hashes.data { lines.append("  data   \(data)") }
        lines.append("  binary \(entry.hashes.binary)")
        return lines.joined(separator: "\n")
    }

    private func accept(_ night: String, of plan: RecalibrationInput) throws {
        guard plan.models.count == 1, let model = plan.models.first else {
            throw UserError.unusable("the plan has several models. Mend: say which, with --model.")
        }
        do {
            let store = try NightStore(plan.folder(of: model))
            var trail = try Trail(store.lines(), of: store.path)
            let entry = try trail.override(
                night, by: by ?? "", why: why ?? "", at: ISO8601DateFormatter().string(from: Date()))
            try store.append(try trail.add(entry))
            try store.link(toResultsOf: entry.folder)
            try report(Night.Outcome(entry: entry, wasKnown: false), model: model.name)
        } catch let error as CoordinatorError {
            throw UserError.unusable(error.description)
        }
    }
}

/// What is printed, and told to a webhook, of a night.
private struct NightEvent: Encodable {
    var model: String
    /// True where it was done before.
    var known: Bool
    var entry: TrailEntry

    enum CodingKeys: String, CodingKey {
        case model, known
    }

    func encode(to encoder: any Encoder) throws {
        try entry.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(model, forKey: .model)
        try container.encode(known, forKey: .known)
    }
}
