import Cluster
import Foundation

/// What `tutti top` shows, in lines.
enum TopText {
    /// Cut to a width, with a sign that it was, and without what would steer the terminal: names come from anywhere.
    static func cut(_ text: String, _ columns: Int) -> String {
        let plain = String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "·" : $0 }))
        return plain.count <= columns ? plain : plain.prefix(max(0, columns - 1)) + "…"
    }

    // MARK: The cluster

    static func lines(_ overview: ClusterOverview, columns: Int, rows: Int) -> [String] {
        var lines = [heading(overview), ""]
        if !overview.isReady { lines += ["Nothing can be stored: the disk is full, or the ledger failed.", ""] }
        if overview.running.isEmpty {
            lines.append("No job runs.")
        } else {
            lines += table(
                ["running", "state", "done", "", "left", "iter/s", "grad/s", "div"],
                overview.running.map { job in
                    let summary = job.summary
                    return [
                        "\(summary.id) \(summary.name)", summary.state, bar(summary.iteration, of: summary.iterations),
                        share(summary.iteration, of: summary.iterations),
                        job.secondsLeft.map(ProgressDisplay.duration) ?? "", rate(job.pace?.iterations),
                        rate(job.pace?.gradients), "\(summary.divergences)",
                    ]
                }, numeric: [3, 4, 5, 6, 7], columns)
        }
        if !overview.waiting.isEmpty {
            lines += [""]
            lines += table(
                ["waiting", "project", "priority", "why"],
                overview.waiting.map { ["\($0.job.id) \($0.job.name)", $0.job.project, $0.job.priority, $0.sentence] },
                numeric: [], columns)
        }
        lines += [""]
        lines += workers(overview.workers, columns)
        // As many events as there is room for, and a few in any case.
        let room = max(5, rows - lines.count - 2)
        if !overview.events.isEmpty {
            lines += ["", "events"]
            lines += overview.events.prefix(room).map(event)
        }
        return lines.map { cut($0, columns) }
    }

    private static func workers(_ workers: [WorkerList.Worker], _ columns: Int) -> [String] {
        guard !workers.isEmpty else { return ["No worker is connected. Mend: start one, tutti worker --connect."] }
        return table(
            ["worker", "slots", "grad/s", "memory", "heard", "tasks"],
            workers.map { worker in
                [
                    worker.name + (worker.isLeaving ? " (leaves)" : ""), "\(worker.tasks)/\(worker.slots)",
                    rate(worker.gradientsPerSecond), worker.memory.map { MemorySize.words(Int(clamping: $0)) } ?? "",
                    "\(Int(worker.silence.rounded())) s ago",
                    worker.running.map { "\($0.job) \($0.task)" }.joined(separator: ", "),
                ]
            }, numeric: [1, 2, 3, 4], columns)
    }

    private static func heading(_ overview: ClusterOverview) -> String {
        let queue = overview.queue
        let waiting = (queue.jobs["queued"] ?? 0) + (queue.jobs["paused"] ?? 0)
        return "tutti \(overview.version)   jobs: \(queue.jobs["running"] ?? 0) running, \(waiting) waiting, "
            + "\(queue.jobs["held"] ?? 0) held   tasks: \(queue.tasks.ready) waiting   "
            + "slots: \(queue.busySlots) of \(queue.slots) on \(queue.workers) worker\(queue.workers == 1 ? "" : "s")"
    }

    private static func event(_ event: EventLine) -> String {
        let time = event.at.dropFirst(11).prefix(8)
        let level = event.level == "info" ? "" : " \(event.level.uppercased()):"
        let subject = [event.job.map { "job \($0)" }, event.task, event.worker].compactMap(\.self)
            .joined(separator: ", ")
        return "  \(time)\(level) \(event.text)" + (subject.isEmpty ? "" : " (\(subject))")
            + (event.details.isEmpty ? "" : ": \(event.details.replacing("\n", with: " "))")
    }

    /// The same in one line.
    static func line(_ overview: ClusterOverview) -> String {
        let jobs = overview.running.map { job in
            "\(job.summary.id) \(share(job.summary.iteration, of: job.summary.iterations))"
                + (job.secondsLeft.map { " (\(ProgressDisplay.duration($0)) left)" } ?? "")
        }
        return heading(overview) + (jobs.isEmpty ? "" : "   " + jobs.joined(separator: ", "))
    }

    // MARK: A job

    static func lines(_ job: JobLive, columns: Int) -> [String] {
        var lines = [line(job), ""]
        if !job.summary.text.isEmpty { lines += [job.summary.text.replacing("\n", with: " "), ""] }
        if !job.chains.isEmpty {
            lines += table(
                ["chain", "phase", "done", "", "iter/s", "div", "step", "worker"],
                job.chains.map { chain in
                    let task = chain.task
                    return [
                        task.label, phase(task), bar(task.iteration, of: task.iterations),
                        "\(task.iteration)/\(task.iterations)", rate(chain.pace?.iterations), "\(task.divergences)",
                        task.stepSize.map { NumberText.decimal($0, 3) } ?? "", chain.worker ?? "",
                    ]
                }, numeric: [3, 4, 5, 6], columns)
        }
        if !job.groups.isEmpty {
            lines += [""]
            lines += table(
                ["tasks", "done", "", "running", "lost", "div"],
                job.groups.map {
                    [
                        $0.name, bar($0.iteration, of: $0.iterations), "\($0.done) of \($0.tasks)", "\($0.running)",
                        "\($0.lost)", "\($0.divergences)",
                    ]
                }, numeric: [2, 3, 4, 5], columns)
        }
        if let figures = job.figures { lines += [""] + Self.lines(figures, columns) }
        return lines.map { cut($0, columns) }
    }

    private static func lines(_ figures: FormingFigures, _ columns: Int) -> [String] {
        let worst = [
            figures.highestRHat.map { "highest R-hat \(NumberText.decimal($0.value, 3)) (\($0.name))" },
            figures.lowestBulkESS.map { "lowest bulk ESS \(NumberText.decimal($0.value, 0)) (\($0.name))" },
        ].compactMap(\.self).joined(separator: ", ")
        let heading = "figures so far, of \(figures.draws) draws of \(figures.chains) chains: \(worst)"
        return [heading]
            + table(
                ["quantity", "mean", "5 %", "95 %", "R-hat", "ESS"],
                figures.quantities.map { row in
                    [
                        row.name, NumberText.decimal(row.mean, 2), NumberText.decimal(row.q05, 2),
                        NumberText.decimal(row.q95, 2), row.rHat.map { NumberText.decimal($0, 3) } ?? "",
                        row.essBulk.map { NumberText.decimal($0, 0) } ?? "",
                    ]
                }, numeric: [1, 2, 3, 4, 5], columns)
    }

    static func line(_ job: JobLive) -> String {
        let summary = job.summary
        var parts = ["\(summary.state), \(share(summary.iteration, of: summary.iterations)) done"]
        if let left = job.secondsLeft { parts.append("\(ProgressDisplay.duration(left)) left") }
        if let pace = job.pace {
            parts.append("\(rate(pace.iterations)) iterations/s, \(rate(pace.gradients)) gradients/s")
        }
        parts.append("\(summary.divergences) divergences")
        return "job \(summary.id) \(summary.name): " + parts.joined(separator: ", ")
    }

    private static func phase(_ task: JobProgress.Task) -> String {
        task.state == "leased" ? (task.isWarmingUp ? "warm-up" : "sampling") : task.state
    }

    // MARK: Parts

    private static func table(_ header: [String], _ rows: [[String]], numeric: Set<Int>, _ columns: Int) -> [String] {
        TextTable(header: header, rows: rows, numeric: numeric, width: columns).text.split(separator: "\n")
            .map(String.init)
    }

    private static func share(_ done: Int, of all: Int) -> String { "\(all == 0 ? 0 : 100 * done / all) %" }

    private static func rate(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "" }
        return NumberText.decimal(value, value < 10 ? 1 : 0)
    }

    private static func bar(_ done: Int, of all: Int) -> String {
        let width = 20
        let filled = all == 0 ? 0 : min(width, done * width / all)
        return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    }
}
