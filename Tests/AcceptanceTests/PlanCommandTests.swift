import Foundation
import Testing

/// What `tutti plan` says, but for the seconds: they are the machine's.
@Suite("a fit that is planned", .serialized)
struct PlanCommandTests {
    private struct Forecast: Decodable {
        struct Tasks: Decodable {
            var kind: String
            var count: Int
            var tried: Int
            var finished: Int
            var gradients: Double
            var cpuSeconds: Double
        }

        struct Point: Decodable {
            var workers: Int
            var wallSeconds: Double
        }

        struct Results: Decodable {
            var triedDraws: [Int]
            var triedResamples: Int
        }

        struct Round: Decodable {
            var draws: Int
            var cpuSeconds: Double
        }

        var workers: Int
        var wallSeconds: Double
        var cpuSeconds: Double
        var taskCpuSeconds: Double
        var slotBytes: Int
        var coordinatorBytes: Int
        var tasks: [Tasks]
        var results: Results
        var scaling: [Point]
        var enoughWorkers: Int
        var firstRound: Round?
        var notes: [String]
    }

    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private func plan(_ arguments: [String]) throws -> Forecast {
        let outcome = try TuttiProcess.run(
            ["plan", Workplace.model("quickstart"), "--json"] + arguments,
            environment: ["TMPDIR": place.folder.path], directory: place.folder)
        #expect(outcome.code == 0, "\(outcome.complaints)")
        // What the trial wrote is gone with it.
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder.path) == [])
        return try decoder.decode(Forecast.self, from: Data(outcome.output.utf8))
    }

    private struct Progress: Decodable {
        struct Task: Decodable {
            var gradientEvaluations: Double
        }

        struct Job: Decodable {
            var tasks: [Task]
        }

        var progress: Job?
    }

    @Test("knows the gradients of chains that it ran, and adds up what it measured")
    func wholeChains() throws {
        let settings = ["--chains", "2", "--warmup", "100", "--draws", "60", "--resamples", "9", "--workers", "3"]
        let forecast = try plan(settings + ["--calibration", "600"])
        #expect(forecast.workers == 3)
        #expect(forecast.tasks.map(\.kind) == ["scout", "chain", "resample"])
        #expect(forecast.tasks.map(\.count) == [4, 2, 9])
        #expect(forecast.tasks[1].tried == 2 && forecast.tasks[1].finished == 2)
        #expect(forecast.tasks[2].tried >= 3 && forecast.tasks[2].finished == forecast.tasks[2].tried)
        #expect(forecast.results.triedDraws == [120] && forecast.results.triedResamples == 9)

        let fit = try TuttiProcess.run(
            ["fit", Workplace.model("quickstart"), "--out", place.path("out"), "--json"] + settings)
        #expect([0, 3].contains(fit.code), "\(fit.complaints)")
        let last = fit.output.split(separator: "\n").compactMap { line in
            try? decoder.decode(Progress.self, from: Data(line.utf8)).progress
        }.last
        let chains = try #require(last).tasks[4..<6].map(\.gradientEvaluations)
        #expect(forecast.tasks[1].gradients == (chains[0] + chains[1]) / 2)

        let tasks = forecast.tasks.reduce(0) { $0 + $1.cpuSeconds }
        #expect(abs(forecast.taskCpuSeconds - tasks) < 1e-9 * tasks)
        #expect(forecast.cpuSeconds > forecast.taskCpuSeconds)
        #expect(forecast.scaling.map(\.workers) == [1, 2, 4, 8, 16, 32, 64])
        for (few, many) in zip(forecast.scaling, forecast.scaling.dropFirst()) {
            #expect(few.wallSeconds >= many.wallSeconds)
        }
        #expect((1...15).contains(forecast.enoughWorkers))
        // A process of this program holds some MB, and no test's fit a GB.
        for bytes in [forecast.slotBytes, forecast.coordinatorBytes] {
            #expect((1 << 20...1 << 30).contains(bytes))
        }
    }

    @Test("guesses what it has no time for, and says so")
    func cut() throws {
        let forecast = try plan([
            "--chains", "2", "--warmup", "100000", "--draws", "1000", "--resamples", "0", "--calibration", "0.2",
        ])
        #expect(forecast.tasks[0].finished == 0 && forecast.tasks[0].gradients > 100_000)
        #expect(forecast.notes.contains { $0.contains("a guess") && $0.contains("--calibration") })
    }

    @Test("counts scouts where they go first, and tells both ends of a fit whose end nobody knows")
    func rounds() throws {
        let forecast = try plan([
            "--chains", "9", "--warmup", "100", "--until", "ess", "--resamples", "0", "--calibration", "1",
        ])
        #expect(forecast.tasks.map(\.kind) == ["scout", "chain"])
        #expect(forecast.tasks.map(\.count) == [4, 9])
        let first = try #require(forecast.firstRound)
        #expect(first.draws == 250 && first.cpuSeconds < forecast.cpuSeconds)
        #expect(forecast.notes.contains { $0.contains("of 250 to 16000 draws") })
    }

    @Test("of resamples in batches it says how many batches there are, and puts resamples together")
    func batches() throws {
        let forecast = try plan([
            "--chains", "2", "--warmup", "100", "--draws", "60", "--resamples", "5", "--resamples-per-task", "2",
            "--workers", "2", "--calibration", "600",
        ])
        #expect(forecast.tasks.map(\.kind) == ["scout", "chain", "resample batch"])
        #expect(forecast.tasks.map(\.count) == [4, 2, 3])
        #expect(forecast.tasks.last?.tried == 3 && forecast.tasks.last?.finished == 3)
        #expect(forecast.results.triedResamples == 5)
        #expect(!forecast.notes.contains { $0.contains("No resample came to its end") })
    }

    @Test("is a table for people")
    func table() throws {
        let outcome = try TuttiProcess.run([
            "plan", Workplace.model("quickstart"), "--chains", "1", "--warmup", "50", "--draws", "50", "--resamples",
            "1",
            "--workers", "5", "--calibration", "1",
        ])
        #expect(outcome.code == 0, "\(outcome.complaints)")
        for words in [
            "quickstart: 1 chain of 50 + 50 iterations and 1 resample", "wall time with 5 workers",
            "memory of a slot", "memory of the coordinator", "More than ", "Assumed: ",
        ] { #expect(outcome.output.contains(words), "\(words)\n\(outcome.output)") }
    }

    @Test("refuses what no fit can be with exit code 2")
    func refusals() throws {
        for arguments in [
            ["--workers", "0"], ["--calibration", "0"], ["--start", "warm"], ["--resamples", "100001"],
        ] {
            let outcome = try TuttiProcess.run(["plan", Workplace.model("quickstart")] + arguments)
            #expect(outcome.code == 2, "\(arguments): \(outcome.output)")
        }
        #expect(try TuttiProcess.run(["plan", place.path("none.yaml")]).code == 2)
    }
}
