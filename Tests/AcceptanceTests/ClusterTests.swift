import Fitting
import Foundation
import FoundationNetworking
import GRDB
import Glibc
import MarketingMix
import ModelDefinition
import ModelFile
import Storage
import Testing
import Wire
import ZeroMQ

/// A coordinator and workers over tcp on loopback.
@Suite("a cluster on loopback", .serialized)
struct ClusterTests {
    private static let plan = ["--chains", "2", "--warmup", "300", "--draws", "300", "--resamples", "1"]

    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private struct Addresses {
        var workers: String
        var http: String
    }

    /// Starts a coordinator on free ports and waits until it says which.
    private func startCoordinator() throws -> (TuttiProcess, Addresses) {
        let process = try TuttiProcess([
            "coordinator", "--state", place.path("state"), "--bind", "tcp://127.0.0.1:*", "--http", "127.0.0.1:0",
            "--lease", "3", "--checkpoint-interval", "0.1",
        ])
        var workers: String?
        var http: String?
        _ = process.waitForComplaint { line in
            if let range = line.range(of: "tcp://127.0.0.1:") { workers = String(line[range.lowerBound...]) }
            if line.contains("HTTP API answers"),
                let port = line.split(separator: ":").last.flatMap({ Int($0.prefix { $0.isNumber }) })
            {
                http = "http://127.0.0.1:\(port)"
            }
            return workers != nil && http != nil
        }
        return (process, Addresses(workers: try #require(workers), http: try #require(http)))
    }

    @Test("runs a submitted fit to the bytes of the local one, and the sequential fit says the same numbers")
    func submitted() throws {
        let (coordinator, addresses) = try startCoordinator()
        defer {
            coordinator.send(SIGKILL)
            _ = coordinator.wait()
        }
        let worker = try TuttiProcess(["worker", "--connect", addresses.workers, "--slots", "2"])
        defer {
            worker.send(SIGKILL)
            _ = worker.wait()
        }
        let model = Workplace.model("mmm_example")
        let submitted = try TuttiProcess.run(["submit", model, "--wait", "--url", addresses.http] + Self.plan)
        // Six hundred draws are too few for the gate, here as with `tutti fit`.
        #expect(submitted.code == 3, "\(submitted.complaints)")
        let job = submitted.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(job == "1")

        let again = try TuttiProcess.run(["submit", model, "--url", addresses.http] + Self.plan)
        #expect(again.output.trimmingCharacters(in: .whitespacesAndNewlines) == job, "the same content is the same job")

        let listed = try TuttiProcess.run(["jobs"], environment: ["TUTTI_URL": addresses.http])
        #expect(listed.output.contains("mmm-example"))
        #expect(listed.output.contains("succeeded"))

        let fetched = try TuttiProcess.run(["results", job, "--out", place.path("remote"), "--url", addresses.http])
        #expect([0, 3].contains(fetched.code), "\(fetched.complaints)")
        let local = try TuttiProcess.run(
            ["fit", model, "--out", place.path("local"), "--workers", "2", "--quiet"] + Self.plan)
        #expect([0, 3].contains(local.code), "\(local.complaints)")
        #expect(try place.results("remote") == place.results("local"))

        try expectSequentialFit(model: model, results: "local")

        // A worker that is asked to leave does so in good order.
        worker.send(SIGTERM)
        let left = worker.wait()
        #expect(left.code == 0, "\(left.complaints)")
    }

    /// The reference fit in this process, number by number against the tables.
    private func expectSequentialFit(model path: String, results name: String) throws {
        let read = try ModelFileReader.read(ModelFileReader.bundle(at: path))
        var settings = FitSettings(read.specification)
        settings.chains = 2
        settings.warmup = 300
        settings.draws = 300
        settings.resamples = 1
        let result = try SequentialFit.run(
            model: MarketingMixModel(specification: read.specification, dataset: read.dataset), settings: settings)
        let summary = try place.table("summary.csv", in: name)
        #expect(summary.count == result.summaries.count)
        for (row, own) in zip(summary, result.summaries) {
            #expect(row["parameter"] == own.name)
            #expect(row["mean"].flatMap(Double.init) == own.summary.mean)
            #expect(row["sd"].flatMap(Double.init) == own.summary.sd)
            #expect(row["ess_tail"].flatMap(Double.init) == own.summary.essTail)
        }
        let bootstrap = try place.table("bootstrap.csv", in: name)
        for (row, own) in zip(bootstrap, result.bootstrap) {
            #expect(row["quantity"] == own.quantity)
            #expect(row["bagged_mean"].flatMap(Double.init) == own.baggedMean)
            #expect(row["within_sd"].flatMap(Double.init) == own.withinSD)
        }
    }

    @Test(
        "a killed coordinator goes on with its queue; its worker comes back, and who waits for the fit goes on waiting")
    func coordinatorKilled() throws {
        let (coordinator, addresses) = try startCoordinator()
        let worker = try TuttiProcess(["worker", "--connect", addresses.workers, "--slots", "2"])
        defer {
            worker.send(SIGKILL)
            _ = worker.wait()
        }
        let plan = ["--chains", "2", "--warmup", "400", "--draws", "4000"]
        let model = Workplace.model("mmm_example")
        let waiting = try TuttiProcess(["submit", model, "--wait", "--url", addresses.http] + plan)
        #expect(waiting.waitForComplaint { $0.contains("job 1") })
        _ = coordinator.waitForComplaint { $0.contains("granted") }
        coordinator.send(SIGKILL)
        _ = coordinator.wait()
        #expect(waiting.waitForComplaint { $0.contains("does not answer") })

        let port = try #require(addresses.workers.split(separator: ":").last)
        let http = try #require(addresses.http.split(separator: ":").last)
        let second = try TuttiProcess([
            "coordinator", "--state", place.path("state"), "--bind", "tcp://127.0.0.1:\(port)", "--http",
            "127.0.0.1:\(http)", "--lease", "3", "--checkpoint-interval", "0.1",
        ])
        defer {
            second.send(SIGKILL)
            _ = second.wait()
        }
        _ = second.waitForComplaint { $0.contains("HTTP API answers") }
        let finished = waiting.wait()
        #expect(finished.code == 0, "\(finished.complaints)")
        #expect(finished.complaints.contains("answers again"))
        let fetched = try TuttiProcess.run(["results", "1", "--out", place.path("remote"), "--url", addresses.http])
        #expect([0, 3].contains(fetched.code), "\(fetched.complaints)")
        let local = try TuttiProcess.run(["fit", model, "--out", place.path("local"), "--quiet"] + plan)
        #expect([0, 3].contains(local.code), "\(local.complaints)")
        #expect(try place.results("remote") == place.results("local"))
    }

    @Test("a slot that stands still holds up neither its worker nor its task, and not the worker's leave")
    func slotStopped() throws {
        let (coordinator, addresses) = try startCoordinator()
        defer {
            coordinator.send(SIGKILL)
            _ = coordinator.wait()
        }
        let worker = try TuttiProcess(
            ["worker", "--connect", addresses.workers, "--slots", "1", "--stall-limit", "4"])
        defer {
            worker.send(SIGKILL)
            _ = worker.wait()
        }
        let model = Workplace.model("mmm_example")
        let plan = ["--chains", "1", "--warmup", "400", "--draws", "8000"]
        let submitted = try TuttiProcess.run(["submit", model, "--url", addresses.http] + plan)
        #expect(submitted.code == 0, "\(submitted.complaints)")
        try stopSlot(of: worker, blobs: 3)
        #expect(worker.waitForComplaint { $0.contains("stood still") })
        let finished = try TuttiProcess.run(["submit", model, "--wait", "--url", addresses.http] + plan)
        #expect([0, 3].contains(finished.code), "\(finished.complaints)")
        let fetched = try TuttiProcess.run(["results", "1", "--out", place.path("remote"), "--url", addresses.http])
        #expect([0, 3].contains(fetched.code), "\(fetched.complaints)")
        let local = try TuttiProcess.run(["fit", model, "--out", place.path("local"), "--quiet"] + plan)
        #expect([0, 3].contains(local.code), "\(local.complaints)")
        #expect(try place.results("remote") == place.results("local"))

        let blobs = Self.files(below: place.path("state/blobs"))
        let again = try TuttiProcess.run(
            ["submit", model, "--url", addresses.http, "--chains", "1", "--warmup", "400", "--draws", "80000"])
        #expect(again.code == 0, "\(again.complaints)")
        try stopSlot(of: worker, blobs: blobs + 2)
        let start = ContinuousClock.now
        worker.send(SIGTERM)
        let left = worker.wait()
        #expect(left.code == 0, "\(left.complaints)")
        // A second without an answer to the stop, and far less than the minute that a drain may take.
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    /// Stops the worker's slot process once so many blobs are stored.
    private func stopSlot(of worker: TuttiProcess, blobs: Int) throws {
        let folder = place.path("state/blobs")
        let isStored = FolderChanges(folder).wait(seconds: 120) { Self.files(below: folder) >= blobs }
        try #require(isStored, "no checkpoint was stored")
        let slot = ProcessTable.slot(of: worker.processID)
        kill(try #require(slot, "no slot process runs").processID, SIGSTOP)
    }

    private static func files(below folder: String) -> Int {
        let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
        return names.filter { !$0.hasSuffix(".part") && $0.contains("/") }.count
    }

    @Test("a local fit goes on from a state whose work is done, with and without its results")
    func stateOfFinishedWork() throws {
        let model = Workplace.model("mmm_example")
        let plan = ["--chains", "1", "--warmup", "50", "--draws", "20"]
        let (coordinator, addresses) = try startCoordinator()
        let worker = try TuttiProcess(["worker", "--connect", addresses.workers, "--slots", "1"])
        let submitted = try TuttiProcess.run(["submit", model, "--wait", "--url", addresses.http] + plan)
        // Twenty draws are too few for the gate.
        #expect(submitted.code == 3, "\(submitted.complaints)")
        worker.send(SIGTERM)
        _ = worker.wait()
        coordinator.send(SIGTERM)
        let ended = coordinator.wait()
        #expect(ended.code == 0, "\(ended.complaints)")
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path("state"))
        #expect(
            names.sorted() == ["assemblies", "blobs", "format", "ledger.sqlite", "lock", "results"],
            "the ledger is closed")

        // As after a death before the results were moved to their place, and after one before the state was removed.
        for (out, hasResults) in [("moved", true), ("computed", false)] {
            let state = place.path("\(out).state")
            try FileManager.default.copyItem(atPath: place.path("state"), toPath: state)
            if !hasResults { try FileManager.default.removeItem(atPath: state + "/results/1") }
            let fit = try TuttiProcess.run(["fit", model, "--out", place.path(out), "--quiet"] + plan)
            #expect([0, 3].contains(fit.code), "\(fit.complaints)")
            #expect(!FileManager.default.fileExists(atPath: state))
        }
        #expect(try place.results("moved") == place.results("computed"))
    }

    @Test("foreign bytes on the socket are dropped, logged once a kind, and the work goes on")
    func foreignBytes() throws {
        let (coordinator, addresses) = try startCoordinator()
        defer {
            coordinator.send(SIGKILL)
            _ = coordinator.wait()
        }
        let context = try Context()
        let hello = MessageCodec.encode(
            Envelope(
                message: WorkerMessage.hello(
                    instance: Array(repeating: 7, count: 16), host: "test:1", slots: 1,
                    binary: Digest(bytes: Array(repeating: 0, count: 32))!,
                    kernels: Digest(bytes: Array(repeating: 0, count: 32))!, attempts: []), session: 0, sequence: 1))
        var generator = SystemRandomNumberGenerator()
        var messages: [[[UInt8]]] = [
            [[]], [[1, 2, 3]], [hello[0]], [hello[0], []], [hello[0], Array(hello[1].dropLast())],
            [Array(hello[0].dropLast()), hello[1]], hello + Array(repeating: [0], count: 20),
        ]
        for _ in 0..<300 {
            messages.append(
                (0..<Int.random(in: 1...4)).map { _ in
                    (0..<Int.random(in: 0...200)).map { _ in UInt8.random(in: 0...255, using: &generator) }
                })
            var flipped = hello
            let frame = Int.random(in: 0...1)
            let position = Int.random(in: 0..<flipped[frame].count)
            flipped[frame][position] ^= 1 << UInt8.random(in: 0...7)
            messages.append(flipped)
        }
        do {
            let socket = try Socket(.dealer, context: context)
            try socket.connect(addresses.workers)
            for message in messages {
                var tries = 0
                while try !socket.send(message), tries < 2000 {
                    _ = try Poller.wait(for: socket, timeout: .milliseconds(5))
                    tries += 1
                }
            }
        }
        do {
            // A frame beyond the limit costs its sender the connection.
            let socket = try Socket(.dealer, context: context)
            try socket.connect(addresses.workers)
            let large = [UInt8](repeating: 1, count: 3 << 20)
            var tries = 0
            while try !socket.send([large]), tries < 2000 {
                _ = try Poller.wait(for: socket, timeout: .milliseconds(5))
                tries += 1
            }
        }
        let worker = try TuttiProcess(["worker", "--connect", addresses.workers, "--slots", "1"])
        defer {
            worker.send(SIGKILL)
            _ = worker.wait()
        }
        let submitted = try TuttiProcess.run(
            [
                "submit", Workplace.model("mmm_example"), "--wait", "--url", addresses.http, "--chains", "1",
                "--warmup", "50", "--draws", "20",
            ])
        // It waits to the end, and ends as `fit` does: twenty draws of one chain have not converged.
        #expect(submitted.code == 3, "\(submitted.complaints)")
        #expect(submitted.complaints.contains("One chain alone"))
        #expect(submitted.complaints.contains("Try: Run four chains"))
        let watched = try TuttiProcess.run(["watch", "1", "--url", addresses.http])
        #expect(watched.code == 3, "\(watched.complaints)")
        coordinator.send(SIGTERM)
        let log = coordinator.wait().complaints
        let dropped = log.split(separator: "\n").filter { $0.contains("a frame was dropped") }
        // `DecodeError` has seven kinds; six hundred foreign messages were sent.
        #expect((1...7).contains(dropped.count), "\(dropped.joined(separator: "\n"))")
    }

    @Test("a submission that cannot be used is refused with every problem")
    func refused() throws {
        let (coordinator, addresses) = try startCoordinator()
        defer {
            coordinator.send(SIGKILL)
            _ = coordinator.wait()
        }
        var request = URLRequest(url: try #require(URL(string: addresses.http + "/v1/jobs")))
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(#"{"archive": {"name": "m.yaml", "model": "tutti: 1\nkpy: 2\n", "data": {}}}"#.utf8)
        let (status, body) = try send(request)
        #expect(status == 422)
        #expect(body.contains("unknown key 'kpy'"))
        let (missing, _) = try send(URLRequest(url: try #require(URL(string: addresses.http + "/v1/jobs/9"))))
        #expect(missing == 404)
    }

    @Test("a long fit gives way to a short one of a higher class, and both have the bytes of undisturbed runs")
    func givingWay() throws {
        let model = Workplace.model("mmm_example")
        let long = ["--chains", "1", "--warmup", "200", "--draws", "20000", "--resamples", "0"]
        let short = ["--seed", "2", "--chains", "1", "--warmup", "50", "--draws", "50", "--resamples", "0"]
        let (coordinator, addresses) = try startCoordinator()
        let worker = try TuttiProcess(["worker", "--connect", addresses.workers, "--slots", "1"])
        defer {
            worker.send(SIGKILL)
            _ = worker.wait()
            coordinator.send(SIGKILL)
            _ = coordinator.wait()
        }
        let url = ["--url", addresses.http]
        let first = try TuttiProcess.run(["submit", model, "--priority", "low"] + long + url)
        #expect(first.code == 0, "\(first.complaints)")
        #expect(coordinator.waitForComplaint { $0.contains("job=1") && $0.contains("granted") })
        let second = try TuttiProcess.run(["submit", model, "--priority", "high", "--wait"] + short + url)
        #expect([0, 3].contains(second.code), "\(second.complaints)")
        // The short one is done while the long one is not.
        let jobs = try TuttiProcess.run(["jobs", "--state", "succeeded", "--json"] + url).output
        #expect(jobs.contains("\"id\" : \"2\"") && !jobs.contains("\"id\" : \"1\""), "\(jobs)")
        let watched = try TuttiProcess.run(["watch", "1", "--json"] + url)
        #expect([0, 3].contains(watched.code), "\(watched.complaints)")
        for (job, plan) in [("1", long), ("2", short)] {
            let fetched = try TuttiProcess.run(["results", job, "--into", place.path("remote-\(job)")] + url)
            #expect([0, 3].contains(fetched.code), "\(fetched.complaints)")
            let out = place.path("local-\(job)")
            let local = try TuttiProcess.run(["fit", model, "--out", out, "--quiet"] + plan)
            #expect([0, 3].contains(local.code), "\(local.complaints)")
            #expect(try place.results("remote-\(job)") == place.results("local-\(job)"))
        }
        let manifest = try String(contentsOfFile: place.path("remote-1/run.json"), encoding: .utf8)
        #expect(manifest.contains("\"gave way\""), "\(manifest)")
        #expect(manifest.contains("\"recomputed_iterations\" : 0"), "nothing is computed twice")
    }

    @Test("stored draws that are lost cost their task, not the job", .timeLimit(.minutes(15)))
    func lostDraws() throws {
        let model = Workplace.model("mmm_example")
        let plan = ["--chains", "3", "--warmup", "100", "--draws", "400"]
        let (coordinator, addresses) = try startCoordinator()
        let worker = try TuttiProcess(["worker", "--connect", addresses.workers, "--slots", "1"])
        let submitted = try TuttiProcess.run(["submit", model, "--url", addresses.http] + plan)
        #expect(submitted.code == 0, "\(submitted.complaints)")
        _ = coordinator.waitForComplaint { $0.contains("granted") && $0.contains("chain 3") }
        coordinator.send(SIGKILL)
        _ = coordinator.wait()
        worker.send(SIGKILL)
        _ = worker.wait()

        #expect(try damageDraws() == 2)

        let (second, later) = try startCoordinator()
        let helper = try TuttiProcess(["worker", "--connect", later.workers, "--slots", "1"])
        defer {
            helper.send(SIGKILL)
            _ = helper.wait()
        }
        let finished = try TuttiProcess.run(["submit", model, "--wait", "--url", later.http] + plan)
        #expect([0, 3].contains(finished.code), "\(finished.complaints)")
        let fetched = try TuttiProcess.run(["results", "1", "--out", place.path("remote"), "--url", later.http])
        #expect([0, 3].contains(fetched.code), "\(fetched.complaints)")
        second.send(SIGTERM)
        let log = second.wait().complaints
        #expect(log.split(separator: "\n").count { $0.contains("the task begins anew") } == 2, "\(log)")
        let local = try TuttiProcess.run(["fit", model, "--out", place.path("local"), "--quiet"] + plan)
        #expect([0, 3].contains(local.code), "\(local.complaints)")
        #expect(try place.results("remote") == place.results("local"))
    }

    /// Takes a block of draws from the first chain, and makes one of the second another's; returns how many it was.
    private func damageDraws() throws -> Int {
        let state = try StateFolder(opening: place.path("state"))
        var damaged: [UInt32: Digest] = [:]
        for case .checkpointed(let attempt, _, let block?) in try Ledger(state).entries()
        where attempt.task.index < 2 && damaged[attempt.task.index] == nil {
            damaged[attempt.task.index] = block
        }
        // Blocks lie in the ledger or, when they are longer, in files.
        let database = try DatabaseQueue(path: state.ledger)
        for (task, block) in damaged {
            let path = "\(state.blobs)/\(block.description.prefix(2))/\(block)"
            let isFile = FileManager.default.fileExists(atPath: path)
            if task == 0 {
                if isFile { try FileManager.default.removeItem(atPath: path) }
                try database.write {
                    try $0.execute(sql: "DELETE FROM blob WHERE digest = ?", arguments: [Data(block.bytes)])
                }
            } else {
                if isFile { try Data("rubbish".utf8).write(to: URL(fileURLWithPath: path)) }
                try database.write {
                    try $0.execute(
                        sql: "UPDATE blob SET bytes = ? WHERE digest = ?",
                        arguments: [Data("rubbish".utf8), Data(block.bytes)])
                }
            }
        }
        return damaged.count
    }

    @Test("pages of other sites are refused, and those whose name was made to point here")
    func foreignPages() throws {
        let (coordinator, addresses) = try startCoordinator()
        defer {
            coordinator.send(SIGKILL)
            _ = coordinator.wait()
        }
        let port = try #require(addresses.http.split(separator: ":").last)
        for (header, value, expected) in [
            ("Origin", "https://pages.example", 403), ("Origin", "null", 403), ("Origin", addresses.http, 200),
            ("Host", "pages.example:\(port)", 421), ("Host", "127.0.0.1.pages.example", 421),
            ("Host", "localhost:\(port)", 200),
        ] {
            var request = URLRequest(url: try #require(URL(string: addresses.http + "/v1/jobs")))
            request.setValue(value, forHTTPHeaderField: header)
            #expect(try send(request).0 == expected, "\(header): \(value)")
        }
    }

    private func send(_ request: URLRequest) throws -> (Int, String) {
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var result = (0, "")
        URLSession.shared.dataTask(with: request) { data, response, _ in
            result = (
                (response as? HTTPURLResponse)?.statusCode ?? 0, data.map { String(decoding: $0, as: UTF8.self) } ?? ""
            )
            done.signal()
        }.resume()
        done.wait()
        return result
    }
}
