import Densities
import Kernels

/// A start drawn from uniform(-2, 2) in each coordinate, as Stan draws it, tried up to 100 times until
/// log density and gradient are finite. A function of density and key.
///
/// Throws `noFiniteStart`.
public func randomStart(density: any LogDensity, key: StreamKey) throws(SamplingError) -> [Double] {
    try randomStart(density: density, key: key, attempt: 0)
}

/// A random start for each attempt.
func randomStart(density: any LogDensity, key: StreamKey, attempt: Int) throws(SamplingError) -> [Double] {
    let attempts = 100
    let halfWidth = 2.0
    var stream = RandomSite.start.stream(key: key, iteration: attempt)
    var start = [Double](repeating: 0, count: density.dimension)
    var gradient = start
    for _ in 0..<attempts {
        for i in 0..<start.count {
            start[i] = halfWidth * (2 * stream.uniform() - 1)
        }
        var slopes = gradient.mutableSpan
        let logDensity = density.evaluate(at: start.span, gradient: &slopes)
        if logDensity.isFinite && gradient.allSatisfy(\.isFinite) {
            return start
        }
    }
    throw .noFiniteStart(attempts: attempts)
}
