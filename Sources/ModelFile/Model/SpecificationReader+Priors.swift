import Densities
import ModelDefinition
import Yams

/// Priors by parameter name, under the names of the preset and the symbols of the literature.
extension SpecificationReader {
    /// Our name of a parameter by the name in a file: the preset's, or the symbol that a block's kind has for it.
    private static func ownName(
        _ name: String, named names: ParameterNames, symbols: [String: MediaParameter]
    ) -> String {
        symbols[name]?.rawValue ?? names.parameter(named: name)
    }

    /// Complains about names in a `prior` mapping that the block does not have.
    func check(
        _ node: Node, path: String, names allowed: [String], named names: ParameterNames,
        symbols: [String: MediaParameter] = [:]
    ) {
        guard let mapping = node.mapping else {
            problems.add(
                line: node.mark?.line, "'\(path)' must map parameters to distributions.",
                mend: "write for example {\(allowed.first ?? MediaParameter.alpha.rawValue): {beta: [1, 3]}}.")
            return
        }
        for (keyNode, _) in mapping {
            let name = keyNode.scalar?.string ?? ""
            if !allowed.contains(Self.ownName(name, named: names, symbols: symbols)) {
                problems.add(
                    line: keyNode.mark?.line, "unknown parameter '\(path).\(name)'.",
                    mend: NearestKey.mend(for: name, among: allowed))
            }
        }
    }

    /// Overrides the priors that are there already.
    func apply(
        _ node: Node?, path: String, to priors: inout [MediaParameter: Prior], named names: ParameterNames,
        symbols: [String: MediaParameter] = [:]
    ) {
        guard let mapping = node?.mapping else { return }
        for (keyNode, value) in mapping {
            guard let given = keyNode.scalar?.string else { continue }
            let name = Self.ownName(given, named: names, symbols: symbols)
            guard let parameter = MediaParameter(rawValue: name), priors[parameter] != nil else { continue }
            if let prior = PriorReader.read(value, of: name, path: "\(path).\(given)", problems: problems) {
                priors[parameter] = prior
            }
        }
    }

    func readBaselinePriors(_ top: YAMLSection, preset: Preset) -> [String: Prior] {
        guard let node = top.node("prior") else { return [:] }
        let allowed = BaselineParameter.allCases.map(\.rawValue)
        let names = ParameterNames(preset, saturations: [])
        check(node, path: "prior", names: allowed + MediaParameter.allCases.map(\.rawValue), named: names)
        var priors: [String: Prior] = [:]
        for (keyNode, value) in node.mapping ?? [:] {
            guard let given = keyNode.scalar?.string else { continue }
            let name = names.parameter(named: given)
            guard allowed.contains(name) else { continue }
            priors[name] = PriorReader.read(value, of: name, path: "prior.\(given)", problems: problems)
        }
        return priors
    }
}
