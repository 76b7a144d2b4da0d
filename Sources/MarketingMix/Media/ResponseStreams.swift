import Kernels

/// Saturated response of eight lanes by row, with its derivatives, kept for all rows: contributions and returns on
/// investment need sums over all of them before the first residual is known.
struct ResponseStreams: Sendable {
    /// Rows whose adstock stays in the nearest cache before saturation reads it.
    static let blockLength = 32

    /// S_t.
    private(set) var saturated: [SIMD8<Double>]
    /// dS_t/dalpha, dS_t/dfirst and dS_t/dsecond parameter, each up to the factor of `slopeFactors`.
    private var retentionSlope: [SIMD8<Double>]
    private var firstSlope: [SIMD8<Double>]
    private var secondSlope: [SIMD8<Double>]
    /// A_t and dA_t/dalpha of one block.
    private var adstocked: [SIMD8<Double>]
    private var adstockSlope: [SIMD8<Double>]

    init(kind: LaneKind, rows: Int) {
        let all = [SIMD8<Double>](repeating: .zero, count: rows)
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
        let rows = s.count
        let offset = lanes.warmUpRows
        recurrence.warmUp(lanes)
        var start = 0
        while start < rows {
            let end = min(start + blockLength, rows)
            recurrence.advance(lanes, from: offset + start, to: offset + end, adstocked: &a, slope: &d)
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

    /// Sums over rows, in ascending order, of a weight times S and its derivatives.
    struct Sums {
        var saturated = SIMD8<Double>.zero
        var retention = SIMD8<Double>.zero
        var first = SIMD8<Double>.zero
        var second = SIMD8<Double>.zero
    }

    /// Σ v_t S_t with the reference weights of the lanes.
    func referenceSum(_ lanes: ChannelLanes) -> SIMD8<Double> {
        let weights = lanes.reference.span
        return switch lanes.order.segments {
        case 1: saturatedSum { SIMD8(repeating: weights[$0]) }
        case 2: saturatedSum { Self.spreadTwo(weights, $0) }
        case 4: saturatedSum { Self.spreadFour(weights, $0) }
        default: saturatedSum { Reductions.lanes(weights, at: 8 * $0) }
        }
    }

    @inline(__always)
    private func saturatedSum(_ weight: (Int) -> SIMD8<Double>) -> SIMD8<Double> {
        let s = saturated.span
        var even = SIMD8<Double>.zero
        var odd = SIMD8<Double>.zero
        for row in stride(from: 0, to: s.count & ~1, by: 2) {
            even += weight(row) * s[row]
            odd += weight(row + 1) * s[row + 1]
        }
        if s.count & 1 == 1 { even += weight(s.count - 1) * s[s.count - 1] }
        return even + odd
    }

    /// Two values of a row, once for every channel.
    @inline(__always)
    private static func spreadTwo(_ weights: Span<Double>, _ row: Int) -> SIMD8<Double> {
        let pair = SIMD2(weights[2 * row], weights[2 * row + 1])
        let four = SIMD4(lowHalf: pair, highHalf: pair)
        return SIMD8(lowHalf: four, highHalf: four)
    }

    /// Four values of a row, once for every channel.
    @inline(__always)
    private static func spreadFour(_ weights: Span<Double>, _ row: Int) -> SIMD8<Double> {
        let first = 4 * row
        let four = SIMD4(weights[first], weights[first + 1], weights[first + 2], weights[first + 3])
        return SIMD8(lowHalf: four, highHalf: four)
    }

    /// The sums with one weight a period in the lanes' order, and those of the slopes with the reference weights.
    func sums(_ lanes: ChannelLanes, weights: Span<Double>) -> (weighted: Sums, reference: Sums) {
        let reference = lanes.reference.span
        return switch lanes.order.segments {
        case 1: sums(lanes, { SIMD8(repeating: weights[$0]) }, { SIMD8(repeating: reference[$0]) })
        case 2: sums(lanes, { Self.spreadTwo(weights, $0) }, { Self.spreadTwo(reference, $0) })
        case 4: sums(lanes, { Self.spreadFour(weights, $0) }, { Self.spreadFour(reference, $0) })
        default:
            sums(lanes, { Reductions.lanes(weights, at: 8 * $0) }, { Reductions.lanes(reference, at: 8 * $0) })
        }
    }

    @inline(__always)
    private func sums(
        _ lanes: ChannelLanes, _ weight: (Int) -> SIMD8<Double>, _ reference: (Int) -> SIMD8<Double>
    ) -> (weighted: Sums, reference: Sums) {
        switch (lanes.kind.parameterCount, lanes.hasReference) {
        case (2, true): sums(hasFirst: true, hasSecond: true, hasReference: true, weight, reference)
        case (1, true): sums(hasFirst: true, hasSecond: false, hasReference: true, weight, reference)
        case (0, true): sums(hasFirst: false, hasSecond: false, hasReference: true, weight, reference)
        case (2, false): sums(hasFirst: true, hasSecond: true, hasReference: false, weight, reference)
        case (1, false): sums(hasFirst: true, hasSecond: false, hasReference: false, weight, reference)
        default: sums(hasFirst: false, hasSecond: false, hasReference: false, weight, reference)
        }
    }

    @inline(__always)
    private func sums(
        hasFirst: Bool, hasSecond: Bool, hasReference: Bool, _ weight: (Int) -> SIMD8<Double>,
        _ referenceWeight: (Int) -> SIMD8<Double>
    ) -> (weighted: Sums, reference: Sums) {
        var weighted = Sums()
        var reference = Sums()
        let s = saturated.span
        let p = retentionSlope.span
        let q = firstSlope.span
        let r = secondSlope.span
        for row in 0..<s.count {
            let g = weight(row)
            let v = hasReference ? referenceWeight(row) : .zero
            let retention = p[row]
            weighted.saturated += g * s[row]
            weighted.retention += g * retention
            if hasReference { reference.retention += v * retention }
            if hasFirst {
                let first = q[row]
                weighted.first += g * first
                if hasReference { reference.first += v * first }
            }
            if hasSecond {
                let second = r[row]
                weighted.second += g * second
                if hasReference { reference.second += v * second }
            }
        }
        return (weighted, reference)
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

/// Normalised geometric adstock A of eight lanes and its derivative D in the retention, as one forward recurrence.
///
/// With weights w αˡ, l < L, and w = 1/Σ αˡ: A_t = α A_(t-1) + w x_t − w αᴸ x_(t-L), and D_t is its derivative term by
/// term. The cost does not depend on L. Both are set to exactly 0 once the last L inputs are 0: the recurrence would
/// leave residues of rounding.
struct AdstockRecurrence: Sendable {
    private let alpha: SIMD8<Double>
    /// w and w αᴸ with their derivatives in α.
    private let inputWeight: SIMD8<Double>
    private let inputSlope: SIMD8<Double>
    private let laggedWeight: SIMD8<Double>
    private let laggedSlope: SIMD8<Double>
    private var adstock = SIMD8<Double>.zero
    private var slope = SIMD8<Double>.zero
    /// Index of the next of the lanes' resets.
    private var nextReset = 0

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
        inputWeight = 1 / sum
        inputSlope = (0 - sumSlope) * (inputWeight * inputWeight)
        laggedWeight = power * inputWeight
        laggedSlope = powerSlope * inputWeight + power * inputSlope
    }

    /// Runs through the rows before the first period, whose adstock is not wanted.
    mutating func warmUp(_ lanes: ChannelLanes) {
        run(lanes, from: 0, to: lanes.warmUpRows) { _, _, _ in }
    }

    /// A_t and dA_t/dalpha for rows start ..< end, those of the warm-up counted, written from index 0 on; blocks come in
    /// ascending order.
    mutating func advance(
        _ lanes: ChannelLanes, from start: Int, to end: Int, adstocked: inout MutableSpan<SIMD8<Double>>,
        slope: inout MutableSpan<SIMD8<Double>>
    ) {
        run(lanes, from: start, to: end) { row, value, derivative in
            adstocked[row - start] = value
            slope[row - start] = derivative
        }
    }

    @inline(__always)
    private mutating func run(
        _ lanes: ChannelLanes, from start: Int, to end: Int, write: (Int, SIMD8<Double>, SIMD8<Double>) -> Void
    ) {
        let inputs = lanes.inputs.span
        let lagged = lanes.lagged.span
        let offset = lanes.largestWeightCount
        var a = adstock
        var d = slope
        var row = start
        while row < end {
            let reset = nextReset < lanes.resets.count ? lanes.resets[nextReset].row : end
            let stop = min(end, reset)
            while row < stop {
                let x = inputs[offset + row]
                let old = lagged[row]
                // Grouped so that one row waits for the last by a product and a sum only.
                d = alpha * d + (a + (inputSlope * x - laggedSlope * old))
                a = alpha * a + (inputWeight * x - laggedWeight * old)
                write(row, a, d)
                row += 1
            }
            if row < end {
                let keep = lanes.resets[nextReset].keep
                let x = inputs[offset + row]
                let old = lagged[row]
                d = keep * (alpha * d + (a + (inputSlope * x - laggedSlope * old)))
                a = keep * (alpha * a + (inputWeight * x - laggedWeight * old))
                write(row, a, d)
                row += 1
                nextReset += 1
            }
        }
        adstock = a
        slope = d
    }
}
