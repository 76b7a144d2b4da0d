import Cluster
import ControlAPI
import Coordination
import Foundation
import HTTPTypes
import Testing

@Suite("what is watched")
struct LiveTests {
    private static let tokens: [(name: String, role: TokenRole, project: String)] = [
        ("olga", .observer, "default"), ("root", .operator, "default"),
    ]

    private static func other(_ number: UInt64) -> LedgerEntry {
        var specification = Jobs.specification(number)
        specification.project = "other"
        return .submitted(Jobs.id(number), specification)
    }

    @Test("the overview says what runs, what waits and why, and what is over")
    func overview() async throws {
        let coordinator = try TestCoordinator(
            entries: Jobs.finished(1) + [Jobs.submitted(2), Jobs.submitted(3), .paused(Jobs.id(3))])
        let overview = try await coordinator.ask(.get, "/v1/overview").decoded(ClusterOverview.self)
        #expect(overview.isReady && overview.workers.isEmpty && overview.running.isEmpty)
        #expect(overview.waiting.map(\.job.id) == ["2", "3"])
        #expect(overview.waiting.map(\.reason) == ["no_worker", "paused"])
        #expect(overview.finished.map(\.id) == ["1"])
        #expect(overview.queue.jobs["queued"] == 1 && overview.queue.jobs["paused"] == 1)
    }

    @Test("of another project nothing is told but that its tasks keep slots")
    func projects() async throws {
        let coordinator = try TestCoordinator(tokens: Self.tokens, entries: [Jobs.submitted(1), Self.other(2)])
        for (token, jobs) in [("olga", ["1"]), ("root", ["1", "2"])] {
            let overview = try await coordinator.ask(.get, "/v1/overview", token: token).decoded(ClusterOverview.self)
            #expect(overview.waiting.map(\.job.id).sorted() == jobs)
        }
        _ = try await coordinator.ask(.post, "/v1/jobs/1/cancel", token: "root")
        _ = try await coordinator.ask(.post, "/v1/jobs/2/cancel", token: "root")
        let told = try await coordinator.ask(.get, "/v1/events", token: "olga").decoded(EventList.self)
        // That it was cancelled, and that it is over, may be told apart.
        #expect(Set(told.events.map(\.job)) == ["1"])
        let all = try await coordinator.ask(.get, "/v1/events?limit=1", token: "root").decoded(EventList.self)
        #expect(all.events.map(\.job) == ["2"] && all.events.first?.kind == "job_ended")
        #expect(try await coordinator.ask(.get, "/v1/jobs/2/live", token: "olga").status == 404)
    }

    @Test("a job's chains stand alone, and its other tasks by kind")
    func groups() async throws {
        var specification = Jobs.specification(1, tasks: 8)
        for (index, label) in ["scout 1", "chain 1", "chain 2", "resample 1", "resample 2", "resample batch 3"]
            .enumerated()
        {
            specification.tasks[index].label = label
        }
        specification.tasks[6].label = "slice 1, chain 1"
        specification.tasks[7].label = "slice 1, chain 2"
        let coordinator = try TestCoordinator(entries: [.submitted(Jobs.id(1), specification)])
        let job = try await coordinator.ask(.get, "/v1/jobs/1/live").decoded(JobLive.self)
        #expect(job.chains.map(\.task.label) == ["scout 1", "chain 1", "chain 2"])
        #expect(job.groups.map(\.name) == ["resamples", "resample batches", "slices"])
        #expect(job.groups.map(\.tasks) == [2, 1, 2] && job.groups.map(\.iterations) == [200, 100, 200])
        #expect(job.pace == nil && job.figures == nil && job.secondsLeft == nil)
    }

    @Test("nights are shown to operators, and a trail that was changed is called one")
    func nights() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nights-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for model in ["brand", "broken", "notes"] {
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent(model), withIntermediateDirectories: true)
        }
        var trail = Trail()
        let line = try trail.add(
            TrailEntry(
                night: "2026-W07", kind: .night, folder: "2026-W07", at: "2026-02-16T03:00:00Z", verdict: .hold,
                accepts: false, sentence: "ROI of <tv> moved.", gates: [],
                hashes: TrailEntry.Hashes(inputs: "1", model: nil, data: nil, binary: "2")))
        try Data((line + "\n").utf8).write(to: folder.appendingPathComponent("brand/trail.jsonl"))
        try Data((line.replacing("2026-W07", with: "2026-W08") + "\n" + line + "\n").utf8)
            .write(to: folder.appendingPathComponent("broken/trail.jsonl"))
        let coordinator = try TestCoordinator(tokens: Self.tokens, nightsFolder: folder.path)
        let page = try await coordinator.show("/nights", token: "root").text
        #expect(PageReader(page).breaches.isEmpty)
        #expect(PageReader(page).all("h2").map(\.text) == ["brand", "broken"])
        #expect(page.contains("HOLD") && page.contains("ROI of &lt;tv&gt; moved."))
        #expect(page.contains("broken/trail.jsonl:2: this line does not follow"))
        #expect(try await coordinator.show("/", token: "root").text.contains("Last nights"))
        let observed = try await coordinator.show("/nights", token: "olga")
        #expect(observed.status == 403 && !observed.text.contains("HOLD"))
        let overview = try await coordinator.show("/", token: "olga").text
        #expect(!overview.contains("HOLD") && !overview.contains("href=\"/nights\""))
    }

    /// Everything that `/metrics` says, by name.
    private static func metrics() async throws -> [String: [String]] {
        let text = try await TestCoordinator(entries: [Jobs.submitted(1)]).ask(.get, "/metrics").text
        // A counter of what has not happened has no sample yet.
        var metrics = Dictionary(
            uniqueKeysWithValues: text.matches(of: /(?m)^# TYPE ([a-z_]+)/).map { (String($0.1), [String]()) })
        for match in text.matches(of: /(?m)^([a-z_]+)(\{([^}]*)\})? [0-9]+$/) {
            metrics[String(match.1), default: []].append(match.3.map(String.init) ?? "")
        }
        return metrics
    }

    @Test(
        "the dashboard of Grafana and the alert rules ask for what there is",
        arguments: ["dashboard.json", "alerts.yaml"])
    func operations(file: String) async throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Deploy/grafana/\(file)")
        let text = try String(contentsOf: path, encoding: .utf8).replacing("\\\"", with: "\"")
        let metrics = try await Self.metrics()
        let uses = text.matches(of: /\btutti_[a-z_]+/).map { String($0.0) }
        #expect(uses.count > 8)
        // A histogram is asked for its buckets.
        for name in uses.map({ $0.replacing(/_bucket$/, with: "") }) {
            #expect(metrics[name] != nil, "\(file): there is no \(name)")
        }
        // What is asked of a label is one of its values.
        for match in text.matches(of: /(tutti_[a-z_]+)\{[^}]*?\b(state|kind)(=|=~|!~)"([^"]*)"/) {
            let values = try #require(metrics[String(match.1)])
            for word in match.4.split(separator: "|") {
                #expect(values.contains("\(match.2)=\"\(word)\""), "\(file): \(match.0)")
            }
        }
        if file.hasSuffix("json") {
            #expect(try JSONSerialization.jsonObject(with: Data(contentsOf: path)) is [String: Any])
        }
    }
}
