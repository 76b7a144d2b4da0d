import Foundation
import Kernels
import Testing

@Suite struct ElementaryAccuracyTests {
    /// Largest error of each function over the reference, in ulp of the exact value.
    static func largestErrors(_ text: String) -> [String: (error: Double, at: Double)] {
        var largest: [String: (error: Double, at: Double)] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            let name = String(words[0])
            let x = Double(words[1])!
            let high = Double(words[2])!
            let low = Double(words[3])!
            let error = abs((ElementaryAccuracyTests.value(name, x) - high) - low) / high.ulp
            if !(error <= largest[name]?.error ?? -1) { largest[name] = (error, x) }
        }
        return largest
    }

    static func value(_ name: String, _ x: Double) -> Double {
        switch name {
        case "exp": Elementary.exp(x)
        case "expm1": Elementary.expm1(x)
        case "log": Elementary.log(x)
        case "log1p": Elementary.log1p(x)
        case "sigmoid": Elementary.sigmoid(x)
        case "tanh": Elementary.tanh(x)
        case "binaryTanh": Elementary.binaryTanh(x)
        case "softplus": Elementary.softplus(x)
        case "sinTwoPi": Elementary.sinCosTwoPi(x).sin
        case "cosTwoPi": Elementary.sinCosTwoPi(x).cos
        default: fatalError("no function is called \(name)")
        }
    }

    @Test("the documented error bounds hold against values of 240 bits")
    func bounds() throws {
        let bounds = [
            "exp": 1.2, "expm1": 2.6, "log": 1.2, "log1p": 2.5, "sigmoid": 3, "tanh": 3, "binaryTanh": 4.5,
            "softplus": 3, "sinTwoPi": 2, "cosTwoPi": 2,
        ]
        // ELEMENTARY_REFERENCE names a larger file of the same recipe.
        let larger = ProcessInfo.processInfo.environment["ELEMENTARY_REFERENCE"]
        let text =
            try larger.map { try String(contentsOfFile: $0, encoding: .utf8) } ?? resource("elementary_reference.txt")
        let largest = Self.largestErrors(text)
        #expect(largest.count == bounds.count)
        for (name, bound) in bounds.sorted(by: { $0.key < $1.key }) {
            let seen = try #require(largest[name])
            if larger != nil { print(name, seen) }
            #expect(seen.error <= bound, "\(name) at \(seen.at)")
        }
    }

    @Test("the clamp, the zeros and the infinities are as documented")
    func edges() {
        #expect(Elementary.exp(0) == 1)
        #expect(Elementary.exp(-Double.infinity) == Elementary.exp(-708))
        #expect(Elementary.exp(-Double.infinity) < 3.4e-308)
        #expect(Elementary.exp(Double.infinity) == Elementary.exp(709))
        #expect(Elementary.exp(Double.nan).isNaN)
        #expect(Elementary.expm1(0) == 0)
        #expect(Elementary.expm1(-100) == -1)
        #expect(Elementary.expm1(Double.nan).isNaN)
        #expect(Elementary.log(0) == -Double.infinity)
        #expect(Elementary.log(-0.0) == -Double.infinity)
        #expect(Elementary.log(1) == 0)
        #expect(Elementary.log(-1).isNaN)
        #expect(Elementary.log(Double.nan).isNaN)
        #expect(Elementary.log(Double.infinity) == Double.infinity)
        #expect(Elementary.log1p(-1) == -Double.infinity)
        #expect(Elementary.log1p(-2).isNaN)
        #expect(Elementary.log1p(Double.nan).isNaN)
        #expect(Elementary.log1p(Double.infinity) == Double.infinity)
        #expect(Elementary.log1p(1e-300) == 1e-300)
        #expect(Elementary.sigmoid(0) == 0.5)
        #expect(Elementary.sigmoid(1000) == 1)
        #expect(Elementary.tanh(0) == 0)
        #expect(Elementary.tanh(-0.0).sign == .minus)
        #expect(Elementary.tanh(1000) == 1)
        #expect(Elementary.tanh(-1000) == -1)
        #expect(Elementary.tanh(Double.nan).isNaN)
        #expect(Elementary.binaryTanh(0) == 0)
        #expect(Elementary.binaryTanh(1) == 1.0 / 3)
        #expect(Elementary.binaryTanh(Double.infinity) == 1)
        #expect(Elementary.binaryTanh(-Double.infinity) == -1)
        #expect(Elementary.binaryTanh(Double.nan).isNaN)
        #expect(Elementary.softplus(800) == 800)
        #expect(Elementary.softplus(Double.nan).isNaN)
        #expect(Elementary.logSumExp(-Double.infinity, -Double.infinity) == -Double.infinity)
        #expect(Elementary.logSumExp(-Double.infinity, 3) == 3)
        #expect(Elementary.logSumExp(3, -Double.infinity) == 3)
        #expect(Elementary.logSumExp(Double.infinity, Double.infinity) == Double.infinity)
        #expect(Elementary.logSumExp(Double.nan, 0).isNaN)
        #expect(Elementary.logSumExp(0, Double.nan).isNaN)
        #expect(Elementary.logSumExp(0, -Double.nan).isNaN)
        #expect(abs(Elementary.logSumExp(1000, 1000) - (1000 + 0.6931471805599453)) < 1e-12)
    }

    @Test("power follows its documented error bound")
    func power() {
        // Exact values by repeated multiplication of small powers of two and squares.
        for exponent in 1...10 {
            let exact = Double(1 << exponent)
            let bound = 1.3 * (1 + Double(exponent) * 0.6931471805599453) * exact.ulp
            #expect(abs(Elementary.power(2, Double(exponent)) - exact) <= bound)
            #expect(abs(Elementary.power(exact, 1 / Double(exponent)) - 2) <= 1e-14)
        }
        #expect(Elementary.power(1, 5) == 1)
        #expect(Elementary.power(7, 0) == 1)
    }

    @Test("sin and cos are exact at multiples of a quarter turn")
    func quarters() {
        let expected: [(Double, Double)] = [(0, 1), (1, 0), (0, -1), (-1, 0)]
        for k in -8...8 {
            let (sin, cos) = Elementary.sinCosTwoPi(Double(k) / 4)
            let (exactSin, exactCos) = expected[(k % 4 + 4) % 4]
            #expect(sin == exactSin)
            #expect(cos == exactCos)
        }
    }
}
