import ArgumentParser
import Foundation

struct ClusterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Measure the coordinator: a process of its own, encrypted, every grant and result durable.",
        discussion: """
            The workers are the product's own machines and codec in threads of this process; their slots compute \
            nothing and answer at once. Figures hold for this machine and this disk; the raw rate of the sockets and the \
            disk's own time are printed beside them. What befalls hosts and slots is measured with the program \
            `tutti` beside this one. Two parts take minutes and run only where they are asked for: flow (memory while draws \
            pass) and fit (a whole fit beside the same in one loop).

              Deploy/bench.sh --cluster
              Deploy/bench.sh --cluster --only flow
            """)

    @Flag(help: "Print one JSON object a line: name, value, unit, target, holds.")
    var json = false

    @Option(help: "Only this part: disk, raw, tasks, latency, queue, joining, restart, failures, flow or fit.")
    var only: ClusterBenchmark.Part?

    @Option(help: "Tasks that are timed.")
    var tasks = 5_000

    @Option(help: "Tasks that wait while memory is measured.")
    var queued = 100_000

    @Option(help: "Slots of each of the four workers.")
    var slots = 16

    @Option(help: "Gigabytes of draws that pass.")
    var gigabytes = 10

    @Option(help: "A folder on the disk that is measured; what is made in it is removed.")
    var folder = "."

    @Option(help: "The model of the jobs.")
    var model = "Configs/models/quickstart.yaml"

    func validate() throws {
        guard (1...90_000).contains(tasks), (1...100_000).contains(queued), (1...1024).contains(slots),
            (1...10_000).contains(gigabytes)
        else {
            throw ValidationError(
                """
                --tasks takes 1 to 90000, --queued 1 to 100000, --slots 1 to 1024, --gigabytes 1 to 10000. Mend: stay \
                within them.
                """)
        }
    }

    func run() throws {
        var rows: [Row] = []
        let benchmark = try ClusterBenchmark(
            folder: folder, model: model, taskCount: tasks, queuedCount: queued, slotCount: slots,
            flowByteCount: gigabytes * 1_000_000_000)
        defer { benchmark.removeFolder() }
        let parts = only.map { [$0] } ?? ClusterBenchmark.Part.allCases.filter { !$0.isLong }
        for part in parts { rows += try benchmark.rows(of: part) }
        try rows.print(json: json)
    }
}

extension ClusterBenchmark.Part: ExpressibleByArgument {}
