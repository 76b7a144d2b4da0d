import ArgumentParser
import Foundation

struct ClusterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Measure the coordinator: a process of its own, encrypted, every grant and result durable.",
        discussion: """
            The workers are the product's own machines and codec in threads of this process; their slots compute \
            nothing and answer at once. Figures hold for this machine and this disk; the raw rate of the sockets and the \
            disk's own time are printed beside them.

              Deploy/bench.sh --cluster
            """)

    @Flag(help: "Print one JSON object a line: name, value, unit, target, holds.")
    var json = false

    @Option(help: "Only this part: disk, raw, tasks, latency, queue, joining or restart.")
    var only: ClusterBenchmark.Part?

    @Option(help: "Tasks that are timed.")
    var tasks = 5_000

    @Option(help: "Tasks that wait while memory is measured.")
    var queued = 100_000

    @Option(help: "Slots of each of the four workers.")
    var slots = 16

    @Option(help: "A folder on the disk that is measured; what is made in it is removed.")
    var folder = "."

    @Option(help: "The model of the jobs.")
    var model = "Configs/models/quickstart.yaml"

    func validate() throws {
        guard (1...90_000).contains(tasks), (1...100_000).contains(queued), (1...1024).contains(slots) else {
            throw ValidationError(
                "--tasks takes 1 to 90000, --queued 1 to 100000, --slots 1 to 1024. Mend: stay within them.")
        }
    }

    func run() throws {
        var rows: [Row] = []
        let benchmark = try ClusterBenchmark(
            folder: folder, model: model, taskCount: tasks, queuedCount: queued, slotCount: slots)
        defer { benchmark.removeFolder() }
        for part in only.map({ [$0] }) ?? ClusterBenchmark.Part.allCases { rows += try benchmark.rows(of: part) }
        try rows.print(json: json)
    }
}

extension ClusterBenchmark.Part: ExpressibleByArgument {}
