import Kernels

/// The saturation of one channel at one draw's parameters, S(A), by the formulas of `SaturationKernel`.
protocol SaturationCurve: Sendable {
    /// S of eight adstocked exposures.
    func callAsFunction(_ adstocked: SIMD8<Double>) -> SIMD8<Double>

    /// S(factor A) of adstocked exposures.
    func apply(to adstocked: Span<Double>, times factor: Double) -> [Double]

    /// Σ S(factor A) and Σ v S(factor A) in the orders of `Reductions` over what `apply` gives, without a series of it.
    func sums(of adstocked: LaneSeries, times factor: Double, weights: LaneSeries) -> (sum: Double, weighted: Double)

    /// S(A), dS/dA and d²S/dA² of eight adstocked exposures.
    func derivatives(at adstocked: SIMD8<Double>) -> CurveDerivatives

    /// The same of a series whose length is a multiple of eight.
    func derive(
        _ adstocked: Span<Double>, _ values: inout MutableSpan<Double>, _ slopes: inout MutableSpan<Double>,
        _ bends: inout MutableSpan<Double>)

    /// Whether no piece of it bends upwards.
    var isConcave: Bool { get }

    /// The exposure at which S is half of what it comes to at the most; nil where it grows without end.
    var halfPoint: Double? { get }

    /// What the formula is written with, in that order.
    var parameters: [Double] { get }
}

/// Values in vectors of eight, the last of which may be filled up with zeros: for sums that are taken many times.
struct LaneSeries: Sendable {
    let count: Int
    let vectors: [SIMD8<Double>]

    init(_ values: Span<Double>) {
        count = values.count
        var vectors = [SIMD8<Double>](repeating: .zero, count: (values.count + 7) / 8)
        let body = values.count & ~7
        for start in stride(from: 0, to: body, by: 8) { vectors[start >> 3] = Reductions.lanes(values, at: start) }
        for index in body..<values.count { vectors[index >> 3][index & 7] = values[index] }
        self.vectors = vectors
    }
}

// Requirements as well, so that a series is one call of a loop made for its curve.
extension SaturationCurve {
    func apply(to adstocked: Span<Double>, times factor: Double) -> [Double] {
        var result = [Double](repeating: 0, count: adstocked.count)
        var span = result.mutableSpan
        let body = adstocked.count & ~7
        var start = 0
        while start < body {
            Reductions.store(self(factor * Reductions.lanes(adstocked, at: start)), into: &span, at: start)
            start += 8
        }
        guard body < adstocked.count else { return result }
        var rest = SIMD8<Double>.zero
        for index in body..<adstocked.count { rest[index - body] = adstocked[index] }
        rest = self(factor * rest)
        for index in body..<adstocked.count { span[index] = rest[index - body] }
        return result
    }

    func sums(of adstocked: LaneSeries, times factor: Double, weights: LaneSeries) -> (sum: Double, weighted: Double) {
        precondition(adstocked.count == weights.count, "one weight a value")
        let (a, v) = (adstocked.vectors.span, weights.vectors.span)
        let whole = adstocked.count / 8
        var (sums, products) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        for index in 0..<whole {
            let values = self(factor * a[index])
            sums += values
            products += values * v[index]
        }
        var total = (sum: Reductions.horizontalSum(sums), weighted: Reductions.horizontalSum(products))
        guard whole < a.count else { return total }
        let rest = self(factor * a[whole])
        for lane in 0..<adstocked.count - 8 * whole {
            total.sum += rest[lane]
            total.weighted += rest[lane] * v[whole][lane]
        }
        return total
    }
}

/// A^s/(A^s + ec^s), the logistic function of s(log A − log ec); at A = 0 it is 0, whatever the exponent.
struct HillCurve: SaturationCurve {
    let logEC: Double
    let slope: Double

    @inline(__always)
    func callAsFunction(_ adstocked: SIMD8<Double>) -> SIMD8<Double> {
        let odds = SaturationFormula.hillOdds(
            distance: SaturationFormula.logarithm(adstocked) - logEC, slope: SIMD8(repeating: slope))
        return SaturationFormula.share(odds: odds).replacing(with: 0, where: SaturationFormula.isEmpty(adstocked))
    }

    var halfPoint: Double? { Elementary.exp(logEC) }
    var parameters: [Double] { [logEC, slope] }
}

/// A/(A + ec), the Hill curve of exponent 1 without logarithm or exponential.
struct ConcaveHillCurve: SaturationCurve {
    let ec: Double

    @inline(__always)
    func callAsFunction(_ adstocked: SIMD8<Double>) -> SIMD8<Double> {
        adstocked * SaturationFormula.concaveHillReciprocal(adstocked, ec: SIMD8(repeating: ec))
    }

    var halfPoint: Double? { ec }
    var parameters: [Double] { [ec] }
}

/// tanh(lam A/2).
struct LogisticCurve: SaturationCurve {
    let lam: Double

    @inline(__always)
    func callAsFunction(_ adstocked: SIMD8<Double>) -> SIMD8<Double> {
        SaturationFormula.logistic(adstocked, binaryRate: SaturationFormula.binaryRate(SIMD8(repeating: lam)))
    }

    /// tanh(log 3/2) = 1/2.
    var halfPoint: Double? { Elementary.log(3) / lam }
    var parameters: [Double] { [lam] }
}

/// 1/(1 + e^(−rate (A − steepest))) less its value at A = 0.
struct SigmoidCurve: SaturationCurve {
    let rate: Double
    let steepest: Double

    @inline(__always)
    func callAsFunction(_ adstocked: SIMD8<Double>) -> SIMD8<Double> {
        let (rate, steepest) = (SIMD8(repeating: rate), SIMD8(repeating: steepest))
        let odds = SaturationFormula.sigmoidOdds(adstocked, rate: rate, steepest: steepest)
        return SaturationFormula.sigmoid(
            fall: SaturationFormula.sigmoidFall(adstocked, rate: rate), share: SaturationFormula.share(odds: odds),
            above: SaturationFormula.sigmoidAbove(rate: rate, steepest: steepest))
    }

    /// S comes to w/(1 + w) with w = e^(rate steepest), and half of it is reached where the logistic function has gone half of
    /// the way from 1/(1 + w) to 1: at (2 + w)/(2 + 2w), whose odds are (2 + w)/w.
    var halfPoint: Double? {
        let w = Elementary.exp(rate * steepest)
        return steepest + Elementary.log((2 + w) / w) / rate
    }

    var parameters: [Double] { [rate, steepest] }
}

/// A^exponent.
struct RootCurve: SaturationCurve {
    let exponent: Double

    @inline(__always)
    func callAsFunction(_ adstocked: SIMD8<Double>) -> SIMD8<Double> {
        let power = SaturationFormula.root(
            logarithm: SaturationFormula.logarithm(adstocked), exponent: SIMD8(repeating: exponent))
        return power.replacing(with: 0, where: SaturationFormula.isEmpty(adstocked))
    }

    var halfPoint: Double? { nil }
    var parameters: [Double] { [exponent] }
}

/// log(1 + A).
struct LogCurve: SaturationCurve {
    @inline(__always)
    func callAsFunction(_ adstocked: SIMD8<Double>) -> SIMD8<Double> { SaturationFormula.log(adstocked) }

    var halfPoint: Double? { nil }
    var parameters: [Double] { [] }
}

/// A.
struct IdentityCurve: SaturationCurve {
    @inline(__always)
    func callAsFunction(_ adstocked: SIMD8<Double>) -> SIMD8<Double> { adstocked }

    var halfPoint: Double? { nil }
    var parameters: [Double] { [] }
}
