import Foundation
import Glibc
import Testing

/// A coordinator on one host and two workers with keys on another, and what happens to the wire between them.
@Suite(
    "coordinator and workers on two hosts", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: TwoHosts.obstacle == nil, Comment(rawValue: TwoHosts.obstacle ?? "")))
struct HostLinkTests {
    private static let url = "http://127.0.0.1:8080"
    private static let model = Workplace.model("quickstart")
    private static let short = ["--chains", "2", "--warmup", "60", "--draws", "60", "--resamples", "2"]
    /// Long enough that a wire can be cut in its midst.
    private static let long = ["--chains", "2", "--warmup", "500", "--draws", "2500", "--resamples", "2"]

    private let place: Workplace
    private let hosts: TwoHosts

    init() throws {
        place = try Workplace()
        hosts = try TwoHosts()
        for name in ["coordinator", "worker-1", "worker-2"] { try keys("new", name) }
        for name in ["worker-1", "worker-2"] { try keys("allow", place.path("keys/\(name).public")) }
    }

    private func keys(_ arguments: String...) throws {
        let outcome = try TuttiProcess.run(["keys"] + arguments + ["--folder", place.path("keys")])
        try #require(outcome.code == 0, "\(outcome.complaints)")
    }

    /// The processes of one cluster.
    private struct Cluster {
        var coordinator: TuttiProcess
        var workers: [TuttiProcess]

        func end() {
            for process in workers + [coordinator] {
                process.send(SIGKILL)
                _ = process.wait()
            }
        }

        /// Ends everything in good order and returns what the coordinator has logged.
        func leave() -> [String] {
            for process in workers + [coordinator] { process.send(SIGTERM) }
            for worker in workers { #expect(worker.wait().code == 0) }
            return coordinator.wait().complaints.split(separator: "\n").map(String.init)
        }
    }

    /// - Parameters:
    ///   - lease: in seconds.
    ///   - cache: what the workers are told of one.
    private func startCluster(lease: Int, cache: String = "none") throws -> Cluster {
        let coordinator = try TuttiProcess(
            [
                "coordinator", "--state", place.path("state"), "--bind", "tcp://\(TwoHosts.address):5570", "--http",
                "127.0.0.1:8080", "--keys", place.path("keys"), "--lease", "\(lease)", "--checkpoint-interval", "0.2",
            ], launcher: hosts.first)
        try #require(coordinator.waitForComplaint { $0.contains("HTTP API answers") })
        let workers = try ["worker-1", "worker-2"].map { name in
            try TuttiProcess(
                [
                    "worker", "--connect", "tcp://\(TwoHosts.address):5570", "--slots", "1", "--key",
                    place.path("keys/\(name).secret"), "--coordinator-key", place.path("keys/coordinator.public"),
                    "--cache", cache,
                ], launcher: hosts.second)
        }
        let cluster = Cluster(coordinator: coordinator, workers: workers)
        try #require(wait(for: 2, "worker joined", in: coordinator))
        return cluster
    }

    private func wait(for count: Int, _ words: String, in process: TuttiProcess) -> Bool {
        var seen = 0
        return process.waitForComplaint { line in
            if line.contains(words) { seen += 1 }
            return seen == count
        }
    }

    private func submit(_ plan: [String], model: String = model) throws -> TuttiProcess {
        try TuttiProcess(["submit", model, "--wait", "--url", Self.url] + plan, launcher: hosts.first)
    }

    /// The job's files are those of a fit on one machine.
    private func expectSameBytes(_ submission: TuttiProcess, _ plan: [String], model: String = model) throws {
        let finished = submission.wait()
        try #require([0, 3].contains(finished.code), "\(finished.complaints)")
        let fetched = try TuttiProcess.run(
            ["results", "1", "--out", place.path("remote"), "--url", Self.url], launcher: hosts.first)
        #expect([0, 3].contains(fetched.code), "\(fetched.complaints)")
        let local = try TuttiProcess.run(["fit", model, "--out", place.path("local"), "--quiet"] + plan)
        #expect([0, 3].contains(local.code), "\(local.complaints)")
        let files = try place.results("local")
        #expect(files["posterior.nc"] != nil)
        #expect(try place.results("remote") == files)
    }

