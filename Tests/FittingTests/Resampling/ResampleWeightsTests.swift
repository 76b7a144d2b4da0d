import Fitting
import Kernels
import Testing

/// Moments of weights by the formulas of their laws, Kolmogorov and Smirnov's distance from them, and what the spread of
/// weighted means comes to.
@Suite("likelihood weights of resamples")
struct ResampleWeightsTests {
    private static let draws = 100_000

    private static func key(_ index: Int) -> StreamKey { StreamKey(seed: 7, kind: 2, index: UInt32(index)) }

    @Test("of blocks have an exponential's moments and Bartlett's kernel before they are scaled", arguments: [1, 4, 6])
    func blockSums(block: Int) {
        let moments = Moments(periods: 24, lags: 8, draws: Self.draws) {
            ResampleWeights.blockSums(periods: 24, blockLength: block, key: Self.key($0))
        }
        moments.expectMeanOfAll(1)
        for lag in 0..<8 { moments.expectCovariance(lag, max(0, 1 - Double(lag) / Double(block))) }
        // P(w > 1) = 1/e.
        moments.expectShare(above: 1, 0.36787944117144233)
    }

    @Test("of blocks have the moments of n · Beta(1, n − 1) and its kin once scaled", arguments: [1, 4, 6])
    func blockGamma(block: Int) {
        let n = 24 / Double(block)
        let moments = Moments(periods: 24, lags: 8, draws: Self.draws) {
            ResampleWeights.blockGamma(periods: 24, blockLength: block, key: Self.key($0))
        }
        moments.expectMeanOfAll(1)
        for lag in 0..<8 {
            let kernel = max(0, 1 - Double(lag) / Double(block))
            moments.expectCovariance(lag, (n * kernel - 1) / (n + 1))
        }
    }

    @Test("that count blocks have the moments of a multinomial of blocks", arguments: [1, 4, 6])
    func counts(block: Int) {
        let moments = Moments(periods: 24, lags: 8, draws: Self.draws) {
            ResampleWeights.blockCounts(periods: 24, blockLength: block, key: Self.key($0))
        }
        moments.expectMeanOfAll(1)
        for lag in 0..<8 {
            moments.expectCovariance(lag, max(0, 1 - Double(lag) / Double(block)) - Double(block) / 24)
        }
        // A period lies in none of the T/b blocks with chance (1 − b/T)^(T/b).
        let share = 1 - Double(block) / 24
        moments.expectShare(above: 0.5, 1 - (0..<24 / block).reduce(1) { product, _ in product * share })
    }

    @Test("of blocks of one are a Dirichlet: shares by the Beta law, and the largest as exponentials have it")
    func dirichlet() {
        let periods = 20
        let weights = (0..<20_000).map {
            ResampleWeights.blockGamma(periods: periods, blockLength: 1, key: Self.key($0))
        }
        // Of Beta(1, T − 1): 1 − (1 − x)^(T−1).
        let distance = Self.distance(weights.map { $0[3] / Double(periods) }) { share in
            1 - (1..<periods).reduce(1.0) { product, _ in product * (1 - share) }
        }
        #expect(distance < 1.95 / Double(weights.count).squareRoot(), "\(distance)")
        // Half of them are Beta(10, 10), whose mean square is known: 10 · 11 ÷ (20 · 21).
        let squares = weights.map { weights in
            let half = weights.prefix(10).reduce(0, +) / Double(periods)
            return half * half
        }
        expectMean(squares, 110.0 / 420)
        // The largest of T shares exceeds x with the chance of Fisher's test (1929): Σ (−1)^(k+1) C(T, k) (1 − kx)₊^(T−1).
        let largest = Self.distance(weights.map { ($0.max() ?? 0) / Double(periods) }) { share in
            var (chance, choices, sign) = (0.0, 1.0, 1.0)
            for k in 1...periods {
                choices *= Double(periods - k + 1) / Double(k)
                let rest = max(0, 1 - Double(k) * share)
                chance += sign * choices * (1..<periods).reduce(1.0) { product, _ in product * rest }
                sign = -sign
            }
            return 1 - chance
        }
        #expect(largest < 1.95 / Double(weights.count).squareRoot(), "\(largest)")
    }

    @Test("spread a mean under a flat prior as Bartlett's sum of its autocovariances says", arguments: [1, 4])
    func conjugateMean(block: Int) {
        let periods = 60
        var stream = RandomStream(key: StreamKey(seed: 4, kind: 99, index: 0), iteration: 0, site: 0)
        var last = 0.0
        let series = (0..<periods).map { _ in
            last = 0.5 * last + stream.normal()
            return last
        }
        let mean = series.reduce(0, +) / Double(periods)
        let means = (0..<40_000).map { index in
            let weights = ResampleWeights.blockGamma(periods: periods, blockLength: block, key: Self.key(index))
            return zip(weights, series).map { $0 * $1 }.reduce(0, +) / weights.reduce(0, +)
        }
        var sum = 0.0
        for lag in 1 - block..<block {
            let kernel = 1 - Double(abs(lag)) / Double(block)
            for period in 0..<periods {
                sum += kernel * (series[period] - mean) * (series[(period + lag + periods) % periods] - mean)
            }
        }
        let n = Double(periods) / Double(block)
        expectMean(means, mean)
        expectMean(means.map { ($0 - mean) * ($0 - mean) }, sum / Double(periods * periods) * n / (n + 1))
    }

