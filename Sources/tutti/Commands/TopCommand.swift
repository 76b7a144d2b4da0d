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

    /// What a look has found.
    private enum Look {
        case cluster(ClusterOverview)
        case job(JobLive)

        /// Nothing more changes.
        var isOver: Bool {
            if case .job(let job) = self { job.summary.isAtRest } else { false }
        }
    }

    private static let keyPause = 0.1

    func run() async throws {
        let client = try remote.client
        // A first question that is not answered is a mistake, most often in the address.
        var look = try await look(client)
        if once || json || !Output.isTerminal {
            try await print(&look, client)
            return
        }
        let screen = Screen()
        defer { screen.leave() }
        var notice = ""
        while true {
            screen.show(lines(look, screen.size, notice: notice), size: screen.size)
            let due = Monotonic.now() + interval
            while Monotonic.now() < due {
                if screen.takesLeave() { return }
                try await Task.sleep(for: .seconds(Self.keyPause))
            }
            do {
                look = try await self.look(client)
                notice = ""
            } catch let error as UserError where error.isPassing {
                notice = "\(error.text) Asking again."
            }
        }
    }

    private func look(_ client: APIClient) async throws -> Look {
        if let job { .job(try await client.live(job)) } else { .cluster(try await client.overview()) }
    }

    /// Without a screen: JSON, one look as on a screen, or a line a look.
    private func print(_ look: inout Look, _ client: APIClient) async throws {
        while true {
            switch look {
            case .cluster(let overview) where json: Output.printJSONLine(overview)
            case .job(let job) where json: Output.printJSONLine(job)
            case _ where once:
                let size = (columns: Output.width ?? 120, rows: Int.max)
                Swift.print(lines(look, size, notice: "").joined(separator: "\n"))
            case .cluster(let overview): Output.printLine(TopText.line(overview))
            case .job(let job): Output.printLine(TopText.line(job))
            }
            if once || look.isOver { return }
            try await Task.sleep(for: .seconds(interval))
            var isSilent = false
            while true {
                do {
                    look = try await self.look(client)
                    break
                } catch let error as UserError where error.isPassing {
                    if !isSilent { Output.complain("\(error.text) Asking again.") }
                    isSilent = true
                    try await Task.sleep(for: .seconds(interval))
                }
            }
        }
    }

    private func lines(_ look: Look, _ size: (columns: Int, rows: Int), notice: String) -> [String] {
        var lines =
            switch look {
            case .cluster(let overview): TopText.lines(overview, columns: size.columns, rows: size.rows - 2)
            case .job(let job): TopText.lines(job, columns: size.columns)
            }
        guard size.rows < Int.max else { return lines }
        let foot = notice.isEmpty ? "q leaves" : notice
        let room = max(0, size.rows - 2)
        if lines.count > room { lines = lines.prefix(max(0, room - 1)) + ["… \(lines.count - room + 1) more lines"] }
        return lines + ["", foot]
    }
}
