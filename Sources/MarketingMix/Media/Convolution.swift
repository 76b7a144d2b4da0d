import Kernels

/// Carry-over as a sum over lags, eight periods at a time; each sum runs over ascending lags.
///
/// Series come filled up with zeros to whole vectors of eight, so that none is read past its end.
enum Convolution {
    /// y_t = Σ_l w_l x_(t − l), x with as many periods before the first as there are further weights.
    static func carryOver(_ x: Span<Double>, _ weights: Span<Double>, into y: inout MutableSpan<Double>) {
        let lead = weights.count - 1
        for start in stride(from: 0, to: y.count, by: 8) {
            var sum = SIMD8<Double>.zero
            for lag in 0..<weights.count { sum += weights[lag] * Reductions.lanes(x, at: start + lead - lag) }
            Reductions.store(sum, into: &y, at: start)
        }
    }

    /// y_t = Σ_l w_l x_(t + l).
    static func carryBack(_ x: Span<Double>, _ weights: Span<Double>, into y: inout MutableSpan<Double>) {
        for start in stride(from: 0, to: y.count, by: 8) {
            var sum = SIMD8<Double>.zero
            for lag in 0..<weights.count { sum += weights[lag] * Reductions.lanes(x, at: start + lag) }
            Reductions.store(sum, into: &y, at: start)
        }
    }
}
