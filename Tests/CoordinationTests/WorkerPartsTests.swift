import Coordination
import Testing
import Wire

private let second: Nanoseconds = 1_000_000_000

private func attempt(_ index: UInt32, epoch: UInt64 = 1) -> AttemptID {
    AttemptID(task: TaskID(job: JobID(1), index: index), epoch: epoch)
}

private func grant(_ index: UInt32, inputs: [Digest] = [], start: StartingPoint? = nil) -> Grant {
    Grant(attempt: attempt(index), digest: TestDigest.of([1]), payload: [], inputs: inputs, start: start)
}

@Suite("a worker's slots")
struct SlotTableTests {
    @Test("take a grant each, and one more behind each that ends")
    func take() {
        var slots = SlotTable(count: 2)
        #expect(slots.isIdle)
        let taken = (0..<2).map { slots.take(grant($0)) }
        #expect(taken == [true, true])
        slots.start(0, at: 0)
        #expect(slots.runningSlots == [0] && slots.waiting.map(\.slot) == [1])
        #expect(slots.attempts == [attempt(0), attempt(1)])
        let killed = slots.drop(attempt(0))
        #expect(killed == 0, "its process is to be killed")
        #expect(slots.running(0) == nil && slots.attempts == [attempt(1)])
        let behind = [slots.take(grant(2)), slots.take(grant(3))]
        #expect(behind == [true, true], "the second waits for a slot")
        #expect(slots.waiting.map(\.slot) == [1], "the old process still lives")
        slots.processEnded(0)
        #expect(slots.waiting.map(\.grant.attempt) == [attempt(2), attempt(1)])
        let hasFilled = slots.fill()
        #expect(!hasFilled && slots.attempts == [attempt(2), attempt(1), attempt(3)])
        slots.start(0, at: 0)
        slots.release(0)
        let hasFilledThen = slots.fill()
        #expect(hasFilledThen && slots.waiting.map(\.grant.attempt) == [attempt(3), attempt(1)])
    }

    @Test("take as many grants ahead as fit into a heartbeat with all that they run", arguments: [1, 2, 60, 1024])
    func capacity(slots count: Int) {
        var slots = SlotTable(count: count)
        #expect(slots.capacity == min(17 * count, 1024))
        for index in 0..<slots.capacity { _ = slots.take(grant(UInt32(index))) }
        let isTaken = slots.take(grant(5000))
        #expect(!isTaken && slots.attempts.count == slots.capacity)
    }

    @Test("drop what waits without a process to be killed")
    func dropWaiting() {
        var slots = SlotTable(count: 2)
        let blob = TestDigest.of([2])
        _ = slots.take(grant(0, inputs: [blob]))
        _ = slots.take(grant(1))
        #expect(slots.neededBlobs.map(\.digest) == [blob])
        let dropped = slots.dropWaiting { $0.inputs.contains(blob) }
        #expect(dropped == [attempt(0)])
        #expect(slots.neededBlobs.isEmpty && slots.attempts == [attempt(1)])
        let killed = slots.drop(attempt(1))
        #expect(killed == nil)
        #expect(slots.isIdle)
    }

    @Test("begin where the grant says, and note what they are told of what runs only")
    func progress() {
        var slots = SlotTable(count: 1)
        let state = TestDigest.of([3])
        _ = slots.take(grant(0, start: StartingPoint(state: state, iteration: 40, chain: state)))
        #expect(slots.neededBlobs == [NeededBlob(state, isShared: false)])
        slots.start(0, at: 0)
        guard var progress = slots.running(0) else {
            Issue.record("the slot does not run")
            return
        }
        #expect(progress.iteration == 40)
        progress.iteration = 50
        slots.note(progress, in: 0, at: 1)
        #expect(slots.progress.map(\.iteration) == [50])
        slots.release(0)
        slots.note(progress, in: 0, at: 2)
        #expect(slots.isIdle)
    }

    @Test("whose idle process goes stay idle")
    func idleProcessEnds() {
        var slots = SlotTable(count: 1)
        slots.processEnded(0)
        _ = slots.take(grant(0))
        slots.processEnded(0)
        #expect(slots.waiting.count == 1)
    }
}

@Suite("a worker's outcomes")
struct OutcomeQueueTests {
    private let small = TestDigest.blob([1, 2, 3])
    private let large = TestDigest.blob([UInt8](repeating: 1, count: Limits.frameByteCountMax + 1))

    private func checkpoint(_ index: UInt32, _ iteration: Int, _ state: Blob) -> WorkerMessage {
        .checkpoint(
            attempt: attempt(index), iteration: iteration, state: state.digest, block: nil, chainBefore: small.digest,
            chainAfter: small.digest)
    }

