import Foundation
import Testing

/// A model of 605 parameters with a dense metric, whose state of 1.5 MB is beyond any frame, through real processes.
@Suite("a fit with a large state", .serialized)
struct LargeStateTests {
    private static let controls = 490
    private static let weeks = 110
    private let place: Workplace

    init() throws {
        place = try Workplace()
        // Smooth columns of several periods: what they are does not matter, only how many.
        var lines = ["date,sales,tv_spend," + (0..<Self.controls).map { "c\($0)" }.joined(separator: ",")]
        let start = Date(timeIntervalSince1970: 1_640_995_200 + 2 * 86_400)
        let format = ISO8601DateFormatter()
        format.formatOptions = [.withFullDate]
        var events: [String] = []
        for week in 0..<Self.weeks {
            let day = format.string(from: start.addingTimeInterval(Double(week) * 7 * 86_400))
            let columns = (0..<Self.controls).map { column in
                String(format: "%.4f", sin(Double((column + 2) * (week + 1)) * 0.37))
            }
            events.append("{name: e\(week), date: \(day)}")
            let spend = 100 + 40 * sin(Double(week))
            let sales = 1000 + 2 * spend + 50 * cos(Double(3 * week))
            lines.append("\(day),\(sales),\(spend)," + columns.joined(separator: ","))
        }
        try place.write(lines.joined(separator: "\n") + "\n", to: "data.csv")
        try place.write(
            """
            tutti: 1
            name: wide
            data: {sources: [{file: data.csv}], date: date, frequency: week}
            kpi: {column: sales, kind: revenue, currency: EUR}
            channels: [{name: tv, kind: brand, spend: tv_spend}]
            events: [\(events.joined(separator: ", "))]
            controls: [\((0..<Self.controls).map { "c\($0)" }.joined(separator: ", "))]
            sampling: {form: joint, metric: dense, chains: 1, warmup: 40, draws: 10}

            """, to: "model.yaml")
    }

    private func arguments(_ out: String) -> [String] {
        ["fit", place.path("model.yaml"), "--out", place.path(out), "--workers", "1", "--json"]
            + ["--checkpoint-interval", "0.05", "--lease", "3"]
    }

    @Test("is stored, resumed after kills of everything, and leaves no state behind")
    func resumed() throws {
        let plain = try TuttiProcess.run(arguments("plain"))
        #expect([0, 3].contains(plain.code), "\(plain.complaints)")
        let expected = try place.results("plain")
        #expect(expected["posterior.nc"] != nil)

        let killed = try TuttiProcess(arguments("killed"))
        let folder = place.path("killed.state/blobs")
        let line = killed.waitForLine { line in
            guard let task = ProgressLine(line)?.progress?.tasks.first else { return false }
            return task.iteration > 5 && !Self.largeFiles(below: folder).isEmpty
        }
        #expect(line != nil, "no state beyond a frame was stored")
        killed.send(SIGKILL)
        _ = killed.wait()
        let resumed = try TuttiProcess.run(arguments("killed"))
        #expect([0, 3].contains(resumed.code), "\(resumed.complaints)")
        #expect(try place.results("killed") == expected)
        let task = try place.manifest("killed").tasks[0]
        #expect(task.attempts.count == 2 && task.attempts[1].startIteration > 0)
    }

    /// Files of more than a frame that have their name.
    private static func largeFiles(below folder: String) -> [String] {
        (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []).filter { file in
            guard !file.hasSuffix(".part") else { return false }
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(file)")
            return (attributes?[.size] as? Int ?? 0) > 1 << 20
        }
    }
}
