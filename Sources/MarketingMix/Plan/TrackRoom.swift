import Kernels

/// The series of one track at one draw.
///
/// They have a value a period from the first planned one on to the last in which media of the plan work, filled up to whole
/// vectors with zeros.
struct TrackRoom {
    /// Periods from the first planned one to the last in which media of the plan work.
    let periodCount: Int
    private let lead: Int
    private let plannedCount: Int
    /// Exposures, and how they move: `lead` periods before the plan, then those of the plan, then zeros.
    private var exposures: [Double]
    private var direction: [Double]
    private var hasDirection = false
    /// What carry-over or curve makes of exposures first.
    private var inner: [Double]
    private var innerDirection: [Double]
    private var curveValues: [Double]
    private var curveSlopes: [Double]
    private var curveBends: [Double]
    private var pulled: [Double]
    /// By period: S(A)_t, or carried-over S(x)_t.
    private(set) var responses: [Double]
    /// By planned period, of Σ value · response: the derivative in the exposure, and a diagonal of what it loses as all move
    /// in their directions.
    private(set) var slopes: [Double]
    private(set) var bends: [Double]

    init(_ track: MediaPlanLayout.Track, periodCount planned: Int) {
        func whole(_ count: Int) -> Int { (count + 7) & ~7 }
        lead = track.weightCount - 1
        plannedCount = planned
        periodCount = planned + lead
        let series = [Double](repeating: 0, count: whole(periodCount))
        let long = [Double](repeating: 0, count: whole(lead + whole(periodCount)))
        exposures = long
        direction = long
        responses = series
        inner = track.saturatesFirst ? long : series
        innerDirection = series
        curveValues = track.saturatesFirst ? long : series
        curveSlopes = curveValues
        curveBends = curveValues
        pulled = [Double](repeating: 0, count: whole(planned) + whole(periodCount) + lead)
        slopes = [Double](repeating: 0, count: whole(planned))
        bends = slopes
    }

    /// - Parameter direction: how the planned exposures move; nil where nobody asks.
    mutating func set(_ history: [Double], planned: ArraySlice<Double>, direction moves: ArraySlice<Double>?) {
        Self.put(history[...], into: &exposures, from: 0)
        Self.put(planned, into: &exposures, from: lead)
        hasDirection = moves != nil
        if let moves { Self.put(moves, into: &direction, from: lead) }
    }

    mutating func respond(_ track: MediaPlanLayout.Track, weights: [Double], curve: any SaturationCurve) {
        guard track.saturatesFirst else {
            Self.carryOver(exposures, weights, into: &inner)
            if hasDirection { Self.carryOver(direction, weights, into: &innerDirection) }
            Self.derive(curve, inner, &responses, &curveSlopes, &curveBends)
            return
        }
        if let frequency = track.frequency {
            let factor = curve.derivatives(at: SIMD8(repeating: frequency)).value[0]
            for index in exposures.indices {
                curveValues[index] = factor * exposures[index]
                curveSlopes[index] = factor
            }
        } else {
            Self.derive(curve, exposures, &curveValues, &curveSlopes, &curveBends)
        }
        Self.carryOver(curveValues, weights, into: &responses)
    }

    /// - Parameter values: by period; nil for ones.
    mutating func pullBack(_ track: MediaPlanLayout.Track, weights: [Double], values: [Double]?) {
        func value(_ period: Int) -> Double { period < periodCount ? values?[period] ?? 1 : 0 }
        if track.saturatesFirst {
            for period in responses.indices { pulled[period] = value(period) }
            Self.carryBack(pulled, weights, into: &slopes)
            for period in 0..<plannedCount {
                let total = slopes[period]
                slopes[period] = total * curveSlopes[lead + period]
                bends[period] = total * abs(curveBends[lead + period]) * direction[lead + period]
            }
            return
        }
        Self.put(curveSlopes, value, into: &pulled)
        Self.carryBack(pulled, weights, into: &slopes)
        Self.put(curveBends, innerDirection, value, into: &pulled)
        Self.carryBack(pulled, weights, into: &bends)
    }

    private static func put(_ values: ArraySlice<Double>, into target: inout [Double], from start: Int) {
        var span = target.mutableSpan
        var index = start
        for value in values {
            span[index] = value
            index += 1
        }
    }

    /// Products of slopes and values.
    private static func put(_ slopes: [Double], _ value: (Int) -> Double, into target: inout [Double]) {
        var span = target.mutableSpan
        for period in slopes.indices { span[period] = value(period) * slopes[period] }
    }

    /// Products of values, sizes of bends, and directions.
    private static func put(
        _ bends: [Double], _ direction: [Double], _ value: (Int) -> Double, into target: inout [Double]
    ) {
        var span = target.mutableSpan
        for period in bends.indices { span[period] = value(period) * abs(bends[period]) * direction[period] }
    }

    private static func derive(
        _ curve: any SaturationCurve, _ adstocked: [Double], _ values: inout [Double], _ slopes: inout [Double],
        _ bends: inout [Double]
    ) {
        var valueSpan = values.mutableSpan
        var slopeSpan = slopes.mutableSpan
        var bendSpan = bends.mutableSpan
        curve.derive(adstocked.span, &valueSpan, &slopeSpan, &bendSpan)
    }

    private static func carryOver(_ x: [Double], _ weights: [Double], into y: inout [Double]) {
        var output = y.mutableSpan
        Convolution.carryOver(x.span, weights.span, into: &output)
    }

    private static func carryBack(_ x: [Double], _ weights: [Double], into y: inout [Double]) {
        var output = y.mutableSpan
        Convolution.carryBack(x.span, weights.span, into: &output)
    }
}
