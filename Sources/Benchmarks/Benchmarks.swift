import ArgumentParser
import Fitting
import Foundation

@main
struct Benchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tutti-benchmarks",
        abstract: "Measure the numeric core against plain C and against itself.",
        discussion: """
            Run it by Deploy/bench.sh, which builds it with and without wide vectors and pins it to one core.
            Ratios are medians of neighbouring turns in one run; figures in seconds hold for this machine only.
            """)

    @Flag(help: "Print one JSON object a line: name, value, unit, target, holds.")
    var json = false

    @Flag(help: "The build uses AVX2: apply the targets for it.")
    var wide = false

    @Flag(help: "Print a hash of the bits of a fixed battery of numerics, to compare builds and machines, and end.")
    var bits = false

    @Option(help: "Only this group: elementary, gradient, allocations, threads or sampling.")
    var only: Group?

    @Flag(help: "End with 1 when a figure misses its target.")
    var check = false

    enum Group: String, ExpressibleByArgument, CaseIterable {
        case elementary, gradient, allocations, threads, sampling
    }

    @Option(help: "The folder of the shipped model files.")
    var models = "Configs/models"

    func run() throws {
        if bits {
            let hash = KernelBattery.bits().reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ $1) &* 0x100_0000_01b3 }
            print(String(hash, radix: 16))
            return
        }
        var rows: [Row] = []
        for group in only.map({ [$0] }) ?? Group.allCases {
            switch group {
            case .elementary: rows += ElementaryBenchmark.rows()
            case .gradient: rows += try GradientBenchmark.rows(hasWideVectors: wide)
            case .allocations: rows += try AllocationBenchmark.rows()
            case .threads: rows += ThreadBenchmark.rows()
            case .sampling: rows += try SamplingBenchmark.rows(models: URL(fileURLWithPath: models))
            }
        }
        let width = rows.map(\.name.count).max() ?? 0
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for row in rows {
            if json {
                print(String(decoding: try encoder.encode(row), as: UTF8.self))
            } else {
                let name = row.name.padding(toLength: width, withPad: " ", startingAt: 0)
                let figure = String(format: "%12.4g %@", row.value, row.unit)
                print("\(name) \(figure)  \(row.target)\(row.holds ? "" : "  MISSED")")
            }
        }
        if check, !rows.allSatisfy(\.holds) { throw ExitCode(1) }
    }
}
