import Densities
import Kernels
import Sampling
import Testing

@Suite("a checkpoint")
struct CheckpointTests {
    private let settings = ChainSettings(warmup: 120, draws: 40)
    private let key = testKey(21, index: 3)

    private func makeDensity() -> AutoregressiveGaussian {
        AutoregressiveGaussian(scales: (0..<40).map { 0.2 + 0.1 * Double($0) }, correlation: 0.7)
    }

    private func makeChain(_ metric: MetricKind = .automatic) throws -> Chain {
        let density = makeDensity()
        var settings = settings
        settings.metric = metric
        return try Chain(
            density: density, settings: settings, key: key, start: randomStart(density: density, key: key))
    }

    @Test("taken after any iteration and sent as bytes resumes to the bit", arguments: MetricKind.allCases)
    func resumesToTheBit(metric: MetricKind) throws {
        var chain = try makeChain(metric)
        var settings = settings
        settings.metric = metric
        var checkpoints = [chain.checkpoint.encoded]
        var draws: [[UInt64]] = []
        var statistics: [TransitionStatistics] = []
        while !chain.isFinished {
            statistics.append(chain.step())
            draws.append(chain.position.map(\.bitPattern))
            checkpoints.append(chain.checkpoint.encoded)
        }
        for (iteration, bytes) in checkpoints.enumerated() {
            let checkpoint = try ChainCheckpoint(decoding: bytes)
            #expect(checkpoint.iteration == iteration)
            #expect(checkpoint.encoded == bytes)
            var resumed = try Chain(density: makeDensity(), settings: settings, key: key, resuming: checkpoint)
            #expect(resumed.iteration == iteration)
            #expect(resumed.checkpoint.encoded == bytes)
            var equal = true
            while !resumed.isFinished {
                equal = equal && resumed.step() == statistics[resumed.iteration - 1]
                equal = equal && resumed.position.map(\.bitPattern) == draws[resumed.iteration - 1]
            }
            #expect(equal, "resumed after iteration \(iteration)")
            #expect(resumed.gradientEvaluations == chain.gradientEvaluations)
            #expect(resumed.checkpoint.encoded == checkpoints[checkpoints.count - 1])
        }
    }

    /// Neal's funnel: a standard deviation and what scatters by it.
    private func makeFunnel() -> ScriptedDensity {
        ScriptedDensity(dimension: 4) { position in
            let precision = Elementary.exp(-2 * position[0])
            var (value, slope) = (-0.5 * position[0] * position[0] / 2.25, 0 - position[0] / 2.25)
            var gradient = [0.0]
            for x in position.dropFirst() {
                value -= 0.5 * x * x * precision + position[0]
                slope += x * x * precision - 1
                gradient.append(0 - x * precision)
            }
            gradient[0] = slope
            return (value, gradient)
        }
    }

    @Test("keeps the divergences that raise the target acceptance, which makes smaller steps")
    func raisedTarget() throws {
        func chain(raises: Bool) throws -> Chain {
            let density = makeFunnel()
            return try Chain(
                density: density,
                settings: ChainSettings(warmup: 300, draws: 20, metric: .diagonal, raisesTarget: raises), key: key,
                start: [0.5, 1, -1, 0.3])
        }
        var raising = try chain(raises: true)
        var plain = try chain(raises: false)
        while plain.isWarmingUp { _ = plain.step() }
        var checkpoints: [[UInt8]] = []
        while !raising.isFinished {
            checkpoints.append(raising.checkpoint.encoded)
            _ = raising.step()
        }
        #expect(raising.checkpoint.state.lateDivergences > 0)
        #expect(raising.stepSize < 0.8 * plain.stepSize)
        for bytes in [checkpoints[160], checkpoints[240], checkpoints[299]] {
            var resumed = try Chain(
                density: makeFunnel(), settings: raising.settings, key: key, resuming: ChainCheckpoint(decoding: bytes))
            while !resumed.isFinished { _ = resumed.step() }
            #expect(resumed.checkpoint.encoded == raising.checkpoint.encoded)
        }
    }

    @Test("does not disturb the chain that it is taken of")
    func looking() throws {
        var looked = try makeChain()
        var plain = try makeChain()
        while !plain.isFinished {
            _ = looked.checkpoint.encoded
            #expect(looked.step() == plain.step())
        }
        #expect(looked.checkpoint == plain.checkpoint)
    }

    @Test("is little-endian: a header of 16 bytes, ten numbers, position, gradient, what is learnt, and a checksum")
    func layout() throws {
        var chain = try makeChain(.diagonal)
        let bytes = chain.checkpoint.encoded
        #expect(Array(bytes[0..<16]) == Array("TuttiChn".utf8) + [5, 0, 0, 0, 40, 0, 0, 0])
        // The seed comes first.
        #expect(Array(bytes[16..<24]) == [21, 0, 0, 0, 0, 0, 0, 0])
        let first = (0..<8).map { UInt64(bytes[96 + $0]) << UInt64(8 * $0) }.reduce(0, |)
        #expect(first == chain.position[0].bitPattern)
        // Form and variances; step size adaptation; tag, count, means, squares; the region; the numbers of divergences, late
        // in warm-up and after it; the checksum.
        #expect(bytes.count == 96 + 8 * (2 * 40 + 1 + 40 + 4 + 2 + 2 * 40 + 4 + 1 + 1 + 1))
        // After warm-up there is no estimator.
        while !chain.isFinished { _ = chain.step() }
        #expect(chain.checkpoint.encoded.count == 96 + 8 * (2 * 40 + 1 + 40 + 4 + 1 + 4 + 1 + 1 + 1))
    }

