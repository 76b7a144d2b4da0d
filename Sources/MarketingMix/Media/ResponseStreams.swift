import Kernels
import ModelDefinition

/// Saturated response of eight lanes by row, with its derivatives, kept for all rows: contributions and returns on
/// investment need sums over all of them before the first residual is known.
struct ResponseStreams: Sendable {
    /// Rows whose adstock stays in the nearest cache before saturation reads it.
    static let blockLength = 32

    /// S_t.
    private(set) var saturated: [SIMD8<Double>]
    /// The derivatives of S_t in the two parameters of the adstock and the two of the curve, each up to the factor of
    /// `slopeFactors`, and for the logistic curve after a recurrence up to the rise of the curve, a function of S_t.
    private var retentionSlope: [SIMD8<Double>]
    private var delaySlope: [SIMD8<Double>]
    private var firstSlope: [SIMD8<Double>]
    private var secondSlope: [SIMD8<Double>]
    /// A_t and its derivative in the adstock's first parameter of one block.
    private var adstocked: [SIMD8<Double>]
    private var adstockSlope: [SIMD8<Double>]
    /// A slope of 1, for which a curve gives its own.
    private let ones: [SIMD8<Double>]
    private var weights: AdstockWeights
    /// S(x_t) and its derivatives in the curve's parameters by row of inputs, where carry-over comes second.
    private var inputCurve: [SIMD8<Double>]
    private var inputFirstSlope: [SIMD8<Double>]
    private var inputSecondSlope: [SIMD8<Double>]
    private var unused: [SIMD8<Double>]

    init(_ lanes: ChannelLanes) {
        let all = [SIMD8<Double>](repeating: .zero, count: lanes.order.rows)
        let kind = lanes.kind
        saturated = all
        retentionSlope = all
        delaySlope = kind.carryOver.hasSecondParameter ? all : []
        firstSlope = kind.curve.parameterCount > 0 ? all : []
        secondSlope = kind.curve.parameterCount > 1 ? all : []
        adstocked = [SIMD8<Double>](repeating: .zero, count: Self.blockLength)
        adstockSlope = adstocked
        ones = [SIMD8<Double>](repeating: SIMD8(repeating: 1), count: Self.blockLength)
        var inputs: [SIMD8<Double>] = []
        if case .convolutionOfSaturated = kind.carryOver {
            inputs = [SIMD8<Double>](repeating: .zero, count: lanes.inputs.count)
        }
        weights = AdstockWeights(count: kind.carryOver == .recurrence ? 0 : lanes.largestWeightCount)
        inputCurve = inputs
        inputFirstSlope = kind.curve.parameterCount > 0 ? inputs : []
        inputSecondSlope = kind.curve.parameterCount > 1 ? inputs : []
        unused = inputs
    }

    /// Values of the four parameters of the lanes.
    struct Parameters {
        var retention: SIMD8<Double>
        var delay: SIMD8<Double>
        var first: SIMD8<Double>
        var second: SIMD8<Double>
    }

    /// Fills the streams at one point of the parameters.
    mutating func evaluate(_ lanes: ChannelLanes, at parameters: Parameters) {
        switch lanes.kind.carryOver {
        case .recurrence:
            Self.evaluate(
                lanes, parameters, &adstocked, &adstockSlope, &saturated, &retentionSlope, &firstSlope, &secondSlope)
        case .convolution(let adstock):
            setWeights(adstock, lanes, parameters)
            Self.convolve(
                lanes, parameters, weights, ones, &adstocked, &adstockSlope, &saturated, &retentionSlope,
                &delaySlope, &firstSlope, &secondSlope)
        case .convolutionOfSaturated(let adstock):
            setWeights(adstock, lanes, parameters)
            let inputs = lanes.inputs
            Self.saturate(
                lanes, parameters, inputs.span, inputs.span, at: 0, to: inputs.count, &inputCurve,
                &unused, &inputFirstSlope, &inputSecondSlope)
            if !lanes.reaches.isEmpty {
                Self.multiply(&inputCurve, by: lanes.reaches)
                Self.multiply(&inputFirstSlope, by: lanes.reaches)
                Self.multiply(&inputSecondSlope, by: lanes.reaches)
            }
            Self.carryOver(
                lanes, weights, inputCurve, inputFirstSlope, inputSecondSlope, &saturated, &retentionSlope, &delaySlope,
                &firstSlope, &secondSlope)
        }
    }

