import Battery
import Cluster
import Coordination
import Fitting
import Foundation
import ModelFile
import Storage
import Testing
import Wire

@Suite("the state of another version")
struct ForeignStateTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    /// What a version with other kernels would have left behind, at its first checkpoint.
    private func leaveState(in name: String) throws {
        let state = try StateFolder(opening: place.path(name))
        let ledger = try Ledger(state)
        let digest = Digest(hashing: Array("other".utf8))
        let task = TaskSpecification(digest: digest, payload: [], inputs: [], label: "chain 1", iterations: 100)
        try ledger.append([
            .submitted(
                JobID(1),
                JobSpecification(
                    digest: digest, name: "older", priority: 0, bundle: digest, submittedAt: 0, kernels: digest,
                    tasks: [task]))
        ])
        try ledger.close()
    }

    @Test("is not gone on with by a fit, which says how it can be had")
    func fit() throws {
        try leaveState(in: "out.state")
        let arguments = [
            "fit", Workplace.model("mmm_example"), "--out", place.path("out"), "--workers", "1", "--chains", "1",
            "--warmup", "20", "--draws", "20", "--resamples", "0", "--quiet",
        ]
        let refused = try TuttiProcess.run(arguments)
        #expect(refused.code == 2)
        #expect(refused.complaints.contains("computes other numbers"), "\(refused.complaints)")
        #expect(refused.complaints.contains("begin anew with --force"), "\(refused.complaints)")
        let forced = try TuttiProcess.run(arguments + ["--force"])
        #expect([0, 3].contains(forced.code), "\(forced.complaints)")
        #expect(try !place.results("out").isEmpty)
    }

    @Test("is refused by a coordinator")
    func coordinator() throws {
        try leaveState(in: "state")
        let refused = try TuttiProcess.run(
            ["coordinator", "--state", place.path("state"), "--bind", "tcp://127.0.0.1:*", "--http", "127.0.0.1:0"])
        #expect(refused.code == 1)
        #expect(refused.complaints.contains("('older')"), "\(refused.complaints)")
        #expect(refused.complaints.contains("finish or cancel it with that version"), "\(refused.complaints)")
    }

    @Test("has other names for the same fit and its tasks, so that its numbers are never taken for this version's")
    func names() throws {
        let own = Build.fingerprint(version: NumericBattery.version)
        let next = Build.fingerprint(version: NumericBattery.version + 1)
        #expect(own == Build.kernelFingerprint && own != next)
        let bundle = try ModelFileReader.bundle(at: Workplace.model("mmm_example"))
        let read = try ModelFileReader.read(bundle)
        let settings = FitSettings(read.specification)
        func fit(_ kernels: Digest) throws -> FitSubmission {
            try FitSubmission(bundle: bundle, read: read, settings: settings, kernels: kernels)
        }
        let (ownFit, nextFit) = (try fit(own), try fit(next))
        #expect(try ownFit.digest == fit(own).digest && ownFit.digest != nextFit.digest)
        let names = ownFit.job().tasks.map(\.digest)
        #expect(try names == fit(own).job().tasks.map(\.digest))
        #expect(Set(names).isDisjoint(with: nextFit.job().tasks.map(\.digest)))
        #expect(ownFit.job().kernels == own && nextFit.job().kernels == next)
    }
}
