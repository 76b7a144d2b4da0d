import ArgumentParser
import Fitting
import Foundation

@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tutti-benchmarks",
        abstract: "Measure the numeric core against plain C and against itself, and the coordinator.",
        subcommands: [
            MeasureCommand.self, AllocationsCommand.self, SlipsCommand.self, WorldsCommand.self, ClusterCommand.self,
            CoordinatorCommand.self, EchoCommand.self, SequentialCommand.self,
            ScalingCommand.self, BootstrapCommand.self, EvidenceCommand.self, PlaceboCommand.self,
        ],
        defaultSubcommand: MeasureCommand.self)
}

struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Run every benchmark.",
        discussion: """
            Run it by Deploy/bench.sh, which builds it with and without wide vectors and pins it to one core.
            Ratios are medians of neighbouring turns in one run; figures in seconds hold for this machine only.
            """)

    @Flag(help: "Print one JSON object a line: name, value, unit, target, holds.")
    var json = false

    @Flag(help: "The build uses AVX2: apply the targets for it.")
    var wide = false

    @Option(help: "Only this group: elementary, gradient, allocations, threads, sampling or assembly.")
    var only: Group?

    enum Group: String, ExpressibleByArgument, CaseIterable {
        case elementary
        case gradient
        case allocations
        case threads
        case sampling
        case assembly
    }

    @Option(help: "The folder of the shipped model files.")
    var models = "Configs/models"

    func run() throws {
        var rows: [Row] = []
        for group in only.map({ [$0] }) ?? Group.allCases {
            switch group {
            case .elementary: rows += ElementaryBenchmark.rows()
            case .gradient: rows += try GradientBenchmark.rows(hasWideVectors: wide)
            case .allocations: rows += try AllocationBenchmark.rows()
            case .threads: rows += ThreadBenchmark.rows()
            case .assembly: rows += try AssemblyBenchmark.rows(models: URL(fileURLWithPath: models))
            case .sampling: rows += try SamplingBenchmark.rows(models: URL(fileURLWithPath: models))
            }
        }
        try rows.print(json: json)
    }
}

struct AllocationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allocations",
        abstract: "Count blocks of memory asked for by gradients and transitions; end with 1 when there is any.")

    func run() throws {
        let rows = try AllocationBenchmark.rows()
        try rows.print(json: false)
        guard rows.allSatisfy(\.holds) else { throw ExitCode.failure }
    }
}
