import Densities
import ModelDefinition
import Yams

/// Reads mappings of parameters to priors, under the names of the preset and the symbols of the literature.
struct NamedPriorReader {
    let names: ParameterNames
    /// Our names of the symbols that a block's kind has for its parameters.
    var symbols: [String: String] = [:]
    let problems: YAMLProblems

    /// Our name of a parameter by the name in a file.
    private func ownName(_ name: String) -> String {
        symbols[name] ?? names.parameter(named: name)
    }

    /// Symbols of the literature for parameters of these kinds.
    static func symbols(_ adstock: Adstock.Kind) -> [String: String] {
        switch adstock {
        case .weibullDensity, .weibullSurvival: ["lam": "weibull_scale", "k": "weibull_shape"]
        case .geometric, .delayed, .binomial, .meridianBinomial, .none: [:]
        }
    }

    static func symbols(_ saturation: Saturation) -> [String: String] {
        switch saturation {
        case .tanh: ["b": "beta"]
        case .michaelisMenten: ["a": "beta"]
        case .sigmoid: ["a": "beta", "b": "rate"]
        case .root: ["a": "exponent"]
        case .hill: ["kappa": "ec"]
        case .logistic, .inverseLogistic, .baselinedTanh, .log, .none: [:]
        }
    }

    /// Complains about names in a `prior` mapping that the block does not have.
    func check(_ node: Node, path: String, allowed: [String]) {
        guard let mapping = node.mapping else {
            problems.add(
                line: node.mark?.line, "'\(path)' must map parameters to distributions.",
                mend: "write for example {\(allowed.first ?? "alpha"): {beta: [1, 3]}}.")
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
    func apply(_ node: Node?, path: String, to priors: inout [String: Prior]) {
        guard let mapping = node?.mapping else { return }
        for (keyNode, value) in mapping {
            guard let given = keyNode.scalar?.string else { continue }
            let name = ownName(given)
            guard priors[name] != nil else { continue }
            if let prior = PriorReader.read(value, of: name, path: "\(path).\(given)", problems: problems) {
                priors[name] = prior
            }
        }
    }
}
