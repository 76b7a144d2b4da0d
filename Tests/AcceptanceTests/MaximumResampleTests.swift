import Foundation
import Testing

@Suite("MAP resamples from the command line", .serialized)
struct MaximumResampleCommandTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private func fit(_ out: String, _ options: [String]) throws -> [String: Data] {
        let outcome = try TuttiProcess.run(
            [
                "fit", Workplace.model("mmm_example"), "--out", place.path(out), "--chains", "2", "--warmup", "200",
                "--draws", "200", "--resamples", "23",
            ] + options)
        #expect([0, 3].contains(outcome.code), "\(outcome.complaints)")
        return try place.results(out)
    }

    @Test("have the same bytes with one worker and seven, whatever share a task, and say what they are everywhere")
    func batches() throws {
        let reference = try fit("one", ["--resample-method", "map", "--workers", "1"])
        #expect(
            try fit("seven", ["--resample-method", "map", "--workers", "7", "--resamples-per-task", "4"]) == reference)
        #expect(try fit("whole", ["--resample-method", "map", "--resamples-per-task", "50"]) == reference)

        let rows = try place.table("bootstrap.csv", in: "one")
        #expect(rows.allSatisfy { $0["method"] == "map" && $0["resamples"] == "23" })
        #expect(rows.allSatisfy { $0["within_sd"] == "" && $0["bagged_sd"] == "" && $0["mismatch_index"] == "" })
        let moving = rows.compactMap { $0["between_sd"].flatMap(Double.init) }
        #expect(moving.count == rows.count && moving.contains { $0 > 0 })
        #expect(try place.table("stability.csv", in: "one").allSatisfy { $0["refit_method"] == "map" })
        let report = try #require(reference["report.html"].map { String(decoding: $0, as: UTF8.self) })
        #expect(report.contains("23 MAP resamples"))
    }

    @Test(
        "progress counts what there is: batches, or resamples",
        arguments: [("2", "resample batches", 3), ("1", "resamples", 5)])
    func progress(perTask: String, name: String, count: Int) throws {
        let outcome = try TuttiProcess.run([
            "fit", Workplace.model("mmm_example"), "--out", place.path("out"), "--chains", "1", "--warmup", "50",
            "--draws", "50", "--resamples", "5", "--resamples-per-task", perTask,
        ])
        #expect([0, 3].contains(outcome.code))
        let counted = outcome.complaints.matches(of: #/, (resample[a-z ]*) \d+ of (\d+),/#)
        #expect(!counted.isEmpty, "\(outcome.complaints)")
        #expect(counted.allSatisfy { $0.output.1 == name && $0.output.2 == "\(count)" }, "\(outcome.complaints)")
    }

    @Test("and sampled ones are split without a trace too")
    func sampled() throws {
        let reference = try fit("alone", ["--workers", "2"])
        #expect(try fit("three", ["--workers", "2", "--resamples-per-task", "3"]) == reference)
        #expect(try place.table("bootstrap.csv", in: "alone").allSatisfy { $0["method"] == "sampled" })
    }
}
