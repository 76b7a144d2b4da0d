import Kernels

/// A curve at eight adstocked exposures.
struct CurveDerivatives {
    var value: SIMD8<Double>
    /// dS/dA.
    var slope: SIMD8<Double>
    /// d²S/dA².
    var bend: SIMD8<Double>
}

extension SaturationCurve {
    func derive(
        _ adstocked: Span<Double>, _ values: inout MutableSpan<Double>, _ slopes: inout MutableSpan<Double>,
        _ bends: inout MutableSpan<Double>
    ) {
        precondition(adstocked.count & 7 == 0, "series of whole vectors")
        for start in stride(from: 0, to: adstocked.count, by: 8) {
            let all = derivatives(at: Reductions.lanes(adstocked, at: start))
            Reductions.store(all.value, into: &values, at: start)
            Reductions.store(all.slope, into: &slopes, at: start)
            Reductions.store(all.bend, into: &bends, at: start)
        }
    }

    var isConcave: Bool { true }
}

/// The least exposure at which a curve is asked for its slope, as a share of its scale: where it is infinite at 0, what spend
/// of nothing would bring at first is told as what a millionth of the scale does.
private let leastShare = 1e-6

extension HillCurve {
    /// dS/dA = s S(1 − S)/A and d²S/dA² = (dS/dA)(s(1 − 2S) − 1)/A.
    @inline(__always)
    func derivatives(at adstocked: SIMD8<Double>) -> CurveDerivatives {
        let least = SIMD8<Double>(repeating: leastShare * Elementary.exp(logEC))
        let exposure = adstocked.replacing(with: least, where: adstocked .< least)
        let odds = SaturationFormula.hillOdds(
            distance: Elementary.log(exposure) - logEC, slope: SIMD8(repeating: slope))
        let value = SaturationFormula.share(odds: odds)
        let steepness = slope * SaturationFormula.rise(odds: odds, share: value) / exposure
        return CurveDerivatives(
            value: value.replacing(with: 0, where: SaturationFormula.isEmpty(adstocked)),
            slope: steepness, bend: steepness * (slope * (1 - 2 * value) - 1) / exposure)
    }

    var isConcave: Bool { slope <= 1 }
}

extension ConcaveHillCurve {
    /// ec/(A + ec)² and −2 ec/(A + ec)³.
    @inline(__always)
    func derivatives(at adstocked: SIMD8<Double>) -> CurveDerivatives {
        let reciprocal = SaturationFormula.concaveHillReciprocal(adstocked, ec: SIMD8(repeating: ec))
        let slope = ec * (reciprocal * reciprocal)
        return CurveDerivatives(value: adstocked * reciprocal, slope: slope, bend: -2 * slope * reciprocal)
    }
}

extension LogisticCurve {
    /// ½ lam (1 − S²) and −lam S dS/dA.
    @inline(__always)
    func derivatives(at adstocked: SIMD8<Double>) -> CurveDerivatives {
        let value = self(adstocked)
        let slope = 0.5 * lam * (1 - value * value)
        return CurveDerivatives(value: value, slope: slope, bend: -lam * value * slope)
    }
}

extension SigmoidCurve {
    /// rate σ(1 − σ) and rate (dS/dA)(1 − 2σ), σ = 1/(1 + e^(−rate (A − steepest))).
    @inline(__always)
    func derivatives(at adstocked: SIMD8<Double>) -> CurveDerivatives {
        let odds = SaturationFormula.sigmoidOdds(
            adstocked, rate: SIMD8(repeating: rate), steepest: SIMD8(repeating: steepest))
        let sigma = SaturationFormula.share(odds: odds)
        let slope = rate * (sigma * (1 - sigma))
        return CurveDerivatives(value: self(adstocked), slope: slope, bend: rate * slope * (1 - 2 * sigma))
    }

    var isConcave: Bool { steepest <= 0 }
}

extension RootCurve {
    /// p A^(p − 1) and (p − 1)/A of it.
    @inline(__always)
    func derivatives(at adstocked: SIMD8<Double>) -> CurveDerivatives {
        let least = SIMD8<Double>(repeating: leastShare)
        let exposure = adstocked.replacing(with: least, where: adstocked .< least)
        let power = SaturationFormula.root(logarithm: Elementary.log(exposure), exponent: SIMD8(repeating: exponent))
        let slope = exponent * power / exposure
        return CurveDerivatives(
            value: power.replacing(with: 0, where: SaturationFormula.isEmpty(adstocked)),
            slope: slope, bend: (exponent - 1) * slope / exposure)
    }

    var isConcave: Bool { exponent <= 1 }
}

extension LogCurve {
    /// 1/(1 + A) and −1/(1 + A)².
    @inline(__always)
    func derivatives(at adstocked: SIMD8<Double>) -> CurveDerivatives {
        let slope = 1 / (1 + adstocked)
        return CurveDerivatives(value: self(adstocked), slope: slope, bend: 0 - slope * slope)
    }
}

extension IdentityCurve {
    @inline(__always)
    func derivatives(at adstocked: SIMD8<Double>) -> CurveDerivatives {
        CurveDerivatives(value: adstocked, slope: SIMD8(repeating: 1), bend: .zero)
    }
}
