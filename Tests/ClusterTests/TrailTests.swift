import Cluster
import Foundation
import Recalibration
import Testing
import Wording

@Suite("the audit trail of recalibration")
struct TrailTests {
    private static func entry(
        _ night: String, _ verdict: Verdict, inputs: String = "a", folder: String? = nil, start: NightStart? = .warm
    ) -> TrailEntry {
        TrailEntry(
            night: night, kind: .night, folder: folder ?? night, at: "2026-11-30T02:00:00Z", verdict: verdict,
            accepts: verdict == .promote, sentence: "so it is", gates: [DataFindings().outcome()],
            hashes: TrailEntry.Hashes(inputs: inputs, model: "m", data: "d", binary: "b"), seed: 1, start: start)
    }

    private static func lines(_ entries: [TrailEntry]) throws -> [String] {
        var trail = Trail()
        return try entries.map { try trail.add($0) }
    }

    @Test("comes back from its lines, figures beyond all bounds included")
    func roundTrip() throws {
        var odd = Self.entry("2026-11-30", .fail)
        odd.gates = [
            DataFindings(errors: [Sentence("no.", french: "non.")], restatedShare: .infinity).outcome()
        ]
        let lines = try Self.lines([Self.entry("2026-11-29", .promote), odd])
        let trail = try Trail(lines, of: "x")
        #expect(trail.entries.map(\.night) == ["2026-11-29", "2026-11-30"])
        let (read, written) = (trail.entries[1].gates, odd.gates)
        #expect(read.map(\.measures) == written.map(\.measures) && read.map(\.verdict) == written.map(\.verdict))
        // What programs read is in English.
        #expect(read.map(\.sentence) == written.map { Sentence(untranslated: $0.sentence.english) })
        #expect(lines[1].contains("no.") && !lines[1].contains("non."))
        #expect(trail.accepted?.night == "2026-11-29")
    }

    @Test("shows a line that was changed, taken away, or put between")
    func tampering() throws {
        let lines = try Self.lines((1...4).map { Self.entry("2026-11-0\($0)", .promote) })
        _ = try Trail(lines, of: "x")
        var changed = lines
        changed[1] = changed[1].replacingOccurrences(of: "so it is", with: "so it was")
        let others = [
            changed, [lines[0], lines[2], lines[3]], [lines[0], lines[0]] + lines[1...], [lines[1]],
            lines + ["{}"],
        ]
        for other in others { #expect(throws: CoordinatorError.self) { try Trail(other, of: "x") } }
        // What is cut off at the end does not show in the lines themselves.
        #expect(try Trail(Array(lines.dropLast()), of: "x").entries.count == 3)
    }

    @Test("knows a night by its period and inputs, and gives other inputs a folder of their own")
    func known() throws {
        let trail = try Trail(
            Self.lines([Self.entry("2026-11-30", .hold, inputs: "a"), Self.entry("2026-12-01", .promote)]), of: "x")
        #expect(trail.known("2026-11-30", inputs: "a")?.verdict == .hold)
        #expect(trail.known("2026-11-30", inputs: "b") == nil)
        #expect(trail.folder(of: "2026-11-30") == "2026-11-30.2")
        #expect(trail.folder(of: "2026-12-02") == "2026-12-02")
    }

    @Test("lets a held or failed night be accepted once, with who and why, and no other")
    func override() throws {
        func override(_ entries: [TrailEntry], _ night: String) throws -> TrailEntry {
            try Trail(Self.lines(entries), of: "x").override(night, by: "A", why: "B", at: "now")
        }
        let promoted = Self.entry("2026-11-28", .promote)
        let held = Self.entry("2026-11-29", .hold)
        let accepted = try override([promoted, held], "2026-11-29")
        #expect(accepted.accepts && accepted.kind == .override && accepted.by == "A" && accepted.why == "B")
        #expect(accepted.verdict == .hold && accepted.folder == "2026-11-29")
        var trail = try Trail(Self.lines([promoted, held]), of: "x")
        _ = try trail.add(accepted)
        #expect(trail.accepted == trail.entries[2])

        let refused: [([TrailEntry], String)] = [
            ([promoted], "2026-11-28"), ([promoted], "2026-11-27"), ([promoted, held, accepted], "2026-11-29"),
            ([held, Self.entry("2026-11-30", .promote)], "2026-11-29"),
            ([Self.entry("2026-11-29", .fail, start: nil)], "2026-11-29"),
        ]
        for (entries, night) in refused {
            #expect(throws: CoordinatorError.self) { try override(entries, night) }
        }
    }
}

@Suite("the folder of a model's nights")
struct NightStoreTests {
    @Test("keeps whole lines, and drops what a crash has left of one")
    func torn() throws {
        let place = try TemporaryFolder()
        do {
            let store = try NightStore(place.path)
            try store.append("one")
            try store.append("two")
        }
        let file = "\(place.path)/trail.jsonl"
        let handle = try #require(FileHandle(forWritingAtPath: file))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("thr".utf8))
        try handle.close()
        #expect(try NightStore.lines(inFolder: place.path) == ["one", "two"])
        let store = try NightStore(place.path)
        try store.append("three")
        #expect(try store.lines() == ["one", "two", "three"])
        #expect(try NightStore.lines(inFolder: "\(place.path)/none") == [])
    }

    @Test("is one process's at a time")
    func lock() throws {
        let place = try TemporaryFolder()
        let store = try NightStore(place.path)
        #expect(throws: CoordinatorError.self) { try NightStore(place.path) }
        withExtendedLifetime(store) {}
    }

    @Test("links to the accepted results, whatever stood there")
    func link() throws {
        let place = try TemporaryFolder()
        let store = try NightStore(place.path)
        for key in ["2026-11-29", "2026-11-30", "2026-11-30"] {
            try FileManager.default.createDirectory(atPath: store.results(key), withIntermediateDirectories: true)
            try Data(key.utf8).write(to: URL(fileURLWithPath: store.results(key) + "/run.json"))
            try store.link(toResultsOf: key)
            #expect(try String(contentsOfFile: "\(place.path)/accepted/run.json", encoding: .utf8) == key)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: place.path).sorted() == ["accepted", "lock", "nights"])
    }
}
