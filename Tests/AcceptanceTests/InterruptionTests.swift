import CLinux
import Foundation
import Glibc
import Synchronization
import Testing

/// The same fit, undisturbed and disturbed: every file but run.json must be the same to the byte, and what was done
/// must not be done again.
@Suite("an interrupted fit", .serialized)
struct InterruptionTests {
    private static let plan = ["--chains", "2", "--warmup", "400", "--draws", "5600", "--resamples", "2"]
    private static let chainIterations = 6000
    private static let checkpointSeconds = 0.02

    private let place: Workplace
    /// The joint form on purpose: it takes long enough to be disturbed.
    private let model: String

    init() throws {
        place = try Workplace()
        let original = Workplace.model("mmm_example")
        let folder = URL(fileURLWithPath: original).deletingLastPathComponent().path
        let text = try String(contentsOfFile: original, encoding: .utf8)
            .replacingOccurrences(of: "file: data/", with: "file: \(folder)/data/")
            .replacingOccurrences(of: "sampling: {", with: "sampling: {form: joint, metric: diagonal, ")
        #expect(text.contains("form: joint") && text.contains(folder))
        try place.write(text, to: "model.yaml")
        model = place.path("model.yaml")
    }

    private func arguments(_ out: String, workers: Int) -> [String] {
        ["fit", model, "--out", place.path(out), "--workers", String(workers), "--json"] + Self.plan
            + ["--checkpoint-interval", String(Self.checkpointSeconds), "--lease", "3"]
    }

    /// Runs undisturbed.
    private func reference() throws -> [String: Data] {
        let outcome = try TuttiProcess.run(arguments("reference", workers: 1))
        #expect([0, 3].contains(outcome.code), "\(outcome.complaints)")
        return try place.results("reference")
    }

    /// Starts a fit, waits until a chain has done `share` of its iterations, and calls `disturb`.
    private func start(
        _ out: String, workers: Int, disturbAt share: Double, _ disturb: (TuttiProcess) throws -> Void
    ) throws -> TuttiProcess {
        let process = try TuttiProcess(arguments(out, workers: workers))
        let line = process.waitForLine { line in
            guard let tasks = ProgressLine(line)?.progress?.tasks else { return false }
            return tasks.contains {
                $0.label.hasPrefix("chain") && $0.state == "leased"
                    && Double($0.iteration) >= share * Double($0.iterations)
            }
        }
        #expect(line != nil, "the fit ended before it could be disturbed")
        try disturb(process)
        return process
    }

    private func kill(_ command: String, below process: TuttiProcess) throws {
        let victims = ProcessTable.descendants(of: process.processID).filter {
            $0.arguments.dropFirst().first == command
        }
        let victim = try #require(victims.first, "no \(command) process runs")
        Glibc.kill(victim.processID, SIGKILL)
    }

    /// Iterations that a chain of this fit does in a second, at least this many: from the undisturbed run's length.
    private func expectResumed(_ out: String, kills: Int) throws {
        let manifest = try place.manifest(out)
        let interrupted = manifest.tasks.filter { $0.attempts.count > 1 }
        #expect(!interrupted.isEmpty, "no task had a second attempt")
        // A chain goes on from its last stored checkpoint, which on a machine that is busy with other tests may be some
        // intervals old. What is computed twice is what was done since: two fifths of a chain are less than a start from
        // zero takes of one that is disturbed at half its length.
        let most = Self.chainIterations * 2 / 5
        for task in interrupted where task.label.hasPrefix("chain") {
            for (before, after) in zip(task.attempts, task.attempts.dropFirst()) {
                #expect(after.startIteration >= before.lastIteration - most, "\(task.label) lost work")
            }
        }
        #expect(manifest.recomputedIterations <= kills * most)
        #expect(manifest.recomputedIterations == manifest.tasks.reduce(0) { $0 + $1.recomputedIterations })
    }

    @Test("gives the same bytes with one worker and with three, and when any process is killed")
    func sameBytes() throws {
        let expected = try reference()
        #expect(
            expected.keys.sorted() == [
                "bootstrap.csv", "bundle.json", "channels.csv", "contributions.csv", "finance.csv", "influence.csv",
                "loo.csv",
                "posterior.nc", "report.html", "report.json", "response_curves.csv", "sensitivity.csv", "stability.csv",
                "summary.csv",
                "windows.csv",
            ])

        let three = try TuttiProcess.run(arguments("three", workers: 3))
        #expect([0, 3].contains(three.code), "\(three.complaints)")
        #expect(try place.results("three") == expected)
        #expect(try place.manifest("three").recomputedIterations == 0)

