import Foundation
import Glibc
import Testing

/// Keys and folders for a coordinator on one host and two workers on another, and the wire between them.
struct TwoHostSite {
    private static let url = "http://127.0.0.1:8080"
    static let model = Workplace.model("quickstart")
    static let short = ["--chains", "2", "--warmup", "60", "--draws", "60", "--resamples", "2"]

    let place: Workplace
    let hosts: TwoHosts

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
    struct Cluster {
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
    func startCluster(lease: Int, cache: String = "none") throws -> Cluster {
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

    func wait(for count: Int, _ words: String, in process: TuttiProcess) -> Bool {
        var seen = 0
        return process.waitForComplaint { line in
            if line.contains(words) { seen += 1 }
            return seen == count
        }
    }

    func submit(_ plan: [String], model: String = Self.model) throws -> TuttiProcess {
        try TuttiProcess(["submit", model, "--wait", "--url", Self.url] + plan, launcher: hosts.first)
    }

    /// The job's files are those of a fit on one machine.
    func expectSameBytes(_ submission: TuttiProcess, _ plan: [String], model: String = Self.model) throws {
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
}
