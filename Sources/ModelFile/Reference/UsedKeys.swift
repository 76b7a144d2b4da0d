import Yams

extension ModelFileReference {
    /// The keys that a model file uses, as the reference names them; empty where it is no YAML.
    package static func usedKeys(in model: [UInt8]) -> Set<String> {
        guard let root = try? Yams.compose(yaml: String(decoding: model, as: UTF8.self)) else { return [] }
        var used: Set<String> = []
        collect(root, at: "", into: &used)
        return used
    }

    private static func collect(_ node: Node, at path: String, into used: inout Set<String>) {
        for (keyNode, value) in node.mapping ?? [:] {
            guard let word = keyNode.scalar?.string else { continue }
            let named = path.isEmpty ? word : "\(path).\(word)"
            // What stands under the name of a parameter has a star in its place.
            let own = words(in: "\(path).*").isEmpty ? named : "\(path).*"
            if key(own) != nil { used.insert(own) }
            collect(value, at: own, into: &used)
        }
        for entry in node.sequence ?? [] { collect(entry, at: "\(path)[]", into: &used) }
    }
}
