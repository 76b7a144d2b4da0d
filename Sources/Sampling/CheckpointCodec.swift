import Kernels

/// The layout of a checkpoint: every field once, in the order in which `encode` writes them.
package enum CheckpointCodec {
    /// "TuttiChn" in ASCII.
    static let magic: [UInt8] = [0x54, 0x75, 0x74, 0x74, 0x69, 0x43, 0x68, 0x6E]
    static let version: UInt32 = 5
    /// More coordinates than this are not a chain: 2^24 of them make a checkpoint of at least 400 MB.
    static let dimensionLimit = 1 << 24
    /// Magic, version and dimension.
    static let headerLength = 16
    /// The checksum of all bytes before it, at the end.
    static let checksumLength = 8

    static let iterations = 0...ChainSettings.iterationLimit

    static func encode(_ state: ChainState) -> [UInt8] {
        var fields = FieldWriter()
        fields.bytes += magic
        fields.append(version)
        fields.append(UInt32(state.position.count))

        fields.append(state.key.seed)
        fields.append(UInt64(state.key.kind) << 32 | UInt64(state.key.index))
        fields.append(count: state.warmup)
        fields.append(state.targetAcceptance)
        fields.append(count: state.maximumDepth)
        fields.append(state.metricKind.rawValue)
        fields.append(count: state.iteration)
        fields.append(count: state.gradientEvaluations)
        fields.append(state.stepSize)
        fields.append(state.logDensity)
        fields.append(state.position)
        fields.append(state.gradient)
        state.metric.encode(to: &fields)
        state.adaptation.stepSize.encode(to: &fields)
        state.adaptation.metric.encode(to: &fields)
        state.adaptation.region.encode(to: &fields)
        fields.append(count: state.lateDivergences)
        fields.append(count: state.divergences.count)
        for divergence in state.divergences {
            fields.append(count: divergence.iteration)
            fields.append(divergence.energyError)
            fields.append(divergence.position)
        }
        return sealed(fields.bytes)
    }

    /// The bytes with their checksum behind them.
    package static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        var fields = FieldWriter(bytes: bytes)
        fields.append(Checksum.of(bytes))
        return fields.bytes
    }

    /// The bytes before the checksum.
    private static func opened(_ bytes: [UInt8]) throws(SamplingError) -> [UInt8] {
        let length = bytes.count - checksumLength
        guard FieldReader.word(bytes, at: length, count: checksumLength) == Checksum.of(bytes[..<length]) else {
            throw .damagedCheckpoint
        }
        return Array(bytes[..<length])
    }

    static func dimension(ofPrefix bytes: [UInt8]) -> Int? {
        guard bytes.count >= headerLength, bytes.starts(with: magic),
            UInt32(truncatingIfNeeded: FieldReader.word(bytes, at: 8, count: 4)) == version
        else { return nil }
        let dimension = Int(FieldReader.word(bytes, at: 12, count: 4))
        return (1...dimensionLimit).contains(dimension) ? dimension : nil
    }

    static func decode(_ bytes: [UInt8]) throws(SamplingError) -> ChainState {
        guard bytes.count >= headerLength + checksumLength, bytes.starts(with: magic) else {
            throw .notACheckpoint
        }
        let found = UInt32(truncatingIfNeeded: FieldReader.word(bytes, at: 8, count: 4))
        guard found == version else { throw .unknownCheckpointVersion(found) }
        let bytes = try opened(bytes)
        let dimension = Int(FieldReader.word(bytes, at: 12, count: 4))
        guard (1...dimensionLimit).contains(dimension) else { throw .invalidCheckpoint(field: "dimension") }
        var fields = FieldReader(bytes: bytes, offset: headerLength)
        let seed = try fields.word()
        let task = try fields.word()
        let key = StreamKey(seed: seed, kind: UInt32(task >> 32), index: UInt32(truncatingIfNeeded: task))
        let state = ChainState(
            key: key,
            warmup: try fields.count("warmup", in: iterations),
            targetAcceptance: try fields.number("targetAcceptance") { $0 > 0 && $0 < 1 },
            maximumDepth: try fields.count("maximumDepth", in: 1...ChainSettings.depthLimit),
            metricKind: try metricKind(&fields),
            iteration: try fields.count("iteration", in: 0...(2 * ChainSettings.iterationLimit)),
            gradientEvaluations: try fields.count("gradientEvaluations", in: 0...(1 << 62)),
            stepSize: try fields.number("stepSize") { $0 > 0 },
            logDensity: try fields.number("logDensity"),
            position: try fields.vector("position", dimension),
            gradient: try fields.vector("gradient", dimension),
            metric: try Metric(from: &fields, dimension: dimension),
            adaptation: Adaptation(
                stepSize: try DualAveraging(from: &fields),
                metric: try MetricEstimator(from: &fields, dimension: dimension),
                region: try RegionWatch(from: &fields)),
            lateDivergences: try fields.count("lateDivergences", in: iterations),
            divergences: try divergences(&fields, dimension: dimension))
        guard state.adaptation.metric.serves(state.metricKind) else {
            throw .invalidCheckpoint(field: "estimator")
        }
        guard fields.offset == bytes.count else {
            throw .checkpointLength(expected: fields.offset, found: bytes.count)
        }
        return state
    }

    private static func metricKind(_ fields: inout FieldReader) throws(SamplingError) -> MetricKind {
        guard let kind = MetricKind(rawValue: try fields.word()), kind != .automatic else {
            throw .invalidCheckpoint(field: "metricKind")
        }
        return kind
    }

    private static func divergences(
        _ fields: inout FieldReader, dimension: Int
    ) throws(SamplingError) -> [Divergence] {
        let count = try fields.count("divergences.count", in: 0...Chain.divergenceLimit)
        var divergences: [Divergence] = []
        for _ in 0..<count {
            let iteration = try fields.count("divergence.iteration", in: 1...(2 * ChainSettings.iterationLimit))
            let energyError = Double(bitPattern: try fields.word())
            guard isDivergent(energyError: energyError), !energyError.isNaN else {
                throw .invalidCheckpoint(field: "divergence.energyError")
            }
            divergences.append(
                Divergence(
                    iteration: iteration, position: try fields.vector("divergence.position", dimension),
                    energyError: energyError))
        }
        return divergences
    }
}
