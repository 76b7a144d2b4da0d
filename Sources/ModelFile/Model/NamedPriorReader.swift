import Densities
import ModelDefinition
import Yams

/// Reads mappings of parameters to priors, under the names of the preset and the symbols of the literature.
struct NamedPriorReader {
    let names: ParameterNames
    /// Our names of the symbols that a block's kind has for its parameters.
    var symbols: [String: MediaParameter] = [:]
    let problems: YAMLProblems

    /// Our name of a parameter by the name in a file.
    private func ownName(_ name: String) -> String {
        symbols[name]?.rawValue ?? names.parameter(named: name)
    }

    /// Complains about names in a `prior` mapping that the block does not have.
    func check(_ node: Node, path: String, allowed: [String]) {
        guard let mapping = node.mapping else {
            problems.add(
                line: node.mark?.line, "'\(path)' must map parameters to distributions.",
                mend: "write for example {\(allowed.first ?? MediaParameter.alpha.rawValue): {beta: [1, 3]}}.")
            return
        }
        for (keyNode, _) in mapping {
            let name = keyNode.scalar?.string ?? ""
            if !allowed.contains(ownName(name)) {
                problems.add(
                    line: keyNode.mark?.line, "unknown parameter '\(path).\(name)'.",
                    mend: NearestKey.mend(for: name, among: allowed))
            }
        }
    }

    /// Overrides the priors that are there already.
    func apply(_ node: Node?, path: String, to priors: inout [MediaParameter: Prior]) {
        guard let mapping = node?.mapping else { return }
        for (keyNode, value) in mapping {
            guard let given = keyNode.scalar?.string else { continue }
            let name = ownName(given)
            guard let parameter = MediaParameter(rawValue: name), priors[parameter] != nil else { continue }
            if let prior = PriorReader.read(value, of: name, path: "\(path).\(given)", problems: problems) {
                priors[parameter] = prior
            }
        }
    }
}