    @Test("of geos are a Dirichlet's, and crossed with those of periods keep a mean of 1")
    func geos() {
        let geos = (0..<20_000).map { ResampleWeights.ofGeos(6, key: Self.key($0)) }
        expectMean(geos.map { $0[2] }, 1)
        expectMean(geos.map { ($0[2] - 1) * ($0[2] - 1) }, 5.0 / 7)
        for index in 0..<50 {
            let periods = ResampleWeights.blockGamma(periods: 9, blockLength: 3, key: Self.key(index))
            let crossed = ResampleWeights.crossed(geos: geos[index], periods: periods)
            #expect(abs(crossed.reduce(0, +) - 54) < 1e-10)
            #expect(crossed[2 * 9 + 5] == geos[index][2] * periods[5])
        }
        // Geos and periods are drawn apart: what they share would be a correlation of their weights.
        expectMean(
            (0..<20_000).map { index in
                let periods = ResampleWeights.blockGamma(periods: 6, blockLength: 1, key: Self.key(index))
                return (geos[index][0] - 1) * (periods[0] - 1)
            }, 0)
    }

    @Test("sum to the number of periods, and those that are drawn with Gamma numbers are positive")
    func sum() {
        for index in 0..<200 {
            let weights = ResampleWeights.blockGamma(periods: 53, blockLength: 4, key: Self.key(index))
            #expect(abs(weights.reduce(0, +) - 53) < 1e-10)
            #expect(weights.allSatisfy { $0 > 0 })
            let counts = ResampleWeights.blockCounts(periods: 53, blockLength: 4, key: Self.key(index))
            #expect(counts.reduce(0, +) == 53)
        }
    }

    @Test("differ between resamples and are the same for the same resample")
    func keyed() {
        for make in [
            { ResampleWeights.blockGamma(periods: 30, blockLength: 4, key: $0) },
            { ResampleWeights.blockCounts(periods: 30, blockLength: 4, key: $0) },
            { ResampleWeights.ofGeos(30, key: $0) },
        ] {
            #expect(make(Self.key(1)) == make(Self.key(1)))
            #expect(make(Self.key(1)) != make(Self.key(2)))
        }
    }

    @Test("of a block longer than the series are all alike")
    func longBlock() {
        for weight in ResampleWeights.blockGamma(periods: 5, blockLength: 9, key: Self.key(0)) {
            #expect(abs(weight - 1) < 1e-12)
        }
        #expect(ResampleWeights.blockCounts(periods: 5, blockLength: 9, key: Self.key(0)) == [1, 1, 1, 1, 1])
    }

    /// The largest distance of the empirical distribution from `law`; above 1.95 ÷ √n in one of a thousand samples.
    private static func distance(_ values: [Double], _ law: (Double) -> Double) -> Double {
        let count = Double(values.count)
        return values.sorted().enumerated().reduce(0) { largest, value in
            let chance = law(value.element)
            let (before, after) = (Double(value.offset) / count, Double(value.offset + 1) / count)
            return max(largest, abs(chance - before), abs(after - chance))
        }
    }
}

/// Values of one period of each weighting, so that the terms of each mean are independent.
private struct Moments {
    private var values: [Double] = []
    private var products: [[Double]]

    init(periods: Int, lags: Int, draws: Int, _ weights: (Int) -> [Double]) {
        products = Array(repeating: [], count: lags)
        for index in 0..<draws {
            let weights = weights(index)
            let period = index % periods
            values.append(weights[period])
            for lag in 0..<lags {
                products[lag].append((weights[period] - 1) * (weights[(period + lag) % periods] - 1))
            }
        }
    }

    func expectMeanOfAll(_ expected: Double) { expectMean(values, expected) }

    func expectCovariance(_ lag: Int, _ expected: Double) { expectMean(products[lag], expected) }

    func expectShare(above limit: Double, _ expected: Double) {
        expectMean(values.map { $0 > limit ? 1 : 0 }, expected)
    }
}

/// |z| < 4: one false alarm in 16,000 means.
private func expectMean(_ values: [Double], _ expected: Double) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let error = (variance / count).squareRoot()
    #expect(abs(mean - expected) <= 4 * error + 1e-12, "mean \(mean), expected \(expected) ± \(error)")
}
