import Kernels

/// Each saturation curve once, eight exposures at a time and in the steps that loops of their own make: what the density
/// (`SaturationKernel`), the report (`SaturationCurve`) and the optimiser (its derivatives) compute by.
enum SaturationFormula {
    /// The Hill curve is 0 up to here: the smallest normal number, below which a logarithm is undefined.
    static let smallestExposure = Double.leastNormalMagnitude

    /// Exposures at which curves with an infinite slope at 0 count as 0.
    @inline(__always)
    static func isEmpty(_ exposure: SIMD8<Double>) -> LaneMask {
        exposure .<= SIMD8(repeating: smallestExposure)
    }

    /// log A, of 1 where A is 0, so that no undefined value reaches a lane that is selected.
    @inline(__always)
    static func logarithm(_ exposure: SIMD8<Double>) -> SIMD8<Double> {
        Elementary.log(exposure.replacing(with: 1, where: isEmpty(exposure)))
    }

    /// Hill: e = e^(−slope (log A − log ec)), of which S is 1/(1 + e).
    @inline(__always)
    static func hillOdds(distance: SIMD8<Double>, slope: SIMD8<Double>) -> SIMD8<Double> {
        Elementary.exp(0 - slope * distance)
    }

    /// 1/(1 + e).
    @inline(__always)
    static func share(odds: SIMD8<Double>) -> SIMD8<Double> { 1 / (1 + odds) }

    /// S(1 − S) of S = 1/(1 + e), written so that it keeps its digits at both ends.
    @inline(__always)
    static func rise(odds: SIMD8<Double>, share: SIMD8<Double>) -> SIMD8<Double> { (odds * share) * share }

    /// 1/(A + ec), of which the concave Hill curve is A times.
    @inline(__always)
    static func concaveHillReciprocal(_ exposure: SIMD8<Double>, ec: SIMD8<Double>) -> SIMD8<Double> {
        1 / (exposure + ec)
    }

    /// The rate of a logistic curve in powers of 2: lam/ln 2.
    @inline(__always)
    static func binaryRate(_ lam: SIMD8<Double>) -> SIMD8<Double> { 0x1.71547652b82fep0 * lam }

    /// tanh(lam A/2), which keeps its relative accuracy at small A.
    @inline(__always)
    static func logistic(_ exposure: SIMD8<Double>, binaryRate: SIMD8<Double>) -> SIMD8<Double> {
        Elementary.binaryTanh(binaryRate * exposure)
    }

    /// Sigmoid: S = σ(b(A − λ)) − σ(−bλ) = −E σ(b(A − λ)) σ(bλ), E = e^(−bA) − 1, which keeps its relative accuracy at
    /// small A. This is σ(bλ).
    @inline(__always)
    static func sigmoidAbove(rate: SIMD8<Double>, steepest: SIMD8<Double>) -> SIMD8<Double> {
        let w = Elementary.exp(rate * steepest)
        return w / (1 + w)
    }

    /// E.
    @inline(__always)
    static func sigmoidFall(_ exposure: SIMD8<Double>, rate: SIMD8<Double>) -> SIMD8<Double> {
        Elementary.expm1(0 - rate * exposure)
    }

    /// e^(b(λ − A)), of which σ(b(A − λ)) is the share.
    @inline(__always)
    static func sigmoidOdds(
        _ exposure: SIMD8<Double>, rate: SIMD8<Double>, steepest: SIMD8<Double>
    ) -> SIMD8<Double> {
        Elementary.exp(rate * (steepest - exposure))
    }

    @inline(__always)
    static func sigmoid(fall: SIMD8<Double>, share: SIMD8<Double>, above: SIMD8<Double>) -> SIMD8<Double> {
        (0 - fall) * (share * above)
    }

    /// A^exponent from log A.
    @inline(__always)
    static func root(logarithm: SIMD8<Double>, exponent: SIMD8<Double>) -> SIMD8<Double> {
        Elementary.exp(exponent * logarithm)
    }

    /// log(1 + A).
    @inline(__always)
    static func log(_ exposure: SIMD8<Double>) -> SIMD8<Double> { Elementary.log1p(exposure) }
}
