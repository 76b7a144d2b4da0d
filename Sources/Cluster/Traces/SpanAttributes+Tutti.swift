import Tracing
import Wire

/// What spans of jobs and attempts say beside their names; what OpenTelemetry has no name for begins with `tutti.`.
extension SpanAttributes {
    init(_ job: JobID) {
        self.init(["tutti.job": .int64(Int64(clamping: job.number))])
    }

    init(_ attempt: AttemptID, worker: String, from iteration: Int?) {
        self.init(attempt.task.job)
        self["tutti.task"] = Int64(attempt.task.index)
        self["tutti.attempt"] = Int64(clamping: attempt.epoch)
        self["tutti.worker"] = worker
        if let iteration { self["tutti.from_iteration"] = Int64(iteration) }
    }

    mutating func add(_ cost: AttemptCost) {
        self["tutti.gradient_evaluations"] = Int64(cost.gradientEvaluations)
        self["tutti.divergences"] = Int64(cost.divergences)
        self["tutti.cpu_seconds"] = Double(cost.cpuNanoseconds) / 1e9
    }
}

extension SpanStatus {
    static let ok = SpanStatus(code: .ok)

    static func error(_ text: String) -> SpanStatus { SpanStatus(code: .error, message: text) }
}
