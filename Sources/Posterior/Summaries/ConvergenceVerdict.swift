/// Whether a fit may be used, and why not.
public struct ConvergenceVerdict: Sendable, Hashable {
    /// A figure with the name of the quantity that has it.
    public struct Extreme: Sendable, Hashable {
        public var name: String
        public var value: Double

        public init(name: String, value: Double) {
            self.name = name
            self.value = value
        }
    }

    public var passed: Bool
    public var highestRHat: Extreme?
    public var lowestBulkESS: Extreme?
    public var lowestTailESS: Extreme?
    public var divergences: Int
    public var draws: Int
    public var lowestEnergyFraction: Double
    /// One sentence each, empty when passed.
    public var reasons: [String]
    /// One sentence each: worth knowing, and no obstacle.
    public var warnings: [String]
}

/// The bounds of a fit's convergence.
public struct ConvergenceGate: Sendable, Hashable {
    /// Vehtari et al. (2021) ask for R-hat below 1.01.
    public var rHatMax = 1.01
    /// 100 for each of four chains, below which R-hat itself is unreliable (Vehtari et al. 2021).
    public var essMin = 400.0
    /// Share of draws that may be divergent.
    public var divergentShareMax = 0.001
    /// Betancourt (2016).
    public var energyFractionMin = 0.3

    public init() {}

    /// - Parameters:
    ///   - quantities: those that are reported of channels and totals. One whose draws are all equal does not count.
    ///   - divergences: divergent draws among `draws` after warm-up.
    ///   - energyFractions: one a chain.
    public func verdict(
        quantities: [(name: String, summary: Summary)], divergences: Int, draws: Int, energyFractions: [Double]
    ) -> ConvergenceVerdict {
        let varying = quantities.filter { !$0.summary.isConstant }
        func extreme(
            _ value: (Summary) -> Double, worse: (Double, Double) -> Bool
        ) -> ConvergenceVerdict.Extreme? {
            var found: ConvergenceVerdict.Extreme?
            for quantity in varying {
                let candidate = value(quantity.summary)
                // A NaN is worse than any number: it stays.
                if let current = found?.value, current.isNaN || !(candidate.isNaN || worse(candidate, current)) {
                    continue
                }
                found = .init(name: quantity.name, value: candidate)
            }
            return found
        }
        let rHat = extreme(\.rHat, worse: >)
        let bulk = extreme(\.essBulk, worse: <)
        let tail = extreme(\.essTail, worse: <)
        let energy = energyFractions.contains(where: \.isNaN) ? .nan : (energyFractions.min() ?? .nan)

        var reasons: [String] = []
        var warnings: [String] = []
        if let rHat, !(rHat.value < rHatMax) {
            reasons.append("The chains disagree: R-hat of \(rHat.name) is \(rounded(rHat.value, 3)), above \(rHatMax).")
        }
        for (kind, found) in [("Bulk", bulk), ("Tail", tail)] {
            if let found, !(found.value >= essMin) {
                reasons.append(
                    "Too few independent draws: \(kind.lowercased()) ESS of \(found.name) is "
                        + "\(rounded(found.value, 0)), below \(rounded(essMin, 0)).")
            }
        }
        if Double(divergences) > divergentShareMax * Double(draws) {
            reasons.append("\(divergences) of \(draws) draws diverged, more than \(divergentShareMax * 100) %.")
        } else if divergences > 0 {
            warnings.append("\(divergences) of \(draws) draws diverged.")
        }
        if !(energy > energyFractionMin) {
            reasons.append("E-BFMI is \(rounded(energy, 2)), not above \(energyFractionMin).")
        }
        return ConvergenceVerdict(
            passed: reasons.isEmpty, highestRHat: rHat, lowestBulkESS: bulk, lowestTailESS: tail,
            divergences: divergences, draws: draws, lowestEnergyFraction: energy, reasons: reasons,
            warnings: warnings)
    }

    private func rounded(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (value * scale).rounded() / scale
        return digits == 0 ? "\(Int(scaled))" : "\(scaled)"
    }
}
