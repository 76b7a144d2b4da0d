import Kernels

/// Saturated response of eight channels by period, with its derivatives, kept for all periods: returns on investment
/// need sums over all of them before the first residual is known.
struct ResponseStreams: Sendable {
    /// Periods whose adstock stays in the nearest cache before saturation reads it.
    static let blockLength = 32

    /// S_t.
    private(set) var saturated: [SIMD8<Double>]
    /// dS_t/dalpha, dS_t/dfirst and dS_t/dsecond parameter, each up to the factor of `SlopeFactors`.
    private var retentionSlope: [SIMD8<Double>]
    private var firstSlope: [SIMD8<Double>]
    private var secondSlope: [SIMD8<Double>]
    /// A_t and dA_t/dalpha of one block.
    private var adstocked: [SIMD8<Double>]
    private var adstockSlope: [SIMD8<Double>]
    private let kind: LaneKind

    init(kind: LaneKind, periods: Int) {
        self.kind = kind
        let all = [SIMD8<Double>](repeating: .zero, count: periods)
        saturated = all
        retentionSlope = all
        firstSlope = kind.parameterCount > 0 ? all : []
        secondSlope = kind.parameterCount > 1 ? all : []
        adstocked = [SIMD8<Double>](repeating: .zero, count: Self.blockLength)
        adstockSlope = adstocked
    }

    /// Fills the streams at one point of the parameters.
    mutating func evaluate(_ lanes: ChannelLanes, alpha: SIMD8<Double>, first: SIMD8<Double>, second: SIMD8<Double>) {
        Self.evaluate(
            lanes, alpha: alpha, first: first, second: second, &adstocked, &adstockSlope, &saturated, &retentionSlope,
            &firstSlope, &secondSlope)
    }

    /// On separate arrays, since spans of two stored properties cannot be held at once.
    private static func evaluate(
        _ lanes: ChannelLanes, alpha: SIMD8<Double>, first: SIMD8<Double>, second: SIMD8<Double>,
        _ adstocked: inout [SIMD8<Double>], _ adstockSlope: inout [SIMD8<Double>],
        _ saturated: inout [SIMD8<Double>], _ retentionSlope: inout [SIMD8<Double>],
        _ firstSlope: inout [SIMD8<Double>], _ secondSlope: inout [SIMD8<Double>]
    ) {
        var recurrence = AdstockRecurrence(
            alpha: alpha, weightCounts: lanes.weightCounts, largestWeightCount: lanes.largestWeightCount)
        let logFirst = lanes.kind == .hill ? Elementary.log(first) : first
        var a = adstocked.mutableSpan
        var d = adstockSlope.mutableSpan
        var s = saturated.mutableSpan
        var p = retentionSlope.mutableSpan
        var q = firstSlope.mutableSpan
        var r = secondSlope.mutableSpan
        let periods = s.count
        var start = 0
        while start < periods {
            let end = min(start + blockLength, periods)
            recurrence.advance(
                inputs: lanes.inputs.span, lagged: lanes.lagged.span, keep: lanes.keep.span, from: start, to: end,
                adstocked: &a, slope: &d)
            switch lanes.kind {
            case .hill:
                SaturationKernel.hill(
                    a.span, d.span, logEC: logFirst, slope: second, at: start, to: end, &s, &p, &q, &r)
            case .concaveHill:
                SaturationKernel.concaveHill(a.span, d.span, ec: first, at: start, to: end, &s, &p, &q)
            case .logistic:
                SaturationKernel.logistic(a.span, d.span, lam: first, at: start, to: end, &s, &p, &q)
            case .none:
                SaturationKernel.none(a.span, d.span, at: start, to: end, &s, &p)
            }
            start = end
        }
    }

    /// Sums over periods, in ascending order, of a weight a period times S and its derivatives.
    struct Sums {
        var saturated = SIMD8<Double>.zero
        var retention = SIMD8<Double>.zero
        var first = SIMD8<Double>.zero
        var second = SIMD8<Double>.zero
    }

