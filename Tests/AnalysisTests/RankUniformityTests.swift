import Analysis
import Kernels
import Testing

@Suite("uniformity of ranks")
struct RankUniformityTests {
    /// P(X ≤ n) and P(X ≥ n) of Binomial(count, share), term by term.
    private func tail(_ number: Int, of count: Int, share: Double) -> Double {
        func mass(_ number: Int) -> Double {
            var value = 1.0
            for index in 0..<number { value *= share * Double(count - index) / Double(index + 1) }
            for _ in number..<count { value *= 1 - share }
            return value
        }
        let below = (0...number).reduce(0.0) { $0 + mass($1) }
        let above = (number...count).reduce(0.0) { $0 + mass($1) }
        return min(1, 2 * min(below, above))
    }

    @Test("is the two-sided binomial test where there are two ranks")
    func binomial() {
        let uniformity = RankUniformity(count: 10, maximum: 1)
        // P(X ≤ 1) + P(X ≥ 9) = 22/1024 for ten fair coins.
        #expect(abs(uniformity.pValue([0, 1, 1, 1, 1, 1, 1, 1, 1, 1]) - 22.0 / 1024) < 1e-12)
        #expect(abs(uniformity.pValue([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]) - 1) < 1e-12)
        #expect(uniformity.band(level: 22.0 / 1024 + 1e-9) == [RankUniformity.Limits(low: 2, high: 8)])
        #expect(uniformity.band(level: 22.0 / 1024 - 1e-9) == [RankUniformity.Limits(low: 1, high: 9)])
    }

    @Test("has the p-values of counting all outcomes of four ranks from 0 to 3")
    func enumeration() {
        let uniformity = RankUniformity(count: 4, maximum: 3)
        let outcomes = (0..<256).map { code in [code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6 & 3] }
        let statistics = outcomes.map { ranks in
            (1...3).map { point in tail(ranks.count { $0 < point }, of: 4, share: Double(point) / 4) }.min()!
        }
        for (ranks, statistic) in zip(outcomes, statistics) {
            let share = Double(statistics.count { $0 <= statistic * (1 + 1e-9) }) / 256
            #expect(abs(uniformity.pValue(ranks) - share) < 1e-9, "\(ranks)")
        }
    }

    @Test("is left by as many uniform samples as the band says")
    func coverage() {
        let (count, maximum, samples) = (80, 19, 4000)
        let uniformity = RankUniformity(count: count, maximum: maximum)
        let band = uniformity.band(level: 0.05)
        var stream = RandomStream(key: StreamKey(seed: 3, kind: 99, index: 0), iteration: 0, site: 0)
        var left = 0
        for _ in 0..<samples {
            let ranks = (0..<count).map { _ in Int(stream.uniform() * Double(maximum + 1)) }
            let leaves = zip(band, uniformity.counts(ranks)).contains { !($0.low...$0.high ~= $1) }
            #expect(leaves == (uniformity.pValue(ranks) <= 0.05))
            if leaves { left += 1 }
        }
        // 0.05 at most and, the counts being discrete, a little less: three binomial deviations are 0.0103.
        let share = Double(left) / Double(samples)
        #expect(share < 0.0604 && share > 0.025, "\(share)")
    }

    @Test("counts ranks below each point")
    func counts() {
        #expect(RankUniformity(count: 3, maximum: 4).counts([0, 2, 4]) == [1, 1, 2, 2])
    }
}
