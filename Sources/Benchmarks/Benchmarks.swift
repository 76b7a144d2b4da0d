import ArgumentParser
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

    @Option(help: "The folder of the shipped model files.")
    var models = "Configs/models"

    func run() throws {
        var rows = ElementaryBenchmark.rows()
        rows += try GradientBenchmark.rows(hasWideVectors: wide)
        rows += try AllocationBenchmark.rows()
        rows += ThreadBenchmark.rows()
        rows += try SamplingBenchmark.rows(models: URL(fileURLWithPath: models))
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
    }
}
