extension ConvergenceGate {
    /// The verdict on every coordinate of chains as a sampler brings them: those named count as reported quantities.
    ///
    /// - Parameters:
    ///   - names: of the coordinates, in order.
    ///   - series: the draws of a coordinate, chains × draws.
    ///   - energies: of all draws, chains × draws.
    ///   - divergences: draws whose trajectory diverged.
    ///   - saturated: draws whose trajectory could grow no further.
    public func verdict(
        names: [String], series: (Int) -> [[Double]], energies: [[Double]], divergences: Int, saturated: Int
    ) -> ConvergenceVerdict {
        verdict(
            quantities: names.enumerated().map { ($1, Summary(chains: series($0))) }, divergences: divergences,
            saturated: saturated, draws: energies.map(\.count).reduce(0, +),
            energyFractions: energies.map(energyFraction), chains: { names.firstIndex(of: $0).map(series) })
    }
}
