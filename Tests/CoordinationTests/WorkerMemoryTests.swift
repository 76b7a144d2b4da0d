import Coordination
import Testing
import Wire

@Suite("a slot's memory")
struct WorkerMemoryTests {
    private static let limit = 1 << 30
    private var worker = TestedWorker(WorkerSettings(slotMemoryMax: limit))

    @Test("beyond its limit ends the task with a class of its own, and with both numbers")
    mutating func beyond() throws {
        worker.welcome()
        worker.hear(.assign([TestedWorker.grant(0)]))
        worker.handle(.slot(0, .memory(byteCount: Self.limit)))
        #expect(worker.killed.isEmpty)
        worker.handle(.slot(0, .memory(byteCount: 3 * Self.limit)))
        #expect(worker.killed == [0] && worker.words.last == "failed 0 outOfMemory")
        guard case .failed(_, _, let text, _) = try #require(worker.sent.last?.message) else { return }
        #expect(text.contains("3072 MiB") && text.contains("1024 MiB"))
        // Its exit is no second failure, and the slot takes the next task.
        worker.handle(.slot(0, .exited(text: "signal 9", failure: .signal)))
        worker.hear(.assign([TestedWorker.grant(1)]))
        #expect(worker.started == [0, 0])
    }

    @Test("that a task has left behind is not held against the next")
    mutating func leftBehind() {
        worker.welcome()
        worker.handle(.slot(0, .memory(byteCount: Self.limit / 2)))
        #expect(worker.killed.isEmpty)
        worker.handle(.slot(0, .memory(byteCount: Self.limit / 2 + 1)))
        #expect(worker.killed == [0])
        worker.hear(.assign([TestedWorker.grant(0)]))
        #expect(worker.started.isEmpty, "the old process still lives")
        worker.handle(.slot(0, .exited(text: "signal 9", failure: .signal)))
        #expect(worker.started == [0] && !worker.words.contains { $0.hasPrefix("failed") })
    }

    @Test("without a limit is nobody's concern")
    func unlimited() {
        var worker = TestedWorker()
        worker.welcome()
        worker.hear(.assign([TestedWorker.grant(0)]))
        worker.handle(.slot(0, .memory(byteCount: .max)))
        #expect(worker.killed.isEmpty)
    }
}
