import Coordination
import Foundation
import Wire

/// Whether all that a state folder, or a backup of one, should hold is there and is what it was.
package struct StateVerification: Encodable, Hashable, Sendable {
    package enum Kind: String, Encodable, Sendable {
        /// The database, or an entry in it, is not as it was written.
        case damagedLedger = "damaged ledger"
        /// Bytes that do not have the digest that they are stored under.
        case damagedBlob = "damaged blob"
        /// A job names it and it is not there.
        case missingBlob = "missing blob"
        /// A file of a backup is missing, or is not as its manifest says.
        case damagedFile = "damaged file"
    }

    package struct Problem: Encodable, Hashable, Sendable {
        package let kind: Kind
        /// What is damaged or missing: a digest, a path, or a sentence of SQLite's.
        package let subject: String
        /// What it was for, for people.
        package let use: String
    }

    package private(set) var folder: String
    package private(set) var entries = 0
    package private(set) var openJobs = 0
    package private(set) var finishedJobs = 0
    /// Blobs in rows of the ledger, and in files.
    package private(set) var rows = 0
    package private(set) var files = 0
    package private(set) var problems: [Problem] = []

    package var isSound: Bool { problems.isEmpty }

    private enum CodingKeys: String, CodingKey {
        case folder, entries, rows, files, problems
        case openJobs = "open_jobs"
        case finishedJobs = "finished_jobs"
    }

    /// Reads everything. Where a coordinator runs meanwhile, only what is wrong before and after counts.
    package init(of path: String) throws(StorageError) {
        folder = path
        let reader = try StateReader(path)
        let findings = try reader.findings()
        problems = findings.map { Problem(kind: .damagedLedger, subject: $0, use: "the ledger") }
        if let manifest = try BackupManifest.read(in: path) {
            problems += try manifest.problems(in: path).map {
                Problem(kind: .damagedFile, subject: $0, use: "the backup")
            }
        }
        guard findings.isEmpty else { return }
        do throws(StorageError) {
            try check(reader)
        } catch {
            guard case .damagedLedger(_, let detail) = error else { throw error }
            problems.append(Problem(kind: .damagedLedger, subject: detail, use: "the ledger"))
        }
    }

    private mutating func check(_ reader: StateReader) throws(StorageError) {
        let entries = try reader.entries()
        self.entries = entries.count
        let use = try BlobUse(reader, entries)
        (openJobs, finishedJobs) = (use.openJobs, use.finishedJobs)
        var isWhole: [Digest: Bool] = [:]
        try reader.forEachRow { isWhole[$0] = $1 }
        rows = isWhole.count
        for (digest, path) in try reader.files().sorted(by: { $0.key < $1.key }) {
            files += 1
            // A row is what is read where there is one.
            guard isWhole[digest] == nil, let found = FileDigest.of("\(reader.path)/\(path)") else { continue }
            isWhole[digest] = found == digest
        }
        var wrong: [Problem] = []
        for digest in isWhole.filter({ !$0.value }).keys.sorted() {
            wrong.append(Problem(kind: .damagedBlob, subject: "\(digest)", use: use.words(digest)))
        }
        for digest in use.digests where isWhole[digest] == nil {
            wrong.append(Problem(kind: .missingBlob, subject: "\(digest)", use: use.words(digest)))
        }
        guard !wrong.isEmpty else { return }
        // What a coordinator has removed or stored since the ledger was read is no loss.
        let later = try BlobUse(reader, try reader.entries())
        let files = try reader.files()
        var rows: Set<Digest> = []
        try reader.forEachRow { digest, _ in rows.insert(digest) }
        problems += wrong.filter { problem in
            guard let digest = Digest(problem.subject) else { return true }
            let isThere = rows.contains(digest) || files[digest] != nil
            return problem.kind == .missingBlob ? !isThere && later.names(digest) : isThere
        }
    }
}

/// Which blobs the jobs of a ledger name, and for what.
private struct BlobUse {
    private let needed: NeededBlobs
    private let references: [Digest: [JobID]]
    private let open: Set<JobID>
    let openJobs: Int
    let finishedJobs: Int

    init(_ reader: StateReader, _ entries: [LedgerEntry]) throws(StorageError) {
        needed = NeededBlobs(entries)
        open = needed.openJobs
        let all = Set(entries.map(\.job))
        openJobs = open.count
        finishedJobs = all.count - open.count
        let isOpen = open
        references = try reader.references().compactMapValues { jobs in
            // What an open job has lost and does anew stands there still.
            let finished = jobs.filter { !isOpen.contains($0) }
            return finished.isEmpty ? nil : finished
        }
    }

    var digests: [Digest] { Set(needed.digests).union(references.keys).sorted() }

    func names(_ digest: Digest) -> Bool { needed.needs(digest) || references[digest] != nil }

    func words(_ digest: Digest) -> String {
        if let jobs = needed.jobs[digest] { return "the model and data of job \(Self.text(jobs.sorted()))" }
        if let tasks = needed.tasks[digest] {
            return "draws of job \(Self.text(Set(tasks.map(\.job)).sorted()))"
        }
        if let jobs = references[digest] { return "finished job \(Self.text(jobs.sorted()))" }
        return "nothing"
    }

    private static func text(_ jobs: [JobID]) -> String { jobs.map { "\($0.number)" }.joined(separator: ", ") }
}
