import Kernels
import Posterior
import Testing

private func stream(_ index: UInt32) -> RandomStream {
    RandomStream(key: StreamKey(seed: 20_240_601, kind: 77, index: index), iteration: 0, site: 0)
}

@Suite("what the diagnostics are computed with")
struct NumericsTests {
    @Test(
        "autocovariances are those of the definition",
        arguments: [(1, 4), (2, 5), (3, 16), (4, 17), (5, 100), (8, 257)])
    func autocovariance(chainCount: Int, drawCount: Int) {
        var random = stream(UInt32(chainCount))
        let matrices = (0..<Autocovariance.matrixCountMax).map { scale in
            DrawMatrix(
                values: (0..<chainCount * drawCount).map { _ in random.normal() * Double(scale + 1) + 3 },
                chainCount: chainCount, drawCount: drawCount)
        }
        for (matrixCount, lagCount) in [
            (1, drawCount), (2, drawCount), (3, drawCount), (4, drawCount / 4), (4, drawCount),
        ] {
            let own = Autocovariance.pooled(Array(matrices[..<matrixCount]), lagCount: lagCount)
            #expect(own.count == matrixCount)
            for (own, matrix) in zip(own, matrices) {
                let expected = directAutocovariance(matrix, lagCount: lagCount)
                #expect(own.count == lagCount)
                for (own, value) in zip(own, expected) { #expect(abs(own - value) < 1e-13 * expected[0]) }
            }
        }
    }

    private func directAutocovariance(_ matrix: DrawMatrix, lagCount: Int) -> [Double] {
        (0..<lagCount).map { lag in
            var total = 0.0
            for chain in 0..<matrix.chainCount {
                let values = matrix.values[chain * matrix.drawCount..<(chain + 1) * matrix.drawCount]
                let mean = values.reduce(0, +) / Double(matrix.drawCount)
                for (a, b) in zip(values, values.dropFirst(lag)) { total += (a - mean) * (b - mean) }
            }
            return total / Double(matrix.drawCount * matrix.chainCount)
        }
    }

    @Test("the effective size of an autoregression is S (1 - phi) / (1 + phi)", arguments: [-0.4, 0.0, 0.5, 0.9, 0.98])
    func autoregression(phi: Double) {
        var random = stream(1000)
        let (chainCount, drawCount) = (4, 20_000)
        let chains = (0..<chainCount).map { _ in
            var state = random.normal()
            return (0..<drawCount).map { _ in
                state = phi * state + (1 - phi * phi).squareRoot() * random.normal()
                return state
            }
        }
        let expected = Double(chainCount * drawCount) * (1 - phi) / (1 + phi)
        let own = EffectiveSampleSize.mean(chains)
        // The estimate's relative sd is about 2 sqrt(tau / S): 2 % at 0.5, 7 % at 0.98; four of them.
        let spread = 2 / expected.squareRoot() * (phi > 0.95 ? 1.5 : 1) + 0.01
        #expect(abs(own / expected - 1) < 4 * spread, "\(own), expected \(expected)")
    }

    @Test("a long drift uses all lags and leaves few effective draws")
    func drift() {
        let chains = (0..<2).map { chain in (0..<1000).map { Double($0) + Double(chain) * 0.5 } }
        // The halves are far apart: B dominates, and every lag's correlation stays near 1.
        #expect(EffectiveSampleSize.mean(chains) < 8)
        #expect(RHat.split(chains) > 1.5)
    }

    @Test(
        "the order of draws is that of their values, and equal ones keep their places",
        arguments: [1, 2, 7, 1000, 5000])
    func order(count: Int) {
        var random = stream(2000)
        var values = (0..<count).map { _ in (random.normal() * 50).rounded() / 50 }
        let special: [Double] = [
            0.0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1e308, -1e308, 0.0, -0.0,
        ]
        values.replaceSubrange(0..<min(count, special.count), with: special.prefix(count))
        let own = ValueOrder(of: values)
        let expected = values.indices.sorted { values[$0] < values[$1] || (values[$0] == values[$1] && $0 < $1) }
        #expect(own.positions.map(Int.init) == expected)
        #expect(own.sorted == expected.map { values[$0] })
    }

    @Test("equal values have exactly their value as mean and no variance", arguments: [1, 7, 8, 60, 997])
    func equalMoments(count: Int) {
        for value in [1.7, -0.1, 1e8 + 0.1, 3e-12, 0] {
            let moments = Moments([Double](repeating: value, count: count))
            #expect(moments.mean == value)
            #expect(count == 1 || moments.variance == 0)
        }
    }

    @Test("a spread of one unit in the last place is a variance")
    func smallestSpread() {
        let moments = Moments([1, 1, 1, 1.0.nextUp])
        // Deviations -1/4 (three times) and 3/4 units: 12/16 / 3 = 1/4 square units.
        #expect(abs(moments.variance / (0.25 * 1.0.ulp * 1.0.ulp) - 1) < 0.5)
    }

    // mpmath 1.3, 40 digits: betainc(a, b, 0, x, regularized=True) of the doubles x.
    @Test(
        "the incomplete beta function",
        arguments: [
            (0.5, 0.5, 0.3, 0.36901011956554537504), (2, 3, 0.4, 0.52480000000000003837),
            (21.5, 381.5, 0.06, 0.73808603184740826995), (2001, 38001, 0.0503, 0.60296764197998765425),
            (5, 1, 0.999, 0.99500999000499899558), (1.25, 700, 0.001, 0.39054226175398110031),
        ])
    func incompleteBeta(a: Double, b: Double, x: Double, expected: Double) {
        #expect(abs(IncompleteBeta.regularized(x, a, b) / expected - 1) < 1e-10)
        #expect(IncompleteBeta.regularized(0, a, b) == 0)
        #expect(IncompleteBeta.regularized(1, a, b) == 1)
    }

    // The root of the same function by mpmath's findroot.
    @Test(
        "and its inverse",
        arguments: [
            (0.15865525393145705, 21.5, 381.5, 0.042230376760388230872),
            (0.8413447460685429, 2001, 38001, 0.051112351387738738109), (0.5, 0.5, 0.5, 0.5),
            (0.1, 1.25, 700, 0.0002719069562962011068), (0.999, 5, 1, 0.99979991995196637427),
            (0.15865525393145705, 1, 3, 0.055957972346069131595),
        ])
    func inverseBeta(probability: Double, a: Double, b: Double, expected: Double) {
        #expect(abs(IncompleteBeta.quantile(probability, a, b) / expected - 1) < 1e-10)
    }
}