    /// The sums with these weights, one a period (more are ignored).
    func sums(weights: Span<Double>) -> Sums {
        var sums = Sums()
        let s = saturated.span
        let p = retentionSlope.span
        let q = firstSlope.span
        let r = secondSlope.span
        switch kind {
        case .hill:
            for t in 0..<s.count {
                let weight = SIMD8<Double>(repeating: weights[t])
                sums.saturated += weight * s[t]
                sums.retention += weight * p[t]
                sums.first += weight * q[t]
                sums.second += weight * r[t]
            }
        case .concaveHill, .logistic:
            for t in 0..<s.count {
                let weight = SIMD8<Double>(repeating: weights[t])
                sums.saturated += weight * s[t]
                sums.retention += weight * p[t]
                sums.first += weight * q[t]
            }
        case .none:
            for t in 0..<s.count {
                let weight = SIMD8<Double>(repeating: weights[t])
                sums.saturated += weight * s[t]
                sums.retention += weight * p[t]
            }
        }
        return sums
    }

    /// The factors that turn sums of the slope streams into derivatives.
    static func slopeFactors(
        kind: LaneKind, first: SIMD8<Double>, second: SIMD8<Double>
    ) -> (retention: SIMD8<Double>, first: SIMD8<Double>, second: SIMD8<Double>) {
        let one = SIMD8<Double>(repeating: 1)
        switch kind {
        case .hill: return (second, (0 - second) / first, one)
        case .concaveHill: return (first, 0 - one, one)
        case .logistic: return (first, one, one)
        case .none: return (one, one, one)
        }
    }
}

/// Normalised geometric adstock of eight channels and its derivative in the retention, as one forward recurrence.
///
/// With weights alpha^l, l < L: a_t = alpha a_(t-1) + x_t - alpha^L x_(t-L) and its derivative
/// d_t = a_(t-1) + alpha d_(t-1) - L alpha^(L-1) x_(t-L). With w = 1/sum_l alpha^l, A = a w and dA/dalpha = d w + a w'.
/// The cost does not depend on L. Both are set to exactly 0 where the last L inputs are 0.
struct AdstockRecurrence: Sendable {
    private let alpha: SIMD8<Double>
    private let cutoff: SIMD8<Double>
    private let cutoffSlope: SIMD8<Double>
    private let normalization: SIMD8<Double>
    private let normalizationSlope: SIMD8<Double>
    private var a = SIMD8<Double>.zero
    private var d = SIMD8<Double>.zero

    init(alpha: SIMD8<Double>, weightCounts: SIMD8<Double>, largestWeightCount: Int) {
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
        self.alpha = alpha
        cutoff = power
        cutoffSlope = powerSlope
        normalization = 1 / sum
        normalizationSlope = (0 - sumSlope) * (normalization * normalization)
    }

    /// A_t and dA_t/dalpha for t = start ..< end, written from index 0 on; blocks come in ascending order.
    @inline(__always)
    mutating func advance(
        inputs: Span<SIMD8<Double>>, lagged: Span<SIMD8<Double>>, keep: Span<SIMD8<Double>>, from start: Int,
        to end: Int, adstocked: inout MutableSpan<SIMD8<Double>>, slope: inout MutableSpan<SIMD8<Double>>
    ) {
        var a = self.a
        var d = self.d
        for t in start..<end {
            // Grouped so that one period waits for the last by a product and a sum only.
            let carry = alpha * keep[t]
            let old = lagged[t]
            d = d * carry + (a * keep[t] - cutoffSlope * old)
            a = a * carry + (inputs[t] - cutoff * old)
            adstocked[t - start] = a
            slope[t - start] = d
        }
        self.a = a
        self.d = d
        for index in 0..<(end - start) {
            let sum = adstocked[index]
            adstocked[index] = sum * normalization
            slope[index] = slope[index] * normalization + sum * normalizationSlope
        }
    }
}
