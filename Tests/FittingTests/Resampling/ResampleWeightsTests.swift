import Fitting
import Kernels
import Testing

/// Moments of block-Gamma weights after scaling, n = T/b (w_t ~ n · Beta(1, n − 1) and its kin):
/// mean 1, Var = (n − 1)/(n + 1), Cov at lag k = (n (1 − |k|/b)₊ − 1)/(n + 1).
@Suite("block-Gamma weights")
struct ResampleWeightsTests {
    private func weights(periods: Int, block: Int, index: Int) -> [Double] {
        ResampleWeights.blockGamma(
            periods: periods, blockLength: block, key: StreamKey(seed: 7, kind: 2, index: UInt32(index)))
    }

    @Test("have the mean, variance and lag covariance of the moving-block kernel", arguments: [1, 4])
    func moments(block: Int) {
        let periods = 24
        let count = 20_000
        let n = Double(periods) / Double(block)
        // One period per weighting, so that the terms of each mean are independent.
        var square: [Double] = []
        var products: [[Double]] = Array(repeating: [], count: 6)
        for index in 0..<count {
            let weights = weights(periods: periods, block: block, index: index)
            let period = index % periods
            square.append((weights[period] - 1) * (weights[period] - 1))
            for lag in products.indices {
                products[lag].append((weights[period] - 1) * (weights[(period + lag) % periods] - 1))
            }
        }
        expectMean(square, (n - 1) / (n + 1))
        for lag in products.indices {
            let kernel = max(0, 1 - Double(lag) / Double(block))
            expectMean(products[lag], (n * kernel - 1) / (n + 1))
        }
    }

    /// |z| < 4: one false alarm in 16,000 means.
    private func expectMean(_ values: [Double], _ expected: Double) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        let error = (variance / count).squareRoot()
        #expect(abs(mean - expected) < 4 * error, "mean \(mean), expected \(expected) ± \(error)")
    }

    @Test("sum to the number of periods and are positive")
    func sum() {
        for index in 0..<200 {
            let weights = weights(periods: 53, block: 4, index: index)
            #expect(abs(weights.reduce(0, +) - 53) < 1e-10)
            #expect(weights.allSatisfy { $0 > 0 })
        }
    }

    @Test("differ between resamples and are the same for the same resample")
    func keyed() {
        #expect(weights(periods: 30, block: 4, index: 1) == weights(periods: 30, block: 4, index: 1))
        #expect(weights(periods: 30, block: 4, index: 1) != weights(periods: 30, block: 4, index: 2))
    }

    @Test("a block longer than the series weighs all periods alike")
    func longBlock() {
        for weight in weights(periods: 5, block: 9, index: 0) { #expect(abs(weight - 1) < 1e-12) }
    }
}
