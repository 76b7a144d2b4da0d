/// Special functions of one value, built on `Elementary` alone.
package enum SpecialFunctions {
    /// log(2 pi)/2.
    package static let halfLogTwoPi = 0x1.d67f1c864beb5p-1
    static let squareRootOfHalf = 0x1.6a09e667f3bcdp-1
    static let inverseSquareRootOfPi = 0x1.20dd750429b6dp-1

    /// The polynomial with `coefficients` in ascending powers, by Horner's rule.
    static func polynomial(_ x: Double, _ coefficients: [Double]) -> Double {
        var total = 0.0
        for coefficient in coefficients.reversed() {
            total = total * x + coefficient
        }
        return total
    }
}