    private mutating func setWeights(_ kind: Adstock.Kind, _ lanes: ChannelLanes, _ parameters: Parameters) {
        weights.evaluate(
            kind, first: parameters.retention, second: parameters.delay, weightCounts: lanes.weightCounts,
            isNormalized: lanes.isNormalized)
    }

    /// On separate arrays, since spans of two stored properties cannot be held at once.
    private static func evaluate(
        _ lanes: ChannelLanes, _ parameters: Parameters,
        _ adstocked: inout [SIMD8<Double>], _ adstockSlope: inout [SIMD8<Double>],
        _ saturated: inout [SIMD8<Double>], _ retentionSlope: inout [SIMD8<Double>],
        _ firstSlope: inout [SIMD8<Double>], _ secondSlope: inout [SIMD8<Double>]
    ) {
        var recurrence = AdstockRecurrence(
            alpha: parameters.retention, weightCounts: lanes.weightCounts,
            largestWeightCount: lanes.largestWeightCount, isNormalized: lanes.isNormalized)
        let logFirst = lanes.kind.curve == .hill ? Elementary.log(parameters.first) : parameters.first
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
        if lanes.kind.leavesRise {
            let rate = SaturationFormula.binaryRate(parameters.first)
            while start < rows {
                let end = min(start + blockLength, rows)
                recurrence.advance(lanes, from: offset + start, to: offset + end, at: start, adstocked: &q, slope: &p)
                SaturationKernel.logistic(q.span, rate: rate, at: start, to: end, &s)
                start = end
            }
            return
        }
        while start < rows {
            let end = min(start + blockLength, rows)
            recurrence.advance(lanes, from: offset + start, to: offset + end, at: 0, adstocked: &a, slope: &d)
            SaturationKernel.apply(
                lanes.kind.curve, a.span, d.span, parameters, logFirst: logFirst, at: start, to: end, &s, &p, &q, &r)
            start = end
        }
    }

    /// Any adstock before any curve: the slope of the curve, then times each slope of the adstock.
    private static func convolve(
        _ lanes: ChannelLanes, _ parameters: Parameters, _ weights: AdstockWeights, _ ones: [SIMD8<Double>],
        _ adstocked: inout [SIMD8<Double>], _ adstockSlope: inout [SIMD8<Double>], _ saturated: inout [SIMD8<Double>],
        _ retentionSlope: inout [SIMD8<Double>], _ delaySlope: inout [SIMD8<Double>],
        _ firstSlope: inout [SIMD8<Double>], _ secondSlope: inout [SIMD8<Double>]
    ) {
        let logFirst = lanes.kind.curve == .hill ? Elementary.log(parameters.first) : parameters.first
        let exposures = lanes.inputs
        let inputs = exposures.span
        let w = weights.values.span
        let firstWeightSlopes = weights.firstSlopes.span
        let secondWeightSlopes = weights.secondSlopes.span
        let hasSecond = lanes.kind.carryOver.hasSecondParameter
        var a = adstocked.mutableSpan
        var d = adstockSlope.mutableSpan
        var s = saturated.mutableSpan
        var p = retentionSlope.mutableSpan
        var f = delaySlope.mutableSpan
        var q = firstSlope.mutableSpan
        var r = secondSlope.mutableSpan
        let rows = s.count
        let offset = lanes.largestWeightCount + lanes.warmUpRows
        var start = 0
        while start < rows {
            let end = min(start + blockLength, rows)
            for row in start..<end {
                var value = SIMD8<Double>.zero
                var slope = SIMD8<Double>.zero
                for lag in 0..<w.count {
                    let x = inputs[offset + row - lag]
                    value += w[lag] * x
                    slope += firstWeightSlopes[lag] * x
                }
                a[row - start] = value
                d[row - start] = slope
            }
            SaturationKernel.apply(
                lanes.kind.curve, a.span, ones.span, parameters, logFirst: logFirst, at: start, to: end, &s, &p, &q, &r)
            if hasSecond {
                for row in start..<end {
                    var slope = SIMD8<Double>.zero
                    for lag in 0..<w.count { slope += secondWeightSlopes[lag] * inputs[offset + row - lag] }
                    f[row] = p[row] * slope
                }
            }
            for row in start..<end { p[row] *= d[row - start] }
            start = end
        }
    }

    private static func multiply(_ values: inout [SIMD8<Double>], by factors: [SIMD8<Double>]) {
        let factors = factors.span
        var span = values.mutableSpan
        for row in 0..<span.count { span[row] *= factors[row] }
    }

