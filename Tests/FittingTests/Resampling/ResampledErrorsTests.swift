import Fitting
import Kernels
import Testing

@Suite("errors of resamples")
struct ResampledErrorsTests {
    private static let draws = 50_000

    private static func key(_ index: Int) -> StreamKey { StreamKey(seed: 9, kind: 26, index: UInt32(index)) }

    @Test("are drawn in blocks, each place from any with equal chance")
    func sources() {
        for index in 0..<200 {
            let sources = ResampledErrors.sources(count: 23, blockLength: 5, key: Self.key(index))
            #expect(sources.count == 23 && sources.allSatisfy((0..<23).contains))
            for place in sources.indices where place % 5 != 0 {
                #expect(sources[place] == (sources[place - 1] + 1) % 23)
            }
        }
        // χ² of 23 places has mean 22; above 56.1 in one of ten thousand samples.
        var counts = [Double](repeating: 0, count: 23)
        for index in 0..<Self.draws {
            counts[ResampledErrors.sources(count: 23, blockLength: 5, key: Self.key(index))[7]] += 1
        }
        let expected = Double(Self.draws) / 23
        #expect(counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected } < 56.1)
    }

    @Test("are multiplied by normal numbers with Bartlett's correlations", arguments: [1, 4, 6])
    func multipliers(block: Int) {
        var products = [[Double]](repeating: [], count: 8)
        var fourth: [Double] = []
        for index in 0..<Self.draws {
            let factors = ResampledErrors.multipliers(count: 24, blockLength: block, key: Self.key(index))
            let place = index % 24
            for lag in products.indices { products[lag].append(factors[place] * factors[(place + lag) % 24]) }
            fourth.append(factors[place] * factors[place] * factors[place] * factors[place])
        }
        for (lag, own) in products.enumerated() { expectMean(own, max(0, 1 - Double(lag) / Double(block))) }
        expectMean(fourth, 3)
    }

    /// |z| < 4: one false alarm in 16,000 means.
    private func expectMean(_ values: [Double], _ expected: Double) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        let error = (variance / count).squareRoot()
        #expect(abs(mean - expected) <= 4 * error, "mean \(mean), expected \(expected) ± \(error)")
    }
}
