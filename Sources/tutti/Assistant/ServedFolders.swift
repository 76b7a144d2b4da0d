import Assistant
import Foundation
import Storage

/// A results folder on this machine.
struct ServedFolder: Sendable {
    let results: ServedResults
    /// Where it lies.
    let folder: String

    /// - Parameter job: whose results have been fetched into it; nil where it is the user's own.
    init(name: String, folder: String, ofJob job: String? = nil) {
        self.folder = folder
        results = ServedResults(
            name: name, path: job.map { "job-\($0)" } ?? folder,
            preparation: job.map { "tutti results \($0) --into job-\($0)" },
            contents: { FileManager.default.contents(atPath: "\(folder)/\($0)").map { Array($0) } },
            digest: { bytes in
                var digest = DigestBuilder()
                digest.append(bytes)
                return digest.digest.description
            })
    }
}

/// The results folders that an assistant is answered from.
struct ServedFolders: Sendable {
    let all: [ServedFolder]

    /// - Parameter paths: results folders of `tutti fit`, or folders of models of `tutti recalibrate`, whose accepted results
    ///   are taken.
    init(_ paths: [String]) throws {
        var all: [ServedFolder] = []
        for path in paths {
            let hasTrail = FileManager.default.fileExists(atPath: "\(path)/trail.jsonl")
            let last = URL(fileURLWithPath: path).lastPathComponent
            let served = ServedFolder(
                name: all.contains { $0.results.name == last } ? path : last,
                folder: hasTrail ? "\(path)/accepted" : path)
            do throws(ToolRefusal) {
                _ = try served.results.opened()
            } catch {
                throw UserError.unusable(error.text)
            }
            all.append(served)
        }
        self.all = all
    }
}