        // The chain's own process, well into the chain.
        let slot = try start("slot", workers: 1, disturbAt: 0.6) { try kill("slot", below: $0) }
        let slotOutcome = slot.wait()
        #expect([0, 3].contains(slotOutcome.code), "\(slotOutcome.complaints)")
        #expect(try place.results("slot") == expected)
        try expectResumed("slot", kills: 1)
        let resumed = try #require(try place.manifest("slot").tasks.first { $0.attempts.count > 1 })
        #expect(resumed.attempts[1].startIteration >= Self.chainIterations / 5)

        // A worker, and with it its chain.
        let worker = try start("worker", workers: 2, disturbAt: 0.5) { try kill("worker", below: $0) }
        let workerOutcome = worker.wait()
        #expect([0, 3].contains(workerOutcome.code), "\(workerOutcome.complaints)")
        #expect(try place.results("worker") == expected)
        try expectResumed("worker", kills: 1)

        // Everything; the kernel takes the workers along.
        let all = try start("all", workers: 2, disturbAt: 0.5) { process in
            let family = ProcessTable.descendants(of: process.processID).map { tutti_process_descriptor($0.processID) }
            defer { for descriptor in family { close(descriptor) } }
            #expect(family.count >= 4 && family.allSatisfy { $0 >= 0 })
            process.send(SIGKILL)
            _ = process.wait()
            for descriptor in family {
                var end = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                #expect(poll(&end, 1, 10_000) == 1, "a process outlived the fit")
            }
        }
        #expect(all.wait().code == 128 + SIGKILL)
        #expect(!FileManager.default.fileExists(atPath: place.path("all")))
        #expect(FileManager.default.fileExists(atPath: place.path("all.state")))
        let again = try TuttiProcess.run(arguments("all", workers: 3))
        #expect([0, 3].contains(again.code), "\(again.complaints)")
        #expect(try place.results("all") == expected)
        try expectResumed("all", kills: 2)
        #expect(!FileManager.default.fileExists(atPath: place.path("all.state")))
    }

    @Test("leaves a results folder of another fit alone without --force, and one of unknown files always")
    func occupiedFolder() throws {
        let short = ["--chains", "1", "--warmup", "20", "--draws", "10", "--resamples", "0", "--quiet"]
        func fit(_ more: [String]) throws -> TuttiProcess.Outcome {
            try TuttiProcess.run(["fit", model, "--out", place.path("out")] + short + more)
        }
        let alone = try fit([])
        #expect(alone.code == 3, "\(alone.complaints)")
        let first = try place.results("out")
        let other = try fit(["--seed", "2"])
        #expect(other.code == 2, "\(other.complaints)")
        #expect(other.complaints.contains("--force"))
        #expect(try place.results("out") == first)
        let forced = try fit(["--seed", "2", "--force"])
        #expect(forced.code == 3, "\(forced.complaints)")
        #expect(try place.results("out") != first)

        try FileManager.default.createDirectory(atPath: place.path("mine"), withIntermediateDirectories: true)
        try place.write("dear", to: "mine/diary.txt")
        let refused = try TuttiProcess.run(
            ["fit", model, "--out", place.path("mine"), "--force"] + short)
        #expect(refused.code == 2, "\(refused.complaints)")
        #expect(FileManager.default.contents(atPath: place.path("mine/diary.txt")) == Data("dear".utf8))
    }

    @Test("a state folder that cannot be removed costs no results, and the next fit copes with it")
    func stateLeftOver() throws {
        let short = ["--chains", "1", "--warmup", "20", "--draws", "200", "--resamples", "0", "--quiet"]
        let arguments = ["fit", model, "--out", place.path("out"), "--workers", "1"] + short
        // Somebody puts files into the folder faster than it can be emptied.
        let busy = place.path("out.state/busy")
        let isOver = Atomic(false)
        let hasEnded = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            var number = 0
            while !isOver.load(ordering: .relaxed) {
                number += 1
                mkdir(busy, 0o700)
                close(open("\(busy)/\(number % 5000)", O_WRONLY | O_CREAT, 0o600))
            }
            hasEnded.signal()
        }
        let disturbed = try TuttiProcess.run(arguments)
        isOver.store(true, ordering: .relaxed)
        hasEnded.wait()
        #expect(disturbed.code == 3, "\(disturbed.complaints)")
        let expected = try place.results("out")

        // Its job is done and its results are elsewhere: nothing of it can be gone on with.
        let again = try TuttiProcess.run(arguments + ["--force"])
        #expect(again.code == 3, "\(again.complaints)")
        #expect(try place.results("out") == expected)
        #expect(!FileManager.default.fileExists(atPath: place.path("out.state")))
    }
}
