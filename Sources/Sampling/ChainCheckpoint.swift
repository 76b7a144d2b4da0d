import Kernels

/// Everything a chain needs to go on from the end of an iteration, and enough to refuse another chain.
///
/// As bytes it is a header (magic, version, dimension) and fields of eight bytes each, little-endian,
/// doubles as their bits; the metric, its estimator and the divergences begin with what tells their lengths; a checksum
/// of all of it comes last. Random numbers need no state: they are a function of key and iteration. The density is known
/// again by its value and gradient at the chain's position.
public struct ChainCheckpoint: Sendable, Hashable {
    package let state: ChainState

    package init(state: ChainState) {
        self.state = state
    }

    /// Reads a checkpoint. Any bytes may be given: what is not a checkpoint that a chain can have
    /// written throws `notACheckpoint`, `unknownCheckpointVersion`, `damagedCheckpoint`, `checkpointLength` or
    /// `invalidCheckpoint`.
    public init(decoding bytes: [UInt8]) throws(SamplingError) {
        state = try CheckpointCodec.decode(bytes)
    }

    /// The checkpoint as bytes. After warm-up they are some kilobytes for tens of coordinates.
    public var encoded: [UInt8] { CheckpointCodec.encode(state) }

    /// The dimension that the first bytes of a checkpoint say; nil when they are not those of one.
    package static func dimension(ofPrefix bytes: [UInt8]) -> Int? { CheckpointCodec.dimension(ofPrefix: bytes) }

    /// Completed iterations.
    public var iteration: Int { state.iteration }

    func requireChain(dimension: Int, settings: ChainSettings, key: StreamKey) throws(SamplingError) {
        let agreements: [(String, Bool)] = [
            ("dimension", dimension == state.position.count),
            ("key", key == state.key),
            ("warmup", settings.warmup == state.warmup),
            ("targetAcceptance", settings.targetAcceptance == state.targetAcceptance),
            ("maximumDepth", settings.maximumDepth == state.maximumDepth),
            ("metric", settings.metric.resolved(dimension: dimension) == state.metricKind),
            ("iteration", state.iteration <= settings.warmup + settings.draws),
        ]
        for (field, agrees) in agreements where !agrees {
            throw .checkpointOfAnotherChain(field: field)
        }
    }
}

/// The fields of a checkpoint.
package struct ChainState: Sendable, Hashable {
    package var key: StreamKey
    package var warmup: Int
    package var targetAcceptance: Double
    package var maximumDepth: Int
    /// Never `automatic`.
    package var metricKind: MetricKind
    package var iteration: Int
    package var gradientEvaluations: Int
    package var stepSize: Double
    package var logDensity: Double
    package var position: [Double]
    package var gradient: [Double]
    package var metric: Metric
    package var adaptation: Adaptation
    /// In the part of warm-up that may raise the target acceptance.
    package var lateDivergences: Int
    package var divergences: [Divergence]
}
