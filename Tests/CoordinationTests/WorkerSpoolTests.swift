import Coordination
import Testing
import Wire

private let second = TestedWorker.second

/// A disk, and a worker that has a slot at work.
private struct Disk {
    var worker: TestedWorker
    var files: [UInt64: SpooledOutcome] = [:]
    var isFull = false
    private var seen = 0

    init(_ worker: TestedWorker) {
        self.worker = worker
    }

    /// Carries out what the worker wants of its disk.
    mutating func settle() {
        while seen < worker.effects.count {
            let effect = worker.effects[seen]
            seen += 1
            switch effect {
            case .spool(let outcome) where isFull: worker.handle(.spoolRefused(outcome.number))
            case .spool(let outcome):
                files[outcome.number] = outcome
                worker.handle(.spooled(outcome.number))
            case .unspool(let numbers):
                for number in numbers { files[number] = nil }
            default: break
            }
        }
    }

    /// What whoever takes the worker's place would find, by iteration of its checkpoints.
    var iterations: [Int] {
        SpooledOutcome.usable(Array(files.values)).compactMap {
            if case .checkpoint(_, let iteration, _, _, _, _) = $0.message { iteration } else { nil }
        }
    }

    /// Times that the slot was told to go on cutting.
    var accepted: Int { worker.effects.filter { if case .accepted = $0 { true } else { false } }.count }
}

@Suite("a worker's spool")
struct WorkerSpoolTests {
    private static let settings = WorkerSettings(spoolByteCountMax: 1 << 20)

    /// Its coordinator has been away for long.
    private func lonely(_ settings: WorkerSettings = settings) -> Disk {
        var worker = TestedWorker(settings)
        worker.welcome()
        worker.hear(.assign([TestedWorker.grant(0)]))
        worker.pass(20 * second, speaks: false)
        return Disk(worker)
    }

    @Test("is not used while the coordinator is there")
    func present() {
        var disk = Disk(TestedWorker(Self.settings))
        disk.worker.welcome()
        disk.worker.hear(.assign([TestedWorker.grant(0)]))
        disk.worker.cut(1)
        disk.worker.pass(30 * second)
        disk.settle()
        #expect(disk.files.isEmpty)
        disk.worker.acknowledgeAll()
        #expect(disk.accepted == 1)
    }

    @Test("keeps the last two states and all draws, and lets the slot go on")
    func joins() {
        var disk = lonely()
        for iteration in 1...9 {
            disk.worker.cut(iteration)
            disk.settle()
            #expect(disk.accepted == iteration)
        }
        #expect(disk.iterations == [8, 9] && disk.files.count == 2)
        // The coordinator is back and takes it as one line.
        disk.worker.forgetEffects()
        disk = Disk(resuming: disk)
        disk.worker.welcome(epoch: 2)
        disk.worker.handle(.tick)
        #expect(disk.worker.words.suffix(2) == ["checkpoint 0 8", "checkpoint 0 9"])
        disk.worker.acknowledgeAll()
        disk.settle()
        #expect(disk.files.isEmpty && disk.accepted == 0)
    }

    @Test("is handed in by whoever takes the place of a killed worker, and what ran is given back")
    func takenOver() throws {
        var disk = lonely()
        disk.worker.cut(1)
        disk.worker.cut(2)
        disk.settle()
        let left = SpooledOutcome.usable(Array(disk.files.values))
        var next = TestedWorker(Self.settings, recovered: left)
        guard case .hello(_, _, _, _, _, _, let ledger, let attempts) = try #require(next.hello) else { return }
        #expect(ledger == 1 && attempts == [TestedWorker.grant(0).attempt])
        next.welcome(epoch: 2)
        #expect(next.words.suffix(3) == ["checkpoint 0 1", "checkpoint 0 2", "failed 0 released"])
        // A grant that is sent again is not begun before all that is stored.
        next.hear(.assign([TestedWorker.grant(0)]))
        #expect(next.started.isEmpty)
        next.acknowledgeAll()
        next.hear(.assign([TestedWorker.grant(0, epoch: 2)]))
        #expect(next.started == [0])
    }

