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
    /// The Hill curve is 0 up to here: the smallest normal number, below which a logarithm is undefined.
    static let smallestExposure = Double.leastNormalMagnitude

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
        let floor = SIMD8<Double>(repeating: smallestExposure)
        for t in start..<end {
            let exposure = a[t - start]
            r[t] = Elementary.log(exposure.replacing(with: 1, where: exposure .<= floor)) - logEC
        }
        for t in start..<end { s[t] = Elementary.exp(0 - slope * r[t]) }
        for t in start..<end {
            let exposure = a[t - start]
            let isEmpty = exposure .<= floor
            let clamped = exposure.replacing(with: 1, where: isEmpty)
            let e = s[t]
            let value = 1 / (1 + e)
            // S(1 - S), written so that it keeps its digits at both ends.
            let rise = ((e * value) * value).replacing(with: 0, where: isEmpty)
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
            let reciprocal = 1 / (exposure + ec)
            let value = exposure * reciprocal
            s[t] = value
            p[t] = d[t - start] * (reciprocal * reciprocal)
            q[t] = value * reciprocal
        }
    }

    /// The rate of a logistic curve in powers of 2: lam/ln 2.
    @inline(__always)
    static func binaryRate(_ lam: SIMD8<Double>) -> SIMD8<Double> { 0x1.71547652b82fep0 * lam }

    static func binaryRate(_ lam: Double) -> Double { 0x1.71547652b82fep0 * lam }

    /// S = tanh(lam A/2), which keeps its relative accuracy at small A.
    @inline(__always)
    static func logistic(
        _ a: Span<SIMD8<Double>>, _ d: Span<SIMD8<Double>>, lam: SIMD8<Double>, at start: Int, to end: Int,
        _ s: inout MutableSpan<SIMD8<Double>>, _ p: inout MutableSpan<SIMD8<Double>>,
        _ q: inout MutableSpan<SIMD8<Double>>
    ) {
        let rate = binaryRate(lam)
        for t in start..<end { s[t] = Elementary.binaryTanh(rate * a[t - start]) }
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
        for t in start..<end { s[t] = Elementary.binaryTanh(rate * a[t]) }
    }

    /// S = σ(b(A − λ)) − σ(−bλ) = −E σ(b(A − λ)) σ(bλ), E = e^(−bA) − 1, which keeps its relative accuracy at small A.
    @inline(__always)
    static func sigmoid(
        _ a: Span<SIMD8<Double>>, _ d: Span<SIMD8<Double>>, rate: SIMD8<Double>, steepest: SIMD8<Double>,
        at start: Int, to end: Int, _ s: inout MutableSpan<SIMD8<Double>>, _ p: inout MutableSpan<SIMD8<Double>>,
        _ q: inout MutableSpan<SIMD8<Double>>, _ r: inout MutableSpan<SIMD8<Double>>
    ) {
        let w = Elementary.exp(rate * steepest)
        let above = w / (1 + w)
        for t in start..<end { s[t] = Elementary.expm1(0 - rate * a[t - start]) }
        for t in start..<end { r[t] = Elementary.exp(rate * (steepest - a[t - start])) }
        for t in start..<end {
            let exposure = a[t - start]
            let e = s[t]
            let odds = r[t]
            let sigma = 1 / (1 + odds)
            let value = (0 - e) * (sigma * above)
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
        let floor = SIMD8<Double>(repeating: smallestExposure)
        for t in start..<end {
            let exposure = a[t - start]
            q[t] = Elementary.log(exposure.replacing(with: 1, where: exposure .<= floor))
        }
        for t in start..<end { s[t] = Elementary.exp(exponent * q[t]) }
        for t in start..<end {
            let exposure = a[t - start]
            let isEmpty = exposure .<= floor
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
            s[t] = Elementary.log1p(a[t - start])
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
