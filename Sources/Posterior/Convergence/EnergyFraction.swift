/// Energy Bayesian fraction of missing information of one chain: Σ (E_i − E_{i−1})² ÷ Σ (E_i − mean E)²
/// (Betancourt 2016). Below 0.3 momentum resampling explores the energy levels too slowly.
public func energyFraction(_ energies: [Double]) -> Double {
    guard energies.count > 1 else { return .nan }
    let mean = Moments.mean(energies)
    var steps = 0.0
    var spread = 0.0
    for index in energies.indices {
        if index > 0 { steps += (energies[index] - energies[index - 1]) * (energies[index] - energies[index - 1]) }
        spread += (energies[index] - mean) * (energies[index] - mean)
    }
    return steps / spread
}