    @Test("keeps nothing that came before what is known to be stored, though the word about it was lost")
    func lostWord() throws {
        var worker = TestedWorker(Self.settings)
        worker.welcome()
        worker.hear(.assign([TestedWorker.grant(0)]))
        // What has gone out is not joined any more.
        for iteration in 1...3 { worker.cut(iteration) }
        worker.pass(20 * second, speaks: false)
        var disk = Disk(worker)
        disk.settle()
        #expect(disk.iterations == [1, 2, 3])
        disk.worker.welcome(epoch: 2)
        let sent = try #require(
            disk.worker.sent.last { if case .checkpoint(_, 2, _, _, _, _) = $0.message { true } else { false } })
        disk.worker.hear(.acknowledged([Outcome(sequence: sent.sequence, verdict: .accepted)]))
        disk.settle()
        #expect(disk.iterations == [3], "behind a gap it would be of no use")
    }

    @Test("that is full lets the slot wait, and is tried again")
    func full() {
        var disk = lonely()
        disk.isFull = true
        disk.worker.cut(1)
        disk.settle()
        #expect(disk.files.isEmpty && disk.accepted == 0)
        disk.isFull = false
        disk.worker.pass(6 * second, speaks: false)
        disk.settle()
        #expect(disk.iterations == [1] && disk.accepted == 1)
    }

    @Test("takes no more than its limit, and no task is taken when little is left")
    func limit() {
        var disk = lonely(WorkerSettings(spoolByteCountMax: 2100))
        for iteration in 1...3 {
            disk.worker.cut(iteration)
            disk.settle()
        }
        #expect(disk.iterations == [2, 3] && disk.accepted == 3, "to join makes room")
        disk.worker.welcome(epoch: 2)
        #expect(disk.worker.words.contains("capacity 0"))
        disk.worker.acknowledgeAll()
        disk.worker.handle(.tick)
        #expect(disk.worker.words.last == "capacity 17")
    }

    @Test("takes nothing of an attempt behind what has no room")
    func noRoomBefore() {
        // A checkpoint takes some bytes more than the failure after it.
        var disk = lonely(WorkerSettings(spoolByteCountMax: 1025))
        disk.worker.cut(1)
        disk.worker.handle(.slot(0, .failed(text: "the end")))
        disk.settle()
        #expect(disk.files.isEmpty)
    }

    @Test("leaves a slot waiting when there is no room even so")
    func noRoom() {
        var disk = lonely(WorkerSettings(spoolByteCountMax: 1100))
        for iteration in 1...4 {
            disk.worker.cut(iteration)
            disk.settle()
        }
        #expect(disk.iterations == [1] && disk.accepted == 1)
    }

    @Test("takes what is not stored when a drain nears its end")
    func drain() {
        var disk = Disk(TestedWorker(WorkerSettings(drainLimit: 20 * second, spoolByteCountMax: 1 << 20)))
        disk.worker.welcome()
        disk.worker.hear(.assign([TestedWorker.grant(0)]))
        disk.worker.handle(.drainRequested)
        disk.worker.cut(7)
        disk.worker.handle(.slot(0, .stopped))
        disk.worker.pass(9 * second)
        disk.settle()
        #expect(disk.files.isEmpty)
        disk.worker.pass(2 * second)
        disk.settle()
        #expect(disk.iterations == [7] && disk.worker.exitCode == nil)
        disk.worker.pass(10 * second)
        #expect(disk.worker.exitCode == 1)
    }

    @Test("is read up to the first gap of each attempt")
    func gap() {
        func record(
            _ number: UInt64, _ index: UInt32, from before: UInt8, to after: UInt8, ledger: UInt64 = 1
        ) -> SpooledOutcome? {
            let state = TestDigest.blob([after])
            return SpooledOutcome(
                number: number, ledger: ledger,
                message: .checkpoint(
                    attempt: TestedWorker.grant(index).attempt, iteration: Int(after), state: state.digest, block: nil,
                    chainBefore: TestDigest.of([before]), chainAfter: TestDigest.of([after])), blobs: [state])
        }
        func numbers(_ records: [SpooledOutcome?]) -> [UInt64] {
            SpooledOutcome.usable(records.compactMap { $0 }).map(\.number)
        }
        #expect(numbers([record(1, 0, from: 0, to: 1), record(2, 0, from: 1, to: 2)]) == [1, 2])
        #expect(
            numbers([record(3, 0, from: 2, to: 3), record(1, 0, from: 0, to: 1), record(4, 1, from: 0, to: 4)])
                == [1, 4], "nothing behind a gap")
        #expect(
            numbers([record(1, 0, from: 0, to: 1), record(2, 0, from: 0, to: 2), record(3, 0, from: 2, to: 3)])
                == [2, 3], "the first was joined into the second")
        #expect(
            numbers([record(1, 0, from: 0, to: 1), record(2, 1, from: 0, to: 2, ledger: 2)]) == [2],
            "what is of a ledger that was left behind is nobody's")
        let wrong = SpooledOutcome(number: 1, ledger: 1, message: .draining(reason: ""), blobs: [])
        #expect(wrong == nil)
    }
}

extension Disk {
    /// The same disk, whose worker's effects are forgotten.
    fileprivate init(resuming other: Disk) {
        self.init(other.worker)
        files = other.files
    }
}
