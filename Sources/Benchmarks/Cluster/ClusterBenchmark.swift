import Fitting
import Foundation
import Glibc
import ModelChecks
import ModelFile

/// What a coordinator costs and how fast it is, with fits of tasks that take no time.
struct ClusterBenchmark {
    enum Part: String, CaseIterable {
        case disk
        case raw
        case tasks
        case latency
        case queue
        case joining
        case restart
        case failures
        case flow
        case fit

        /// It takes minutes.
        var isLong: Bool { self == .flow || self == .fit }
    }

    private static let workerCount = 4

    private let folder: String
    private let model: String
    private let keys: BenchmarkKeys
    private let settings: FitSettings
    private let taskCount: Int
    private let queuedCount: Int
    private let slotCount: Int
    private let flowByteCount: Int

    /// - Parameter flowByteCount: bytes of draws that pass.
    init(
        folder: String, model: String, taskCount: Int, queuedCount: Int, slotCount: Int, flowByteCount: Int
    ) throws {
        self.folder = "\(URL(fileURLWithPath: folder).path)/cluster-benchmark-\(getpid())"
        self.model = model
        self.taskCount = taskCount
        self.queuedCount = queuedCount
        self.slotCount = slotCount
        self.flowByteCount = flowByteCount
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        keys = try BenchmarkKeys(making: self.folder + "/keys")
        settings = FitSettings(try ModelFileReader.read(ModelFileReader.bundle(at: model)).judged().specification)
    }

