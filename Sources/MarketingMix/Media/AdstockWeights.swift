import Kernels
import ModelDefinition

typealias LaneMask = SIMDMask<SIMD8<Double.SIMDMaskScalar>>

/// The adstock weights of eight lanes by lag, with their derivatives in the two parameters of a kind.
struct AdstockWeights: Sendable {
    /// w_l by lag l < L, 0 past a lane's own L.
    private(set) var values: [SIMD8<Double>]
    /// dw_l by the first parameter (retention, or the Weibull scale) and by the second (delay, or the Weibull shape).
    private(set) var firstSlopes: [SIMD8<Double>]
    private(set) var secondSlopes: [SIMD8<Double>]

    /// Bound of the exponents of Weibull weights: so large a one makes a weight 0, and without it slopes would be ∞ · 0.
    private static let largestExponent = 1e100
    /// Weights below this count as 0, with no slope: `exp` ends near 1e-308, and stays there.
    private static let smallestWeight = 1e-300

    init(count: Int) {
        values = [SIMD8<Double>](repeating: .zero, count: count)
        firstSlopes = values
        secondSlopes = values
    }

    mutating func evaluate(
        _ kind: Adstock.Kind, first: SIMD8<Double>, second: SIMD8<Double>, weightCounts: SIMD8<Double>,
        isNormalized: LaneMask
    ) {
        switch kind {
        case .none: setNone()
        case .geometric: setGeometric(first)
        case .delayed:
            setDelayed(alpha: first, delay: second, weightCounts: weightCounts, isNormalized: isNormalized)
        case .binomial: setBinomial(alpha: first, spans: weightCounts + 1)
        case .meridianBinomial: setBinomial(alpha: first, spans: weightCounts)
        case .weibullDensity: setWeibullDensity(scale: first, shape: second, weightCounts: weightCounts)
        case .weibullSurvival: setWeibullSurvival(scale: first, shape: second)
        }
        for lag in values.indices {
            let isPast =
                (SIMD8<Double>(repeating: Double(lag)) .>= weightCounts) .| (values[lag] .< Self.smallestWeight)
            values[lag].replace(with: 0, where: isPast)
            firstSlopes[lag].replace(with: 0, where: isPast)
            secondSlopes[lag].replace(with: 0, where: isPast)
        }
        if kind == .weibullDensity { takeOffSmallest(weightCounts: weightCounts, isNormalized: isNormalized) }
        normalize(where: isNormalized)
    }

    private mutating func setNone() {
        for lag in values.indices {
            values[lag] = lag == 0 ? SIMD8(repeating: 1) : .zero
            firstSlopes[lag] = .zero
            secondSlopes[lag] = .zero
        }
    }

    private mutating func setGeometric(_ alpha: SIMD8<Double>) {
        var power = SIMD8<Double>(repeating: 1)
        var slope = SIMD8<Double>.zero
        for lag in values.indices {
            values[lag] = power
            firstSlopes[lag] = slope
            secondSlopes[lag] = .zero
            slope = power + alpha * slope
            power *= alpha
        }
    }

    /// Normalised weights relative to the largest, which keeps them from vanishing all together.
    private mutating func setDelayed(
        alpha: SIMD8<Double>, delay: SIMD8<Double>, weightCounts: SIMD8<Double>, isNormalized: LaneMask
    ) {
        let floor = SIMD8<Double>(repeating: .leastNormalMagnitude)
        let retention = alpha.replacing(with: floor, where: alpha .< floor)
        let logRetention = Elementary.log(retention)
        var nearest = 0 - delay
        for lag in values.indices {
            let distance = Double(lag) - delay
            let isWithin = SIMD8<Double>(repeating: Double(lag)) .< weightCounts
            nearest.replace(with: distance, where: isWithin .& (distance * distance .< nearest * nearest))
        }
        nearest = SIMD8.zero.replacing(with: nearest, where: isNormalized)
        for lag in values.indices {
            let distance = Double(lag) - delay
            let square = (distance - nearest) * (distance + nearest)
            let value = Elementary.exp(square * logRetention)
            values[lag] = value
            firstSlopes[lag] = square * (value / retention)
            secondSlopes[lag] = -2 * (distance - nearest) * logRetention * value
        }
    }

    /// - Parameter spans: the lag at which a lane's weight would be 0.
    private mutating func setBinomial(alpha: SIMD8<Double>, spans: SIMD8<Double>) {
        let floor = SIMD8<Double>(repeating: .leastNormalMagnitude)
        let reciprocal = 1 / alpha.replacing(with: floor, where: alpha .< floor)
        for lag in values.indices {
            let share = 1 - Double(lag) / spans
            // Past a lane's own window the share may be 0 or less; the weight is 0 there.
            let logShare = Elementary.log(share.replacing(with: 1, where: share .<= floor))
            let value = Elementary.exp((reciprocal - 1) * logShare)
            values[lag] = value
            firstSlopes[lag] = (0 - (value * reciprocal)) * (reciprocal * logShare)
            secondSlopes[lag] = .zero
        }
    }

