import Wording

/// What a figure of a gate is counted in, as sentences say it after the number.
enum MeasureUnit {
    case none, standardDeviations, standardErrors, monteCarloErrors

    func after(_ value: Double) -> Sentence {
        // French has the singular up to 2.
        let isOne = abs(value) < 2
        return switch self {
        case .none: Sentence("", french: "")
        case .standardDeviations: Sentence(" standard deviations", french: isOne ? " écart type" : " écarts types")
        case .standardErrors: Sentence(" standard errors", french: isOne ? " erreur type" : " erreurs types")
        case .monteCarloErrors:
            Sentence(" Monte Carlo errors", french: isOne ? " erreur de Monte-Carlo" : " erreurs de Monte-Carlo")
        }
    }
}
