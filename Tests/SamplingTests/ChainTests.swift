import Densities
import Kernels
import Sampling
import Testing

@Suite("a chain")
struct ChainTests {
    private let density = AutoregressiveGaussian(scales: [1, 2, 3])

    @Test("counts its iterations and says where it is")
    func progress() throws {
        var chain = try Chain(
            density: density, settings: ChainSettings(warmup: 30, draws: 12), key: testKey(61), start: [0, 1, 2])
        #expect(chain.iterationCount == 42)
        #expect(chain.iteration == 0 && chain.isWarmingUp && !chain.isFinished)
        #expect(chain.position == [0, 1, 2])
        for n in 1...42 {
            _ = chain.step()
            #expect(chain.iteration == n)
            #expect(chain.isWarmingUp == (n < 30))
            #expect(chain.isFinished == (n == 42))
        }
        let copied = chain.withPosition { position in (0..<3).map { position[$0] } }
        #expect(copied == chain.position)
    }

    @Test("is a value: a copy goes its own way and the same way")
    func copies() throws {
        var one = try Chain(
            density: density, settings: ChainSettings(warmup: 30, draws: 12), key: testKey(62), start: [0, 1, 2])
        for _ in 0..<10 { _ = one.step() }
        var other = one
        let statistics = (0..<10).map { _ in one.step() }
        #expect(other.iteration == 10)
        #expect((0..<10).map { _ in other.step() } == statistics)
    }

    @Test("depends on its key and on nothing else")
    func keys() throws {
        let settings = ChainSettings(warmup: 50, draws: 50)
        let first = try ChainRun(density, settings, key: testKey(63))
        let again = try ChainRun(AutoregressiveGaussian(scales: [1, 2, 3]), settings, key: testKey(63))
        let other = try ChainRun(density, settings, key: testKey(63, index: 1))
        #expect(first.draws == again.draws && first.statistics == again.statistics)
        #expect(first.draws != other.draws)
    }

    @Test("with the same bits in release and debug builds, on any processor")
    func bits() throws {
        let density = AutoregressiveGaussian(
            scales: (0..<19).map { 0.25 + 0.125 * Double($0) }, correlation: 0.5)
        let run = try ChainRun(density, ChainSettings(warmup: 150, draws: 50, metric: .diagonal), key: testKey(64))
        // FNV-1a over all draws. Another value is another version of every result, an entry of
        // `NumericVersion.history`.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for number in run.draws.joined() {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                mix(UInt8(truncatingIfNeeded: number.bitPattern >> shift))
            }
        }
        #expect(hash == NumericVersion.current.chain, "0x\(String(hash, radix: 16))")
    }

    @Test("steps within one buffer, never copying it", arguments: MetricKind.allCases)
    func oneBuffer(metric: MetricKind) throws {
        var chain = try Chain(
            density: AutoregressiveGaussian(scales: [Double](repeating: 1, count: 40), correlation: 0.9),
            settings: ChainSettings(warmup: 200, draws: 200, metric: metric), key: testKey(67),
            start: [Double](repeating: 1, count: 40))
        var addresses: [UInt] = []
        while !chain.isFinished {
            _ = chain.step()
            chain.withPosition { position in
                position.withUnsafeBufferPointer { addresses.append(UInt(bitPattern: $0.baseAddress)) }
            }
        }
        // 3 points of 5 rows and one momentum sum for each of 10 levels and 2 more; a row has 40 doubles.
        let size = UInt(16 * 12 * 40 * 8)
        let spread = try #require(addresses.max()) - #require(addresses.min())
        #expect(spread < size && spread > 0)
    }

    @Test("refuses a start of another length or where the density is not finite")
    func badStarts() {
        let settings = ChainSettings()
        #expect(throws: SamplingError.startDimension(expected: 3, found: 2)) {
            try Chain(density: density, settings: settings, key: testKey(65), start: [0, 1])
        }
        for bad in [Double.nan, .infinity, -.infinity] {
            let value = ScriptedDensity(dimension: 1) { _ in (bad, [0]) }
            let slope = ScriptedDensity(dimension: 1) { _ in (0, [bad]) }
            for density in [value, slope] {
                #expect(throws: SamplingError.startNotFinite) {
                    try Chain(density: density, settings: settings, key: testKey(65), start: [0])
                }
            }
        }
    }

    @Test("refuses a density where no step size is right")
    func noStepSize() {
        let flat = ScriptedDensity(dimension: 1) { _ in (0, [0]) }
        #expect(throws: SamplingError.noStepSize(last: 0x1p23)) {
            try Chain(density: flat, settings: ChainSettings(), key: testKey(66), start: [0])
        }
        let point = ScriptedDensity(dimension: 1) { q in (q[0] == 0 ? 0 : -.infinity, [1]) }
        #expect(throws: SamplingError.self) {
            try Chain(density: point, settings: ChainSettings(), key: testKey(66), start: [0])
        }
    }
}

@Suite("a random start")
struct RandomStartTests {
    @Test("is uniform on (-2, 2), the same for the same key, another for another")
    func uniform() throws {
        let density = AutoregressiveGaussian(scales: [Double](repeating: 1, count: 2000))
        let start = try randomStart(density: density, key: testKey(71))
        #expect(start.allSatisfy { abs($0) < 2 })
        // Mean 0 and variance 4/3, within 4 standard errors; √(4/3/2000) and √(64/45/2000).
        let mean = start.reduce(0, +) / 2000
        let square = start.map { $0 * $0 }.reduce(0, +) / 2000
        #expect(abs(mean) < 4 * 0.0258)
        #expect(abs(square - 4.0 / 3) < 4 * 0.0267)
        #expect(start.contains { $0 > 1.98 } && start.contains { $0 < -1.98 })
        #expect(try randomStart(density: density, key: testKey(71)) == start)
        #expect(try randomStart(density: density, key: testKey(72)) != start)
    }

    @Test("is tried again until log density and gradient are finite, a hundred times at most")
    func retries() throws {
        // Finite in 30 % of the interval; elsewhere the value, or else the slope, is not.
        let picky = ScriptedDensity(dimension: 1) { q in
            if q[0] > 0.8 { return (0, [0]) }
            return q[0] > 0 ? (0, [.nan]) : (.nan, [0])
        }
        for index in UInt32(0)..<20 {
            #expect(try randomStart(density: picky, key: testKey(73, index: index))[0] > 0.8)
        }
        var calls = 0
        let never = ScriptedDensity(dimension: 1) { _ in
            calls += 1
            return (-.infinity, [0])
        }
        #expect(throws: SamplingError.noFiniteStart(attempts: 100)) {
            try randomStart(density: never, key: testKey(73))
        }
        #expect(calls == 100)
    }
}
