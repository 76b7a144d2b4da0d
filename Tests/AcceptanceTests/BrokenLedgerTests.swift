import Cluster
import Fitting
import GRDB
import Logging
import ModelFile
import Testing

@Suite("a coordinator whose ledger cannot be written")
struct BrokenLedgerTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    @Test("answers those who wait, and those who ask later, with the reason", .timeLimit(.minutes(15)))
    func answers() async throws {
        let service = try CoordinatorService(
            CoordinatorConfiguration(state: place.path("state"), endpoint: "ipc://\(place.path("socket"))"),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        defer { service.stop() }
        let other = try DatabaseQueue(path: place.path("state/ledger.sqlite"))
        try await other.write { try $0.execute(sql: "DROP TABLE entry") }
        let bundle = try ModelFileReader.bundle(at: Workplace.model("mmm_example"))
        let read = try ModelFileReader.read(bundle)
        let submission = try FitSubmission(bundle: bundle, read: read, settings: FitSettings(read.specification))
        for _ in 0..<2 {
            await #expect(throws: CoordinatorError.self) { try await service.submit(submission) }
        }
        #expect(service.failureText?.contains("the ledger cannot be written") == true)
        #expect(!service.isReady)
    }
}
