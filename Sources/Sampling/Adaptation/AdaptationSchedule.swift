/// When a chain learns its metric.
enum AdaptationSchedule {
    /// At the end of windows, each of which begins without draws.
    case windows(WarmUpSchedule)
    /// All along, from draws that are gradually forgotten.
    case continual(FisherSchedule)

    init(_ kind: MetricKind, _ settings: ChainSettings) {
        self =
            !settings.learnsMetric
            ? .windows(WarmUpSchedule(stepSizeAlone: settings.warmup))
            : kind.usesGradients
                ? .continual(FisherSchedule(warmup: settings.warmup))
                : .windows(WarmUpSchedule(warmup: settings.warmup))
    }

    /// The last iteration that changes the metric; 0 where warm-up is too short to learn one.
    var metricEnd: Int {
        switch self {
        case .windows(let schedule): schedule.metricEnd
        case .continual(let schedule): schedule.metricEnd
        }
    }
}
