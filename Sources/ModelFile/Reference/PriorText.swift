import Densities

extension Prior {
    /// The distribution as a model file writes it: `{lognormal: [0.2, 0.9]}`, or a number for a fixed value.
    package var modelFileText: String {
        func text(_ name: String, _ arguments: Double...) -> String {
            "{\(name): [\(arguments.map(Self.text).joined(separator: ", "))]}"
        }
        return switch self {
        case .normal(let mean, let sd): text("normal", mean, sd)
        case .halfNormal(let scale): text("half_normal", scale)
        case .logNormal(let mean, let sd): text("lognormal", mean, sd)
        case .shiftedLogNormal(let shift, let mean, let sd): text("shifted_lognormal", shift, mean, sd)
        case .laplace(let mean, let scale): text("laplace", mean, scale)
        case .beta(let a, let b): text("beta", a, b)
        case .gamma(let shape, let rate): text("gamma", shape, rate)
        case .inverseGamma(let shape, let scale): text("inverse_gamma", shape, scale)
        case .exponential(let rate): text("exponential", rate)
        case .studentT(let degrees, let mean, let scale): text("student_t", degrees, mean, scale)
        case .truncatedNormal(let mean, let sd, let lower, let upper): text("truncated_normal", mean, sd, lower, upper)
        case .uniform(let lower, let upper): text("uniform", lower, upper)
        case .point(let value): Self.text(value)
        }
    }

    private static func text(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }
}
