import Kernels

/// The layout of a checkpoint: every field once, in the order in which `encode` writes them.
enum CheckpointCodec {
    /// "TuttiChn" in ASCII.
    static let magic: [UInt8] = [0x54, 0x75, 0x74, 0x74, 0x69, 0x43, 0x68, 0x6E]
    static let version: UInt32 = 1
    /// More coordinates than this are not a chain: 2^24 of them make a checkpoint of 640 MB.
    static let dimensionLimit = 1 << 24
    /// Magic, version and dimension.
    static let headerLength = 16
    /// Fields of eight bytes before the vectors.
    static let scalarCount = 14
    static let vectorCount = 5

    static func length(dimension: Int) -> Int {
        headerLength + 8 * (scalarCount + vectorCount * dimension)
    }

    static func encode(_ state: ChainState) -> [UInt8] {
        let dimension = state.position.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length(dimension: dimension))
        bytes += magic
        append(version, to: &bytes)
        append(UInt32(dimension), to: &bytes)

        append(state.key.seed, to: &bytes)
        append(UInt64(state.key.kind) << 32 | UInt64(state.key.index), to: &bytes)
        append(UInt64(state.warmup), to: &bytes)
        append(state.targetAcceptance.bitPattern, to: &bytes)
        append(UInt64(state.maximumDepth), to: &bytes)
        append(UInt64(state.iteration), to: &bytes)
        append(UInt64(state.gradientEvaluations), to: &bytes)
        append(state.stepSize.bitPattern, to: &bytes)
        append(UInt64(state.stepSizeAdaptation.count), to: &bytes)
        append(state.stepSizeAdaptation.shrinkagePoint.bitPattern, to: &bytes)
        append(state.stepSizeAdaptation.meanShortfall.bitPattern, to: &bytes)
        append(state.stepSizeAdaptation.meanLogStepSize.bitPattern, to: &bytes)
        append(state.logDensity.bitPattern, to: &bytes)
        append(UInt64(state.varianceEstimator.count), to: &bytes)
        let estimator = state.varianceEstimator
        for vector in [state.position, state.gradient, state.variances, estimator.means, estimator.squares] {
            for number in vector {
                append(number.bitPattern, to: &bytes)
            }
        }
        return bytes
    }

    static func decode(_ bytes: [UInt8]) throws(SamplingError) -> ChainState {
        guard bytes.count >= headerLength, bytes.starts(with: magic) else { throw .notACheckpoint }
        let found = UInt32(truncatingIfNeeded: word(bytes, at: 8, count: 4))
        guard found == version else { throw .unknownCheckpointVersion(found) }
        let dimension = Int(word(bytes, at: 12, count: 4))
        guard (1...dimensionLimit).contains(dimension) else { throw .invalidCheckpoint(field: "dimension") }
        guard bytes.count == length(dimension: dimension) else {
            throw .checkpointLength(expected: length(dimension: dimension), found: bytes.count)
        }
        var fields = FieldReader(bytes: bytes, offset: headerLength)
        let seed = fields.word()
        let task = fields.word()
        let iterations = 0...ChainSettings.iterationLimit
        let state = ChainState(
            key: StreamKey(seed: seed, kind: UInt32(task >> 32), index: UInt32(truncatingIfNeeded: task)),
            warmup: try fields.count("warmup", in: iterations),
            targetAcceptance: try fields.number("targetAcceptance") { $0 > 0 && $0 < 1 },
            maximumDepth: try fields.count("maximumDepth", in: 1...ChainSettings.depthLimit),
            iteration: try fields.count("iteration", in: 0...(2 * ChainSettings.iterationLimit)),
            gradientEvaluations: try fields.count("gradientEvaluations", in: 0...(1 << 62)),
            stepSize: try fields.number("stepSize") { $0 > 0 },
            stepSizeAdaptation: DualAveraging(
                count: try fields.count("stepSizeAdaptation.count", in: iterations),
                shrinkagePoint: try fields.number("shrinkagePoint"),
                meanShortfall: try fields.number("meanShortfall"),
                meanLogStepSize: try fields.number("meanLogStepSize")),
            logDensity: try fields.number("logDensity"),
            position: [], gradient: [], variances: [],
            varianceEstimator: VarianceEstimator(dimension: 0))
        return try decodeVectors(into: state, from: &fields, dimension: dimension, iterations: iterations)
    }

    private static func decodeVectors(
        into state: ChainState, from fields: inout FieldReader, dimension: Int, iterations: ClosedRange<Int>
    ) throws(SamplingError) -> ChainState {
        var state = state
        state.varianceEstimator.count = try fields.count("varianceEstimator.count", in: iterations)
        state.position = try fields.vector("position", dimension)
        state.gradient = try fields.vector("gradient", dimension)
        state.variances = try fields.vector("variances", dimension) { $0 > 0 }
        state.varianceEstimator.means = try fields.vector("varianceEstimator.means", dimension)
        state.varianceEstimator.squares = try fields.vector("varianceEstimator.squares", dimension) { $0 >= 0 }
        return state
    }

    private static func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: T.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> T(shift)))
        }
    }

    /// A little-endian word of up to eight bytes. The caller has checked the length.
    static func word(_ bytes: [UInt8], at offset: Int, count: Int) -> UInt64 {
        var value: UInt64 = 0
        for i in 0..<count {
            value |= UInt64(bytes[offset + i]) << UInt64(8 * i)
        }
        return value
    }
}

/// Reads fields of eight bytes one after another, each within its range.
private struct FieldReader {
    let bytes: [UInt8]
    var offset: Int

    mutating func word() -> UInt64 {
        defer { offset += 8 }
        return CheckpointCodec.word(bytes, at: offset, count: 8)
    }

    mutating func count(_ field: String, in range: ClosedRange<Int>) throws(SamplingError) -> Int {
        guard let value = Int(exactly: word()), range.contains(value) else {
            throw .invalidCheckpoint(field: field)
        }
        return value
    }

    /// A finite number with a property.
    mutating func number(
        _ field: String, where holds: (Double) -> Bool = { _ in true }
    ) throws(SamplingError) -> Double {
        let value = Double(bitPattern: word())
        guard value.isFinite, holds(value) else { throw .invalidCheckpoint(field: field) }
        return value
    }

    mutating func vector(
        _ field: String, _ count: Int, where holds: (Double) -> Bool = { _ in true }
    ) throws(SamplingError) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            values.append(try number(field, where: holds))
        }
        return values
    }
}
