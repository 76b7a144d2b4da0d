import Foundation
import Glibc
import Report
import Results
import Storage
import Wording

/// The folder of one model of a plan:
///
///     trail.jsonl             one line a night and override, only ever added to
///     accepted                a link to the accepted results
///     nights/KEY/bundle.json  the model and data of that night
///     nights/KEY/results      its results folder
///     nights/KEY/report.html  its report, with what moved since the accepted result
///     nights/KEY/night.json   what the page of the night says, before it is worded
///
/// The trail is the truth: the accepted result is that of its last line that accepts one, so that to accept is one write,
/// which is there or is not. The link follows it, and is mended whenever the folder is opened.
package final class NightStore {
    /// What the page of a night is written from.
    package static let archiveName = "night.json"

    package let path: String
    private let lock: Int32

    /// Opens or makes the folder; it is this process's until the value is gone.
    /// - Throws: `CoordinatorError` where another process has it.
    package init(_ path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: "\(path)/nights", withIntermediateDirectories: true)
        lock = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw CoordinatorError(description: "\(path)/lock cannot be opened.") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw CoordinatorError(
                description: "\(path) is in use by another `tutti recalibrate`. Mend: wait until it has ended.")
        }
        try dropTornLine()
    }

    deinit { close(lock) }

    private var trail: String { "\(path)/trail.jsonl" }

    /// The lines of the trail, the oldest first.
    package func lines() throws -> [String] { try Self.lines(of: trail) }

    /// The same for whoever only reads: a line that is being written is none yet.
    package static func lines(inFolder path: String) throws -> [String] { try lines(of: "\(path)/trail.jsonl") }

    private static func lines(of path: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // After the last line break there is nothing, or what a crash has left.
        lines.removeLast()
        return lines
    }

    /// A crash may have left a part of a line, which nobody was told of.
    private func dropTornLine() throws {
        guard let data = FileManager.default.contents(atPath: trail), let last = data.last, last != UInt8(ascii: "\n")
        else { return }
        let end = data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        guard truncate(trail, end) == 0 else { throw CoordinatorError(description: "\(trail) cannot be mended.") }
    }

    /// Adds a line; it is durable when this returns.
    package func append(_ line: String) throws {
        precondition(!line.contains("\n"), "an entry of the trail is one line")
        let file = open(trail, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw StorageError.lastSystemCall("open \(trail)") }
        defer { close(file) }
        let bytes = Array((line + "\n").utf8)
        let end = lseek(file, 0, SEEK_END)
        guard Glibc.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            let error = StorageError.lastSystemCall("write \(trail)")
            _ = ftruncate(file, end)
            throw error
        }
        try DurableFile.syncFolder(path)
    }

    // MARK: Nights

    package func night(_ key: String) -> String { "\(path)/nights/\(key)" }

    package func results(_ key: String) -> String { "\(night(key))/results" }

    package func bundle(_ key: String) throws -> BundleArchive {
        let file = "\(night(key))/bundle.json"
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CoordinatorError(description: "\(file) cannot be read.")
        }
        return try BundleArchive(decoding: Array(data))
    }

    /// Keeps what a night begins with.
    package func keep(_ bundle: BundleArchive, of key: String) throws {
        try FileManager.default.createDirectory(atPath: night(key), withIntermediateDirectories: true)
        try DurableFile.write(try bundle.encoded(), to: "\(night(key))/bundle.json")
    }

    /// Writes a file into a night's folder, whole or not at all.
    package func write(_ bytes: [UInt8], as name: String, of key: String) throws {
        try DurableFile.write(bytes, to: "\(night(key))/\(name)")
    }

    /// Writes the report of a night's results, with what moved since the accepted result, beside the results: those are vouched
    /// for file by file, and stay as they are.
    package func writeReport(_ moved: MovedSection, of key: String, in language: Language) throws {
        guard let data = FileManager.default.contents(atPath: "\(results(key))/\(ResultsFolder.reportName)"),
            let page = ReportPage.adding(moved, to: String(decoding: data, as: UTF8.self), in: language)
        else { return }
        try write(Array(page.utf8), as: ResultsFolder.reportName, of: key)
    }

    /// Lets the link speak of a night's results.
    package func link(toResultsOf key: String) throws {
        let (link, target) = ("\(path)/accepted", "nights/\(key)/results")
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == target { return }
        let temporary = "\(link).\(getpid())\(DurableFile.temporarySuffix)"
        unlink(temporary)
        guard symlink(target, temporary) == 0, rename(temporary, link) == 0 else {
            throw StorageError.lastSystemCall("link \(link)")
        }
        try DurableFile.syncFolder(path)
    }
}
