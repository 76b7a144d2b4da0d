import Foundation
import Glibc
import Testing

/// Workers whose end comes early: by their host's clock, by want of memory, and while their coordinator is away.
@Suite("workers that end early", .serialized, .timeLimit(.minutes(5)))
struct WorkerEndTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private struct Addresses {
        var workers = "tcp://127.0.0.1:*"
        var http = "127.0.0.1:0"

        var url: String { "http://\(http)" }
    }

    /// - Parameter addresses: those of an earlier coordinator, where this one takes its place.
    private func startCoordinator(_ addresses: Addresses = Addresses()) throws -> (TuttiProcess, Addresses) {
        let process = try TuttiProcess([
            "coordinator", "--state", place.path("state"), "--bind", addresses.workers, "--http", addresses.http,
            "--lease", "3", "--checkpoint-interval", "0.1",
        ])
        let bound = try DocumentationTests.addresses(of: process)
        return (process, Addresses(workers: bound.broker, http: bound.http))
    }

    private func startWorker(_ addresses: Addresses, _ options: [String]) throws -> TuttiProcess {
        try TuttiProcess(["worker", "--connect", addresses.workers] + options)
    }

    private func end(_ process: TuttiProcess) {
        process.send(SIGKILL)
        _ = process.wait()
    }

    private func submit(_ model: String, _ plan: [String], _ addresses: Addresses) throws {
        let submitted = try TuttiProcess.run(["submit", model, "--url", addresses.url] + plan)
        #expect(submitted.code == 0, "\(submitted.complaints)")
    }

    /// Waits for a job, and holds its files against those of a fit on one machine.
    /// - Returns: its `run.json`.
    private func expectSameBytes(
        _ job: String, _ model: String, _ plan: [String], _ addresses: Addresses
    ) throws -> RunManifest {
        let watched = try TuttiProcess.run(["watch", job, "--url", addresses.url])
        try #require([0, 3].contains(watched.code), "\(watched.complaints)")
        let remote = "remote-\(job)"
        let fetched = try TuttiProcess.run(
            ["results", job, "--into", place.path(remote), "--url", addresses.url])
        #expect([0, 3].contains(fetched.code), "\(fetched.complaints)")
        let local = try TuttiProcess.run(["fit", model, "--out", place.path("local-\(job)"), "--quiet"] + plan)
        #expect([0, 3].contains(local.code), "\(local.complaints)")
        let files = try place.results("local-\(job)")
        #expect(files["posterior.nc"] != nil)
        #expect(try place.results(remote) == files)
        return try place.manifest(remote)
    }

    private func why(_ job: String, _ addresses: Addresses) throws -> String {
        try TuttiProcess.run(["why", job, "--url", addresses.url]).output
    }

    @Test("what a worker had done when it ended without its coordinator is handed in by the next, not computed again")
    func spool() throws {
        let model = Workplace.model("mmm_example")
        let plan = ["--chains", "2", "--warmup", "400", "--draws", "2500", "--resamples", "1"]
        let (coordinator, addresses) = try startCoordinator()
        let options = ["--slots", "3", "--spool", place.path("spool"), "--drain-limit", "4s"]
        let worker = try startWorker(addresses, options)
        defer { end(worker) }
        try submit(model, plan, addresses)
        for task in ["chain 1", "chain 2"] {
            #expect(coordinator.waitForComplaint { $0.contains("granted") && $0.contains(task) })
        }
        coordinator.send(SIGTERM)
        #expect(coordinator.wait().code == 0)
        #expect(worker.waitForComplaint { $0.contains("the coordinator is silent") })
        worker.send(SIGTERM)
        let left = worker.wait()
        #expect(left.code == 1, "nobody has taken what it leaves behind: \(left.complaints)")

        let (second, _) = try startCoordinator(addresses)
        defer { end(second) }
        let successor = try startWorker(addresses, options)
        defer { end(successor) }
        #expect(successor.waitForComplaint { $0.contains("handing in what an earlier process left behind") })
        let manifest = try expectSameBytes("1", model, plan, addresses)
        #expect(manifest.recomputedIterations == 0)
        for task in manifest.tasks {
            #expect(task.attempts.count <= 2, "\(task)")
            for (before, after) in zip(task.attempts, task.attempts.dropFirst()) {
                #expect(after.startIteration == before.lastIteration, "\(task)")
            }
        }
        // A worker with nothing to hand in leaves nothing behind.
        successor.send(SIGTERM)
        #expect(successor.wait().code == 0)
        let rest = FileManager.default.enumerator(atPath: place.path("spool"))?.allObjects as? [String] ?? []
        #expect(!rest.contains { $0.hasSuffix(".outcome") }, "\(rest)")
    }

    @Test("a host's clock: too little time takes no task and `why` says so; enough ends in time, with the same bytes")
    func walltime() throws {
        let model = Workplace.model("mmm_example")
        let plan = ["--chains", "1", "--warmup", "200", "--draws", "4000", "--resamples", "0"]
        let (coordinator, addresses) = try startCoordinator()
        defer { end(coordinator) }
        try submit(model, plan, addresses)
        let brief = try startWorker(addresses, ["--slots", "1", "--walltime", "11s"])
        let left = brief.wait()
        #expect(left.code == 0 && left.complaints.contains("too little time is left for another task"))
        #expect(!left.complaints.contains("started"), "\(left.complaints)")
        let reason = try why("1", addresses)
        #expect(reason.contains("No worker has time enough") && reason.contains("--walltime"), "\(reason)")

        // It may begin a task for a second and a half. The chain stands still meanwhile, so that it need not be long.
        let worker = try startWorker(addresses, ["--slots", "1", "--walltime", "12.6s", "--drain-limit", "1s"])
        defer { end(worker) }
        #expect(worker.waitForComplaint { $0.contains("started") })
        let slot = try #require(ProcessTable.slot(of: worker.processID))
        kill(slot.processID, SIGSTOP)
        #expect(worker.waitForComplaint { $0.contains("draining") && $0.contains("the host's time is nearly over") })
        kill(slot.processID, SIGCONT)
        #expect(worker.wait().code == 0)
        let other = try startWorker(addresses, ["--slots", "1"])
        defer { end(other) }
        let manifest = try expectSameBytes("1", model, plan, addresses)
        let attempts = try #require(manifest.tasks.first).attempts
        #expect(attempts.map(\.outcome) == ["worker drained", "done"], "\(attempts)")
        #expect(manifest.recomputedIterations == 0)
    }

    @Test("a slot that takes more memory than it may is ended; the third try waits for a larger one, and is the last")
    func memory() throws {
        let model = try place.writeBulkyModel(byteCount: 30_000_000)
        let plan = ["--chains", "1", "--warmup", "60", "--draws", "60", "--resamples", "0"]
        let (coordinator, addresses) = try startCoordinator()
        defer { end(coordinator) }
        func startWorker(megabytes: Int) throws -> TuttiProcess {
            try self.startWorker(addresses, ["--slots", "1", "--memory-per-slot", "\(megabytes)M", "--no-spool"])
        }
        try submit(model, plan, addresses)
        let small = try startWorker(megabytes: 64)
        defer { end(small) }
        #expect(waitForEnds(2, "a slot may have 64 MiB", in: coordinator))
        // The pause before the third try is a second at most.
        var reason = ""
        for _ in 0..<500 where !reason.contains("memory") { reason = try why("1", addresses) }
        #expect(reason.contains("64 MiB of memory were too little for it twice"), "\(reason)")
        let medium = try startWorker(megabytes: 65)
        defer { end(medium) }
        let failed = try TuttiProcess.run(["watch", "1", "--url", addresses.url])
        #expect(failed.code == 1 && failed.complaints.contains("chain 1"), "\(failed.complaints)")
        #expect(failed.complaints.contains("of memory; a slot may have 65 MiB"), "\(failed.complaints)")

        let large = try startWorker(megabytes: 4096)
        defer { end(large) }
        try submit(model, plan, addresses)
        let attempts = try #require(try expectSameBytes("2", model, plan, addresses).tasks.first).attempts
        #expect(attempts.count <= 3 && attempts.last?.outcome == "done", "\(attempts)")
        #expect(attempts.dropLast().allSatisfy { $0.outcome.contains("of memory; a slot may have") })
    }

    private func waitForEnds(_ count: Int, _ words: String, in coordinator: TuttiProcess) -> Bool {
        var seen = 0
        return coordinator.waitForComplaint { line in
            if line.contains("attempt ended"), line.contains(words) { seen += 1 }
            return seen == count
        }
    }
}
