import Densities
import ModelDefinition
import Yams

/// Reads `prior` at the top: the priors of parameters that no channel owns.
struct BaselinePriorReader {
    let context: SectionContext

    func read() -> [String: Prior] {
        guard let node = context.top.node("prior") else { return [:] }
        let allowed = BaselineParameter.allCases.map(\.rawValue)
        let names = ParameterNames(context.preset, saturations: [])
        NamedPriorReader(names: names, problems: context.problems)
            .check(node, path: "prior", allowed: allowed + MediaParameter.allCases.map(\.rawValue))
        var priors: [String: Prior] = [:]
        for (keyNode, value) in node.mapping ?? [:] {
            guard let given = keyNode.scalar?.string else { continue }
            let name = names.parameter(named: given)
            guard allowed.contains(name) else { continue }
            priors[name] = PriorReader.read(value, of: name, path: "prior.\(given)", problems: context.problems)
        }
        return priors
    }
}
