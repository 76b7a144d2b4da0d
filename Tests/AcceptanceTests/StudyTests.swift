import Foundation
import Glibc
import Testing

@Suite("a study", .serialized)
struct StudyCommandTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private func check(_ out: String, _ arguments: [String]) throws -> [String] {
        ["check", Workplace.model("mmm_example"), "--out", place.path(out), "--json"] + arguments
    }

    private static let calibration = [
        "--sbc", "--replications", "8", "--warmup", "100", "--draws", "198", "--checkpoint-interval", "0.05", "--lease",
        "3",
    ]

    @Test("of calibration has the same bytes with one worker, with three, and when it was killed on its way")
    func calibration() throws {
        let one = try TuttiProcess.run(try check("one", Self.calibration + ["--workers", "1"]))
        #expect([0, 1].contains(one.code), "\(one.complaints)")
        let reference = try place.results("one")
        #expect(Set(reference.keys) == ["sbc.csv", "sbc.json", "sbc.html", "recovery.csv"])

        let three = try TuttiProcess.run(try check("three", Self.calibration + ["--workers", "3"]))
        #expect(three.code == one.code, "\(three.complaints)")
        #expect(try place.results("three") == reference)

        let killed = try TuttiProcess(try check("killed", Self.calibration + ["--workers", "1"]))
        let line = killed.waitForLine { line in
            ProgressLine(line)?.progress?.tasks.contains { $0.state == "done" } ?? false
        }
        #expect(line != nil, "the study ended before it could be killed")
        killed.send(SIGKILL)
        #expect(killed.wait().code == 128 + SIGKILL)
        let resumed = try TuttiProcess.run(try check("killed", Self.calibration + ["--workers", "2"]))
        #expect(resumed.code == one.code, "\(resumed.complaints)")
        #expect(try place.results("killed") == reference)

        let ranks = try place.table("sbc.csv", in: "one")
        #expect(ranks.count { $0["quantity"] == "log_likelihood" } == 8)
        #expect(ranks.allSatisfy { (0...99).contains(Int($0["rank"] ?? "") ?? -1) } as Bool)
        let other = try TuttiProcess.run(try check("other", Self.calibration + ["--seed", "2"]))
        #expect([0, 1].contains(other.code))
        #expect(try place.results("other")["sbc.csv"] != reference["sbc.csv"])
    }

    @Test("of time slices scores every window")
    func slices() throws {
        let plan = ["--slices", "2", "--horizon", "6", "--chains", "2", "--warmup", "150", "--draws", "150"]
        let outcome = try TuttiProcess.run(try check("slices", plan))
        #expect(outcome.code == 0, "\(outcome.complaints)")
        let rows = try place.table("slices.csv", in: "slices")
        #expect(rows.map { $0["training_periods"] } == ["167", "173"])
        #expect(rows.map { $0["cells"] } == ["6", "6"])
        for row in rows {
            #expect(try #require(row["mape"].flatMap(Double.init)) < 0.3)
            #expect(try #require(row["elpd"].flatMap(Double.init)).isFinite)
        }
    }

    @Test("of placebos tells of each, the same with one worker and three")
    func placebos() throws {
        let plan = ["--placebo", "--placebo-channels", "3", "--chains", "2", "--warmup", "150", "--draws", "150"]
        let one = try TuttiProcess.run(try check("one", plan + ["--workers", "1"]))
        let rows = try place.table("placebo.csv", in: "one")
        #expect(rows.map { $0["placebo"] } == ["placebo 1", "placebo 2", "placebo 3"])
        let held = rows.count { $0["holds_zero"] == "true" }
        // Three of three that miss 0 are a thousandth, two of them less than three in a hundred.
        #expect(one.code == (held > 0 ? 0 : 1), "\(one.complaints)")
        #expect(one.output.contains("\"holding\":\(held)"), "\(one.output)")
        for row in rows {
            let (low, high) = (
                try #require(row["q05"].flatMap(Double.init)), try #require(row["q95"].flatMap(Double.init))
            )
            #expect(row["holds_zero"] == "\(low <= 0 && high >= 0)")
        }
        let reference = try place.results("one")
        #expect(Set(reference.keys) == ["placebo.csv", "placebo.json"])
        let three = try TuttiProcess.run(try check("three", plan + ["--workers", "3"]))
        #expect(three.code == one.code, "\(three.complaints)")
        #expect(try place.results("three") == reference)
    }

    @Test(
        "is refused with exit code 2 when it cannot be",
        arguments: [
            [], ["--sbc", "--slices", "2", "--horizon", "4"], ["--slices", "2"], ["--sbc", "--draws", "98"],
            ["--sbc", "--replications", "1"], ["--slices", "40", "--horizon", "8"],
            ["--curves", "--placebo"], ["--placebo", "--placebo-channels", "0"],
            ["--curves", "--placebo-channels", "4"],
        ])
    func refusals(arguments: [String]) throws {
        #expect(try TuttiProcess.run(try check("refused", arguments)).code == 2)
    }
}
