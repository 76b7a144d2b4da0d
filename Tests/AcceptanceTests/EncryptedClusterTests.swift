import Foundation
import Glibc
import Testing

/// A coordinator with keys, and workers with and without.
@Suite("a cluster with keys", .serialized)
struct EncryptedClusterTests {
    private static let plan = ["--chains", "2", "--warmup", "100", "--draws", "100"]
    private static let model = Workplace.model("mmm_example")

    private let place: Workplace

    init() throws {
        place = try Workplace()
        for name in ["coordinator", "good", "stranger", "watcher"] { try keys("new", name) }
        try keys("allow", place.path("keys/good.public"))
        try keys("allow", place.path("keys/watcher.public"), "--role", "observer")
    }

    private func keys(_ arguments: String...) throws {
        let outcome = try TuttiProcess.run(["keys"] + arguments + ["--folder", place.path("keys")])
        try #require(outcome.code == 0, "\(outcome.complaints)")
    }

    private func startCoordinator(
        bind: String = "tcp://127.0.0.1:*"
    ) throws -> (process: TuttiProcess, workers: String, url: String) {
        let process = try TuttiProcess([
            "coordinator", "--state", place.path("state"), "--bind", bind, "--http", "127.0.0.1:0", "--keys",
            place.path("keys"), "--lease", "3", "--checkpoint-interval", "0.1",
        ])
        let addresses = try DocumentationTests.addresses(of: process)
        return (process, addresses.broker, "http://\(addresses.http)")
    }

    /// - Parameter key: nil for a worker that shows none.
    private func startWorker(_ address: String, key: String?, coordinator: String = "coordinator") throws
        -> TuttiProcess
    {
        let shown =
            key.map {
                [
                    "--key", place.path("keys/\($0).secret"), "--coordinator-key",
                    place.path("keys/\(coordinator).public"),
                ]
            } ?? []
        return try TuttiProcess(["worker", "--connect", address, "--slots", "2"] + shown)
    }

    private func end(_ process: TuttiProcess) {
        process.send(SIGKILL)
        _ = process.wait()
    }

    @Test("does the work with an allowed worker; of others nothing arrives, and one line tells of each")
    func admission() throws {
        let (coordinator, address, url) = try startCoordinator()
        let strangers = [
            try startWorker(address, key: nil), try startWorker(address, key: "stranger"),
            try startWorker(address, key: "watcher"),
            // The right key, and another coordinator's in place of this one's.
            try startWorker(address, key: "good", coordinator: "stranger"),
        ]
        #expect(coordinator.waitForComplaint { $0.contains("a key was refused") && $0.contains("unknown") })
        #expect(coordinator.waitForComplaint { $0.contains("a key was refused") && $0.contains("'watcher' may watch") })
        // On a busy machine a peer may each time be gone before its address is asked for, which is told then.
        let reasons = ["shows no key", "asks for another coordinator's key"]
        for reason in reasons {
            #expect(coordinator.waitForComplaint { $0.contains("a peer was refused") && $0.contains(reason) })
        }
        let submitted = try TuttiProcess.run(["submit", Self.model, "--url", url] + Self.plan)
        #expect(submitted.code == 0, "\(submitted.complaints)")
        // Each tries to connect again and again, at growing intervals.
        coordinator.waitForConnections(3 * strangers.count, to: address)
        let worker = try startWorker(address, key: "good")
        let finished = try TuttiProcess.run(["submit", Self.model, "--wait", "--url", url] + Self.plan)
        #expect([0, 3].contains(finished.code), "\(finished.complaints)")
        let fetched = try TuttiProcess.run(["results", "1", "--out", place.path("remote"), "--url", url])
        #expect([0, 3].contains(fetched.code), "\(fetched.complaints)")
        strangers.forEach(end)
        worker.send(SIGTERM)
        #expect(worker.wait().code == 0)
        coordinator.send(SIGTERM)
        let log = coordinator.wait().complaints.split(separator: "\n")
        #expect(log.count { $0.contains("a key was refused") } == 2, "\(log.joined(separator: "\n"))")
        for reason in reasons {
            for address in ["127.0.0.1", "gone too soon"] {
                #expect(
                    log.count {
                        $0.contains("a peer was refused") && $0.contains("address=\(address)") && $0.contains(reason)
                    } <= 1, "\(log.joined(separator: "\n"))")
            }
        }
        #expect(log.count { $0.contains("worker joined") } == 1, "\(log.joined(separator: "\n"))")
        #expect(!log.contains { $0.contains("a frame was dropped") })

        let local = try TuttiProcess.run(["fit", Self.model, "--out", place.path("local"), "--quiet"] + Self.plan)
        #expect([0, 3].contains(local.code), "\(local.complaints)")
        #expect(try place.results("remote") == place.results("local"))
    }

    @Test("takes the work from a worker whose key is revoked, and lets it in again when the key is")
    func revocation() throws {
        let (coordinator, address, url) = try startCoordinator()
        defer { end(coordinator) }
        let worker = try startWorker(address, key: "good")
        defer { end(worker) }
        let plan = ["--chains", "1", "--warmup", "400", "--draws", "1000000"]
        let submitted = try TuttiProcess.run(["submit", Self.model, "--url", url] + plan)
        #expect(submitted.code == 0, "\(submitted.complaints)")
        #expect(coordinator.waitForComplaint { $0.contains("granted") })
        try keys("revoke", "good")
        #expect(coordinator.waitForComplaint { $0.contains("worker lost") && $0.contains("key revoked") })
        #expect(coordinator.waitForComplaint { $0.contains("attempt ended") && $0.contains("key revoked") })
        // Its messages, a heartbeat within each lease among them, are no longer answered.
        #expect(worker.waitForComplaint { $0.contains("the coordinator is silent") })

        // Another key takes the work over.
        try keys("allow", place.path("keys/stranger.public"))
        let other = try startWorker(address, key: "stranger")
        defer { end(other) }
        var grants = 0
        #expect(
            coordinator.waitForComplaint { line in
                if line.contains("granted") { grants += 1 }
                return grants == 2
            })

        try keys("allow", place.path("keys/good.public"))
        var joins = 0
        #expect(
            coordinator.waitForComplaint { line in
                if line.contains("worker joined") { joins += 1 }
                return joins == 3
            })
    }

    @Test("keeps who is allowed when a file of another key is spoilt, and says so once")
    func spoiltFile() throws {
        let (coordinator, address, _) = try startCoordinator()
        let worker = try startWorker(address, key: "good")
        defer { end(worker) }
        #expect(coordinator.waitForComplaint { $0.contains("worker joined") })
        // All files are read each time: when one is told of, those before it have been read once more.
        for name in ["other", "third", "fourth"] {
            try place.write("rubbish\n", to: "keys/allowed/\(name).public")
            #expect(
                coordinator.waitForComplaint {
                    $0.contains("a key file lets nobody in") && $0.contains("\(name).public")
                })
        }
        coordinator.send(SIGTERM)
        let log = coordinator.wait().complaints.split(separator: "\n")
        #expect(log.count { $0.contains("a key file lets nobody in") } == 3)
        #expect(!log.contains { $0.contains("worker lost") })
    }
}
