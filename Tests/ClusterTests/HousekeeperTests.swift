import Cluster
import Coordination
import Foundation
import Storage
import Testing
import Wire

@Suite("the housekeeper") struct HousekeeperTests {
    private let folder: TemporaryFolder
    private let ledger = MemoryLedger()
    private let store: BlobStore
    private let bundles = (1...3).map { number in
        let bytes = [UInt8](repeating: UInt8(number), count: 1000)
        return Blob(digest: Digest(hashing: bytes), bytes: bytes)
    }

    init() throws {
        folder = try TemporaryFolder()
        store = try BlobStore(StateFolder(opening: folder.path + "/state"), rows: ledger)
        // Two finished jobs with results, and an open one with the first one's model.
        for (number, bundle) in [(1, 0), (2, 1), (3, 0)] {
            let task = TaskSpecification(
                digest: bundles[2].digest, payload: [], inputs: [bundles[bundle].digest], label: "chain 1",
                iterations: 10)
            let specification = JobSpecification(
                digest: Digest(hashing: [UInt8(number)]), name: "job", priority: 0, bundle: bundles[bundle].digest,
                submittedAt: 0, tasks: [task])
            try store.put(bundles[bundle])
            try ledger.append([.submitted(JobID(UInt64(number)), specification)])
            guard number < 3 else { continue }
            try ledger.append([.assembled(JobID(UInt64(number)), succeeded: true, text: "")])
            try FileManager.default.createDirectory(atPath: results(number), withIntermediateDirectories: true)
            try Data(count: 500).write(to: URL(fileURLWithPath: results(number) + "/run.json"))
        }
    }

    private func results(_ number: Int) -> String { "\(folder.path)/results/\(number)" }

    private func tidy(_ rule: RetentionRule, at now: Double) throws {
        let root = folder.path
        try Housekeeper(
            ledger: ledger, blobStore: store, rule: rule, logger: silence, results: { "\(root)/results/\($0.number)" }
        )
        .tidy(at: now)
    }

    private var hasResults: [Bool] {
        (1...2).map { FileManager.default.fileExists(atPath: results($0)) }
    }

    @Test("folds what is over, and removes nothing without a rule")
    func folds() throws {
        try tidy(RetentionRule(), at: .greatestFiniteMagnitude)
        #expect(ledger.unfoldedJobs() == [])
        #expect(ledger.entries().count == 2 + 2 + 1)
        #expect(hasResults == [true, true])
    }

    @Test("removes what has expired with its results, never what an open job names")
    func removes() throws {
        try tidy(RetentionRule(days: 0), at: Date().timeIntervalSince1970 + 10)
        #expect(hasResults == [false, false])
        #expect(ledger.closedJobs() == [])
        #expect(store.contains(bundles[0].digest) && !store.contains(bundles[1].digest))
    }

    @Test("keeps what is pinned")
    func pins() throws {
        #expect(ledger.pin(JobID(2), true))
        // Each job takes 1,500 bytes.
        try tidy(RetentionRule(bytes: 1500), at: Date().timeIntervalSince1970)
        #expect(hasResults == [false, true])
        try tidy(RetentionRule(bytes: 0), at: Date().timeIntervalSince1970)
        #expect(hasResults == [false, true])
        #expect(store.contains(bundles[1].digest))
    }

    @Test("pins what is there, until it is pinned no longer")
    func latePins() throws {
        let root = folder.path
        let keeper = try Housekeeper(
            ledger: ledger, blobStore: store, rule: RetentionRule(days: 0), logger: silence,
            results: { "\(root)/results/\($0.number)" })
        #expect(try keeper.pin(JobID(2), true) && keeper.isPinned(JobID(2)))
        #expect(try keeper.pin(JobID(3), true) && keeper.isPinned(JobID(3)), "one that is not over")
        #expect(try !keeper.pin(JobID(7), true) && !keeper.isPinned(JobID(7)))
        let later = Date().timeIntervalSince1970 + 10
        try keeper.tidy(at: later)
        #expect(hasResults == [false, true])
        #expect(try !keeper.pin(JobID(1), true) && !keeper.isPinned(JobID(1)))
        #expect(try keeper.pin(JobID(2), false) && !keeper.isPinned(JobID(2)))
        try keeper.tidy(at: later)
        #expect(hasResults == [false, false])
    }

    @Test("knows what is stored for jobs, open ones too, and not what is gone")
    func byteCounts() throws {
        let root = folder.path
        let keeper = try Housekeeper(
            ledger: ledger, blobStore: store, rule: RetentionRule(days: 0), logger: silence,
            results: { "\(root)/results/\($0.number)" })
        let machine = Coordinator(
            settings: CoordinatorSettings(), ledger: 1, epoch: 1, build: "", kernels: bundles[0].digest,
            replaying: ledger.entries())
        let jobs = machine.jobs.compactMap(machine.snapshot)
        #expect(jobs.map(\.state.isOver) == [true, true, false])
        // A bundle of 1,000 bytes each, the third's the first's too, and results of 500.
        #expect(try jobs.map { try keeper.byteCount(of: [$0]) } == [1500, 1500, 1000])
        #expect(try keeper.byteCount(of: jobs) == 4000)
        try keeper.tidy(at: Date().timeIntervalSince1970 + 10)
        #expect(try jobs.map { try keeper.byteCount(of: [$0]) } == [0, 0, 1000])
    }

    @Test("leaves a file that is about to be named")
    func held() async throws {
        try await store.holding(bundles[1].digest) {
            try tidy(RetentionRule(days: 0), at: Date().timeIntervalSince1970 + 10)
        }
        #expect(store.contains(bundles[1].digest))
    }
}
