import Cluster
import Foundation
import Logging
import Synchronization
import Testing
import ZeroMQ

/// Keeps what is logged.
private struct LogRecorder: LogHandler {
    final class Lines: Sendable {
        private let state = Mutex<[String]>([])

        func append(_ line: String) { state.withLock { $0.append(line) } }
        var all: [String] { state.withLock { $0 } }
    }

    let lines: Lines
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.append("\(event.message) \((event.metadata ?? [:]).map { "\($0)=\($1)" }.sorted())")
    }
}

@Suite("the log of refusals")
struct GateTests {
    private let folder: TemporaryFolder
    private let lines = LogRecorder.Lines()
    private let gate: Gate

    init() throws {
        folder = try TemporaryFolder()
        let keys = KeyFolder("\(folder.path)/keys")
        _ = try keys.make(KeyFolder.coordinatorName)
        let recorder = LogRecorder(lines: lines)
        gate = try Gate(keys, logger: Logger(label: "test") { _ in recorder })
    }

    @Test("has one line an hour for an address and a reason")
    func hourly() {
        for minute in 0..<90 {
            for reason in [.noKey, .otherServer] as [ConnectionMonitor.Refusal.Reason] {
                gate.note(.init(address: "192.0.2.1", reason: reason), at: Double(minute) * 60)
            }
        }
        #expect(lines.all.count == 4)
        #expect(lines.all.allSatisfy { $0.contains("a peer was refused") && $0.contains("address=192.0.2.1") })
        #expect(lines.all.count { $0.contains("it shows no key") } == 2)
    }

    @Test("waits for an address that was gone too soon: one line for who comes again, and one for who does not")
    func unseen() {
        gate.note(.init(address: nil, reason: .noKey), at: 0)
        gate.noteUnseen(at: 5)
        #expect(lines.all.isEmpty)
        gate.note(.init(address: "192.0.2.1", reason: .noKey), at: 6)
        gate.note(.init(address: nil, reason: .noKey), at: 7)
        gate.noteUnseen(at: 100)
        #expect(lines.all.count == 1 && lines.all[0].contains("address=192.0.2.1"))
        for moment in [100, 101, 102] { gate.note(.init(address: nil, reason: .otherServer), at: Double(moment)) }
        gate.noteUnseen(at: 110)
        gate.noteUnseen(at: 111)
        #expect(lines.all.count == 2 && lines.all[1].contains("address=gone too soon"))
    }

    @Test("ends after a thousand addresses, and goes on when their hour is over")
    func flood() {
        for number in 0..<3000 { gate.note(.init(address: "192.0.2.\(number)", reason: .noKey), at: 0) }
        #expect(lines.all.count == 1000)
        gate.note(.init(address: "198.51.100.1", reason: .noKey), at: 3600)
        #expect(lines.all.count == 1001)
    }
}
