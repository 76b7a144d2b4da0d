import Kernels

/// The beta distribution's cumulative function, which the spread of an order statistic follows.
package enum IncompleteBeta {
    /// I_x(a, b), regularised, for a, b > 0 and 0 ≤ x ≤ 1.
    ///
    /// The continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions by the modified Lentz method
    /// (Thompson & Barnett 1986), on the side of the mean where it converges in about √max(a, b) terms.
    package static func regularized(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - regularized(1 - x, b, a) }
        let tiny = 1e-300
        var c = 1.0
        var d = 1 / nonZero(1 - (a + b) * x / (a + 1), tiny)
        var fraction = d
        for term in 1...10_000 {
            let m = Double(term)
            for numerator in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 / nonZero(1 + numerator * d, tiny)
                c = nonZero(1 + numerator / c, tiny)
                fraction *= c * d
            }
            if abs(c * d - 1) < 1e-15 { break }
        }
        return Elementary.exp(logDensity(x, a, b)) * x * (1 - x) * fraction / a
    }

    /// The x with I_x(a, b) = `probability`, to about 1e-14: Newton's method inside a bracket that bisection narrows
    /// whenever a step would leave it.
    package static func quantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
        var low = 0.0
        var high = 1.0
        var x = a / (a + b)
        for _ in 0..<100 {
            let excess = regularized(x, a, b) - probability
            if excess > 0 { high = x } else { low = x }
            var next = x - excess / Elementary.exp(logDensity(x, a, b))
            if !(next > low && next < high) { next = (low + high) / 2 }
            if abs(next - x) <= 1e-15 * x { return next }
            x = next
        }
        return x
    }

    /// log of x^(a−1) (1−x)^(b−1) ÷ B(a, b).
    private static func logDensity(_ x: Double, _ a: Double, _ b: Double) -> Double {
        (a - 1) * Elementary.log(x) + (b - 1) * Elementary.log1p(-x) - SpecialFunctions.logBeta(a, b)
    }

    private static func nonZero(_ value: Double, _ tiny: Double) -> Double {
        abs(value) < tiny ? tiny : value
    }
}
