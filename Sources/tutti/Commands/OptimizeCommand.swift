import Allocation
import Analysis
import ArgumentParser
import Cluster
import Fitting
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import ModelFile
import Results

struct OptimizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimize",
        abstract: "Split a budget over the periods that follow the data.",
        discussion: """
            Reads the results folder of `tutti fit` and finds the split of a budget that earns the most in the mean over the \
            whole posterior, with what media before the plan still bring, and what the plan brings after its end. Prints what \
            to move, what that is worth and how sure it is; writes allocation.csv, plan.csv and forecast.csv into the folder.

              tutti optimize results
              tutti optimize results --budget 2e6 --bounds 0.5:2 --fix tv --by period
              tutti optimize results --target-mroi 2.5 --risk cvar:0.1
              tutti optimize results --flight tv=3:40000
              tutti optimize results --plan plan.csv --out scored

            The current plan is what was spent in the last periods of the data, as many as are planned. Without a budget it is \
            split anew. Returns are money of KPI per money spent; profit is margin times revenue, less spend.
            """)

    @Argument(help: "The results folder of a fit.")
    var folder: String

    @OptionGroup
    var options: AllocationOptions

    @Option(
        help: "Score this plan instead: a CSV file with the columns channel and spend, and date and geo if need be.")
    var plan: String?

    @Option(help: "The model file that was fitted, for a results folder without bundle.json.")
    var model: String?

    @Flag(
        help: "Fit the model to alternate blocks of periods as well, and say what the plan of each gains by the other.")
    var crossFit = false

    @Option(help: "Draws of the posterior that are used, evenly taken (at most all).")
    var draws = 1000

    @Option(help: "Folder for the tables (default: the results folder).")
    var out: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        try check(draws, 2...100_000, "draws")
        guard !crossFit || plan == nil else {
            throw ValidationError("--cross-fit is about how a plan is chosen: leave --plan out.")
        }
    }

    /// A plan, what it does to the KPI, and what to say of it.
    struct Finding {
        var answer: AllocationAnswer
        var forecast: [ForecastRow]
        var outcome: AllocationOutcome
    }

    func run() throws {
        let found = try find(scoring: plan.map { (file: $0, text: try PlanFile.text(of: $0)) })
        try write(found.answer, found.forecast, to: out ?? folder)
        if json { try Output.printJSON(found.outcome.document) } else { print(found.outcome.text) }
    }

    /// Finds a plan, or scores one, and writes nothing.
    /// - Parameter plan: somebody's, with the name of its file; nil for the best.
    func find(scoring plan: (file: String, text: Data)?) throws -> Finding {
        let result = try fitted()
        let question = try options.question(for: result.model)
        let constrained = AllocationStudy<ProcessorMap>.taken(draws, from: result.constrained)
        let study: AllocationStudy<ProcessorMap>
        let answer: AllocationAnswer
        do throws(AllocationRefusal) {
            study = try AllocationStudy(
                question, model: result.model, constrained: constrained, by: ProcessorMap())
        } catch {
            throw UserError.unusable(refusalText(error, channels: Self.paidChannels(result.model)))
        }
        let given = try plan.map {
            try PlanFile($0.text, file: $0.file, layout: study.media.layout, names: study.names, model: result.model)
                .money
        }
        do throws(AllocationRefusal) {
            answer = if let given { try study.score(given) } else { try study.best() }
        } catch {
            throw UserError.unusable(refusalText(error, channels: study.names))
        }
        let halves = try crossFit && given == nil ? crossFitted(question, result) : nil
        let forecast = PlanForecast.rows(
            study.media, money: answer.money,
            key: StreamKey(seed: result.manifest.seed, kind: StreamKind.planForecast.rawValue, index: 0),
            by: ProcessorMap())
        return Finding(
            answer: answer, forecast: forecast,
            outcome: AllocationOutcome(
                answer, layout: study.media.layout, model: result.model, manifest: result.manifest,
                folder: out ?? folder, question: question, isGiven: given != nil, halves: halves))
    }

    static func paidChannels(_ model: MarketingMixModel) -> [String] {
        model.specification.channels.indices.filter { model.spend(channel: $0) > 0 }
            .map { model.specification.channels[$0] }.filter { $0.longTermOf == nil }.map(\.name)
    }

    private func crossFitted(_ question: AllocationQuestion, _ result: AcceptedResult) throws -> CrossFittedGain {
        do {
            return try CrossFittedGain(
                question, model: result.model, fit: WeightedFit(seed: result.manifest.seed), by: ProcessorMap())
        } catch {
            throw UserError.failed("the halves of the periods cannot be fitted: \(error)")
        }
    }

    private func fitted() throws -> AcceptedResult {
        do {
            if let model {
                let bundle = try ModelInput(path: model).bundle
                let result = try AcceptedResult(folder: folder, bundle: BundleArchive(bundle))
                guard result.isOf(bundle) else {
                    throw UserError.unusable(
                        "\(model): this is not what \(folder) was fitted from, or its data have changed. Mend: name the model "
                            + "file as it was, or fit it again.")
                }
                return result
            }
            guard let result = try AcceptedResult(folder: folder) else {
                throw UserError.unusable(
                    FileManager.default.fileExists(atPath: "\(folder)/run.json")
                        ? "\(folder) has no bundle.json, in which newer fits keep their model and data. Mend: name the model "
                            + "file with --model, or fit it again."
                        : "\(folder) is no results folder of `tutti fit`. Mend: name one.")
            }
            return result
        } catch let error as UserError {
            throw error
        } catch {
            throw UserError.unusable("\(folder): the fit cannot be read: \(error)")
        }
    }

    private func write(_ answer: AllocationAnswer, _ forecast: [ForecastRow], to target: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            for (name, text) in [
                PlanTables.allocation.written(answer.rows), PlanTables.plan.written(answer.cells),
                PlanTables.forecast.written(forecast),
            ] {
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(target)/\(name)"), options: .atomic)
            }
        } catch {
            throw UserError.unusable("\(target): the tables cannot be written: \(error.localizedDescription)")
        }
    }

    private func refusalText(_ refusal: AllocationRefusal, channels: [String]) -> String {
        func range(_ range: ClosedRange<Double>) -> String {
            "\(NumberText.decimal(range.lowerBound, 0)) to \(NumberText.decimal(range.upperBound, 0))"
        }
        switch refusal {
        case .noPrice:
            return
                "the KPI is in units, and nothing says what a unit of it is worth: no plan has a profit. Mend: give "
                + "kpi.revenue_per_kpi in the model file, and fit anew."
        case .nothingToChoose:
            return "no channel has money that could be moved. Mend: fix fewer channels, or plan more periods."
        case .unknownChannel(let name):
            return "'\(name)' is no channel with spend. Mend: name one of \(channels.joined(separator: ", "))."
        case .group(let name, let reachable):
            return
                "--group \(name): its channels can have \(range(reachable)) by their bounds. Mend: widen the bounds or the limits."
        case .flights(let names):
            return
                "--flight: no flights of \(names.joined(separator: ", ")) keep to bounds and budget. Mend: fewer periods or less "
                + "money in a flight, or wider --bounds."
        case .budget(let reachable):
            return
                "the budget cannot be spent: bounds and groups allow \(range(reachable)). Mend: another --budget, or wider --bounds."
        case .targetROI(let best):
            return
                "--target-roi: no plan within the bounds returns so much, the best that was seen \(NumberText.decimal(best, 2)). "
                + "Mend: a lower target, or wider --bounds."
        }
    }
}
