import Kernels
import ModelDefinition

/// Saturation of eight channels over a block of periods, with derivatives.
///
/// Each function reads adstocked exposure A and D = dA/dalpha from index 0 on and writes, for periods at ..< to,
/// S and the slopes in the retention (p), the first parameter (q) and the second (r), up to the factors of
/// `ResponseStreams.slopeFactors`, which do not depend on the period. Exponentials and logarithms have loops of their
/// own, with the outputs as their memory: in one long loop the processor sees too few periods at a time to hide the
/// time that one division waits for the exponential before it.
enum SaturationKernel {
    /// The curve of a kind; `logFirst` is log ec for `hill`.
    @inline(__always)
    static func apply(
        _ curve: LaneKind.Curve, _ a: Span<SIMD8<Double>>, _ d: Span<SIMD8<Double>>,
        _ parameters: ResponseStreams.Parameters, logFirst: SIMD8<Double>, at start: Int, to end: Int,
        _ s: inout MutableSpan<SIMD8<Double>>, _ p: inout MutableSpan<SIMD8<Double>>,
        _ q: inout MutableSpan<SIMD8<Double>>, _ r: inout MutableSpan<SIMD8<Double>>
    ) {
        let (first, second) = (parameters.first, parameters.second)
        switch curve {
        case .hill: hill(a, d, logEC: logFirst, slope: second, at: start, to: end, &s, &p, &q, &r)
        case .concaveHill: concaveHill(a, d, ec: first, at: start, to: end, &s, &p, &q)
        case .logistic: logistic(a, d, lam: first, at: start, to: end, &s, &p, &q)
        case .none: none(a, d, at: start, to: end, &s, &p)
        case .sigmoid: sigmoid(a, d, rate: first, steepest: second, at: start, to: end, &s, &p, &q, &r)
        case .root: root(a, d, exponent: first, at: start, to: end, &s, &p, &q)
        case .log: log(a, d, at: start, to: end, &s, &p)
        }
    }

    /// S = 1/(1 + e^-u), u = s(log A - log ec), with S and every slope 0 where A is 0: there the derivative in A of a
    /// curve with s < 1 is infinite, and no gradient may pass. The argument of the logarithm is clamped as well, so
    /// that no undefined value reaches a selected lane.
    @inline(__always)
    static func hill(
        _ a: Span<SIMD8<Double>>, _ d: Span<SIMD8<Double>>, logEC: SIMD8<Double>, slope: SIMD8<Double>,
        at start: Int, to end: Int, _ s: inout MutableSpan<SIMD8<Double>>, _ p: inout MutableSpan<SIMD8<Double>>,
        _ q: inout MutableSpan<SIMD8<Double>>, _ r: inout MutableSpan<SIMD8<Double>>
    ) {
        for t in start..<end { r[t] = SaturationFormula.logarithm(a[t - start]) - logEC }
        for t in start..<end { s[t] = SaturationFormula.hillOdds(distance: r[t], slope: slope) }
        for t in start..<end {
            let exposure = a[t - start]
            let isEmpty = SaturationFormula.isEmpty(exposure)
            let clamped = exposure.replacing(with: 1, where: isEmpty)
            let e = s[t]
            let value = SaturationFormula.share(odds: e)
            let rise = SaturationFormula.rise(odds: e, share: value).replacing(with: 0, where: isEmpty)
            s[t] = value.replacing(with: 0, where: isEmpty)
            p[t] = rise * (d[t - start] / clamped)
            q[t] = rise
            r[t] = rise * r[t]
        }
    }

    /// S = A/(A + ec).
    @inline(__always)
    static func concaveHill(
        _ a: Span<SIMD8<Double>>, _ d: Span<SIMD8<Double>>, ec: SIMD8<Double>, at start: Int, to end: Int,
        _ s: inout MutableSpan<SIMD8<Double>>, _ p: inout MutableSpan<SIMD8<Double>>,
        _ q: inout MutableSpan<SIMD8<Double>>
    ) {
        for t in start..<end {
            let exposure = a[t - start]
            let reciprocal = SaturationFormula.concaveHillReciprocal(exposure, ec: ec)
            let value = exposure * reciprocal
            s[t] = value
            p[t] = d[t - start] * (reciprocal * reciprocal)
            q[t] = value * reciprocal
        }
    }

