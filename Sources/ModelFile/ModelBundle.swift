import Foundation
import Yams

/// The files of a model as bytes: what travels to workers, and what is hashed.
package struct ModelBundle: Sendable {
    /// Name of the model file, without its folder.
    package var modelName: String
    package var model: [UInt8]
    /// Data files by the path that the model file gives them, in the order of the paths. A file that could not be read
    /// is absent.
    package var files: [(path: String, bytes: [UInt8])]

    package init(modelName: String, model: [UInt8], files: [(path: String, bytes: [UInt8])]) {
        self.modelName = modelName
        self.model = model
        self.files = files
    }
}

extension ModelFileReader {
    /// Reads a model file and the data files that it names. Throws only when the model file itself cannot be read;
    /// what is wrong inside is found by `read`.
    package static func bundle(at path: String) throws(ProblemList) -> ModelBundle {
        guard let model = FileManager.default.contents(atPath: path) else {
            throw ProblemList(problems: [
                Problem(
                    file: path, message: "the model file cannot be read.", mend: "check the path and its permissions.")
            ])
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        let files = Set(dataPaths(in: Array(model))).sorted().compactMap { dataPath -> (String, [UInt8])? in
            let url = URL(fileURLWithPath: dataPath, relativeTo: folder)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue else {
                return nil
            }
            return FileManager.default.contents(atPath: url.path).map { (dataPath, Array($0)) }
        }
        return ModelBundle(modelName: (path as NSString).lastPathComponent, model: Array(model), files: files)
    }

    /// The `file` entries of `data.sources`, as far as the file can be understood.
    private static func dataPaths(in model: [UInt8]) -> [String] {
        guard let root = try? Yams.compose(yaml: String(decoding: model, as: UTF8.self)),
            let sources = root.mapping?["data"]?.mapping?["sources"]?.sequence
        else { return [] }
        return sources.compactMap { $0.mapping?["file"]?.scalar?.string }
    }
}
