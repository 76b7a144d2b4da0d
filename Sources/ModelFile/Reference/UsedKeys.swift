import ModelDefinition
import Yams

/// What of the reference a model file uses.
package struct UsedKeys: Sendable {
    /// Keys, as the reference names them.
    package private(set) var paths: Set<String> = []
    /// Parameters that have a prior in the file, by our names.
    package private(set) var parameters: Set<String> = []

    /// Nothing where it is no YAML.
    ///
    /// - Parameter names: the model's names of parameters.
    package init(in model: [UInt8], named names: ParameterNames) {
        guard let root = try? Yams.compose(yaml: String(decoding: model, as: UTF8.self)) else { return }
        collect(root, at: "", names)
    }

    private mutating func collect(_ node: Node, at path: String, _ names: ParameterNames) {
        for (keyNode, value) in node.mapping ?? [:] {
            guard let word = keyNode.scalar?.string else { continue }
            if case .priors = ModelFileReference.key(path)?.domain {
                parameters.insert(names.parameter(named: word))
                continue
            }
            let named = path.isEmpty ? word : "\(path).\(word)"
            // What stands under the name of a parameter has a star in its place.
            let own = ModelFileReference.words(in: "\(path).*").isEmpty ? named : "\(path).*"
            if ModelFileReference.key(own) != nil { paths.insert(own) }
            collect(value, at: own, names)
        }
        for entry in node.sequence ?? [] { collect(entry, at: "\(path)[]", names) }
    }
}