    /// S = tanh(lam A/2).
    @inline(__always)
    static func logistic(
        _ a: Span<SIMD8<Double>>, _ d: Span<SIMD8<Double>>, lam: SIMD8<Double>, at start: Int, to end: Int,
        _ s: inout MutableSpan<SIMD8<Double>>, _ p: inout MutableSpan<SIMD8<Double>>,
        _ q: inout MutableSpan<SIMD8<Double>>
    ) {
        let rate = SaturationFormula.binaryRate(lam)
        for t in start..<end { s[t] = SaturationFormula.logistic(a[t - start], binaryRate: rate) }
        for t in start..<end {
            let value = s[t]
            let rise = 0.5 - (0.5 * value) * value
            p[t] = rise * d[t - start]
            q[t] = rise * a[t - start]
        }
    }

    /// S alone, of exposures from index `start` on.
    @inline(__always)
    static func logistic(
        _ a: Span<SIMD8<Double>>, rate: SIMD8<Double>, at start: Int, to end: Int, _ s: inout MutableSpan<SIMD8<Double>>
    ) {
        for t in start..<end { s[t] = SaturationFormula.logistic(a[t], binaryRate: rate) }
    }

    /// S = σ(b(A − λ)) − σ(−bλ).
    @inline(__always)
    static func sigmoid(
        _ a: Span<SIMD8<Double>>, _ d: Span<SIMD8<Double>>, rate: SIMD8<Double>, steepest: SIMD8<Double>,
        at start: Int, to end: Int, _ s: inout MutableSpan<SIMD8<Double>>, _ p: inout MutableSpan<SIMD8<Double>>,
        _ q: inout MutableSpan<SIMD8<Double>>, _ r: inout MutableSpan<SIMD8<Double>>
    ) {
        let above = SaturationFormula.sigmoidAbove(rate: rate, steepest: steepest)
        for t in start..<end { s[t] = SaturationFormula.sigmoidFall(a[t - start], rate: rate) }
        for t in start..<end { r[t] = SaturationFormula.sigmoidOdds(a[t - start], rate: rate, steepest: steepest) }
        for t in start..<end {
            let exposure = a[t - start]
            let e = s[t]
            let odds = r[t]
            let sigma = SaturationFormula.share(odds: odds)
            let value = SaturationFormula.sigmoid(fall: e, share: sigma, above: above)
            let rise = sigma * (odds * sigma)
            let fall = value * (above - sigma)
            s[t] = value
            p[t] = rise * d[t - start]
            q[t] = rise * exposure - steepest * fall
            r[t] = fall
        }
    }

    /// S = A^exponent, with S and every slope 0 where A is 0, as for `hill`.
    @inline(__always)
    static func root(
        _ a: Span<SIMD8<Double>>, _ d: Span<SIMD8<Double>>, exponent: SIMD8<Double>, at start: Int, to end: Int,
        _ s: inout MutableSpan<SIMD8<Double>>, _ p: inout MutableSpan<SIMD8<Double>>,
        _ q: inout MutableSpan<SIMD8<Double>>
    ) {
        for t in start..<end { q[t] = SaturationFormula.logarithm(a[t - start]) }
        for t in start..<end { s[t] = SaturationFormula.root(logarithm: q[t], exponent: exponent) }
        for t in start..<end {
            let exposure = a[t - start]
            let isEmpty = SaturationFormula.isEmpty(exposure)
            let value = s[t].replacing(with: 0, where: isEmpty)
            s[t] = value
            p[t] = value * (d[t - start] / exposure.replacing(with: 1, where: isEmpty))
            q[t] = value * q[t]
        }
    }

    /// S = log(1 + A).
    @inline(__always)
    static func log(
        _ a: Span<SIMD8<Double>>, _ d: Span<SIMD8<Double>>, at start: Int, to end: Int,
        _ s: inout MutableSpan<SIMD8<Double>>, _ p: inout MutableSpan<SIMD8<Double>>
    ) {
        for t in start..<end {
            s[t] = SaturationFormula.log(a[t - start])
            p[t] = d[t - start] / (1 + a[t - start])
        }
    }

    /// S = A.
    @inline(__always)
    static func none(
        _ a: Span<SIMD8<Double>>, _ d: Span<SIMD8<Double>>, at start: Int, to end: Int,
        _ s: inout MutableSpan<SIMD8<Double>>, _ p: inout MutableSpan<SIMD8<Double>>
    ) {
        for t in start..<end {
            s[t] = a[t - start]
            p[t] = d[t - start]
        }
    }
}
