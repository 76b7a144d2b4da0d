/// When, during warm-up, the metric is estimated: a first buffer in which only the step size
/// adapts, windows of doubling length at whose end the metric is replaced, and a last buffer for
/// the step size again (Stan Reference Manual, "Automatic parameter tuning").
package struct WarmUpSchedule: Sendable, Hashable {
    /// Number of warm-up iterations.
    package let warmup: Int
    /// Completed iterations at which a stage ends, ascending: end of the first buffer, end of each
    /// window, end of warm-up. Below 20 iterations the only stage is the whole of warm-up.
    package let stageEnds: [Int]

    static let firstBuffer = 75
    static let firstWindow = 25
    static let lastBuffer = 50
    /// Fewer draws than this say too little about a variance.
    static let shortestForMetric = 20

    /// One stage, in which the metric stays as it is.
    init(stepSizeAlone warmup: Int) {
        self.warmup = warmup
        stageEnds = [warmup]
    }

    package init(warmup: Int) {
        self.warmup = warmup
        guard warmup >= Self.shortestForMetric else {
            stageEnds = [warmup]
            return
        }
        var buffer = Self.firstBuffer
        var window = Self.firstWindow
        var last = Self.lastBuffer
        if buffer + window + last > warmup {
            buffer = Int(0.15 * Double(warmup))
            last = Int(0.10 * Double(warmup))
            window = warmup - buffer - last
        }
        let slowEnd = warmup - last
        var ends = [buffer, buffer + window]
        while ends[ends.count - 1] != slowEnd {
            window *= 2
            let end = ends[ends.count - 1] + window
            // A window that leaves no room for the next one, twice as long, takes all that is left.
            let nextFits = end == slowEnd || end - 1 + 2 * window < slowEnd
            ends.append(nextFits ? end : slowEnd)
        }
        stageEnds = ends + [warmup]
    }

    /// The last iteration that changes the metric; 0 where there is no window.
    var metricEnd: Int { stageEnds.count > 1 ? stageEnds[stageEnds.count - 2] : 0 }

    /// Whether the draw of this iteration (1-based) belongs to a window of the metric.
    func isInWindow(_ iteration: Int) -> Bool {
        stageEnds.count > 1 && iteration > stageEnds[0] && iteration <= stageEnds[stageEnds.count - 2]
    }

    /// Whether a window of the metric ends with this iteration (1-based).
    func endsWindow(_ iteration: Int) -> Bool {
        stageEnds.count > 1 && stageEnds[1..<(stageEnds.count - 1)].contains(iteration)
    }
}
