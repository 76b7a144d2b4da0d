import Kernels

/// The saturation of one channel at one draw's parameters, S(A).
enum SaturationCurve: Sendable {
    /// A^s/(A^s + ec^s).
    case hill(logEC: Double, slope: Double)
    /// A/(A + ec), the Hill curve of exponent 1 without logarithm or exponential.
    case concaveHill(ec: Double)
    /// tanh(lam A/2).
    case logistic(lam: Double)
    /// 1/(1 + e^(−rate (A − steepest))) less its value at A = 0.
    case sigmoid(rate: Double, steepest: Double)
    /// A^exponent.
    case root(exponent: Double)
    /// log(1 + A).
    case log
    /// A.
    case none

    /// S(A) of adstocked exposures, eight at a time, by the same operations as `SaturationKernel`.
    func apply(to adstocked: [Double]) -> [Double] {
        var result = adstocked
        let body = adstocked.count & ~7
        for start in stride(from: 0, to: body, by: 8) {
            let values = self(Reductions.lanes(adstocked.span, at: start))
            for lane in 0..<8 { result[start + lane] = values[lane] }
        }
        for index in body..<adstocked.count { result[index] = self(SIMD8(repeating: adstocked[index]))[0] }
        return result
    }

    /// Σ S(factor A) of adstocked exposures, in the order of `Reductions.sum` over what `apply` gives of them.
    func sum(of adstocked: Span<Double>, times factor: Double) -> Double {
        var sums = SIMD8<Double>.zero
        let body = adstocked.count & ~7
        for start in stride(from: 0, to: body, by: 8) { sums += self(factor * Reductions.lanes(adstocked, at: start)) }
        var total = Reductions.horizontalSum(sums)
        for index in body..<adstocked.count { total += self(SIMD8(repeating: factor * adstocked[index]))[0] }
        return total
    }

    /// The same with Σ v S(factor A), in the order of `Reductions.dot`.
    func sums(
        of adstocked: Span<Double>, times factor: Double, weights: Span<Double>
    ) -> (sum: Double, weighted: Double) {
        precondition(adstocked.count == weights.count, "one weight a value")
        var (sums, products) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        let body = adstocked.count & ~7
        for start in stride(from: 0, to: body, by: 8) {
            let values = self(factor * Reductions.lanes(adstocked, at: start))
            sums += values
            products += values * Reductions.lanes(weights, at: start)
        }
        var total = (sum: Reductions.horizontalSum(sums), weighted: Reductions.horizontalSum(products))
        for index in body..<adstocked.count {
            let value = self(SIMD8(repeating: factor * adstocked[index]))[0]
            total.sum += value
            total.weighted += value * weights[index]
        }
        return total
    }

    @inline(__always)
    private func callAsFunction(_ adstocked: SIMD8<Double>) -> SIMD8<Double> {
        switch self {
        case .hill(let logEC, let slope):
            // The Hill curve is the logistic function of s(log A - log ec); at A = 0 it is 0, whatever the exponent.
            let isEmpty = adstocked .<= SIMD8(repeating: SaturationKernel.smallestExposure)
            let distance = Elementary.log(adstocked.replacing(with: 1, where: isEmpty)) - logEC
            let value = 1 / (1 + Elementary.exp(0 - slope * distance))
            return value.replacing(with: 0, where: isEmpty)
        case .concaveHill(let ec):
            return adstocked * (1 / (adstocked + ec))
        case .logistic(let lam):
            return Elementary.binaryTanh(SaturationKernel.binaryRate(lam) * adstocked)
        case .sigmoid(let rate, let steepest):
            let w = Elementary.exp(SIMD8<Double>(repeating: rate * steepest))
            let e = Elementary.expm1(0 - rate * adstocked)
            let sigma = 1 / (1 + Elementary.exp(rate * (steepest - adstocked)))
            return (0 - e) * (sigma * (w / (1 + w)))
        case .root(let exponent):
            let isEmpty = adstocked .<= SIMD8(repeating: SaturationKernel.smallestExposure)
            let value = Elementary.exp(exponent * Elementary.log(adstocked.replacing(with: 1, where: isEmpty)))
            return value.replacing(with: 0, where: isEmpty)
        case .log:
            return Elementary.log1p(adstocked)
        case .none:
            return adstocked
        }
    }
}
