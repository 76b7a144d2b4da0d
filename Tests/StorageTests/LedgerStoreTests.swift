import Coordination
import Foundation
import Storage
import Synchronization
import Testing
import Wire

/// What every ledger promises.
@Suite struct LedgerStoreTests {
    enum Kind: CaseIterable {
        case memory
        case sqlite
    }

    /// A new, empty ledger, for as long as `body` runs.
    private func withLedger(_ kind: Kind, _ body: (any LedgerStore) throws -> Void) throws {
        switch kind {
        case .memory: try body(MemoryLedger())
        case .sqlite:
            let folder = try TemporaryFolder()
            try body(try Ledger(StateFolder(opening: folder.path)))
        }
    }

    @Test("a new ledger is empty", arguments: Kind.allCases)
    func empty(kind: Kind) throws {
        try withLedger(kind) { ledger throws in
            #expect(try ledger.entries() == [])
            try ledger.append([])
            #expect(try ledger.entries() == [])
        }
    }

    @Test("entries of every case come back equal and in the order of their batches", arguments: Kind.allCases)
    func order(kind: Kind) throws {
        try withLedger(kind) { ledger throws in
            let batches = (1...20).map { everyEntry(UInt64($0), digest: digest($0)) }
            for batch in batches { try ledger.append(batch) }
            #expect(try ledger.entries() == batches.flatMap { $0 })
        }
    }

    @Test("the same content may be submitted again", arguments: Kind.allCases)
    func again(kind: Kind) throws {
        try withLedger(kind) { ledger throws in
            let batches = [
                [submission(1, digest: digest(1)), .cancelled(JobID(1))], [submission(2, digest: digest(1))],
            ]
            for batch in batches { try ledger.append(batch) }
            #expect(try ledger.entries() == batches.flatMap { $0 })
        }
    }

    @Test("the coordinator epoch begins at 1 and grows by one", arguments: Kind.allCases)
    func epoch(kind: Kind) throws {
        try withLedger(kind) { ledger throws in
            #expect(try (1...5).map { _ in try ledger.nextCoordinatorEpoch() } == [1, 2, 3, 4, 5])
        }
    }

    @Test("small blobs come back in whole and in part, until they are released", arguments: Kind.allCases)
    func rows(kind: Kind) throws {
        try withLedger(kind) { ledger throws in
            let blobs = (0..<4).map { blob([UInt8](repeating: UInt8($0), count: 100 * $0)) }
            try ledger.append(
                LedgerBatch(entries: [submission(1, digest: digest(1))], blobs: blobs, released: [digest(99)]))
            for blob in blobs {
                #expect(try ledger.row(blob.digest, from: 0, count: .max) == blob.bytes)
                #expect(try ledger.rowByteCount(blob.digest) == blob.bytes.count)
            }
            #expect(try ledger.row(blobs[1].digest, from: 90, count: 20) == [UInt8](repeating: 1, count: 10))
            #expect(try ledger.row(blobs[1].digest, from: 200, count: 20) == [])
            #expect(try ledger.row(digest(99), from: 0, count: 1) == nil)
            #expect(try ledger.rowByteCount(digest(99)) == nil)

            try ledger.append(LedgerBatch(entries: [], blobs: [blobs[3]], released: [blobs[2].digest]))
            #expect(try ledger.rowByteCount(blobs[2].digest) == nil)
            #expect(try ledger.rowByteCount(blobs[3].digest) == 300)
            #expect(try ledger.removeRows(except: [blobs[3].digest, digest(99)]) == 2)
            #expect(try blobs.map { try ledger.rowByteCount($0.digest) != nil } == [false, false, false, true])
            #expect(try ledger.entries() == [submission(1, digest: digest(1))])
        }
    }

    @Test(
        "a job that is over is folded into two entries that say the same, and others are not", arguments: Kind.allCases)
    func folding(kind: Kind) throws {
        try withLedger(kind) { ledger throws in
            for job in 1...5 as ClosedRange<UInt64> { try ledger.append([submission(job, digest: digest(Int(job)))]) }
            func attempt(_ job: UInt64) -> AttemptID { AttemptID(task: TaskID(job: JobID(job), index: 0), epoch: 1) }
            for job in 1...4 as ClosedRange<UInt64> { try ledger.append([.granted(attempt(job), worker: "w")]) }
            try ledger.append(finish(attempt(1)) + [.assembled(JobID(1), succeeded: true, text: "converged")])
            try ledger.append([
                .ended(attempt(2), outcome: "signal 9", lastIteration: 3, blame: .task),
                .taskFailed(attempt(2).task, text: "signal 9"),
            ])
            try ledger.append([.cancelled(JobID(3))])
            let before = snapshots(of: try ledger.entries())
            #expect(try ledger.unfoldedJobs() == [JobID(1), JobID(2), JobID(3)])
            for job in 1...6 as ClosedRange<UInt64> { try ledger.fold(JobID(job)) }
            for job in 1...6 as ClosedRange<UInt64> { try ledger.fold(JobID(job)) }
            #expect(try ledger.unfoldedJobs() == [])
            #expect(try ledger.entries().count == 3 * 2 + 2 + 1)
            let after = snapshots(of: try ledger.entries())
            #expect(after.map(\.id) == before.map(\.id))
            #expect(after.map(\.state) == [.succeeded, .failed, .cancelled, .running, .queued])
            #expect(after.map(\.state) == before.map(\.state))
            #expect(after.map(\.text) == before.map(\.text))
            #expect(after.map(\.taskCount) == before.map(\.taskCount))
            #expect(after.map(\.doneCount) == [1, 0, 0, 0, 0])
            #expect(after[3].tasks == before[3].tasks && after[4].tasks == before[4].tasks)
            // What is added later comes behind what was folded.
            try ledger.append([submission(6, digest: digest(6)), .cancelled(JobID(5))])
            #expect(snapshots(of: try ledger.entries()).map(\.id.number) == [1, 2, 3, 4, 5, 6])
            #expect(try ledger.unfoldedJobs() == [JobID(5)])
        }
    }