    private static func saturate(
        _ lanes: ChannelLanes, _ parameters: Parameters, _ exposure: Span<SIMD8<Double>>,
        _ slope: Span<SIMD8<Double>>, at start: Int, to end: Int, _ saturated: inout [SIMD8<Double>],
        _ retentionSlope: inout [SIMD8<Double>], _ firstSlope: inout [SIMD8<Double>],
        _ secondSlope: inout [SIMD8<Double>]
    ) {
        let logFirst = lanes.kind.curve == .hill ? Elementary.log(parameters.first) : parameters.first
        var s = saturated.mutableSpan
        var p = retentionSlope.mutableSpan
        var q = firstSlope.mutableSpan
        var r = secondSlope.mutableSpan
        SaturationKernel.apply(
            lanes.kind.curve, exposure, slope, parameters, logFirst: logFirst, at: start, to: end, &s, &p, &q, &r)
    }

    /// Sums over lags of what the curve made of each input: all that comes is linear in the weights.
    private static func carryOver(
        _ lanes: ChannelLanes, _ weights: AdstockWeights, _ curve: [SIMD8<Double>], _ curveFirst: [SIMD8<Double>],
        _ curveSecond: [SIMD8<Double>], _ saturated: inout [SIMD8<Double>], _ retentionSlope: inout [SIMD8<Double>],
        _ delaySlope: inout [SIMD8<Double>], _ firstSlope: inout [SIMD8<Double>], _ secondSlope: inout [SIMD8<Double>]
    ) {
        let offset = lanes.largestWeightCount + lanes.warmUpRows
        sum(curve, weights.values, offset, into: &saturated)
        sum(curve, weights.firstSlopes, offset, into: &retentionSlope)
        sum(curve, weights.secondSlopes, offset, into: &delaySlope)
        sum(curveFirst, weights.values, offset, into: &firstSlope)
        sum(curveSecond, weights.values, offset, into: &secondSlope)
    }

    private static func sum(
        _ values: [SIMD8<Double>], _ weights: [SIMD8<Double>], _ offset: Int, into sums: inout [SIMD8<Double>]
    ) {
        let values = values.span
        let weights = weights.span
        var span = sums.mutableSpan
        for row in 0..<span.count {
            var sum = SIMD8<Double>.zero
            for lag in 0..<weights.count { sum += weights[lag] * values[offset + row - lag] }
            span[row] = sum
        }
    }

    /// Sums over rows, in ascending order, of a weight times S and its derivatives.
    struct Sums {
        var saturated = SIMD8<Double>.zero
        var retention = SIMD8<Double>.zero
        var delay = SIMD8<Double>.zero
        var first = SIMD8<Double>.zero
        var second = SIMD8<Double>.zero

        /// The sums become those of a difference: `factor` times these + `otherFactor` times others.
        mutating func combine(_ factor: SIMD8<Double>, with other: Sums, _ otherFactor: SIMD8<Double>) {
            saturated = factor * saturated + otherFactor * other.saturated
            retention = factor * retention + otherFactor * other.retention
            delay = factor * delay + otherFactor * other.delay
            first = factor * first + otherFactor * other.first
            second = factor * second + otherFactor * other.second
        }
    }

