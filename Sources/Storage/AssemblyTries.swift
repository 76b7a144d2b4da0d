import Foundation
import Glibc
import Wire

/// How often the results of each job were begun and not finished, a file each: what ends the process in their midst is
/// counted too.
package final class AssemblyTries: Sendable {
    private let folder: String

    package init(_ state: StateFolder) throws(StorageError) {
        folder = state.assemblies
    }

    /// 0 for a job whose results were not begun; what cannot be read counts as never begun.
    package func count(of job: JobID) throws(StorageError) -> Int {
        guard let text = try? String(contentsOfFile: path(of: job), encoding: .utf8) else { return 0 }
        return max(0, Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0)
    }

    /// Durable when it returns.
    package func note(_ count: Int, of job: JobID) throws(StorageError) {
        try DurableFile.write(Array("\(count)\n".utf8), to: path(of: job))
    }

    /// Forgets the tries of a job whose results are there, or never will be.
    package func remove(_ job: JobID) throws(StorageError) {
        guard unlink(path(of: job)) == 0 || errno == ENOENT else { throw .lastSystemCall("remove \(path(of: job))") }
    }

    private func path(of job: JobID) -> String { "\(folder)/\(job.number)" }
}
