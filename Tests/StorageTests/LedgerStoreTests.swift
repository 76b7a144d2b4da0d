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
