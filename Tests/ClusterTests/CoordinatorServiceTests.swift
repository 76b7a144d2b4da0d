import Cluster
import Coordination
import Fitting
import Logging
import Storage
import Testing
import Wire

@Suite("a coordinator on a disk that fails")
struct CoordinatorServiceTests {
    private let folder: TemporaryFolder
    private let ledger = StubLedger()

    init() throws {
        folder = try TemporaryFolder()
    }

    private func service() throws -> CoordinatorService {
        let ledger = ledger
        return try CoordinatorService(
            CoordinatorConfiguration(state: folder.path + "/state", endpoint: "ipc://\(folder.path)/socket"),
            logger: silence, openingLedger: { _ in ledger })
    }

    @Test(
        "while the disk is full, who submits or cancels is told so at once; afterwards all goes on",
        .timeLimit(.minutes(15)))
    func full() async throws {
        let service = try service()
        let first = try await service.submit(submission(named: "first"))
        ledger.fail(with: .full(attempt: "write"))
        await #expect(throws: CoordinatorError.self) { try await service.submit(submission(named: "second")) }
        #expect(!service.isReady && service.failureText == nil)
        await #expect(throws: CoordinatorError.self) { try await service.cancel(first.job) }
        #expect(service.job(first.job)?.state == .queued)
        ledger.fail(with: nil)
        while !service.isReady { await Task.yield() }
        // It was queued when the disk filled up, and is the same job now.
        let second = try await service.submit(submission(named: "second"))
        #expect(second.existed && second.job == JobID(2))
        #expect(try await service.cancel(first.job) == nil)
        #expect(service.job(first.job)?.state == .cancelled)
        #expect(try await service.submit(submission(named: "first")).job == JobID(3))
        service.stop()
    }

    @Test("a project that has as many bytes stored as it may submits nothing new, and what it has goes on")
    func storedBytes() async throws {
        let ledger = ledger
        let bundle = try submission(named: "first").bundle.count
        let settings = CoordinatorSettings(shares: ["default": ProjectShare(bytesMax: bundle * 3 / 2)])
        let service = try CoordinatorService(
            CoordinatorConfiguration(
                state: folder.path + "/state", endpoint: "ipc://\(folder.path)/socket", settings: settings),
            logger: silence, openingLedger: { _ in ledger })
        defer { service.stop() }
        let first = try await service.submit(submission(named: "first"))
        do {
            _ = try await service.submit(submission(named: "second"))
            Issue.record("a submission beyond the bound was taken")
        } catch let refusal as SubmissionRefusal {
            #expect(refusal.description.hasPrefix("project 'default' has "))
            #expect(refusal.description.contains("Mend: "))
        }
        #expect(service.jobs.count == 1)
        // What is there is no more to be stored; a new job of it is.
        #expect(try await service.submit(submission(named: "first")).existed)
        await #expect(throws: SubmissionRefusal.self) {
            try await service.submit(submission(named: "first"), again: true)
        }
        let (other, read) = try smallModel(named: "other")
        let foreign = try FitSubmission(
            bundle: other, read: read, settings: FitSettings(read.specification), project: "elsewhere")
        #expect(try await !service.submit(foreign).existed, "another project's")
        #expect(service.job(first.job)?.state == .queued)
    }

    @Test("a full disk does not keep it from stopping", .timeLimit(.minutes(15)))
    func stop() async throws {
        let service = try service()
        ledger.fail(with: .full(attempt: "write"))
        await #expect(throws: CoordinatorError.self) { try await service.submit(submission(named: "first")) }
        service.stop()
        #expect(try ledger.entries() == [])
    }

    @Test("a ledger that fails for good ends it, and everybody is told why", .timeLimit(.minutes(15)))
    func broken() async throws {
        let service = try service()
        ledger.fail(with: .system(attempt: "write", code: 5))
        for _ in 0..<2 {
            do {
                _ = try await service.submit(submission(named: "first"))
                Issue.record("what cannot be stored was accepted")
            } catch {
                #expect("\(error)".contains("the ledger cannot be written"))
            }
        }
        service.stop()
    }

    @Test("who asks right after the start sees the jobs of before")
    func start() async throws {
        // Let go of when it returns, and with it the lock of the folder.
        func submitted() async throws -> JobID {
            let service = try service()
            defer { service.stop() }
            return try await service.submit(submission(named: "first")).job
        }
        let job = try await submitted()
        let after = try service()
        #expect(after.jobs.map(\.id) == [job])
        after.stop()
    }
}
