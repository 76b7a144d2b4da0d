import Cluster
import Foundation

/// Progress of one job, or of one portfolio as if its models were tasks, on standard error: redrawn in place on a terminal, a plain line now and then elsewhere.
struct ProgressDisplay {
    private enum Style {
        case drawn
        case plainLines
    }

    /// Seconds between two plain lines.
    private static let plainInterval: Double = 5
    /// Seconds over which speeds are measured.
    private static let window: Double = 5

    private let style: Style
    private let started: Double
    private var drawnLines = 0
    private var lastPlainLine = -Double.infinity
    /// Iterations of every task at earlier moments, oldest first.
    private var history: [(time: Double, iterations: [Int])] = []

    init(at now: Double) {
        style = Output.drawsProgress ? .drawn : .plainLines
        started = now
    }

    mutating func show(_ progress: JobProgress, at now: Double) {
        history.append((now, progress.tasks.map(\.iteration)))
        while history.count > 2, history[1].time < now - Self.window { history.removeFirst() }
        switch style {
        case .drawn:
            let lines = drawnText(progress, at: now)
            let up = drawnLines > 0 ? "\u{1B}[\(drawnLines)F" : ""
            let text = up + lines.map { "\u{1B}[2K" + $0 + "\n" }.joined()
            Output.draw(text)
            drawnLines = lines.count
        case .plainLines:
            guard now - lastPlainLine >= Self.plainInterval else { return }
            lastPlainLine = now
            Output.complain(plainText(progress, at: now))
        }
    }

    /// Removes what was drawn, so that the results stand alone.
    mutating func clear() {
        guard style == .drawn, drawnLines > 0 else { return }
        Output.draw("\u{1B}[\(drawnLines)F\u{1B}[0J")
        drawnLines = 0
    }

    private func drawnText(_ progress: JobProgress, at now: Double) -> [String] {
        var lines = ["\(progress.name)   \(Self.duration(now - started))   \(remainingText(progress, at: now))"]
        for (index, task) in progress.tasks.enumerated() where task.label.hasPrefix("chain") {
            let phase =
                switch task.state {
                case "done": "done"
                case "leased": task.isWarmingUp ? "warm-up" : "sampling"
                case "ready": task.iteration > 0 ? "resuming" : "waiting"
                default: task.state
                }
            let speed = speed(of: index).flatMap(Self.speedText) ?? ""
            lines.append(
                [
                    pad(task.label, 10), Self.bar(task.iteration, of: task.iterations), pad(phase, 9),
                    padLeft("\(task.iteration)/\(task.iterations)", 12), padLeft(speed, 14),
                    divergencesText(task.divergences),
                ].joined(separator: "  "))
        }
        for (name, resamples) in Self.fanOuts(progress) {
            let done = resamples.count { $0.state == "done" }
            let running = resamples.count { $0.state == "leased" }
            let lost = resamples.count { $0.state == "failed" || $0.state == "cancelled" }
            lines.append(
                [
                    pad(name, 10),
                    Self.bar(
                        resamples.reduce(0) { $0 + $1.iteration }, of: resamples.reduce(0) { $0 + $1.iterations }),
                    "\(done) of \(resamples.count) done, \(running) running" + (lost > 0 ? ", \(lost) failed" : ""),
                    divergencesText(resamples.reduce(0) { $0 + $1.divergences }),
                ].joined(separator: "  "))
        }
        return lines
    }

    private func plainText(_ progress: JobProgress, at now: Double) -> String {
        let chains = progress.tasks.filter { $0.label.hasPrefix("chain") }
        let share = { (tasks: [JobProgress.Task]) in
            let total = tasks.reduce(0) { $0 + $1.iterations }
            return total == 0 ? 100 : 100 * tasks.reduce(0) { $0 + $1.iteration } / total
        }
        var parts = chains.isEmpty ? [] : ["chains \(share(chains)) %"]
        for (name, tasks) in Self.fanOuts(progress) {
            parts.append("\(name) \(tasks.count { $0.state == "done" }) of \(tasks.count)")
        }
        let speed = progress.tasks.indices.reduce(0.0) { $0 + (self.speed(of: $1) ?? 0) }
        if let text = Self.speedText(speed) { parts.append(text) }
        parts.append(divergencesText(progress.tasks.reduce(0) { $0 + $1.divergences }))
        parts.append(remainingText(progress, at: now))
        return "\(Self.duration(now - started)): " + parts.joined(separator: ", ")
    }

    /// The tasks that are too many for a line each, by what they are.
    private static func fanOuts(_ progress: JobProgress) -> [(name: String, tasks: [JobProgress.Task])] {
        [
            ("resample batch ", "resample batches"), ("resample ", "resamples"), ("replication ", "replications"),
            ("slice ", "slices"), ("model ", "models"),
        ].compactMap { kind, name in
            let tasks = progress.tasks.filter { $0.label.hasPrefix(kind) }
            // A job has resamples or batches of them, whose labels begin alike.
            return tasks.isEmpty || kind == "resample " && tasks[0].label.hasPrefix("resample batch ")
                ? nil : (name, tasks)
        }
    }

    /// Iterations a second of one task over the window.
    private func speed(of task: Int) -> Double? {
        guard let first = history.first, let last = history.last, last.time > first.time else { return nil }
        return Double(last.iterations[task] - first.iterations[task]) / (last.time - first.time)
    }

    /// Nil where nothing can be said: a clock that stood still gives a speed without end.
    static func speedText(_ speed: Double) -> String? {
        guard speed >= 0.5, let whole = Int(exactly: speed.rounded()) else { return nil }
        return "\(whole) draws/s"
    }

    private func remainingText(_ progress: JobProgress, at now: Double) -> String {
        let left = progress.tasks.reduce(0) { $0 + $1.iterations - $1.iteration }
        let speed = progress.tasks.indices.reduce(0.0) { $0 + max(0, self.speed(of: $1) ?? 0) }
        guard progress.state != "held" else { return "held: \(progress.text)" }
        guard left > 0 else {
            return progress.state == "assembling"
                ? "putting the results together: diagnostics, contributions, tables, posterior.nc, report"
                : "the last draws are being stored"
        }
        guard speed > 0 else { return "starting" }
        return "\(Self.duration(Double(left) / speed)) left"
    }

    private func divergencesText(_ count: Int) -> String {
        count == 1 ? "1 divergence" : "\(count) divergences"
    }

    private static func bar(_ done: Int, of total: Int) -> String {
        let width = 20
        let filled = total == 0 ? width : min(width, done * width / total)
        return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    }

    static func duration(_ seconds: Double) -> String {
        guard let whole = Int(exactly: seconds.rounded(.up)) else { return "ages" }
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}

/// `text` filled with blanks to `width` characters.
func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}

func padLeft(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}
