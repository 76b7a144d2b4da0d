import Kernels
import ModelDefinition

/// The carry-over of one channel at one draw, by the same operations as the lanes of `ChannelLanes`.
enum AdstockFilter: Sendable {
    case recurrence(GeometricAdstock)
    /// Weights by lag.
    case convolution([Double])

    /// - Parameters:
    ///   - kind: of the channel's lanes.
    ///   - count: of weights.
    init(_ kind: LaneKind, weightCount count: Int, isNormalized: Bool, retention: Double, delay: Double) {
        switch kind.carryOver {
        case .recurrence:
            self = .recurrence(GeometricAdstock(alpha: retention, weightCount: count, isNormalized: isNormalized))
        case .convolution(let kind), .convolutionOfSaturated(let kind):
            var weights = AdstockWeights(count: count)
            weights.evaluate(
                kind, first: SIMD8(repeating: retention), second: SIMD8(repeating: delay),
                weightCounts: SIMD8(repeating: Double(count)),
                isNormalized: LaneMask(repeating: isNormalized))
            self = .convolution(weights.values.map { $0[0] })
        }
    }

    /// The weights by lag.
    var weights: [Double] {
        switch self {
        case .recurrence(let adstock): adstock.weights
        case .convolution(let weights): weights
        }
    }

    /// A_t for the periods of `x` and the `trailing` periods after them, in which x is 0.
    func apply(to x: [Double], trailing: Int) -> [Double] {
        switch self {
        case .recurrence(let adstock):
            return adstock.apply(to: x, trailing: trailing)
        case .convolution(let weights):
            let count = x.count + trailing
            let whole = (count + 7) & ~7
            var padded = [Double](repeating: 0, count: weights.count - 1 + whole)
            padded.replaceSubrange(weights.count - 1..<weights.count - 1 + x.count, with: x)
            var result = [Double](repeating: 0, count: whole)
            var span = result.mutableSpan
            Convolution.carryOver(padded.span, weights.span, into: &span)
            result.removeLast(whole - count)
            return result
        }
    }
}
