import Cluster
import CoreMetrics
import PrometheusMetrics

/// The coordinator's metrics: all that have a help, and those that are measured when somebody asks.
package enum CoordinatorMetrics {
    static let requests = "tutti_http_requests_total"
    static let requestDuration = "tutti_http_request_duration_seconds"
    static let droppedSpans = "tutti_trace_spans_dropped_total"

    /// A registry with all of them, for the one coordinator of a process.
    package static func registry() -> PrometheusRegistry {
        PrometheusRegistry([
            .gauge("tutti_build_info", "The version of the coordinator."),
            .gauge("tutti_ready", "Whether work can be stored: 1 or 0."),
            .gauge("tutti_jobs", "Jobs by state."),
            .gauge("tutti_tasks", "Tasks by state."),
            .gauge("tutti_jobs_without_worker", "Jobs whose tasks wait, and no worker has come for two minutes."),
            .gauge("tutti_workers", "Workers that are connected."),
            .gauge("tutti_slots", "Tasks that they can run at once."),
            .gauge("tutti_slots_busy", "Tasks that they run now."),
            .gauge(
                "tutti_worker_silence_seconds", "Seconds since the worker that is silent longest was heard."),
            .gauge("tutti_iterations_per_second", "Iterations of all tasks a second, over the last seconds."),
            .gauge(
                "tutti_gradients_per_second",
                "Evaluations of the gradient a second, of all tasks, over the last seconds."),
            .gauge("tutti_slots_wanted", "Slots that there is work for: tasks that wait and tasks that run."),
            .gauge(
                "tutti_slots_wanted_within", "Of those, slots for tasks that need no more memory than that."),
            .counter(EventLog.counterName, "What has happened since the coordinator's start, by kind."),
            .counter(requests, "Requests to the API, by operation and status."),
            .histogram(requestDuration, "Seconds until the answer to a request begins, by operation."),
            .counter(
                droppedSpans, "Spans that the file of traces has not, since it was written too slowly or not at all."),
        ])
    }

    /// Counts spans that a tracer drops, from 0 on, so that the first one is an increase.
    package static func countingDroppedSpans(in factory: any MetricsFactory) -> @Sendable (Int) -> Void {
        let counter = Counter(label: droppedSpans, factory: factory)
        return { counter.increment(by: $0) }
    }

    /// Measures what the queue looks like now.
    static func measure(_ service: CoordinatorService, into factory: any MetricsFactory) {
        func gauge(_ name: String, _ value: Int, _ labels: [(String, String)] = []) {
            Gauge(label: name, dimensions: labels, factory: factory).record(value)
        }
        let content = service.content
        let queue = QueueReply(jobs: content.jobs, workers: content.workers)
        gauge("tutti_build_info", 1, [("version", Build.version)])
        gauge("tutti_ready", service.isReady ? 1 : 0)
        for state in QueueReply.jobStates { gauge("tutti_jobs", queue.jobs[state] ?? 0, [("state", state)]) }
        for (state, count) in [
            ("ready", queue.tasks.ready), ("leased", queue.tasks.leased), ("done", queue.tasks.done),
            ("quarantined", queue.tasks.quarantined), ("failed", queue.tasks.failed),
            ("cancelled", queue.tasks.cancelled),
        ] {
            gauge("tutti_tasks", count, [("state", state)])
        }
        gauge("tutti_jobs_without_worker", content.jobs.count { $0.waitsForWorker })
        gauge("tutti_workers", queue.workers)
        gauge("tutti_slots", queue.slots)
        gauge("tutti_slots_busy", queue.busySlots)
        let silence = content.workers.map(content.silence).max() ?? 0
        gauge("tutti_worker_silence_seconds", Int(silence.rounded()))
        let pace = content.jobs.lazy.filter(ClusterOverview.isRunning).compactMap { content.pace(of: $0.id)?.total }
            .reduce(Pace.none, +)
        gauge("tutti_iterations_per_second", Int(pace.iterations.rounded()))
        gauge("tutti_gradients_per_second", Int(pace.gradients.rounded()))
        let wanted = WantedSlots(content.jobs)
        gauge("tutti_slots_wanted", wanted.count)
        for memory in WantedSlots.gibibytes {
            gauge("tutti_slots_wanted_within", wanted.count(withinGibibytes: memory), [("memory", "\(memory)G")])
        }
    }
}
