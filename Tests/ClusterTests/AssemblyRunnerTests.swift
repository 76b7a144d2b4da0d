import Cluster
import Coordination
import Storage
import Synchronization
import Testing
import Wire

@Suite("putting results together")
struct AssemblyRunnerTests {
    private struct Fault: Error, CustomStringConvertible {
        var description: String { "a fault" }
    }

    private let folder: TemporaryFolder
    private let tries: AssemblyTries

    init() throws {
        folder = try TemporaryFolder()
        tries = try AssemblyTries(StateFolder(opening: folder.path))
    }

    /// Runs jobs until each has come to an end, or for good where `count` ends are not to be waited for.
    private func endings(
        of jobs: [Int], hasRoom: @escaping @Sendable () -> Bool = { true },
        assemble: @escaping @Sendable (JobSnapshot) throws -> String
    ) async -> Set<AssemblyOutcome> {
        let (stream, continuation) = AsyncStream.makeStream(of: AssemblyOutcome.self)
        let runner = AssemblyRunner(
            tries: tries, triesMax: 3, firstPause: 0.01, logger: silence, hasRoom: hasRoom, assemble: assemble,
            judge: { _, _ in false },
            onEnd: { continuation.yield($0) })
        for job in jobs { runner.start(.results(snapshot(job))) }
        var endings: Set<AssemblyOutcome> = []
        for await ending in stream {
            endings.insert(ending)
            if endings.count == jobs.count { break }
        }
        runner.stop()
        return endings
    }

    @Test("a fault that passes is tried again; one that stays fails its own job only", .timeLimit(.minutes(15)))
    func faults() async throws {
        let calls = Mutex<[UInt64: Int]>([:])
        let endings = await endings(of: [1, 2, 3]) { snapshot in
            let number = snapshot.id.number
            let call = calls.withLock { calls in
                calls[number, default: 0] += 1
                return calls[number]!
            }
            if number == 2 || number == 3 && call < 3 { throw Fault() }
            return "converged"
        }
        #expect(
            endings == [
                .finished(JobID(1), succeeded: true, text: "converged"),
                .finished(JobID(2), succeeded: false, text: "the results cannot be put together: a fault"),
                .finished(JobID(3), succeeded: true, text: "converged"),
            ])
        #expect(calls.withLock { $0 } == [1: 1, 2: 3, 3: 3])
        // Nothing is left to count against a job of a later life.
        for job in 1...3 { #expect(try tries.count(of: JobID(UInt64(job))) == 0) }
    }

    @Test("tries that ended the process count; the last one fails the job without another", .timeLimit(.minutes(15)))
    func crashes() async throws {
        try tries.note(2, of: JobID(1))
        try tries.note(3, of: JobID(2))
        let calls = Mutex(0)
        let endings = await endings(of: [1, 2]) { snapshot in
            #expect(snapshot.id == JobID(1))
            calls.withLock { $0 += 1 }
            return "converged"
        }
        #expect(
            endings == [
                .finished(JobID(1), succeeded: true, text: "converged"),
                .finished(
                    JobID(2), succeeded: false,
                    text: "putting its results together has failed or ended the coordinator 3 times"),
            ])
        #expect(calls.withLock { $0 } == 1)
    }

    @Test("a try is counted before it begins, so that one that ends the process is seen")
    func counted() async throws {
        let seen = Mutex(0)
        let tries = tries
        _ = await endings(of: [1]) { snapshot in
            seen.withLock { $0 = (try? tries.count(of: snapshot.id)) ?? -1 }
            return "converged"
        }
        #expect(seen.withLock { $0 } == 1)
    }

    @Test("lost draws are their tasks' affair, and count as a try", .timeLimit(.minutes(15)))
    func lostDraws() async throws {
        let lost = [TaskID(job: JobID(1), index: 0)]
        for count in 1...3 {
            let endings = await endings(of: [1]) { _ in throw LostDraws(tasks: lost) }
            #expect(endings == [.drawsLost(lost)])
            #expect(try tries.count(of: JobID(1)) == count)
        }
        let last = await endings(of: [1]) { _ in throw LostDraws(tasks: lost) }
        #expect(last != [.drawsLost(lost)])
    }

    @Test("a full disk fails no job, however long it lasts", .timeLimit(.minutes(15)))
    func fullDisk() async {
        let calls = Mutex(0)
        let endings = await endings(of: [1], hasRoom: { calls.withLock { $0 } > 9 }) { _ in
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            if call % 2 == 0 { throw StorageError.full(attempt: "write") }
            if call < 9 { throw Fault() }
            return "converged"
        }
        #expect(endings == [.finished(JobID(1), succeeded: true, text: "converged")])
        #expect(calls.withLock { $0 } == 9)
    }

    @Test("a stop ends the wait for room", .timeLimit(.minutes(15)))
    func stop() throws {
        let tried = Mutex(false)
        let runner = AssemblyRunner(
            tries: tries, firstPause: 1000, logger: silence, hasRoom: { false },
            assemble: { _ in
                tried.withLock { $0 = true }
                throw Fault()
            }, judge: { _, _ in false }, onEnd: { _ in Issue.record("a job that waits for room has ended") })
        runner.start(.results(snapshot(1)))
        while !tried.withLock({ $0 }) {}
        runner.stop()
        #expect(try tries.count(of: JobID(1)) <= 1)
    }
}