    @Test("an expired job gives up what no other job names, and its content is new again", arguments: Kind.allCases)
    func expiry(kind: Kind) throws {
        try withLedger(kind) { ledger throws in
            let (own, shared) = (blob([1]), blob([2]))
            for job in 1...2 as ClosedRange<UInt64> {
                let attempt = AttemptID(task: TaskID(job: JobID(job), index: 0), epoch: 1)
                var batch = LedgerBatch(entries: [submission(job, digest: digest(Int(job)))])
                batch.entries.append(.granted(attempt, worker: "w"))
                for block in job == 1 ? [own, shared] : [shared] {
                    batch.entries.append(
                        .checkpointed(
                            attempt, StartingPoint(state: digest(9), iteration: 1, chain: digest(2)),
                            block: block.digest))
                    batch.blobs.append(block)
                }
                try ledger.append(batch)
            }
            #expect(try ledger.expire(JobID(1)) == [])
            #expect(try ledger.closedJobs() == [])
            try ledger.append([.assembled(JobID(1), succeeded: true, text: "")])
            let closed = try ledger.closedJobs()
            #expect(closed.map(\.id) == [JobID(1)] && !closed[0].isPinned && closed[0].closedAt > 0)
            #expect(try ledger.pin(JobID(1), true))
            #expect(try ledger.closedJobs().map(\.isPinned) == [true])
            #expect(try ledger.pin(JobID(2), true), "one that is not over")
            #expect(try ledger.pinnedJobs() == [JobID(1), JobID(2)])
            #expect(try ledger.pin(JobID(1), false))
            #expect(try ledger.closedJobs().map(\.isPinned) == [false])
            #expect(try ledger.pinnedJobs() == [JobID(2)])
            #expect(!(try ledger.pin(JobID(7), true)))
            #expect(try ledger.references(of: JobID(1)) == [digest(1), own.digest, shared.digest].sorted())

            #expect(try ledger.expire(JobID(1)) == [digest(1), own.digest].sorted())
            #expect(!(try ledger.pin(JobID(1), true)), "what is gone cannot be kept")
            #expect(try ledger.pinnedJobs() == [JobID(2)])
            #expect(try ledger.rowByteCount(own.digest) == nil)
            #expect(try ledger.rowByteCount(shared.digest) == 1)
            #expect(try ledger.references() == [digest(2), shared.digest])
            #expect(try ledger.closedJobs() == [] && ledger.references(of: JobID(1)) == [])
            let machine = machine(of: try ledger.entries())
            #expect(machine.snapshot(of: JobID(1))?.state == .succeeded)
            #expect(machine.job(withDigest: digest(1)) == nil)
            #expect(machine.job(withDigest: digest(2)) == JobID(2))
        }
    }

    @Test("batches of several threads stay whole, each thread's in its order", arguments: Kind.allCases)
    func threads(kind: Kind) throws {
        try withLedger(kind) { ledger throws in
            let failures = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 4) { thread in
                for number in 0..<25 {
                    do {
                        try ledger.append(
                            (0..<3).map {
                                .taskFailed(TaskID(job: JobID(UInt64(thread)), index: $0), text: "\(number)")
                            })
                    } catch {
                        failures.withLock { $0.append("\(error)") }
                    }
                }
            }
            #expect(failures.withLock { $0 } == [])
            let entries = try ledger.entries()
            try #require(entries.count == 300)
            var next = [0, 0, 0, 0]
            for start in stride(from: 0, to: entries.count, by: 3) {
                let job = entries[start].job
                let number = next[Int(job.number)]
                next[Int(job.number)] += 1
                #expect(
                    Array(entries[start..<start + 3])
                        == (0..<3).map { .taskFailed(TaskID(job: job, index: $0), text: "\(number)") })
            }
        }
    }
}
