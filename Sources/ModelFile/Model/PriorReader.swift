import Densities
import ModelDefinition
import Yams

/// Reads `{lognormal: [0.2, 0.9]}`, or a bare number as a point.
enum PriorReader {
    /// The distributions of a model file, with the names of their arguments in order.
    static let forms: [(name: String, arguments: [String])] = [
        ("normal", ["mean", "sd"]), ("half_normal", ["scale"]), ("lognormal", ["mean of log", "sd of log"]),
        ("shifted_lognormal", ["shift", "mean of log", "sd of log"]), ("laplace", ["mean", "scale"]),
        ("beta", ["a", "b"]), ("gamma", ["shape", "rate"]),
        ("inverse_gamma", ["shape", "scale"]), ("exponential", ["rate"]),
        ("truncated_normal", ["mean", "sd", "lower", "upper"]), ("uniform", ["lower", "upper"]),
        ("point", ["value"]),
    ]

    /// Values that a parameter may have, by its name.
    static func domain(of parameter: String) -> ParameterDomain {
        MediaParameter(rawValue: parameter)?.domain ?? BaselineParameter(rawValue: parameter)?.domain ?? .real
    }

    /// Positive parameters without which the density is not defined.
    private static let divisors: Set = ["sigma", "nu", "c", "x0"]

    static func read(
        _ node: Node, of parameter: String, path: String, problems: YAMLProblems
    ) -> Prior? {
        let line = node.mark?.line
        guard let prior = form(node, path: path, problems: problems) else { return nil }
        guard prior.isProper else {
            problems.add(
                line: line, "'\(path)' has arguments that make no distribution.",
                mend: "give scales, rates and shapes above 0, and a lower bound below the upper one.")
            return nil
        }
        if case .point(0) = prior, divisors.contains(parameter) {
            problems.add(
                line: line, "'\(path)' is 0, and nothing can be divided by \(parameter).", mend: "give a value above 0."
            )
            return nil
        }
        switch (domain(of: parameter), prior.support) {
        case (.real, _):
            return prior
        case (.positive, .positive), (.positive, .unitInterval):
            return prior
        case (.positive, .interval(let lower, _)) where lower >= 0, (.positive, .atLeast(let lower)) where lower >= 0:
            return prior
        case (.positive, .point(let value)) where value >= 0:
            return prior
        case (.fraction, .unitInterval):
            return prior
        case (.fraction, .interval(let lower, let upper)) where lower >= 0 && upper <= 1:
            return prior
        case (.fraction, .point(let value)) where value >= 0 && value < 1:
            return prior
        case (.correlation, .unitInterval):
            return prior
        case (.correlation, .interval(let lower, let upper)) where lower >= -1 && upper <= 1:
            return prior
        case (.correlation, .point(let value)) where abs(value) < 1:
            return prior
        case (.correlation, _):
            problems.add(
                line: line, "'\(path)' allows values outside -1 to 1, and \(parameter) is a correlation.",
                mend: "use truncated_normal or uniform within [-1, 1], or beta.")
        case (.positive, _):
            problems.add(
                line: line, "'\(path)' allows values below 0, and \(parameter) is positive.",
                mend: "use half_normal, lognormal, gamma, inverse_gamma, exponential, or bounds from 0 up.")
        case (.fraction, _):
            problems.add(
                line: line, "'\(path)' allows values outside 0 to 1, and \(parameter) is a fraction.",
                mend: "use beta, or uniform within [0, 1].")
        }
        return nil
    }

    private static func form(_ node: Node, path: String, problems: YAMLProblems) -> Prior? {
        let names = forms.map(\.name)
        if let value = YAMLSection.number(node) { return .point(value) }
        guard let mapping = node.mapping, mapping.count == 1, let (keyNode, value) = mapping.first,
            let name = keyNode.scalar?.string
        else {
            problems.add(
                line: node.mark?.line, "'\(path)' must be one distribution with its arguments, or a number.",
                mend: "write for example {normal: [0, 1]}.")
            return nil
        }
        guard let form = forms.first(where: { $0.name == name }) else {
            problems.add(
                line: keyNode.mark?.line, "'\(path)': unknown distribution '\(name)'.",
                mend: NearestKey.mend(for: name, among: names))
            return nil
        }
        let nodes = value.sequence.map(Array.init) ?? [value]
        let arguments = nodes.compactMap(YAMLSection.number)
        guard arguments.count == nodes.count, arguments.count == form.arguments.count else {
            problems.add(
                line: keyNode.mark?.line,
                "'\(path)': \(name) takes \(form.arguments.count == 1 ? "1 number" : "\(form.arguments.count) numbers"): "
                    + "\(form.arguments.joined(separator: ", ")).",
                mend: "write {\(name): [\(form.arguments.joined(separator: ", "))]} with numbers.")
            return nil
        }
        switch name {
        case "normal": return .normal(mean: arguments[0], sd: arguments[1])
        case "half_normal": return .halfNormal(scale: arguments[0])
        case "lognormal": return .logNormal(mean: arguments[0], sd: arguments[1])
        case "shifted_lognormal":
            return .shiftedLogNormal(shift: arguments[0], mean: arguments[1], sd: arguments[2])
        case "laplace": return .laplace(mean: arguments[0], scale: arguments[1])
        case "beta": return .beta(a: arguments[0], b: arguments[1])
        case "gamma": return .gamma(shape: arguments[0], rate: arguments[1])
        case "inverse_gamma": return .inverseGamma(shape: arguments[0], scale: arguments[1])
        case "exponential": return .exponential(rate: arguments[0])
        case "truncated_normal":
            return .truncatedNormal(mean: arguments[0], sd: arguments[1], lower: arguments[2], upper: arguments[3])
        case "uniform": return .uniform(lower: arguments[0], upper: arguments[1])
        default: return .point(arguments[0])
        }
    }
}
