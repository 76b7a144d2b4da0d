import Analysis
import ArgumentParser
import Cluster
import Fitting
import Foundation
import Kernels
import MarketingMix
import ModelDefinition

struct PlaceboCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "placebo",
        abstract: "Count how often intervals of channels that cannot work hold 0.",
        discussion: """
            Prints tables in Markdown; ends with 1 when fewer than 90 of 100 do in worlds whose model is right.
            Deploy/placebo.sh writes it to Deploy/placebo/results.md.
            """)

    @Option(help: "Worlds of each kind.")
    var worlds = 200

    @Option(help: "The seed of the first world; the others have those that follow.")
    var seed: UInt64 = 2001

    @Option(help: "Placebos of each shipped model.")
    var placebos = 40

    @Option(help: "The folder of the shipped model files.")
    var models = "Configs/models"

    private static let perWorld = 2
    private static let shipped = ["mmm_example", "quickstart", "robyn_knots"]

    /// Worlds, and the errors that are fitted to them.
    private struct Case {
        var kind: EvidenceWorld.Kind
        var errors: ErrorProcess
        var isRight: Bool

        static let all = [
            Case(kind: .rich, errors: .independent, isRight: true),
            Case(kind: .poor, errors: .independent, isRight: true),
            Case(kind: .autocorrelated, errors: .autoregressive, isRight: true),
            Case(kind: .autocorrelated, errors: .independent, isRight: false),
        ]
    }

    func run() throws {
        let cases = Case.all
        let studies = try ProcessorMap().tryMap(cases.count * worlds) { index -> PlaceboStudy in
            let own = cases[index / worlds]
            let world = EvidenceWorld(own.kind, seed: seed + UInt64(index % worlds)).model
            var specification = world.specification
            specification.errors = own.errors
            return try study(
                MarketingMixModel(specification: specification, dataset: world.dataset), count: Self.perWorld,
                seed: UInt64(index % worlds), by: SerialMap())
        }
        print("| worlds | errors of the model | model | placebos | hold 0 | median width, of the prior's |")
        print("| --- | --- | --- | ---: | ---: | ---: |")
        var right: [PlaceboRow] = []
        for (index, own) in cases.enumerated() {
            let rows = studies[index * worlds..<(index + 1) * worlds].flatMap(\.rows)
            if own.isRight { right += rows }
            print(
                "| \(own.kind.rawValue) | \(own.errors == .independent ? "independent" : "`ar1`") | "
                    + "\(own.isRight ? "right" : "wrong") | \(counts(rows)) |")
        }
        let held = right.count { $0.holdsZero }
        print("\n\(held) of \(right.count) placebos of right models hold 0: \(percent(held, right.count)).")
        try printShipped()
        guard 10 * held >= 9 * right.count else { throw ExitCode.failure }
    }

    private func printShipped() throws {
        print("\n| shipped model | placebos | hold 0 | median width, of the prior's | chance of so few | check |")
        print("| --- | ---: | ---: | ---: | ---: | --- |")
        for name in Self.shipped {
            let study = try study(Fits.shipped(name, in: models).model, count: placebos, seed: 1, by: ProcessorMap())
            print(
                "| \(name) | \(counts(study.rows)) | \(String(format: "%.3f", study.probabilityOfSoFew)) | "
                    + "\(study.passed ? "passed" : "failed") |")
        }
    }

    private func study(
        _ model: MarketingMixModel, count: Int, seed: UInt64, by processors: some ParallelMap
    ) throws -> PlaceboStudy {
        var settings = FitSettings(model.specification)
        settings.seed = seed
        settings.resamples = 0
        settings.study = .placebo(fits: Placebo.fitCount(of: count, model: model), count: count)
        settings.chains = 2
        settings.warmup = 400
        settings.draws = 500
        let tasks = FitPlan(settings).tasks
        let fixed = settings
        let records = try processors.tryMap(tasks.count) { index in
            var run = try TaskRun(model: model, settings: fixed, task: tasks[index])
            while !run.isFinished { try run.step() }
            return run.takeRecords()
        }
        return try PlaceboAssembly.assemble(model: model, settings: settings) { records[$0] }
    }

    private func counts(_ rows: [PlaceboRow]) -> String {
        let held = rows.count { $0.holdsZero }
        let shares = rows.map(\.priorShare).sorted()
        return "\(rows.count) | \(held) (\(percent(held, rows.count))) | "
            + String(format: "%.2f", (shares[(rows.count - 1) / 2] + shares[rows.count / 2]) / 2)
    }

    private func percent(_ count: Int, _ all: Int) -> String {
        String(format: "%.1f %%", 100 * Double(count) / Double(max(1, all)))
    }
}
