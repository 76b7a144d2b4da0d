/// When a chain learns its metric.
enum AdaptationSchedule {
    /// At the end of windows, each of which begins without draws.
    case windows(WarmUpSchedule)
    /// All along, from draws that are gradually forgotten.
    case continual(FisherSchedule)

    init(_ kind: MetricKind, warmup: Int) {
        self =
            kind.usesGradients
            ? .continual(FisherSchedule(warmup: warmup)) : .windows(WarmUpSchedule(warmup: warmup))
    }

    /// The last iteration that changes the metric; 0 where warm-up is too short to learn one.
    var metricEnd: Int {
        switch self {
        case .windows(let schedule): schedule.metricEnd
        case .continual(let schedule): schedule.metricEnd
        }
    }
}
