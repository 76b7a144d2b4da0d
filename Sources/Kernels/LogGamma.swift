extension SpecialFunctions {
    /// T(z) close to logGamma(2 + z)/z on |z| <= 1/2; derived by
    /// Tests/KernelsTests/Resources/log_gamma_coefficients.py.
    private static let nearTwo: [Double] = [
        0x1.b0ee6072093cep-2, 0x1.4a34cc4a60fa6p-2, -0x1.13e001a55760ap-4, 0x1.51322ac7d848ap-6,
        -0x1.e404fc218dbaep-8, 0x1.7add6eadb5317p-9, -0x1.38ac5c2d48207p-10, 0x1.0b36af8779ca0p-11,
        -0x1.d3fd4b679c1c4p-13, 0x1.a127afee53e7dp-14, -0x1.78de9ab752b81p-15, 0x1.580e0afa55850p-16,
        -0x1.3cb3be36ad88bp-17, 0x1.258f3057730fap-18, -0x1.1276ebd557fb0p-19, 0x1.012012be3900ap-20,
        -0x1.ce17528bcf460p-22, 0x1.b40adb09a1e12p-23, -0x1.2009c1a550d0dp-23, 0x1.11fa5e7c86f7bp-24,
    ]

    /// Coefficients B_2k/(2k (2k - 1)) of Stirling's series in 1/x^2 (DLMF 5.11.1).
    private static let stirling: [Double] = [
        1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400,
    ]

    /// logGamma(x) - ((x - 1/2) log x - x + log(2 pi)/2) for x >= 10.
    private static func stirlingRemainder(_ x: Double) -> Double {
        polynomial(1 / (x * x), stirling) / x
    }

    /// log of the Gamma function for x > 0, to 1e-14 relative, also near its zeros 1 and 2.
    ///
    /// 0 and +inf give +inf, a negative number or NaN gives NaN. Between 0.5 and 2.5 it is a polynomial around 2, with
    /// logGamma(x) = logGamma(x + 1) - log x; up to 10 the recurrence leads there; beyond is Stirling's series.
    package static func logGamma(_ x: Double) -> Double {
        if !(x > 0 && x < Double.infinity) { return x == 0 || x == Double.infinity ? Double.infinity : Double.nan }
        if x < 0.5 {
            return x * polynomial(x, nearTwo) - Elementary.log1p(x) - Elementary.log(x)
        }
        if x < 1.5 {
            let z = x - 1
            return z * polynomial(z, nearTwo) - Elementary.log1p(z)
        }
        if x < 10 {
            var product = 1.0
            var y = x
            while y >= 2.5 {
                y -= 1
                product *= y
            }
            let z = y - 2
            return Elementary.log(product) + z * polynomial(z, nearTwo)
        }
        return (x - 0.5) * (Elementary.log(x) - 1) + (halfLogTwoPi - 0.5 + stirlingRemainder(x))
    }

    /// log of the Beta function for a, b > 0, without the cancellation of three large logGamma.
    ///
    /// Where an argument is 10 or more its Stirling terms are combined by hand (DLMF 5.12.1 with 5.11.1).
    package static func logBeta(_ a: Double, _ b: Double) -> Double {
        let p = a < b ? a : b
        let q = a < b ? b : a
        if !(p > 0) { return p == 0 ? Double.infinity : Double.nan }
        let logComplement = Elementary.log1p(-p / (p + q))
        if p >= 10 {
            let remainder = stirlingRemainder(p) + stirlingRemainder(q) - stirlingRemainder(p + q)
            let powers = (p - 0.5) * Elementary.log(p / (p + q)) + q * logComplement
            return powers - 0.5 * Elementary.log(q) + (halfLogTwoPi + remainder)
        }
        if q >= 10 {
            let remainder = stirlingRemainder(q) - stirlingRemainder(p + q)
            let powers = (q - 0.5) * logComplement + (p - p * Elementary.log(p + q))
            return logGamma(p) + powers + remainder
        }
        return logGamma(p) + (logGamma(q) - logGamma(p + q))
    }
}
