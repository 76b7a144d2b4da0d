import Cluster
import Coordination
import Fitting
import Foundation
import Logging
import ModelDefinition
import ModelFile
import Storage
import Wire

/// A folder that is gone with this value.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("tutti-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

let silence = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// A small model that is well formed, under a name of its own.
func submission(named name: String) throws -> FitSubmission {
    let (bundle, read) = try smallModel(named: name)
    return try FitSubmission(bundle: bundle, read: read, settings: FitSettings(read.specification))
}

func smallModel(named name: String) throws -> (ModelBundle, ReadModel) {
    let model = """
        tutti: 1
        name: \(name)
        data: {sources: [{file: data.csv}], date: week, frequency: week}
        kpi: {column: sales}
        channels: [{name: tv, spend: tv}]
        """
    let first = CalendarDate(dayNumber: 18_995)
    let rows = (0..<30).map { "\(first.advanced(by: 7 * $0)),\(100 + 3 * $0 % 11),\($0 * $0 % 7)\n" }
    let bundle = ModelBundle(
        modelName: "model.yaml", model: Array(model.utf8),
        files: [("data.csv", Array(("week,sales,tv\n" + rows.joined()).utf8))])
    return (bundle, try ModelFileReader.read(bundle))
}

/// A job as the assembly is given it.
func snapshot(_ number: Int) -> JobSnapshot {
    var machine = Coordinator(
        settings: CoordinatorSettings(), ledger: 1, epoch: 1, build: "test", kernels: Digest(hashing: []), replaying: []
    )
    for job in 1...number {
        let digest = Digest(hashing: [UInt8(job)])
        let task = TaskSpecification(digest: digest, payload: [], inputs: [], label: "chain 1", iterations: 10)
        let specification = JobSpecification(
            digest: digest, name: "job \(job)", priority: 0, bundle: digest, submittedAt: 0, tasks: [task])
        _ = machine.handle(.submitted(specification, again: false, request: UInt64(job)), at: 0)
    }
    return machine.snapshot(of: JobID(UInt64(number)))!
}
