import Foundation
import ModelFile

/// A model bundle as the JSON document that is stored, hashed, sent to workers and submitted over HTTP:
/// `{"data": {path: base64}, "model": text, "name": file name}`, keys in order, so equal bundles have equal bytes.
package struct BundleArchive: Codable, Sendable {
    package var name: String
    package var model: String
    package var data: [String: Data]

    /// - Parameter data: data files by the paths that the model file names them by.
    package init(name: String, model: String, data: [String: Data]) {
        self.name = name
        self.model = model
        self.data = data
    }

    package init(_ bundle: ModelBundle) {
        name = bundle.modelName
        model = String(decoding: bundle.model, as: UTF8.self)
        data = Dictionary(uniqueKeysWithValues: bundle.files.map { ($0.path, Data($0.bytes)) })
    }

    package init(decoding bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(BundleArchive.self, from: Data(bytes))
    }

    package var bundle: ModelBundle {
        ModelBundle(
            modelName: name, model: Array(model.utf8),
            files: data.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value)) })
    }

    package func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}
