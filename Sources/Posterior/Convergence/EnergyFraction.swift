/// Energy Bayesian fraction of missing information of one chain: Σ (E_i − E_{i−1})² ÷ Σ (E_i − mean E)²
/// (Betancourt 2016, "Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte Carlo").
///
/// Below 0.3 the momentum's resampling explores the energy levels too slowly. NaN for fewer than two draws, a
/// non-finite energy, or energies that are all equal.
public func energyFraction(_ energies: [Double]) -> Double {
    guard energies.count > 1 else { return .nan }
    let spread = Moments(energies).variance * Double(energies.count - 1)
    var steps = 0.0
    for index in 1..<energies.count {
        let step = energies[index] - energies[index - 1]
        steps += step * step
    }
    return steps / spread
}