    @Test("keep their order: nothing of an attempt is sent before a blob that an earlier one waits for")
    func order() {
        var queue = OutcomeQueue()
        queue.add(attempt(0), checkpoint(0, 1, small), blobs: [small])
        queue.add(attempt(0), checkpoint(0, 2, large), blobs: [large])
        queue.add(attempt(0), checkpoint(0, 3, small), blobs: [small])
        queue.add(attempt(1), checkpoint(1, 1, small), blobs: [small])
        #expect(queue.sendable == [0, 3])
        #expect(queue.nextUpload?.attempt == attempt(0) && queue.nextUpload?.blob.digest == large.digest)
        queue.noteDelivered(attempt(0), large.digest)
        #expect(queue.sendable == [0, 1, 2, 3] && queue.nextUpload == nil)
        #expect(queue.pending.map { $0.blobs.count } == [1, 0, 1, 1], "a large blob does not travel with its message")
    }

    @Test("are removed by any number under which they went out in this session, and by no other")
    func remove() {
        var queue = OutcomeQueue()
        queue.add(attempt(0), checkpoint(0, 1, small), blobs: [small])
        queue.noteSent(0, sequence: 5, at: 0, due: 10)
        queue.noteSent(0, sequence: 8, at: 10, due: 20)
        #expect(queue.deadline == 20)
        let removed = [6, 5, 8].map { queue.remove(sequence: $0, at: second)?.attempt }
        #expect(removed == [nil, attempt(0), nil])
        #expect(queue.isEmpty)
    }

    @Test("are all due again in a new session, whose numbers are its own")
    func restart() {
        var queue = OutcomeQueue()
        queue.add(attempt(0), checkpoint(0, 1, large), blobs: [large])
        queue.noteDelivered(attempt(0), large.digest)
        queue.noteSent(0, sequence: 5, at: 0, due: 10)
        queue.restart()
        let removed = queue.remove(sequence: 5, at: second)
        #expect(removed == nil)
        #expect(queue.sendable.isEmpty && queue.nextUpload?.blob.digest == large.digest)
        queue.noteDelivered(attempt(0), large.digest)
        #expect(queue.deadline == 0)
    }

    @Test("of many slots do not all go at once after a silence, and nothing overtakes what has to wait")
    func window() {
        var queue = OutcomeQueue()
        let block = TestDigest.blob([UInt8](repeating: 1, count: Limits.inlineByteCountMax))
        for index in 0..<8 as Range<UInt32> { queue.add(attempt(index), checkpoint(index, 1, block), blobs: [block]) }
        #expect(queue.sendable == [0], "one may always go")
        queue.noteSent(0, sequence: 1, at: second, due: 2 * second)
        #expect(queue.sendable == [0], "it alone may go again")
        #expect(queue.deadline == 2 * second, "nothing is due before that")
        queue.add(attempt(8), checkpoint(8, 1, small), blobs: [small])
        #expect(queue.sendable == [0], "and nobody overtakes")
        // A fast wire: two, then four.
        _ = queue.remove(sequence: 1, at: second + 1)
        #expect(queue.sendable == [0, 1])
        for index in 0..<2 { queue.noteSent(index, sequence: UInt64(2 + index), at: 2 * second, due: 3 * second) }
        for sequence in 2...3 as ClosedRange<UInt64> { _ = queue.remove(sequence: sequence, at: 2 * second + 1) }
        #expect(queue.sendable == [0, 1, 2, 3])
        // A slow one: half of it.
        queue.noteSent(0, sequence: 4, at: 4 * second, due: 9 * second)
        _ = queue.remove(sequence: 4, at: 5 * second)
        #expect(queue.sendable == [0])
    }

    @Test("of an attempt that is not wanted any more are dropped, but for its result")
    func drop() {
        var queue = OutcomeQueue()
        let cost = AttemptCost(gradientEvaluations: 1, divergences: 0, cpuNanoseconds: 1, wallNanoseconds: 1)
        queue.add(attempt(0), checkpoint(0, 1, small), blobs: [small])
        queue.add(attempt(0), .result(attempt: attempt(0), digest: small.digest, cost: cost))
        queue.add(attempt(1), checkpoint(1, 1, small), blobs: [small])
        queue.drop(attempt(0))
        #expect(queue.attempts == [attempt(0), attempt(1)])
        #expect(queue.pending.first.map { if case .result = $0.message { true } else { false } } == true)
    }
}

@Suite("the pace of transfers")
struct TransferPaceTests {
    private let millisecond: Nanoseconds = 1_000_000

    @Test("a fast wire is used, a slow one is not filled, and a long one is not taken for a narrow one")
    func pace() {
        var pace = TransferPace(8...256, beginningWith: 64)
        for _ in 0..<5 { pace.note(byteCount: pace.byteCount, took: 100 * millisecond) }
        #expect(pace.byteCount == 256)
        pace.note(byteCount: 256, took: 200 * millisecond)
        #expect(pace.byteCount == 256)
        pace.note(byteCount: 256, took: 300 * millisecond)
        #expect(pace.byteCount == 128)
        pace.note(byteCount: 3, took: millisecond)
        #expect(pace.byteCount == 128, "the end of a blob says nothing of the wire")
        for _ in 0..<9 { pace.noteLost() }
        #expect(pace.byteCount == 8)
    }
}

