import Foundation
import Glibc

/// How soon a task goes on elsewhere when what ran it fails: the program as it is installed, a coordinator and two
/// workers of one slot with keys, and one task that would take hours.
struct FailureBenchmark {
    /// Seconds that a task runs before something befalls it: several checkpoints.
    private static let settling = 1.0
    /// Of workers whose slots are watched closely, in seconds.
    private static let stallLimit = 4

    private let folder: String
    private let model: String
    private let keys: BenchmarkKeys

    init(folder: String, model: String, keys: BenchmarkKeys) {
        self.folder = folder
        self.model = model
        self.keys = keys
    }

    func rows() throws -> [Row] {
        var killed: [Double] = []
        var stopped: [Double] = []
        var silent: [Double] = []
        do {
            let scene = try Scene(self, lease: 3)
            defer { scene.end() }
            for _ in 0..<5 {
                killed.append(
                    try scene.disturb { ill, other in
                        guard let slot = ill.children.first else { throw BenchmarkError(description: "no slot") }
                        let begin = Moment.now()
                        kill(slot, SIGKILL)
                        return try other.wait(for: "started", since: begin) - begin
                    })
            }
            for _ in 0..<3 {
                stopped.append(
                    try scene.disturb { ill, _ in
                        guard let slot = ill.children.first else { throw BenchmarkError(description: "no slot") }
                        let begin = Moment.now()
                        kill(slot, SIGSTOP)
                        return try ill.wait(for: "stood still", since: begin) - begin
                    })
            }
            for _ in 0..<3 { silent.append(try scene.disturb(Self.silence)) }
        }
        let scene = try Scene(self, lease: 15)
        defer { scene.end() }
        let silentByDefault = try scene.disturb(Self.silence)
        killed.sort()
        return [
            Row("slot killed → its task starts elsewhere, median of 5", killed[2], "s"),
            Row("slot killed → its task starts elsewhere, slowest of 5", killed[4], "s", .atMost(1)),
            Row(
                "slot stopped → noticed, stall limit \(Self.stallLimit) s, slowest of 3", stopped.max() ?? 0, "s",
                .atMost(5)),
            Row(
                "host silent → its task starts elsewhere, lease 3 s, slowest of 3", silent.max() ?? 0, "s",
                .atMost(4)),
            Row("host silent → its task starts elsewhere, lease 15 s", silentByDefault, "s", .atMost(16)),
        ]
    }

    /// A host of which nothing is heard, and whose connections stay up.
    private static func silence(_ ill: ProgramProcess, _ other: ProgramProcess) throws -> Double {
        let all = [ill.processID] + ill.children
        let begin = Moment.now()
        for process in all { kill(process, SIGSTOP) }
        defer { for process in all { kill(process, SIGCONT) } }
        return try other.wait(for: "started", since: begin) - begin
    }

    /// The processes.
    private final class Scene {
        private let coordinator: ProgramProcess
        private let workers: [ProgramProcess]
        private let url: String
        private let model: String
        private var seed = 0

        init(_ benchmark: FailureBenchmark, lease: Int) throws {
            let keys = benchmark.keys.folder
            model = benchmark.model
            coordinator = try ProgramProcess([
                "coordinator", "--state", "\(benchmark.folder)/failures-\(lease)", "--bind", "tcp://127.0.0.1:*",
                "--http", "127.0.0.1:0", "--keys", keys, "--lease", "\(lease)", "--checkpoint-interval", "0.2",
            ])
            let endpoint = try coordinator.word(after: "workers connect to ")
            url = try coordinator.word(after: "answers on ")
            workers = try (1...2).map { _ in
                try ProgramProcess([
                    "worker", "--connect", endpoint, "--slots", "1", "--no-spool", "--key", "\(keys)/worker.secret",
                    "--coordinator-key", "\(keys)/coordinator.public", "--stall-limit", "\(stallLimit)",
                ])
            }
            for worker in workers { _ = try worker.wait(for: "joined") }
        }

        func end() {
            for process in workers + [coordinator] { process.end() }
        }

        /// Runs a task, and lets something befall the worker that has it.
        func disturb(_ event: (_ ill: ProgramProcess, _ other: ProgramProcess) throws -> Double) throws -> Double {
            seed += 1
            let begin = Moment.now()
            let job = try ProgramProcess.run([
                "submit", model, "--url", url, "--chains", "1", "--draws", "1000000", "--resamples", "0", "--seed",
                "\(seed)",
            ]).output
            _ = try coordinator.wait(for: "granted", "job=\(job) ", since: begin)
            // A start takes as long as it takes, and is judged by other limits.
            while !(try ProgramProcess.run(["jobs", "--json", "--limit", "1", "--url", url]).output)
                .contains(/"iteration" : [1-9]/)
            { usleep(50_000) }
            usleep(UInt32(settling * 1e6))
            guard let ill = workers.firstIndex(where: { $0.moment(of: ["started"], since: begin) != nil }) else {
                throw BenchmarkError(description: "no worker has started the task")
            }
            let seconds = try event(workers[ill], workers[1 - ill])
            // Whatever was stopped comes back to where it is wanted.
            usleep(UInt32(settling * 1e6))
            try ProgramProcess.run(["cancel", job, "--url", url])
            usleep(UInt32(settling * 1e6))
            return seconds
        }
    }
}