    @Test("of another chain is refused with the name of what differs")
    func anotherChain() throws {
        let checkpoint = try makeChain().checkpoint
        func field(
            _ settings: ChainSettings, _ key: StreamKey, _ density: any LogDensity
        ) -> SamplingError? {
            #expect(throws: SamplingError.self) {
                try Chain(density: density, settings: settings, key: key, resuming: checkpoint)
            }
        }
        let other = AutoregressiveGaussian(scales: [1, 2])
        #expect(field(settings, key, other) == .checkpointOfAnotherChain(field: "dimension"))
        #expect(field(settings, testKey(22, index: 3), makeDensity()) == .checkpointOfAnotherChain(field: "key"))
        var changed = settings
        changed.warmup = 121
        #expect(field(changed, key, makeDensity()) == .checkpointOfAnotherChain(field: "warmup"))
        changed = settings
        changed.targetAcceptance = 0.9
        #expect(field(changed, key, makeDensity()) == .checkpointOfAnotherChain(field: "targetAcceptance"))
        changed = settings
        changed.maximumDepth = 9
        #expect(field(changed, key, makeDensity()) == .checkpointOfAnotherChain(field: "maximumDepth"))
        changed = settings
        changed.metric = .dense
        #expect(field(changed, key, makeDensity()) == .checkpointOfAnotherChain(field: "metric"))
        changed.metric = .fisherLowRank
        #expect(throws: Never.self) {
            try Chain(density: makeDensity(), settings: changed, key: key, resuming: checkpoint)
        }
    }

    @Test("of another density of the same dimension is refused, wherever the chain stands", arguments: [0, 60, 150])
    func anotherDensity(iteration: Int) throws {
        var chain = try makeChain()
        for _ in 0..<iteration { _ = chain.step() }
        let scales = (0..<40).map { 0.2 + 0.1 * Double($0) }
        for other in [
            AutoregressiveGaussian(scales: scales, correlation: 0.7.nextUp),
            AutoregressiveGaussian(scales: scales.reversed(), correlation: 0.7),
        ] {
            #expect(throws: SamplingError.checkpointOfAnotherChain(field: "density")) {
                try Chain(density: other, settings: settings, key: key, resuming: chain.checkpoint)
            }
        }
        let shifted = ScriptedDensity(dimension: 40) { [density = makeDensity()] q in
            var slopes = q
            var span = slopes.mutableSpan
            let logDensity = density.evaluate(at: q.span, gradient: &span)
            return (logDensity + 1, slopes)
        }
        #expect(throws: SamplingError.checkpointOfAnotherChain(field: "density")) {
            try Chain(density: shifted, settings: settings, key: key, resuming: chain.checkpoint)
        }
    }

    @Test(
        "of a density that ignores a coordinate, or a direction, is read", arguments: MetricKind.allCases,
        [false, true])
    func ignoredCoordinate(metric: MetricKind, isTurned: Bool) throws {
        let density = ScriptedDensity(dimension: 4) { q in
            let seen = isTurned ? q[0] + q[1] : q[0]
            let logDensity = -0.5 * (seen * seen + q[2] * q[2] + 9 * q[3] * q[3])
            return (logDensity, [-seen, isTurned ? -seen : 0, -q[2], -9 * q[3]])
        }
        let settings = ChainSettings(warmup: 600, draws: 20, metric: metric)
        var chain = try Chain(density: density, settings: settings, key: key, start: [1, 0.5, 1, 1])
        while !chain.isFinished {
            _ = chain.step()
            guard chain.iteration % 20 == 0 else { continue }
            let bytes = chain.checkpoint.encoded
            #expect(try ChainCheckpoint(decoding: bytes).encoded == bytes, "\(chain.iteration)")
        }
    }

    @Test("of a finished chain goes on when more draws are asked for, as if they had been from the start")
    func moreDraws() throws {
        var chain = try makeChain()
        while !chain.isFinished { _ = chain.step() }
        var longer = settings
        longer.draws = 60
        var resumed = try Chain(density: makeDensity(), settings: longer, key: key, resuming: chain.checkpoint)
        var whole = try Chain(
            density: makeDensity(), settings: longer, key: key,
            start: randomStart(density: makeDensity(), key: key))
        while !resumed.isFinished { _ = resumed.step() }
        while !whole.isFinished { _ = whole.step() }
        #expect(resumed.checkpoint == whole.checkpoint)
        var shorter = settings
        shorter.draws = 39
        #expect(throws: SamplingError.checkpointOfAnotherChain(field: "iteration")) {
            try Chain(density: makeDensity(), settings: shorter, key: key, resuming: chain.checkpoint)
        }
    }
}