    @Test("a fit has the bytes of one machine")
    func soundWire() throws {
        let cluster = try startCluster(lease: 15)
        defer { cluster.end() }
        try expectSameBytes(try submit(Self.short), Self.short)
        let log = cluster.leave()
        #expect(log.count { $0.contains("worker joined") } == 2, "\(log.joined(separator: "\n"))")
        #expect(!log.contains { $0.contains("refused") || $0.contains("lost") })
    }

    @Test("a wire that is cut for less than the lease costs nothing")
    func shortCut() throws {
        let cluster = try startCluster(lease: 20)
        defer { cluster.end() }
        let submission = try submit(Self.long)
        for worker in cluster.workers { #expect(wait(for: 1, "started", in: worker)) }
        try hosts.cut()
        // Three heartbeats without an answer: two fifths of the lease.
        for worker in cluster.workers { #expect(wait(for: 1, "the coordinator is silent", in: worker)) }
        try hosts.mend()
        try expectSameBytes(submission, Self.long)
        let log = cluster.leave()
        #expect(!log.contains { $0.contains("worker lost") }, "\(log.joined(separator: "\n"))")
        #expect(try place.manifest("remote").tasks.allSatisfy { $0.attempts.count == 1 })
        #expect(try place.manifest("remote").recomputedIterations == 0)
    }

    @Test("a wire that is cut for longer than the lease costs work done twice, and no bytes")
    func longCut() throws {
        let cluster = try startCluster(lease: 3)
        defer { cluster.end() }
        let submission = try submit(Self.long)
        for worker in cluster.workers { #expect(wait(for: 1, "started", in: worker)) }
        try hosts.cut()
        #expect(wait(for: 2, "worker lost", in: cluster.coordinator))
        try hosts.mend()
        try expectSameBytes(submission, Self.long)
        let log = cluster.leave()
        #expect(log.count { $0.contains("worker joined") } >= 4, "\(log.joined(separator: "\n"))")
        #expect(try place.manifest("remote").tasks.contains { $0.attempts.count > 1 })
    }

    @Test("a wire that loses three of ten packets loses nothing of a fit")
    func lossyWire() throws {
        let cluster = try startCluster(lease: 15)
        defer { cluster.end() }
        try hosts.losePackets(tenths: 3)
        try expectSameBytes(try submit(Self.short), Self.short)
        #expect(try hosts.lostPackets() > 20)
    }

    @Test("data that two workers of one host share cross the wire once, and a second job's not at all")
    func shared() throws {
        let byteCount = 8_000_000
        let model = try place.writeBulkyModel(byteCount: byteCount)
        let cluster = try startCluster(lease: 15, cache: place.path("cache"))
        defer { cluster.end() }
        let plan = ["--chains", "2", "--warmup", "60", "--draws", "60", "--resamples", "0"]
        try expectSameBytes(try submit(plan, model: model), plan, model: model)
        let once = try hosts.receivedByteCount()
        #expect(once > byteCount && once < byteCount * 3 / 2, "\(once) bytes")
        for worker in cluster.workers { #expect(worker.waitForComplaint { $0.contains("started") }) }
        let again = try submit(plan + ["--seed", "7"], model: model).wait()
        #expect([0, 3].contains(again.code), "\(again.complaints)")
        #expect(try hosts.receivedByteCount() - once < byteCount / 2)
    }

    @Test(
        "large data cross a narrow wire to two workers without holding up a heartbeat",
        arguments: [("10mbit", 5_000_000), ("2mbit", 1_500_000)])
    func narrowWire(rate: String, byteCount: Int) throws {
        let model = try place.writeBulkyModel(byteCount: byteCount)
        let cluster = try startCluster(lease: 3)
        defer { cluster.end() }
        try hosts.narrow(to: rate)
        let plan = ["--chains", "2", "--warmup", "60", "--draws", "60", "--resamples", "0"]
        try expectSameBytes(try submit(plan, model: model), plan, model: model)
        let log = cluster.leave()
        #expect(!log.contains { $0.contains("worker lost") }, "\(log.joined(separator: "\n"))")
        #expect(log.count { $0.contains("worker joined") } == 2)
        for worker in cluster.workers { #expect(!worker.wait().complaints.contains("the coordinator is silent")) }
    }
}
