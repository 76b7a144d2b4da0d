/// The bounds of a fit's convergence.
public struct ConvergenceGate: Sendable, Hashable {
    /// R-hat lies below it: Vehtari et al. (2021).
    public var rHatMax = 1.01
    /// Bulk and tail effective sample sizes reach it, whatever the number of chains: with fewer, R-hat and the effective
    /// sample size are themselves unreliable (Vehtari et al. 2021).
    public var essMin = 400.0
    /// They reach it times the number of chains: the same reason, for more than four chains.
    public var essPerChainMin = 100.0
    /// Share of draws that may be divergent. A divergence says that a region may be unexplored (Betancourt 2017,
    /// "A conceptual introduction to Hamiltonian Monte Carlo"); one in a thousand draws is too few to be a region of its own, and is warned of.
    public var divergentShareMax = 0.001
    /// E-BFMI of every chain lies above it: Betancourt (2016).
    public var energyFractionMin = 0.3

    public init() {}

    /// - Parameters:
    ///   - quantities: those that are reported of channels and totals. One whose draws are all equal does not count;
    ///     one that varies and has no R-hat or effective sample size fails, and so does a fit where nothing varies.
    ///   - divergences: divergent draws among `draws`, those of all chains after warm-up.
    ///   - energyFractions: one a chain.
    public func verdict(
        quantities: [(name: String, summary: Summary)], divergences: Int, draws: Int, energyFractions: [Double]
    ) -> ConvergenceVerdict {
        let varying = quantities.filter { !$0.summary.isConstant }
        let rHat = worst(varying, \.rHat, isWorse: >)
        let bulk = worst(varying, \.essBulk, isWorse: <)
        let tail = worst(varying, \.essTail, isWorse: <)
        let energy = energyFractions.contains(where: \.isNaN) ? .nan : (energyFractions.min() ?? .nan)

        var reasons: [String] = []
        var warnings: [String] = []
        if varying.isEmpty { reasons.append("No reported quantity varies, so that convergence cannot be judged.") }
        if let rHat, !(rHat.value < rHatMax) {
            reasons.append(
                rHat.value.isNaN
                    ? "R-hat of \(rHat.name) is undefined: its draws are too few or not all numbers."
                    : "The chains disagree: R-hat of \(rHat.name) is \(decimal(rHat.value, places: 4)), not below "
                        + "\(decimal(rHatMax, places: 4)).")
        }
        let sizeMin = max(essMin, essPerChainMin * Double(energyFractions.count))
        for (part, size) in [("bulk", bulk), ("tail", tail)] {
            guard let size, !(size.value >= sizeMin) else { continue }
            reasons.append(
                size.value.isNaN
                    ? "The \(part) ESS of \(size.name) is undefined: its draws are too few or not all numbers."
                    : "Too few effective draws: \(part) ESS of \(size.name) is "
                        + "\(whole(size.value.rounded(.down))), below \(whole(sizeMin)).")
        }
        if Double(divergences) > divergentShareMax * Double(draws) {
            reasons.append(
                "\(divergences) of \(draws) draws diverged, more than \(decimal(divergentShareMax * 100, places: 4)) %."
            )
        } else if divergences > 0 {
            warnings.append("\(divergences) of \(draws) draws diverged.")
        }
        if !(energy > energyFractionMin) {
            reasons.append(
                energy.isNaN
                    ? "E-BFMI is undefined: the energies are too few, all equal or not all numbers."
                    : "The energy is explored too slowly: E-BFMI is \(decimal(energy, places: 4)), not above "
                        + "\(decimal(energyFractionMin, places: 4)).")
        }
        return ConvergenceVerdict(
            passed: reasons.isEmpty, highestRHat: rHat, lowestBulkESS: bulk, lowestTailESS: tail,
            divergences: divergences, draws: draws, lowestEnergyFraction: energy, reasons: reasons,
            warnings: warnings)
    }

    /// The first NaN, or else the first of the worst.
    private func worst(
        _ quantities: [(name: String, summary: Summary)], _ figure: (Summary) -> Double,
        isWorse: (Double, Double) -> Bool
    ) -> ConvergenceVerdict.Extreme? {
        var found: ConvergenceVerdict.Extreme?
        for quantity in quantities {
            let value = figure(quantity.summary)
            if value.isNaN { return .init(name: quantity.name, value: value) }
            if let found, !isWorse(value, found.value) { continue }
            found = .init(name: quantity.name, value: value)
        }
        return found
    }

    private func decimal(_ value: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (value * scale).rounded()
        return "\(scaled.isFinite ? scaled / scale : value)"
    }

    private func whole(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