@Suite("a worker's fetches")
struct BlobFetchTests {
    private let blob = TestDigest.blob((0..<100).map { UInt8($0) })

    private func need(_ digests: Digest..., in fetch: inout BlobFetch) {
        fetch.need(digests.map { NeededBlob($0, isShared: false) })
    }

    /// Where the chunk begins that is asked for now.
    private func offset(_ fetch: inout BlobFetch, at now: Nanoseconds) -> Int? {
        guard case .fetch(blob.digest, let offset, _)? = fetch.nextRequest(at: now) else { return nil }
        return offset
    }

    @Test("ask for one chunk at a time, and again after a silence")
    func chunks() {
        var fetch = BlobFetch { TestDigest() }
        #expect(fetch.deadline == nil)
        need(blob.digest, blob.digest, in: &fetch)
        // The second time one is under way, the third time it is overdue.
        let first = [1, 2, 6].map { offset(&fetch, at: $0 * second) }
        #expect(first == [0, nil, 0])
        #expect(fetch.deadline == 11 * second)
        let head = (0..<2).map { _ in
            fetch.take(blob.digest, offset: 0, total: 100, bytes: Array(blob.bytes[..<60]), at: 6 * second)
        }
        #expect(head == [.nothing, .nothing])
        let next = offset(&fetch, at: 7 * second)
        #expect(next == 60, "the same again changes nothing")
        let rest = fetch.take(blob.digest, offset: 60, total: 100, bytes: Array(blob.bytes[60...]), at: 7 * second)
        #expect(rest == .whole(blob.bytes, isShared: false))
        #expect(fetch.bytes(of: blob.digest) == blob.bytes && fetch.deadline == nil)
    }

    @Test("take bytes under a wrong name once, and then give up")
    func damaged() {
        var fetch = BlobFetch { TestDigest() }
        need(blob.digest, in: &fetch)
        let arrivals = (0..<2).map { _ in
            _ = fetch.nextRequest(at: second)
            return fetch.take(blob.digest, offset: 0, total: 3, bytes: [1, 2, 3], at: second)
        }
        #expect(arrivals == [.nothing, .damaged])
        #expect(fetch.bytes(of: blob.digest) == nil)
    }

    @Test("look first among what the host's workers share, and wait for one of them that fetches it")
    func shared() {
        var fetch = BlobFetch { TestDigest() }
        fetch.need([NeededBlob(blob.digest, isShared: true)])
        #expect(fetch.nextRequest(at: 0) == nil && fetch.deadline == 0)
        let first = [0, 1].map { fetch.nextLookUp(at: $0 * second) }
        #expect(first == [blob.digest, nil])
        let early = fetch.take(blob.digest, .onItsWay, at: second)
        #expect(!early && fetch.nextRequest(at: second) == nil && fetch.deadline == second + second / 10)
        let again = [second, 2 * second].map { fetch.nextLookUp(at: $0) }
        #expect(again == [nil, blob.digest])
        let late = fetch.take(blob.digest, .whole(blob.bytes), at: 2 * second)
        #expect(late && fetch.bytes(of: blob.digest) == blob.bytes && fetch.deadline == nil)
        #expect(fetch.nextRequest(at: 2 * second) == nil)
    }

    @Test("fetch what nobody on the host has, and what another has not brought within twenty seconds")
    func sharedElsewhere() {
        for copy in [HostCopy.none, .onItsWay] {
            var fetch = BlobFetch { TestDigest() }
            fetch.need([NeededBlob(blob.digest, isShared: true)])
            var now: Nanoseconds = 0
            while offset(&fetch, at: now) == nil, now < 60 * second {
                if fetch.nextLookUp(at: now) != nil { _ = fetch.take(blob.digest, copy, at: now) }
                now += second / 10
            }
            if case .none = copy { #expect(now <= second) } else { #expect(now >= 20 * second && now < 22 * second) }
            let arrival = fetch.take(blob.digest, offset: 0, total: 100, bytes: blob.bytes, at: now)
            #expect(arrival == .whole(blob.bytes, isShared: true))
        }
    }

    @Test("keep what is needed and four spares, the newest")
    func spares() {
        var fetch = BlobFetch { TestDigest() }
        let blobs = (0..<7).map { TestDigest.blob([UInt8($0)]) }
        for blob in blobs {
            need(blobs[0].digest, blob.digest, in: &fetch)
            while fetch.nextRequest(at: second) != nil {
                let wanted = fetch.bytes(of: blobs[0].digest) == nil ? blobs[0] : blob
                _ = fetch.take(wanted.digest, offset: 0, total: 1, bytes: wanted.bytes, at: second)
            }
        }
        need(blobs[0].digest, in: &fetch)
        #expect(blobs.map { fetch.bytes(of: $0.digest) != nil } == [true, false, false, true, true, true, true])
        fetch.forget(blobs[6].digest)
        #expect(fetch.bytes(of: blobs[6].digest) == nil)
    }
}
