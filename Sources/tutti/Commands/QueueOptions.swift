import ArgumentParser
import Cluster

/// How a submission stands in the queue.
struct QueueOptions: ParsableArguments {
    @Option(help: "The class in which it waits: low, normal, high or urgent (default: normal).")
    var priority: String?

    @Option(help: ArgumentHelp("A job that has to succeed first; may be repeated.", valueName: "job"))
    var after: [String] = []

    @Option(help: "When it is given up, a moment with its zone, as 2026-11-30T06:00:00Z.")
    var deadline: String?

    @Option(help: "Memory that one slot must have, as 512M or 4G.")
    var memory: MemorySize?

    @Option(help: ArgumentHelp("A tag that a worker must have, such as zone=a; may be repeated.", valueName: "tag"))
    var needsTag: [String] = []

    /// Nil where nothing was asked for.
    var request: QueueRequest? {
        guard priority != nil || !after.isEmpty || deadline != nil || memory != nil || !needsTag.isEmpty else {
            return nil
        }
        return QueueRequest(
            priority: priority, after: after.isEmpty ? nil : after, deadline: deadline,
            memory: memory.map { UInt64($0.byteCount) }, tags: needsTag.isEmpty ? nil : needsTag)
    }
}

extension MemorySize: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