    /// Relative to the largest weight within the window, as only differences and ratios of weights matter.
    private mutating func setWeibullDensity(
        scale: SIMD8<Double>, shape: SIMD8<Double>, weightCounts: SIMD8<Double>
    ) {
        let logScale = Elementary.log(scale)
        var largest = SIMD8<Double>(repeating: -.greatestFiniteMagnitude)
        var largestFirstSlope = SIMD8<Double>.zero
        var largestSecondSlope = SIMD8<Double>.zero
        for lag in values.indices {
            let distance = Elementary.log(SIMD8(repeating: Double(lag + 1))) - logScale
            let exponent = Self.bounded(Elementary.exp(shape * distance))
            let logDensity = (shape - 1) * distance - exponent
            values[lag] = logDensity
            firstSlopes[lag] = (shape / scale) * (exponent - 1)
            secondSlopes[lag] = 1 / shape + (1 - exponent) * distance
            let isWithin = SIMD8<Double>(repeating: Double(lag)) .< weightCounts
            let isLarger = isWithin .& (logDensity .> largest)
            largest.replace(with: logDensity, where: isLarger)
            largestFirstSlope.replace(with: firstSlopes[lag], where: isLarger)
            largestSecondSlope.replace(with: secondSlopes[lag], where: isLarger)
        }
        for lag in values.indices {
            let value = Elementary.exp(values[lag] - largest)
            values[lag] = value
            firstSlopes[lag] = value * (firstSlopes[lag] - largestFirstSlope)
            secondSlopes[lag] = value * (secondSlopes[lag] - largestSecondSlope)
        }
    }

    private mutating func setWeibullSurvival(scale: SIMD8<Double>, shape: SIMD8<Double>) {
        let logScale = Elementary.log(scale)
        var hazard = SIMD8<Double>.zero
        var scaleSlope = SIMD8<Double>.zero
        var shapeSlope = SIMD8<Double>.zero
        for lag in values.indices {
            if lag > 0 {
                let distance = Elementary.log(SIMD8(repeating: Double(lag))) - logScale
                let exponent = Self.bounded(Elementary.exp(shape * distance))
                hazard = Self.bounded(hazard + exponent)
                scaleSlope += exponent * (shape / scale)
                shapeSlope += exponent * distance
            }
            let value = Elementary.exp(0 - hazard)
            values[lag] = value
            firstSlopes[lag] = value * scaleSlope
            secondSlopes[lag] = 0 - value * shapeSlope
        }
    }

    private static func bounded(_ exponent: SIMD8<Double>) -> SIMD8<Double> {
        let bound = SIMD8<Double>(repeating: largestExponent)
        return exponent.replacing(with: bound, where: exponent .> bound)
    }

    /// w = (v − min v) ÷ (max v − min v); where all are equal, as with one lag, the weights are flat. What follows for
    /// normalised weights makes the divisor irrelevant, so only the others are divided.
    private mutating func takeOffSmallest(
        weightCounts: SIMD8<Double>, isNormalized: LaneMask
    ) {
        var least = (values[0], firstSlopes[0], secondSlopes[0])
        var most = least
        for lag in values.indices.dropFirst() {
            let isWithin = SIMD8<Double>(repeating: Double(lag)) .< weightCounts
            let isLess = isWithin .& (values[lag] .< least.0)
            least.0.replace(with: values[lag], where: isLess)
            least.1.replace(with: firstSlopes[lag], where: isLess)
            least.2.replace(with: secondSlopes[lag], where: isLess)
            let isMore = isWithin .& (values[lag] .> most.0)
            most.0.replace(with: values[lag], where: isMore)
            most.1.replace(with: firstSlopes[lag], where: isMore)
            most.2.replace(with: secondSlopes[lag], where: isMore)
        }
        let isFlat = most.0 .<= least.0
        let one = SIMD8<Double>(repeating: 1)
        let range = (most.0 - least.0).replacing(with: one, where: isFlat)
        let divisor = range.replacing(with: one, where: isNormalized)
        let firstShare = ((most.1 - least.1) / range).replacing(with: 0, where: isNormalized)
        let secondShare = ((most.2 - least.2) / range).replacing(with: 0, where: isNormalized)
        for lag in values.indices {
            let isWithin = SIMD8<Double>(repeating: Double(lag)) .< weightCounts
            let value = (values[lag] - least.0) / divisor
            let first = (firstSlopes[lag] - least.1) / divisor - value * firstShare
            let second = (secondSlopes[lag] - least.2) / divisor - value * secondShare
            values[lag] = SIMD8.zero.replacing(with: value.replacing(with: one, where: isFlat), where: isWithin)
            firstSlopes[lag] = SIMD8.zero.replacing(with: first.replacing(with: 0, where: isFlat), where: isWithin)
            secondSlopes[lag] = SIMD8.zero.replacing(with: second.replacing(with: 0, where: isFlat), where: isWithin)
        }
    }

    private mutating func normalize(where isNormalized: LaneMask) {
        var sum = SIMD8<Double>.zero
        var firstSum = SIMD8<Double>.zero
        var secondSum = SIMD8<Double>.zero
        for lag in values.indices {
            sum += values[lag]
            firstSum += firstSlopes[lag]
            secondSum += secondSlopes[lag]
        }
        let reciprocal = SIMD8<Double>(repeating: 1).replacing(with: 1 / sum, where: isNormalized)
        firstSum = SIMD8.zero.replacing(with: firstSum, where: isNormalized)
        secondSum = SIMD8.zero.replacing(with: secondSum, where: isNormalized)
        for lag in values.indices {
            let value = values[lag] * reciprocal
            values[lag] = value
            firstSlopes[lag] = (firstSlopes[lag] - value * firstSum) * reciprocal
            secondSlopes[lag] = (secondSlopes[lag] - value * secondSum) * reciprocal
        }
    }
}