    /// Σ v_t S_t with the reference weights of the lanes; mutating as `sums` is.
    mutating func referenceSum(_ lanes: ChannelLanes) -> SIMD8<Double> {
        let values = lanes.reference
        let weights = values.span
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
    ///
    /// Mutating, though it changes nothing, so that streams in an array are read where they lie and not copied.
    mutating func sums(_ lanes: ChannelLanes, weights: Span<Double>) -> (weighted: Sums, reference: Sums) {
        let references = lanes.reference
        let reference = references.span
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
        var result =
            switch (lanes.kind.curve.parameterCount, lanes.hasReference) {
            case (1, true) where lanes.kind.leavesRise: logisticSums(hasReference: true, weight, reference)
            case (1, false) where lanes.kind.leavesRise: logisticSums(hasReference: false, weight, reference)
            case (2, true): sums(hasFirst: true, hasSecond: true, hasReference: true, weight, reference)
            case (1, true): sums(hasFirst: true, hasSecond: false, hasReference: true, weight, reference)
            case (0, true): sums(hasFirst: false, hasSecond: false, hasReference: true, weight, reference)
            case (2, false): sums(hasFirst: true, hasSecond: true, hasReference: false, weight, reference)
            case (1, false): sums(hasFirst: true, hasSecond: false, hasReference: false, weight, reference)
            default: sums(hasFirst: false, hasSecond: false, hasReference: false, weight, reference)
            }
        let f = delaySlope.span
        for row in 0..<f.count {
            result.weighted.delay += weight(row) * f[row]
            if lanes.hasReference { result.reference.delay += reference(row) * f[row] }
        }
        return result
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

    /// The same where the slopes lack the rise of the logistic curve, ½(1 − S²): making it here, from S, saves writing
    /// and reading both slopes once more.
    @inline(__always)
    private func logisticSums(
        hasReference: Bool, _ weight: (Int) -> SIMD8<Double>, _ referenceWeight: (Int) -> SIMD8<Double>
    ) -> (weighted: Sums, reference: Sums) {
        var weighted = Sums()
        var reference = Sums()
        let s = saturated.span
        let p = retentionSlope.span
        let q = firstSlope.span
        for row in 0..<s.count {
            let g = weight(row)
            let value = s[row]
            let rise = 1 - value * value
            let slope = g * rise
            weighted.saturated += g * value
            weighted.retention += slope * p[row]
            weighted.first += slope * q[row]
            if hasReference {
                let referenceSlope = referenceWeight(row) * rise
                reference.retention += referenceSlope * p[row]
                reference.first += referenceSlope * q[row]
            }
        }
        weighted.retention *= 0.5
        weighted.first *= 0.5
        reference.retention *= 0.5
        reference.first *= 0.5
        return (weighted, reference)
    }

    /// The factors that turn sums of the slope streams into derivatives; `adstock` is that of both its parameters.
    static func slopeFactors(
        _ kind: LaneKind, at parameters: Parameters
    ) -> (adstock: SIMD8<Double>, first: SIMD8<Double>, second: SIMD8<Double>) {
        let one = SIMD8<Double>(repeating: 1)
        let (first, second) = (parameters.first, parameters.second)
        var factors =
            switch kind.curve {
            case .hill: (second, (0 - second) / first, one)
            case .concaveHill: (first, 0 - one, one)
            case .logistic: (first, one, one)
            case .sigmoid: (first, one, 0 - first)
            case .root: (first, one, one)
            case .none, .log: (one, one, one)
            }
        if case .convolutionOfSaturated = kind.carryOver { factors.0 = one }
        return (adstock: factors.0, first: factors.1, second: factors.2)
    }
}

/// Geometric adstock A of eight lanes and its derivative D in the retention, as one forward recurrence.
///
/// With weights w αˡ, l < L, and w = 1/Σ αˡ, or 1 where weights are not normalised: A_t = α A_(t-1) + w x_t − w αᴸ x_(t-L), and D_t is its derivative term by
/// term. The cost does not depend on L. Both are set to exactly 0 once the last L inputs are 0: the recurrence would
/// leave residues of rounding.
struct AdstockRecurrence: Sendable {
    private let constants: RecurrenceConstants
    private var adstock = SIMD8<Double>.zero
    private var slope = SIMD8<Double>.zero
    /// Index of the next of the lanes' resets.
    private var nextReset = 0

    init(
        alpha: SIMD8<Double>, weightCounts: SIMD8<Double>, largestWeightCount: Int, isNormalized: LaneMask
    ) {
        constants = RecurrenceConstants(
            alpha: alpha, weightCounts: weightCounts, largestWeightCount: largestWeightCount,
            isNormalized: isNormalized)
    }

    /// Runs through the rows before the first period, whose adstock is not wanted.
    mutating func warmUp(_ lanes: ChannelLanes) {
        run(lanes, from: 0, to: lanes.warmUpRows) { _, _, _ in }
    }

    /// A_t and dA_t/dalpha for rows start ..< end, those of the warm-up counted, written from index `target` on; blocks
    /// come in ascending order.
    mutating func advance(
        _ lanes: ChannelLanes, from start: Int, to end: Int, at target: Int,
        adstocked: inout MutableSpan<SIMD8<Double>>, slope: inout MutableSpan<SIMD8<Double>>
    ) {
        run(lanes, from: start, to: end) { row, value, derivative in
            adstocked[row - start + target] = value
            slope[row - start + target] = derivative
        }
    }

    @inline(__always)
    private mutating func run(
        _ lanes: ChannelLanes, from start: Int, to end: Int, write: (Int, SIMD8<Double>, SIMD8<Double>) -> Void
    ) {
        let (exposures, laggedExposures) = (lanes.inputs, lanes.lagged)
        let inputs = exposures.span
        let lagged = laggedExposures.span
        let offset = lanes.largestWeightCount
        let (alpha, inputWeight, inputSlope) = (constants.alpha, constants.inputWeight, constants.inputSlope)
        let (laggedWeight, laggedSlope) = (constants.laggedWeight, constants.laggedSlope)
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
