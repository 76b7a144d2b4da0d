import Foundation
import Posterior
import Testing

@Suite("quantiles and intervals")
struct SummariesTests {
    @Test("quantiles interpolate linearly between order statistics")
    func quantiles() {
        let values = [40.0, 10, 30, 20]
        #expect(Quantiles.quantiles([0, 1, 0.5, 1.0 / 3, 0.9], of: values) == [10, 40, 25, 20, 37])
        #expect(Quantiles.quantiles([0.5], of: [7]) == [7])
    }

    @Test("quantiles between infinite draws are infinite, and a NaN leaves them undefined")
    func unusualQuantiles() {
        #expect(Quantiles.quantiles([0.5, 0.9, 0], of: [1, .infinity, .infinity]) == [.infinity, .infinity, 1])
        #expect(Quantiles.quantiles([0.5], of: [1, .nan])[0].isNaN)
    }

    @Test("quantiles of many draws are those of the sorted draws, whatever their distribution")
    func manyDraws() {
        let probabilities = [0.95, 0, 0.05, 0.5, 1, 0.003]
        for count in [127, 128, 129, 1000, 4001] {
            let uniform = (0..<count).map { Double(($0 * 7919) % count) / Double(count) }
            let shapes: [(String, [Double])] = [
                ("uniform", uniform), ("negative", uniform.map { -$0 }), ("ties", uniform.map { ($0 * 5).rounded() }),
                ("one that is far", uniform.enumerated().map { $0 == 17 ? 1e300 : $1 }),
                ("over all magnitudes", uniform.map { ($0 < 0.5 ? -1 : 1) * pow(10, 600 * ($0 - 0.5)) }),
                ("all alike", uniform.map { _ in 3 }), ("infinite", uniform.map { $0 > 0.9 ? .infinity : $0 }),
                ("wider than a number", uniform.map { ($0 - 0.5) * 2 * 1.7e308 }),
                ("closer than a number", uniform.map { $0 < 0.3 ? 0 : .leastNonzeroMagnitude }),
            ]
            for (name, values) in shapes {
                let sorted = values.sorted()
                #expect(
                    Quantiles.quantiles(probabilities, of: values)
                        == probabilities.map { Quantiles.quantile($0, ofSorted: sorted) }, "\(name), \(count)")
            }
        }
    }

    @Test("the highest density interval is the leftmost of the narrowest")
    func highestDensity() {
        let values = [0.0, 10, 11, 12, 20, 21, 22, 40]
        let half = HighestDensityInterval(0.3, of: values.reversed())
        #expect((half.lower, half.upper) == (10, 12))
        let single = HighestDensityInterval(0.9, of: [3])
        #expect((single.lower, single.upper) == (3, 3))
        #expect(HighestDensityInterval(0.9, of: []).lower.isNaN)
        #expect(HighestDensityInterval(0.9, of: [1, .nan]).upper.isNaN)
    }

    @Test("the equal-tailed interval leaves the same share on either side")
    func equalTailed() {
        let half = EqualTailedInterval(0.5, of: [40, 0, 30, 10, 20])
        #expect((half.lower, half.upper) == (10, 30))
        let single = EqualTailedInterval(0.9, of: [3])
        #expect((single.lower, single.upper) == (3, 3))
        #expect(EqualTailedInterval(0.9, of: []).lower.isNaN)
        #expect(EqualTailedInterval(0.9, of: [1, .nan]).upper.isNaN)
    }

    @Test("a variable's elements are named by their labels, and its series run over chains and draws")
    func draws() {
        let media = Dimension(name: "channel", labels: ["tv", "search"])
        let lag = Dimension(name: "lag", labels: ["0", "1", "2"])
        // Value: 1000 chain + 100 draw + element.
        var values: [Double] = []
        for chain in 0..<2 {
            for draw in 0..<3 {
                for element in 0..<6 { values.append(Double(1000 * chain + 100 * draw + element)) }
            }
        }
        let weights = Variable(name: "weights", dimensions: [media, lag], values: values)
        let sigma = Variable(name: "sigma", dimensions: [], values: [1, 2, 3, 4, 5, 6])
        let draws = Draws(chainCount: 2, drawCount: 3, variables: [weights, sigma], statistics: [])
        #expect(weights.elementCount == 6 && sigma.elementCount == 1)
        #expect(weights.elementName(5) == "weights[search,2]" && weights.elementName(1) == "weights[tv,1]")
        #expect(sigma.elementName(0) == "sigma")
        #expect(draws.series(of: weights, element: 4) == [[4, 104, 204], [1004, 1104, 1204]])
        #expect(draws.series(of: sigma, element: 0) == [[1, 2, 3], [4, 5, 6]])
    }
}
