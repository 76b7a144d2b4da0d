import Coordination
import Foundation
import Glibc
import Storage
import Testing
import Wire

@Suite("tutti backup, verify and recover", .serialized)
struct BackupCommandTests {
    private static let plan = ["--chains", "2", "--warmup", "300", "--draws", "300", "--resamples", "1"]

    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    @Test("bring an unfinished fit to another place, where it ends with the same bytes", .timeLimit(.minutes(15)))
    func unfinishedFit() throws {
        let model = Workplace.model("mmm_example")
        let fit = { (name: String) in
            try TuttiProcess(
                ["fit", model, "--out", place.path(name), "--workers", "2", "--json"] + Self.plan
                    + ["--checkpoint-interval", "0.1"])
        }
        // Killed when something is stored.
        let interrupted = try fit("first")
        _ = interrupted.waitForLine { line in
            ProgressLine(line)?.progress?.tasks.contains { $0.state == "done" } ?? false
        }
        interrupted.send(SIGKILL)
        _ = interrupted.wait()
        let backup = try TuttiProcess.run(["backup", place.path("first.state"), "--into", place.path("backup")])
        #expect(backup.code == 0, "\(backup.complaints)")
        for name in ["first.state", "backup"] {
            let verified = try TuttiProcess.run(["verify", place.path(name), "--json"])
            #expect(verified.code == 0, "\(verified.output) \(verified.complaints)")
        }
        let recovered = try TuttiProcess.run(["recover", place.path("backup"), "--into", place.path("second.state")])
        #expect(recovered.code == 0 && recovered.output.contains("1 open jobs"), "\(recovered.complaints)")
        for name in ["second", "whole"] { #expect([0, 3].contains(try fit(name).wait().code)) }
        #expect(try place.results("second") == place.results("whole"))
    }

    @Test("a backup that is killed leaves nothing under its name, and the next one is whole", .timeLimit(.minutes(15)))
    func killed() throws {
        try makeState(blobCount: 40)
        let first = try TuttiProcess(["backup", place.path("state"), "--into", place.path("backup")])
        while !FileManager.default.fileExists(atPath: place.path("backup.part/blobs")),
            !FileManager.default.fileExists(atPath: place.path("backup"))
        {
            sched_yield()
        }
        first.send(SIGKILL)
        _ = first.wait()
        #expect(!FileManager.default.fileExists(atPath: place.path("backup")), "it was killed too late")
        let second = try TuttiProcess.run(["backup", place.path("state"), "--into", place.path("backup"), "--json"])
        #expect(second.code == 0 && second.output.contains("\"files\" : 41"), "\(second.output) \(second.complaints)")
        #expect(!FileManager.default.fileExists(atPath: place.path("backup.part")))
        #expect(try TuttiProcess.run(["verify", place.path("backup")]).code == 0)
    }

    @Test("verify ends with 1 and names a damaged blob, recover says what it has lost", .timeLimit(.minutes(15)))
    func damage() throws {
        let blobs = try makeState(blobCount: 2)
        #expect(try TuttiProcess.run(["backup", place.path("state"), "--into", place.path("backup")]).code == 0)
        let path = place.path("backup/blobs/\(BlobStore.relativePath(of: blobs[1].digest))")
        try Data([1]).write(to: URL(fileURLWithPath: path))
        let verified = try TuttiProcess.run(["verify", place.path("backup")])
        #expect(verified.code == 1 && verified.output.contains("damaged blob"))
        #expect(verified.output.contains("\(blobs[1].digest)"))
        let recovered = try TuttiProcess.run(["recover", place.path("backup"), "--into", place.path("new")])
        #expect(recovered.code == 1)
        #expect(recovered.output.contains("lost: draws of task 1 of job 1, which begins anew"))
        #expect(try TuttiProcess.run(["verify", place.path("empty")]).code == 2)
    }

    /// A state folder with a job that has drawn so many large blocks.
    @discardableResult
    private func makeState(blobCount: Int) throws -> [Blob] {
        let state = try StateFolder(opening: place.path("state"))
        let ledger = try Ledger(state)
        let store = try BlobStore(state, rows: ledger)
        let blobs = (0..<blobCount).map { number in
            let bytes = [UInt8](repeating: UInt8(number), count: 2 << 20)
            return Blob(digest: Digest(hashing: bytes), bytes: bytes)
        }
        try store.put(blobs)
        let attempt = AttemptID(task: TaskID(job: JobID(1), index: 0), epoch: 1)
        let task = TaskSpecification(
            digest: blobs[0].digest, payload: [], inputs: [], label: "chain 1", iterations: 1000)
        let job = JobSpecification(
            digest: blobs[0].digest, name: "large", priority: 0, bundle: blobs[0].digest, submittedAt: 0, tasks: [task])
        let points = blobs.enumerated().map { index, blob in
            LedgerEntry.checkpointed(
                attempt,
                StartingPoint(state: blobs[0].digest, iteration: index + 1, chain: blob.digest), block: blob.digest)
        }
        try ledger.append([.submitted(JobID(1), job), .granted(attempt, worker: "w")] + points)
        try ledger.close()
        return blobs
    }
}
