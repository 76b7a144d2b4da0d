import Kernels

/// What the recurrence of geometric adstock multiplies by, for eight lanes: A_t = α A_(t-1) + w x_t − w αᴸ x_(t-L), with
/// w the reciprocal of Σ αˡ, l < L, summed in ascending order, or 1 where weights are not normalised. No 1 − α enters, so α
/// may be 1.
struct RecurrenceConstants: Sendable {
    let alpha: SIMD8<Double>
    /// w and w αᴸ with their derivatives in α.
    let inputWeight: SIMD8<Double>
    let inputSlope: SIMD8<Double>
    let laggedWeight: SIMD8<Double>
    let laggedSlope: SIMD8<Double>

    init(
        alpha: SIMD8<Double>, weightCounts: SIMD8<Double>, largestWeightCount: Int, isNormalized: LaneMask
    ) {
        var power = SIMD8<Double>(repeating: 1)
        var powerSlope = SIMD8<Double>.zero
        var sum = SIMD8<Double>.zero
        var sumSlope = SIMD8<Double>.zero
        for lag in 0..<largestWeightCount {
            // A lane with fewer weights keeps its sums and its power alpha^L.
            let isWithin = SIMD8<Double>(repeating: Double(lag)) .< weightCounts
            sum.replace(with: sum + power, where: isWithin)
            sumSlope.replace(with: sumSlope + powerSlope, where: isWithin)
            let nextSlope = power + alpha * powerSlope
            power.replace(with: power * alpha, where: isWithin)
            powerSlope.replace(with: nextSlope, where: isWithin)
        }
        sum = SIMD8(repeating: 1).replacing(with: sum, where: isNormalized)
        sumSlope = SIMD8.zero.replacing(with: sumSlope, where: isNormalized)
        self.alpha = alpha
        inputWeight = 1 / sum
        inputSlope = (0 - sumSlope) * (inputWeight * inputWeight)
        laggedWeight = power * inputWeight
        laggedSlope = powerSlope * inputWeight + power * inputSlope
    }
}