    func removeFolder() {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func rows(of part: Part) throws -> [Row] {
        switch part {
        case .disk: try DiskBenchmark.rows(folder: folder)
        case .raw: try rawRows()
        case .tasks: try taskRows()
        case .latency: try latencyRows()
        case .queue: try queueRows()
        case .joining: try joiningRows()
        case .restart: try restartRows()
        case .failures: try FailureBenchmark(folder: folder, model: model, keys: keys).rows()
        case .flow: try flowRows()
        case .fit: try OrchestrationBenchmark(folder: folder, model: model).rows()
        }
    }

    // MARK: Parts

    private func rawRows() throws -> [Row] {
        let echo = try CoordinatorProcess(
            ["cluster-echo", "--keys", keys.folder, "--bind", "tcp://127.0.0.1:*"], log: folder + "/log")
        let rate = try EchoBenchmark.rate(
            peers: Self.workerCount, endpoint: echo.endpoint, security: try keys.security)
        return [Row("sockets alone: round trips of 256 B, 4 peers, 16 under way", rate, "1/s")]
    }

    private func taskRows() throws -> [Row] {
        let coordinator = try coordinator("tasks")
        let crew = try crew(of: coordinator, threads: Self.workerCount, slots: slotCount, .finish)
        defer { crew.stop() }
        try join(crew, Self.workerCount)
        // Some to warm up, and so many more that no slot is idle while the last ones are timed.
        let warmUp = taskCount / 10
        let spare = 2 * Self.workerCount * slotCount
        let job = try coordinator.ask("submit 1 \(warmUp + taskCount + spare)")
        try crew.observations.wait(for: "the first results") { $0.storedCount >= warmUp ? () : nil }
        let (begin, work) = (Moment.now(), coordinator.processorSeconds)
        let before = try crew.observations.wait(for: "results") { $0.storedCount }
        let after = try crew.observations.wait(for: "results") { content in
            content.storedCount >= before + taskCount ? content.storedCount : nil
        }
        let (end, workEnd) = (Moment.now(), coordinator.processorSeconds)
        _ = try coordinator.ask("cancel \(job)")
        let count = Double(after - before)
        return [
            Row("no-op tasks, 4 workers of \(slotCount) slots", count / (end - begin), "1/s", .atLeast(5000)),
            Row("coordinator's processor time a task", (workEnd - work) / count * 1e6, "µs", .atMost(100)),
        ]
    }

    private func latencyRows() throws -> [Row] {
        let coordinator = try coordinator("latency")
        let crew = try crew(of: coordinator, threads: 1, slots: 1, .hold)
        defer { crew.stop() }
        try join(crew, 1)
        var latencies: [Double] = []
        for turn in 0..<220 {
            let begin = Moment.now()
            let job = try coordinator.ask("submit 1 0")
            let started = try crew.observations.wait(for: "a task") { content in
                content.started.last { String($0.attempt.task.job.number) == job }?.at
            }
            _ = try coordinator.ask("cancel \(job)")
            if turn >= 20 { latencies.append((started - begin) * 1e3) }
        }
        latencies.sort()
        return [
            Row("submit → running, median of 200", latencies[100], "ms", .atMost(2)),
            Row("submit → running, 99th of 100", latencies[198], "ms", .atMost(20)),
        ]
    }

    private func queueRows() throws -> [Row] {
        let coordinator = try coordinator("queue")
        // What the first job of any size brings along.
        _ = try coordinator.ask("cancel \(try coordinator.ask("submit 1 100"))")
        let memory = coordinator.memory
        let begin = Moment.now()
        _ = try coordinator.ask("submit 1 \(queuedCount - 1)")
        let seconds = Moment.now() - begin
        sleep(1)
        let (idleBegin, work) = (Moment.now(), coordinator.processorSeconds)
        sleep(4)
        let load = (coordinator.processorSeconds - work) / (Moment.now() - idleBegin)
        var rows = [
            Row("submission of \(queuedCount) tasks", seconds, "s"),
            Row(
                "memory a queued task, \(queuedCount) queued", (coordinator.memory - memory) / Double(queuedCount), "B",
                .atMost(2048)),
            Row("the same at its highest", (coordinator.memoryMax - memory) / Double(queuedCount), "B"),
            Row("processor while they wait", 100 * load, "% of a core"),
        ]
        for _ in 0..<500 { _ = try coordinator.ask("cancel \(try coordinator.ask("submit 1 7"))") }
        coordinator.kill()
        let restart = Moment.now()
        let second = try self.coordinator("queue")
        rows.append(
            Row("start with \(queuedCount) queued tasks and 501 closed jobs", Moment.now() - restart, "s"))
        rows.append(Row("its memory then", second.memory / 1e6, "MB"))
        return rows
    }

    private func joiningRows() throws -> [Row] {
        let coordinator = try coordinator("joining")
        let begin = Moment.now()
        let crew = try crew(of: coordinator, threads: 4, workersPerThread: 64, slots: 1, .hold)
        defer { crew.stop() }
        try join(crew, 256)
        return [Row("256 workers join", Moment.now() - begin, "s", .atMost(3))]
    }

    private func restartRows() throws -> [Row] {
        let first = try coordinator("restart")
        _ = try first.ask("submit 1 9999")
        // With a worker, so that it comes back as after any crash.
        let endpoint = first.endpoint
        let crew = try crew(of: first, threads: 1, slots: 1, .finish)
        defer { crew.stop() }
        try crew.observations.wait(for: "results") { $0.storedCount >= 20 ? () : nil }
        first.kill()
        let begin = Moment.now()
        let second = try coordinator("restart", endpoint: endpoint)
        let ready = Moment.now()
        let granted = try crew.observations.wait(for: "a grant") { content in
            content.started.first { $0.at > begin }?.at
        }
        second.kill()
        return [
            Row("killed with 10,000 queued → ready", ready - begin, "s"),
            Row("killed with 10,000 queued → first grant", granted - begin, "s", .atMost(2)),
        ]
    }

    private func flowRows() throws -> [Row] {
        let coordinator = try coordinator("flow")
        let pouring = IdleWorker.Behaviour.pour(byteCount: FlowBenchmark.blockByteCount)
        let crew = try crew(of: coordinator, threads: 4, slots: 1, pouring)
        defer { crew.stop() }
        try join(crew, 4)
        return try FlowBenchmark(byteCount: flowByteCount).rows(coordinator, crew)
    }

    // MARK: Processes

    private func coordinator(_ name: String, endpoint: String = "tcp://127.0.0.1:*") throws -> CoordinatorProcess {
        try CoordinatorProcess(
            [
                "cluster-coordinator", "--state", "\(folder)/\(name)", "--keys", keys.folder, "--bind", endpoint,
                "--model", model,
            ], log: "\(folder)/log")
    }

    private func crew(
        of coordinator: CoordinatorProcess, threads: Int, workersPerThread: Int = 1, slots: Int,
        _ behaviour: IdleWorker.Behaviour
    ) throws -> Crew {
        Crew(
            threadCount: threads, workerCount: workersPerThread, slots: slots, behaviour: behaviour,
            endpoint: coordinator.endpoint, security: try keys.security, settings: settings)
    }

    private func join(_ crew: Crew, _ count: Int) throws {
        try crew.observations.wait(for: "\(count) workers") { $0.joinedCount >= count ? () : nil }
    }
}
