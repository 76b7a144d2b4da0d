import Cluster
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore

/// For who keeps the coordinator running.
extension API {
    var healthOperations: [Operation] {
        [
            Operation(
                name: "getHealth", path: "/healthz", summary: "Is the coordinator alive?", role: nil,
                answers: [Operation.Answer(status: 200, text: "Yes.", content: ["text/plain": ["type": "string"]])],
                handler: { _ in plain("ok\n") }),
            Operation(
                name: "getReadiness", path: "/readyz", summary: "Can work be submitted?", role: nil,
                answers: [
                    Operation.Answer(status: 200, text: "Yes.", content: ["text/plain": ["type": "string"]]),
                    .problem(503, "No: nothing can be stored."),
                ],
                handler: { _ in
                    guard service.isReady else {
                        throw Problem(
                            .serviceUnavailable, "nothing can be stored: the disk is full, or the ledger failed")
                    }
                    return plain("ready\n")
                }),
            Operation(
                name: "getMetrics", path: "/metrics", summary: "Get metrics for Prometheus",
                text: "Of all projects together.",
                answers: [
                    Operation.Answer(
                        status: 200, text: "Metrics in Prometheus' text format.",
                        content: ["text/plain": ["type": "string"]])
                ],
                handler: { _ in
                    var response = plain(metrics().text)
                    response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
                    return response
                }),
        ]
    }

    private func plain(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private func metrics() -> PrometheusText {
        let content = service.content
        let queue = QueueReply(jobs: content.jobs, workers: content.workers)
        var text = PrometheusText()
        text.gauge("tutti_build_info", "The version of the coordinator.", [(["version": Build.version], 1)])
        text.gauge("tutti_ready", "Whether work can be stored: 1 or 0.", [([:], service.isReady ? 1 : 0)])
        text.gauge(
            "tutti_jobs", "Jobs by state.", QueueReply.jobStates.map { (["state": $0], queue.jobs[$0] ?? 0) })
        text.gauge(
            "tutti_tasks", "Tasks by state.",
            [
                (["state": "ready"], queue.tasks.ready), (["state": "leased"], queue.tasks.leased),
                (["state": "done"], queue.tasks.done), (["state": "quarantined"], queue.tasks.quarantined),
                (["state": "failed"], queue.tasks.failed), (["state": "cancelled"], queue.tasks.cancelled),
            ])
        text.gauge(
            "tutti_jobs_without_worker", "Jobs whose tasks wait, and no worker has come for two minutes.",
            [([:], content.jobs.count { $0.waitsForWorker })])
        text.gauge("tutti_workers", "Workers that are connected.", [([:], queue.workers)])
        text.gauge("tutti_slots", "Tasks that they can run at once.", [([:], queue.slots)])
        text.gauge("tutti_slots_busy", "Tasks that they run now.", [([:], queue.busySlots)])
        let silence = content.workers.map(content.silence).max() ?? 0
        text.gauge(
            "tutti_worker_silence_seconds", "Seconds since the worker that is silent longest was heard.",
            [([:], Int(silence.rounded()))])
        let pace = content.jobs.lazy.filter(ClusterOverview.isRunning).compactMap { content.pace(of: $0.id)?.total }
            .reduce(Pace.none, +)
        text.gauge(
            "tutti_iterations_per_second", "Iterations of all tasks a second, over the last seconds.",
            [([:], Int(pace.iterations.rounded()))])
        text.gauge(
            "tutti_gradients_per_second", "Evaluations of the gradient a second, of all tasks, over the last seconds.",
            [([:], Int(pace.gradients.rounded()))])
        let wanted = WantedSlots(content.jobs)
        text.gauge(
            "tutti_slots_wanted", "Slots that there is work for: tasks that wait and tasks that run.",
            [([:], wanted.count)])
        text.gauge(
            "tutti_slots_wanted_within", "Of those, slots for tasks that need no more memory than that.",
            WantedSlots.gibibytes.map { (["memory": "\($0)G"], wanted.count(withinGibibytes: $0)) })
        text.counter(
            "tutti_events_total", "What has happened since the coordinator's start, by kind.",
            service.events.counts.map { (["kind": $0.kind], $0.count) })
        text.counter(
            "tutti_http_requests_total", "Requests to the API, by operation and status.",
            counts.all.map { (["operation": $0.key.operation, "status": String($0.key.status)], $0.count) })
        return text
    }
}

/// Metrics in Prometheus' text format, version 0.0.4.
struct PrometheusText {
    typealias Sample = (labels: [String: String], value: Int)

    private(set) var text = ""

    mutating func gauge(_ name: String, _ help: String, _ samples: [Sample]) {
        add(name, help, "gauge", samples)
    }

    mutating func counter(_ name: String, _ help: String, _ samples: [Sample]) {
        add(name, help, "counter", samples)
    }

    private mutating func add(_ name: String, _ help: String, _ kind: String, _ samples: [Sample]) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
        for sample in samples {
            let labels = sample.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
            text += name + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") + " \(sample.value)\n"
        }
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
