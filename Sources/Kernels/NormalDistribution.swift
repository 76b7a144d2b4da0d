extension SpecialFunctions {
    // Coefficients of Cody, "Rational Chebyshev approximations for the error function", Mathematics of Computation 23
    // (1969) 631-637, in ascending powers: erf(x)/x in x^2 for |x| <= 0.46875, e^(x^2) erfc(x) in x up to 4, beyond in
    // 1/x^2.
    private static let erfTop: [Double] = [
        3.20937758913846947e3, 3.77485237685302021e2, 1.13864154151050156e2, 3.16112374387056560,
        1.85777706184603153e-1,
    ]
    private static let erfBottom: [Double] = [
        2.84423683343917062e3, 1.28261652607737228e3, 2.44024637934444173e2, 2.36012909523441209e1, 1.0,
    ]
    private static let middleTop: [Double] = [
        1.23033935479799725e3, 2.05107837782607147e3, 1.71204761263407058e3, 8.81952221241769090e2,
        2.98635138197400131e2, 6.61191906371416295e1, 8.88314979438837594, 5.64188496988670089e-1,
        2.15311535474403846e-8,
    ]
    private static let middleBottom: [Double] = [
        1.23033935480374942e3, 3.43936767414372164e3, 4.36261909014324716e3, 3.29079923573345963e3,
        1.62138957456669019e3, 5.37181101862009858e2, 1.17693950891312499e2, 1.57449261107098347e1, 1.0,
    ]
    private static let farTop: [Double] = [
        6.58749161529837803e-4, 1.60837851487422766e-2, 1.25781726111229246e-1, 3.60344899949804439e-1,
        3.05326634961232344e-1, 1.63153871373020978e-2,
    ]
    private static let farBottom: [Double] = [
        2.33520497626869185e-3, 6.05183413124413191e-2, 5.27905102951428412e-1, 1.87295284992346725,
        2.56852019228982242, 1.0,
    ]

    /// The error function, to about 1e-15 relative.
    package static func erf(_ x: Double) -> Double {
        if abs(x) <= 0.46875 {
            return x * (polynomial(x * x, erfTop) / polynomial(x * x, erfBottom))
        }
        if abs(x) > 6 { return x < 0 ? -1 : 1 }
        let complement = scaledErfc(abs(x)) * expOfMinusSquare(x)
        return x < 0 ? complement - 1 : 1 - complement
    }

    /// e^(x^2) erfc(x) for x >= 0, to about 1e-15 relative.
    package static func scaledErfc(_ x: Double) -> Double {
        if x <= 0.46875 {
            return (1 - erf(x)) * Elementary.exp(x * x)
        }
        if x <= 4 {
            return polynomial(x, middleTop) / polynomial(x, middleBottom)
        }
        let z = 1 / (x * x)
        let correction = z * (polynomial(z, farTop) / polynomial(z, farBottom))
        return (inverseSquareRootOfPi - correction) / x
    }

    /// e^(-x^2), with x split at sixteenths so that the rounding of x^2 does not reach the result.
    private static func expOfMinusSquare(_ x: Double) -> Double {
        let coarse = (x * 16).rounded(.towardZero) / 16
        let rest = (x - coarse) * (x + coarse)
        return Elementary.exp(-(coarse * coarse)) * Elementary.exp(-rest)
    }

    /// P(Z <= x) for a standard normal Z, to about 2e-15 relative down to x = -37.5, and 0 below.
    package static func normalCDF(_ x: Double) -> Double {
        if abs(x) <= 0.6 {
            return 0.5 + 0.5 * erf(x * squareRootOfHalf)
        }
        if x > 0 { return 1 - normalCDF(-x) }
        if x < -37.5 { return 0 }
        let coarse = (x * 16).rounded(.towardZero) / 16
        let rest = (x - coarse) * (x + coarse)
        let density = Elementary.exp(-0.5 * (coarse * coarse)) * Elementary.exp(-0.5 * rest)
        return 0.5 * scaledErfc(-x * squareRootOfHalf) * density
    }

    /// log P(Z <= x) for a standard normal Z, to about 1e-14 relative, also for x far below any value of `normalCDF`.
    package static func logNormalCDF(_ x: Double) -> Double {
        if x > 0 { return Elementary.log1p(-normalCDF(-x)) }
        if x > -1 { return Elementary.log(normalCDF(x)) }
        return Elementary.log(0.5 * scaledErfc(-x * squareRootOfHalf)) - 0.5 * (x * x)
    }

    /// log P(a < Z < b) for a standard normal Z and a < b, either of which may be infinite.
    package static func logNormalMass(_ a: Double, _ b: Double) -> Double {
        if a > 0 { return logNormalMass(-b, -a) }
        if b <= 0 {
            let upper = logNormalCDF(b)
            let difference = logNormalCDF(a) - upper
            let share = Elementary.expm1(difference)
            return upper + Elementary.log(-share)
        }
        let outside = normalCDF(a) + normalCDF(-b)
        if outside < 0.5 { return Elementary.log1p(-outside) }
        return Elementary.log(0.5 * (erf(b * squareRootOfHalf) - erf(a * squareRootOfHalf)))
    }
}
