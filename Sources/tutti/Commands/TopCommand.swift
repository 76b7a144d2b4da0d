import ArgumentParser
import Cluster
import Foundation

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Show a coordinator's cluster live, or one of its jobs, in the terminal.",
        usage: "tutti top [<job>] [<options>]",
        discussion: """
            What the pages of the coordinator show: jobs with their pace and the time that is left, what waits and why, \
            workers, and what has happened; of one job its chains, and the figures that form. Leave with q. Where standard \
            output is no terminal, one line every --interval seconds. A coordinator that restarts meanwhile is waited for.

              tutti top
              tutti top 12
              tutti top --once
              tutti top --json --interval 10 > cluster.jsonl
            """)

    @Argument(help: "A job's number; without one, the cluster.")
    var job: String?

    @Flag(help: "Show it once, and end.")
    var once = false

    @Option(help: "Seconds between two looks.")
    var interval: Double = 2

    @OptionGroup
    var remote: RemoteOptions

    @Flag(help: "Print what is shown as JSON, a line a look.")
    var json = false

    func validate() throws {
        guard (0.5...3600).contains(interval) else {
            throw ValidationError("--interval must be from 0.5 to 3600.")
        }
    }

    func run() async throws {
        let view = LiveView(client: try remote.client, job: job, interval: interval)
        // A first question that is not answered is a mistake, most often in the address.
        let look = try await view.look()
        if once || json || !Output.isTerminal {
            try await print(look, of: view)
        } else {
            try await view.show(from: look, keys: "q leaves", staysAtEnd: true)
        }
    }

    /// Without a screen: JSON, one look as on a screen, or a line a look.
    private func print(_ first: LiveView.Look, of view: LiveView) async throws {
        var look = first
        while true {
            switch look {
            case .cluster(let overview) where json: Output.printJSONLine(overview)
            case .job(let job) where json: Output.printJSONLine(job)
            case _ where once:
                let size = (columns: Output.width ?? 120, rows: Int.max)
                Swift.print(LiveView.lines(look, size, foot: "").joined(separator: "\n"))
            case .cluster(let overview): Output.printLine(TopText.line(overview))
            case .job(let job): Output.printLine(TopText.line(job))
            }
            if once || look.isOver { return }
            try await Task.sleep(for: .seconds(interval))
            var isSilent = false
            while true {
                do {
                    look = try await view.look()
                    break
                } catch let error as UserError where error.isPassing {
                    if !isSilent { Output.complain("\(error.text) Asking again.") }
                    isSilent = true
                    try await Task.sleep(for: .seconds(interval))
                }
            }
        }
    }
}
