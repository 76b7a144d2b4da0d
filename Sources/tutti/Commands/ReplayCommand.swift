import ArgumentParser
import Cluster
import Storage

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Run a quarantined task of a coordinator again, here, and show what happens.",
        usage: "tutti replay <job> [<task> ...] --state <state> [<options>]",
        discussion: """
            Goes on from the task's last checkpoint, in this process, with the same bits, until it ends as it did or is past \
            that place. Nothing of the state is changed; a coordinator may run, and a backup will do. Without a task it is \
            the first that is quarantined.

              tutti replay 12 --state /var/lib/tutti
              tutti replay 12 chain 2 --state /var/lib/tutti

            A task that crashes takes this process along, after the number of the iteration: a debugger shows where, as in \
            `gdb --args tutti replay 12 --state /var/lib/tutti`. One that stands still is ended by ctrl-C. The exit code is \
            0 where the task gets past the place, and 1 where it ends with an error.
            """)

    @Argument(help: "The job's number.")
    var job: UInt64

    @Argument(help: "The task, as `chain 2` (default: the first that is quarantined).")
    var task: [String] = []

    @Option(help: "The coordinator's state folder, or a backup of one.")
    var state: String

    @Option(help: "The last iteration to run (default: 100 beyond the furthest that was heard of).")
    var through: Int?

    @Flag(help: "Print JSON.")
    var json = false

    /// Workers say where they are ten times a second: that far a task may have been beyond what was heard.
    private static let margin = 100

    func run() throws {
        let replay: TaskReplay
        do {
            replay = try StorageReport.reporting {
                try TaskReplay(of: job, task: task.isEmpty ? nil : task.joined(separator: " "), in: StateReader(state))
            }
        } catch let refusal as ReplayRefusal {
            throw UserError.unusable(refusal.description)
        }
        let end = through ?? replay.heardIteration + Self.margin
        tell(replay)
        var last = replay.startIteration
        var failure: String?
        do {
            last = try replay.run(through: end) { iteration in
                last = iteration
                show(iteration, of: replay)
            }.iteration
        } catch {
            failure = error.description
        }
        if Output.drawsProgress { Output.draw("\n") }
        if json {
            try Output.printJSON(
                ReplayEnd(
                    job: String(job), task: replay.label, seed: replay.seed, startIteration: replay.startIteration,
                    heardIteration: replay.heardIteration, lastIteration: last, passed: failure == nil,
                    text: failure ?? ""))
        } else if failure == nil {
            print("\(replay.label) runs here up to iteration \(last).")
        }
        if let failure {
            if !json { Output.complain("\(replay.label) ends in iteration \(last): \(failure)") }
            throw ExitCode(1)
        }
    }

    private func tell(_ replay: TaskReplay) {
        Output.complain(
            "job \(job), \(replay.label): \(replay.state.rawValue), seed \(replay.seed), goes on from iteration "
                + "\(replay.startIteration) of \(replay.iterationCount)")
        for attempt in replay.attempts where !attempt.outcome.isEmpty {
            Output.complain("  on \(attempt.worker), at iteration \(attempt.lastIteration): \(attempt.outcome)")
        }
    }

    /// Before the iteration is run: the last number that is seen is that of the one which does not end.
    private func show(_ iteration: Int, of replay: TaskReplay) {
        if Output.drawsProgress {
            Output.draw("\riteration \(iteration)")
        } else {
            Output.complain("iteration \(iteration)")
        }
    }
}

/// What a replay came to.
private struct ReplayEnd: Encodable {
    var job: String
    var task: String
    var seed: UInt64
    var startIteration: Int
    var heardIteration: Int
    var lastIteration: Int
    var passed: Bool
    var text: String

    enum CodingKeys: String, CodingKey {
        case job, task, seed, passed, text
        case startIteration = "start_iteration"
        case heardIteration = "heard_iteration"
        case lastIteration = "last_iteration"
    }
}
