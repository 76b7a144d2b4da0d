import MarketingMix
import Testing

/// Fourth-order central differences in steps of 1e-3, 1e-4 and 1e-5, of which one must agree.
///
/// The first is the most precise on a smooth density: truncation near 1e-12, rounding near 1e-13 of |log density|.
/// A Hill curve of exponent e^6 is all but a step and needs the shorter ones, whose rounding grows as 1/h.
///
/// - Parameter rounding: relative error of the density.
func checkGradient(
    _ density: MarketingMixDensity, at position: [Double], laplace: Set<Int>, rounding: Double = 2e-14,
    _ name: String
) {
    let (value, gradient) = density.evaluated(at: position)
    // Below, the gradient may overflow where the density does not; a sampler sees a divergence long before.
    guard value > (rounding > 1e-10 ? -1e4 : -1e100) else { return }
    for coordinate in position.indices where !(laplace.contains(coordinate) && abs(position[coordinate]) < 3e-3) {
        func at(_ step: Double) -> Double {
            var moved = position
            moved[coordinate] += step
            return density.evaluated(at: moved).logDensity
        }
        let isClose = [1e-3, 1e-4, 1e-5].contains { h in
            let difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
            let tolerance = 1e-7 * abs(difference) + rounding / h * max(1, abs(value))
            return abs(gradient[coordinate] - difference) <= tolerance
        }
        #expect(isClose, "\(name), coordinate \(coordinate) of \(position)")
    }
}
