import Assistant
import Foundation
import Storage

/// The results folders that an assistant is answered from.
struct ServedFolders: Sendable {
    let all: [ServedResults]

    /// - Parameter paths: results folders of `tutti fit`, or folders of models of `tutti recalibrate`, whose accepted results
    ///   are taken.
    init(_ paths: [String]) throws {
        var all: [ServedResults] = []
        for path in paths {
            let hasTrail = FileManager.default.fileExists(atPath: "\(path)/trail.jsonl")
            let last = URL(fileURLWithPath: path).lastPathComponent
            let results = ServedResults(
                name: all.contains { $0.name == last } ? path : last, folder: hasTrail ? "\(path)/accepted" : path)
            do throws(ToolRefusal) {
                _ = try results.opened()
            } catch {
                throw UserError.unusable(error.text)
            }
            all.append(results)
        }
        self.all = all
    }
}

extension ServedResults {
    /// A folder on this machine.
    init(name: String, folder: String) {
        self.init(
            name: name, path: folder,
            contents: { FileManager.default.contents(atPath: "\(folder)/\($0)").map { Array($0) } },
            digest: { bytes in
                var digest = DigestBuilder()
                digest.append(bytes)
                return digest.digest.description
            })
    }
}
