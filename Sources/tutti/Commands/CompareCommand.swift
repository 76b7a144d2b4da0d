import ArgumentParser
import Results

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Rank fits of the same KPI by how well they predict what they have not seen.",
        discussion: """
            Reads the leave-one-out scores of results folders. `elpd` is the sum over cells of the log predictive density \
            of the KPI given all other cells: higher is better. A difference within two of its standard errors says \
            little. `k > 0.7` counts cells whose score is not to be trusted; with more than a few, hold out weeks instead \
            (`holdout: {last: 12}`).

              tutti compare results/geometric results/delayed
            """)

    @Argument(help: "Results folders of `tutti fit`, two or more.")
    var folders: [String]

    @Flag(help: "Print one JSON object a fit, best first.")
    var json = false

    func run() throws {
        let lines = try FitComparison(folders).lines
        if json {
            for line in lines { Output.printJSONLine(line) }
            return
        }
        let width = max(6, folders.map(\.count).max() ?? 0)
        func row(_ name: String, _ cells: [String]) -> String {
            pad(name, width) + cells.map { padLeft($0, 12) }.joined()
        }
        print(row("fit", ["elpd", "se", "difference", "se", "k > 0.7"]))
        for line in lines {
            let numbers = [line.elpd, line.se, line.difference, line.differenceSE].map { NumberText.decimal($0, 1) }
            print(row(line.folder, numbers + ["\(line.doubtfulCount)"]))
        }
    }
}
