import Kernels
import ModelDefinition

/// Geometric adstock of one channel: A_t = sum_l w_l x_(t-l) with w_l = alpha^l / sum_k alpha^k, l = 0 ... L-1, and
/// x = 0 before the first period; alpha = 0 gives the weights (1, 0, ...).
///
/// The same operations in the same order as the lanes of `ChannelLanes`, but for where a stretch of the series begins.
struct GeometricAdstock: Sendable {
    /// w alpha^L.
    let laggedWeight: Double
    /// w.
    let normalization: Double
    let alpha: Double
    /// L.
    let weightCount: Int

    init(alpha: Double, weightCount: Int, isNormalized: Bool) {
        let constants = RecurrenceConstants(
            alpha: SIMD8(repeating: alpha), weightCounts: SIMD8(repeating: Double(weightCount)),
            largestWeightCount: weightCount, isNormalized: LaneMask(repeating: isNormalized))
        self.alpha = alpha
        self.weightCount = weightCount
        normalization = constants.inputWeight[0]
        laggedWeight = constants.laggedWeight[0]
    }

    /// The L weights.
    var weights: [Double] {
        var power = 1.0
        return (0..<weightCount).map { _ in
            defer { power *= alpha }
            return power * normalization
        }
    }

    /// A_t for the periods of `x` and the `trailing` periods after them, in which x is 0.
    ///
    /// It is the recurrence A_t = alpha A_(t-1) + w x_t - w alpha^L x_(t-L), set to exactly 0 wherever the last L inputs
    /// are all 0: there the recurrence would leave residues of rounding.
    func apply(to x: [Double], trailing: Int) -> [Double] {
        var result = [Double](repeating: 0, count: x.count + trailing)
        var span = result.mutableSpan
        let inputs = x.span
        var a = 0.0
        var lastNonZero = -weightCount
        for t in 0..<span.count {
            let current = t < inputs.count ? inputs[t] : 0
            let lagged = t >= weightCount && t - weightCount < inputs.count ? inputs[t - weightCount] : 0
            if current != 0 { lastNonZero = t }
            a =
                t - lastNonZero < weightCount
                ? alpha * a + (normalization * current - laggedWeight * lagged) : 0
            span[t] = a
        }
        return result
    }
}
