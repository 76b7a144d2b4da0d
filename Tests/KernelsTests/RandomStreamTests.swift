import Kernels
import Testing

@Suite struct RandomStreamTests {
    static let key = StreamKey(seed: 20_260_101, kind: 1, index: 2)

    static func stream(_ site: UInt32) -> RandomStream {
        RandomStream(key: key, iteration: 3, site: site)
    }

    @Test("a stream is the documented sequence of Philox blocks")
    func layout() {
        let key = StreamKey(seed: 0x0123_4567_89ab_cdef, kind: 5, index: 6)
        let hashed = Philox.block(counter: SIMD4(0x89ab_cdef, 0x0123_4567, 5, 6), key: .zero)
        #expect(key.philoxKey == SIMD2(hashed[0], hashed[1]))
        var stream = RandomStream(key: key, iteration: 0x0000_0007_0000_0008, site: 9)
        for number in 0..<3 {
            let block = Philox.block(counter: SIMD4(8, 7, 9, UInt32(number)), key: key.philoxKey)
            #expect(stream.word() == UInt64(block[0]) | UInt64(block[1]) << 32)
            #expect(stream.word() == UInt64(block[2]) | UInt64(block[3]) << 32)
        }
    }

    @Test("equal names give equal numbers and every part of the name matters")
    func names() {
        func first(_ seed: UInt64, _ kind: UInt32, _ index: UInt32, _ iteration: UInt64, _ site: UInt32) -> UInt64 {
            var stream = RandomStream(
                key: StreamKey(seed: seed, kind: kind, index: index), iteration: iteration, site: site)
            return stream.word()
        }
        #expect(first(1, 2, 3, 4, 5) == first(1, 2, 3, 4, 5))
        let others = [
            first(1, 2, 3, 4, 5), first(2, 2, 3, 4, 5), first(1 << 32 + 1, 2, 3, 4, 5), first(1, 3, 3, 4, 5),
            first(1, 2, 4, 4, 5), first(1, 2, 3, 5, 5), first(1, 2, 3, 1 << 32 + 4, 5), first(1, 2, 3, 4, 6),
        ]
        #expect(Set(others).count == others.count)
        var stream = Self.stream(0)
        _ = stream.word()
        var copy = stream
        #expect(copy.word() == stream.word())
    }

    /// Mean and variance of n draws against known moments; the chance of |z| > 4 is 6e-5, and the seed is fixed.
    static func expectMoments(
        _ draws: [Double], mean: Double, variance: Double, fourthCentralMoment: Double, _ name: String
    ) {
        let n = Double(draws.count)
        let sampleMean = Reductions.sum(draws) / n
        let second = Reductions.sum(draws.map { ($0 - mean) * ($0 - mean) }) / n
        let meanZ = (sampleMean - mean) / (variance / n).squareRoot()
        let varianceZ = (second - variance) / ((fourthCentralMoment - variance * variance) / n).squareRoot()
        #expect(abs(meanZ) < 4, "\(name) mean")
        #expect(abs(varianceZ) < 4, "\(name) variance")
    }

    @Test("moments of uniform, normal, exponential and Gamma numbers are right")
    func moments() {
        let n = 200_000
        var stream = Self.stream(1)
        let uniform = (0..<n).map { _ in stream.uniform() }
        #expect(uniform.allSatisfy { $0 > 0 && $0 < 1 })
        Self.expectMoments(uniform, mean: 0.5, variance: 1.0 / 12, fourthCentralMoment: 1.0 / 80, "uniform")
        let normal = (0..<n).map { _ in stream.normal() }
        Self.expectMoments(normal, mean: 0, variance: 1, fourthCentralMoment: 3, "normal")
        let exponential = (0..<n).map { _ in stream.exponential() }
        Self.expectMoments(exponential, mean: 1, variance: 1, fourthCentralMoment: 9, "exponential")
        for shape in [0.05, 0.3, 0.9, 1, 1.5, 3, 50, 1e4] {
            // Fourth central moment of Gamma(a, 1): 3 a^2 + 6 a.
            let draws = (0..<n).map { _ in stream.gamma(shape: shape) }
            #expect(draws.allSatisfy { $0 > 0 })
            Self.expectMoments(
                draws, mean: shape, variance: shape, fourthCentralMoment: 3 * shape * shape + 6 * shape,
                "gamma \(shape)")
        }
    }

    @Test("bits are fair")
    func bits() {
        var stream = Self.stream(2)
        let n = 100_000
        let ones = (0..<n).filter { _ in stream.bit() }.count
        #expect(abs(Double(ones) - 0.5 * Double(n)) < 4 * (0.25 * Double(n)).squareRoot())
    }

    /// sqrt(n) times the Kolmogorov-Smirnov distance; it exceeds 1.95 with chance 0.001, and the seed is fixed.
    static func kolmogorovSmirnov(_ draws: [Double], _ cumulative: (Double) -> Double) -> Double {
        let sorted = draws.sorted()
        let n = Double(sorted.count)
        var distance = 0.0
        for (i, x) in sorted.enumerated() {
            let p = cumulative(x)
            distance = max(distance, Double(i + 1) / n - p, p - Double(i) / n)
        }
        return distance * n.squareRoot()
    }

    @Test("uniform, normal and Gamma numbers pass the Kolmogorov-Smirnov test")
    func distributions() {
        var stream = Self.stream(3)
        let n = 100_000
        #expect(Self.kolmogorovSmirnov((0..<n).map { _ in stream.uniform() }) { $0 } < 1.95)
        #expect(
            Self.kolmogorovSmirnov((0..<n).map { _ in stream.normal() }) { SpecialFunctions.normalCDF($0) } < 1.95)
        // Gamma(1/2) is half a squared normal; Gamma(1) is exponential; Gamma(2) has P = 1 - (1 + x) e^-x.
        let half = (0..<n).map { _ in stream.gamma(shape: 0.5) }
        #expect(Self.kolmogorovSmirnov(half) { SpecialFunctions.erf($0.squareRoot()) } < 1.95)
        let one = (0..<n).map { _ in stream.gamma(shape: 1) }
        #expect(Self.kolmogorovSmirnov(one) { -Elementary.expm1(-$0) } < 1.95)
        let two = (0..<n).map { _ in stream.gamma(shape: 2) }
        #expect(Self.kolmogorovSmirnov(two) { 1 - (1 + $0) * Elementary.exp(-$0) } < 1.95)
    }
}
