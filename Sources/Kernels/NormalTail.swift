extension SpecialFunctions {
    // (1 + 2x) e^(x^2) erfc(x) for x >= 0 as a Chebyshev series in t = (x - 3)/(x + 3); derived by
    // Tests/KernelsTests/Resources/normal_tail_coefficients.py.
    private static let tailSeries: [Double] = [
        0x1.2d74bda92af4ep+0, 0x1.5edf9ce74f65ep-8, -0x1.801abe05df685p-4, 0x1.bd5ede288613bp-5,
        -0x1.36e99d8ff90f7p-6, 0x1.23dc174a04d86p-8, -0x1.4c2a11331e0e4p-11, 0x1.285081fb7471ep-16,
        0x1.aee3ed67adcfbp-17, -0x1.0d67d92ebb16fp-19, -0x1.84299dc44cfe1p-23, 0x1.44433d928dccap-24,
        0x1.032a101f63366p-29, -0x1.7304e1f9377d0p-29, -0x1.00dc1e28761e4p-36, 0x1.c7b5541debf46p-34,
        0x1.9f608af23def6p-40, -0x1.2cfdb55efc61bp-38, -0x1.d433281a86cb9p-43, 0x1.985a49637781fp-43,
        0x1.638030f9632e2p-46, -0x1.06936a9e2323bp-47, -0x1.b53df2ab9d8b7p-50, 0x1.0f1968e597de2p-52,
        0x1.cd7350f20ad1ap-54, -0x1.2f98d06214628p-59, -0x1.9dd79d26cbb94p-58,
    ]

    /// log Φ(z) and its derivative φ(z)/Φ(z), the inverse Mills ratio, in eight lanes: both to 1e-13 relative for finite
    /// z up to 37. Above, log Φ is as good as 0.
    package static func logNormalCDF(
        _ z: SIMD8<Double>
    ) -> (value: SIMD8<Double>, derivative: SIMD8<Double>) {
        let zero = SIMD8<Double>.zero
        let isAbove = z .> zero
        let x = z.replacing(with: zero - z, where: z .< zero) * squareRootOfHalf
        // e^(x²) erfc(x), of the tail beyond |z|.
        let scaled = tailProduct(x) / (1 + 2 * x)
        let halfSquare = 0.5 * (z * z)
        let kernel = Elementary.exp(zero - halfSquare)
        let tail = 0.5 * (kernel * scaled)
        let body = 1 - tail
        let below = Elementary.log(0.5 * scaled) - halfSquare
        let value = below.replacing(with: Elementary.log1p(zero - tail), where: isAbove)
        let ratio = (2 * inverseSquareRootOfTwoPi) / scaled
        let derivative = ratio.replacing(with: inverseSquareRootOfTwoPi * (kernel / body), where: isAbove)
        return (value, derivative)
    }

    /// 1/√(2π).
    private static let inverseSquareRootOfTwoPi = 0x1.9884533d43651p-2

    /// Clenshaw's recurrence.
    private static func tailProduct(_ x: SIMD8<Double>) -> SIMD8<Double> {
        let t = 1 - 6 / (x + 3)
        let twice = t + t
        var after = SIMD8<Double>.zero
        var current = SIMD8<Double>.zero
        let series = tailSeries.span
        for index in stride(from: series.count - 1, to: 0, by: -1) {
            let next = twice * current - after + series[index]
            after = current
            current = next
        }
        return t * current - after + series[0]
    }

    /// The derivative of `logGamma` for x > 0, to 1e-13 of the larger of it and 1.
    ///
    /// The recurrence ψ(x) = ψ(x + 1) − 1/x up to 10, then the asymptotic series (Abramowitz and Stegun, 6.3.18).
    package static func digamma(_ x: Double) -> Double {
        var shift = 0.0
        var argument = x
        while argument < 10 {
            shift += 1 / argument
            argument += 1
        }
        let z = 1 / (argument * argument)
        let series = z * polynomial(z, digammaSeries)
        return Elementary.log(argument) - 0.5 / argument - series - shift
    }

    /// B_2k/(2k), k from 1.
    private static let digammaSeries: [Double] = [
        1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12, -3617.0 / 8160,
    ]
}
