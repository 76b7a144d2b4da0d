import Wording

/// Whether a fit may be used, and why not.
public struct ConvergenceVerdict: Sendable, Hashable, Codable {
    /// A figure with the name of the quantity that has it.
    public struct Extreme: Sendable, Hashable, Codable {
        public var name: String
        public var value: Double

        public init(name: String, value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// The worst figures of several quantities: nil where none of them varies. A NaN is worse than any number.
    public struct Extremes: Sendable, Hashable, Codable {
        public var highestRHat: Extreme?
        public var lowestBulkESS: Extreme?
        public var lowestTailESS: Extreme?
    }

    public enum Outcome: String, Sendable, Hashable, Codable {
        case passed
        /// The reported quantities have converged, and a parameter has not.
        case figuresOnly = "figures_only"
        case failed
    }

    /// What a reason is about, so that a program can say what to try.
    public enum Cause: String, Sendable, Hashable, Codable, CaseIterable {
        case nothingVaries, singleChain, undefined, disagreement, fewDraws, parameter, divergences, energy, saturated
    }

    public var outcome: Outcome
    /// The worst of the quantities that are reported.
    public var quantities: Extremes
    /// The worst of the model's parameters.
    public var parameters: Extremes
    /// Divergent draws among `draws`.
    public var divergences: Int
    /// Draws among `draws` whose trajectory ended because its tree could grow no further.
    public var saturated: Int
    /// Draws of all chains after warm-up.
    public var draws: Int
    /// The smallest of the chains' energy fractions; NaN where one is NaN or there is none.
    public var lowestEnergyFraction: Double
    /// One sentence or two each, empty when passed.
    public var reasons: [Sentence]
    /// Of the reasons, each once.
    public var causes: [Cause]
    /// What to try, one sentence each; the gate itself, which knows nothing of how draws were made, gives none.
    public var advice: [Sentence] = []
    /// One sentence each: worth knowing, and no obstacle.
    public var warnings: [Sentence]

    public var passed: Bool { outcome == .passed }

    /// The worst of reported quantities and parameters.
    public var highestRHat: Extreme? { Self.worse(quantities.highestRHat, parameters.highestRHat, isWorse: >) }
    public var lowestBulkESS: Extreme? { Self.worse(quantities.lowestBulkESS, parameters.lowestBulkESS, isWorse: <) }
    public var lowestTailESS: Extreme? { Self.worse(quantities.lowestTailESS, parameters.lowestTailESS, isWorse: <) }

    private static func worse(
        _ first: Extreme?, _ second: Extreme?, isWorse: (Double, Double) -> Bool
    ) -> Extreme? {
        guard let first, let second else { return first ?? second }
        if first.value.isNaN { return first }
        return second.value.isNaN || isWorse(second.value, first.value) ? second : first
    }
}

extension ConvergenceVerdict.Extremes {
    /// Of those that vary.
    init(of judged: [(name: String, summary: Summary)]) {
        highestRHat = Self.worst(judged, \.rHat, isWorse: >)
        lowestBulkESS = Self.worst(judged, \.essBulk, isWorse: <)
        lowestTailESS = Self.worst(judged, \.essTail, isWorse: <)
    }

    /// The first NaN, or else the first of the worst.
    private static func worst(
        _ judged: [(name: String, summary: Summary)], _ figure: (Summary) -> Double,
        isWorse: (Double, Double) -> Bool
    ) -> ConvergenceVerdict.Extreme? {
        var found: ConvergenceVerdict.Extreme?
        for quantity in judged where !quantity.summary.isConstant {
            let value = figure(quantity.summary)
            if value.isNaN { return .init(name: quantity.name, value: value) }
            if let found, !isWorse(value, found.value) { continue }
            found = .init(name: quantity.name, value: value)
        }
        return found
    }
}