@Suite("bytes that are no checkpoint")
struct ForeignBytesTests {
    /// Checkpoints during warm-up, one for each kind of metric.
    private let all: [(metric: MetricKind, bytes: [UInt8])]
    private var valid: [UInt8] { all[0].bytes }

    init() throws {
        let density = AutoregressiveGaussian(scales: [1, 2, 3], correlation: 0.9)
        all = try [MetricKind.diagonal, .dense, .fisherDiagonal, .fisherLowRank].map { metric in
            var chain = try Chain(
                density: density, settings: ChainSettings(warmup: 30, draws: 5, metric: metric), key: testKey(31),
                start: [0, 1, 2])
            for _ in 0..<18 { _ = chain.step() }
            return (metric, chain.checkpoint.encoded)
        }
    }

    /// The error of a checkpoint, or of bytes that have got the checksum that fits them.
    private func error(_ bytes: [UInt8], resealed: Bool = false) -> SamplingError? {
        if resealed { return error(CheckpointCodec.sealed(Array(bytes.dropLast(8)))) }
        do {
            let checkpoint = try ChainCheckpoint(decoding: bytes)
            // What is accepted is understood to the last bit.
            #expect(checkpoint.encoded == bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("are refused when cut at any place or longer by one")
    func lengths() {
        for (metric, bytes) in all {
            #expect(error(bytes) == nil, "\(metric)")
            for length in 0..<bytes.count {
                #expect(error(Array(bytes[..<length])) != nil, "\(metric) cut at \(length)")
            }
            for length in 16..<bytes.count - 8 {
                #expect(error(CheckpointCodec.sealed(Array(bytes[..<length]))) != nil, "\(metric) cut at \(length)")
            }
        }
        #expect(error(valid + [0]) == .damagedCheckpoint)
        let fields = valid.count - 8
        #expect(
            error(valid + [0], resealed: true) == .checkpointLength(expected: fields, found: fields + 1))
        #expect(error([]) == .notACheckpoint)
    }

    @Test("are refused by magic, version and dimension")
    func header() {
        var bytes = valid
        bytes[0] ^= 1
        #expect(error(bytes) == .notACheckpoint)
        bytes = valid
        bytes[8] = 1
        #expect(error(bytes) == .unknownCheckpointVersion(1))
        bytes = valid
        bytes[12] = 0
        #expect(error(bytes) == .damagedCheckpoint)
        #expect(error(bytes, resealed: true) == .invalidCheckpoint(field: "dimension"))
        bytes = valid
        bytes.replaceSubrange(12..<16, with: [255, 255, 255, 255])
        #expect(error(bytes, resealed: true) == .invalidCheckpoint(field: "dimension"))
    }

    @Test("with any one bit turned are refused; with a checksum that fits them, never a trap")
    func bitFlips() {
        for (metric, valid) in all {
            for i in 0..<(8 * valid.count) {
                var bytes = valid
                bytes[i / 8] ^= 1 << UInt8(i % 8)
                #expect(error(bytes) != nil, "\(metric), bit \(i)")
                _ = error(bytes, resealed: true)
            }
        }
    }

    // The check value of the catalogue of such checks: "123456789" gives 995dc9bbdf1939fa.
    @Test("are known by the published check of 64 bits")
    func checksum() {
        #expect(Checksum.of("123456789".utf8) == 0x995D_C9BB_DF19_39FA)
        #expect(Checksum.of([]) == 0)
    }

    @Test("with fields at their extremes are refused or read, and what is read resumes without a trap")
    func extremes() throws {
        let words: [UInt64] = [
            0, 1, .max, 1 << 63, Double.nan.bitPattern, Double.infinity.bitPattern, (-1.0).bitPattern,
            Double.greatestFiniteMagnitude.bitPattern, Double.leastNonzeroMagnitude.bitPattern, 1 << 40,
        ]
        let density = AutoregressiveGaussian(scales: [1, 2, 3])
        for (metric, valid) in all {
            let settings = ChainSettings(warmup: 30, draws: 5, metric: metric)
            for field in 0..<((valid.count - 24) / 8) {
                for word in words {
                    var bytes = valid
                    for i in 0..<8 { bytes[16 + 8 * field + i] = UInt8(truncatingIfNeeded: word >> UInt64(8 * i)) }
                    bytes = CheckpointCodec.sealed(Array(bytes.dropLast(8)))
                    guard error(bytes) == nil else { continue }
                    let checkpoint = try ChainCheckpoint(decoding: bytes)
                    guard
                        var chain = try? Chain(
                            density: density, settings: settings, key: testKey(31), resuming: checkpoint)
                    else { continue }
                    while !chain.isFinished { _ = chain.step() }
                }
            }
        }
    }

    @Test("at random behind a good header are refused or read, never a trap")
    func random() {
        var stream = RandomStream(key: testKey(32), iteration: 0, site: 0)
        for _ in 0..<5000 {
            var bytes = valid
            for _ in 0..<4 {
                bytes[16 + Int(stream.word() % UInt64(valid.count - 16))] = UInt8(stream.word() & 255)
            }
            _ = error(bytes, resealed: true)
        }
    }
}
