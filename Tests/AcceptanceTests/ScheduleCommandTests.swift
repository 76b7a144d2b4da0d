import Foundation
import Testing

@Suite("scouts and rounds in processes")
struct ScheduleCommandTests {
    private struct Run: Decodable {
        struct Plan: Decodable {
            var draws: Int
            var until: String
            var start: String
        }

        struct Scouts: Decodable {
            var used: Bool
        }

        struct Task: Decodable {
            var label: String
            var iterations: Int
            var result: String
        }

        var plan: Plan
        var scouts: Scouts
        var tasks: [Task]
    }

    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private func fit(_ out: String, _ arguments: [String]) throws -> Run {
        let outcome = try TuttiProcess.run(
            [
                "fit", Workplace.model("quickstart"), "--out", place.path(out), "--chains", "9", "--warmup", "200",
                "--resamples",
            ]
                + ["1", "--checkpoint-interval", "0.05", "--quiet"] + arguments)
        #expect([0, 3].contains(outcome.code), "\(outcome.complaints)")
        return try decoder.decode(Run.self, from: Data(contentsOf: URL(fileURLWithPath: place.path("\(out)/run.json"))))
    }

    @Test("a fit until its draws are enough is the same on any number of workers, and the fit of so many draws")
    func sameBytes() throws {
        let two = try fit("two", ["--until", "ess", "--workers", "2"])
        let one = try fit("one", ["--until", "ess", "--workers", "1"])
        #expect(two.plan.until == "ess" && two.plan.start == "pooled" && two.scouts.used)
        #expect(two.plan.draws >= 250 && two.plan.draws < 16_000)
        #expect(two.tasks.map(\.label).prefix(5) == ["scout 1", "scout 2", "scout 3", "scout 4", "chain 1"])
        #expect(two.tasks[4].iterations == 200 + two.plan.draws)
        // The digests chain the draws that count, wherever each chain was when it was let go.
        #expect(one.tasks.map(\.result) == two.tasks.map(\.result))
        #expect(one.plan.draws == two.plan.draws)
        let asked = try fit("asked", ["--draws", String(two.plan.draws), "--workers", "2"])
        #expect(asked.plan.until == "draws")
        let files = try place.results("two")
        #expect(files.count > 5)
        #expect(try files == place.results("one"))
        // The report names the fit by a digest of what was asked for.
        func withoutReport(_ files: [String: Data]) -> [String: Data] {
            files.filter { !$0.key.hasPrefix("report.") }
        }
        #expect(try withoutReport(files) == withoutReport(place.results("asked")))
    }
}
