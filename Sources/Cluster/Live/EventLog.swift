import Coordination
import CoreMetrics
import Foundation
import Synchronization

/// Something that has happened in the cluster, for people and for the HTTP API.
package struct EventLine: Codable, Sendable, Hashable {
    /// When, ISO 8601, UTC.
    package var at: String
    /// `info`, `warning`, `error` or `critical`.
    package var level: String
    /// One of `EventLine.kinds`.
    package var kind: String
    package var text: String
    /// The job that it is about; nil where it is about none.
    package var job: String?
    package var task: String?
    package var worker: String?
    /// What else is to be said.
    package var details: String

    package static let kinds = LogFact.kinds
    package static let levels = ["info", "warning", "error", "critical"]

    init(_ fact: FactLine, at time: Date) {
        at = time.formatted(.iso8601)
        level = "\(fact.level)"
        kind = fact.kind
        text = fact.text
        job = fact.particulars["job"]
        task = fact.particulars["task"]
        worker = fact.particulars["worker"]
        details = fact.particulars.filter { !["job", "task", "worker", "epoch"].contains($0.key) && !$0.value.isEmpty }
            .sorted { $0.key < $1.key }.map { $0.key == "text" ? $0.value : "\($0.key): \($0.value)" }
            .joined(separator: "; ")
    }
}

/// The latest of what has happened since the coordinator's start; how often each kind of it is a metric.
package final class EventLog: Sendable {
    private struct State {
        /// The oldest first.
        var lines: [EventLine] = []
    }

    /// The metric of how often what has happened, by kind.
    package static let counterName = "tutti_events_total"

    /// Lines that are kept: some hours of a busy cluster, and a few hundred kilobytes.
    package static let countMax = 1000

    private let state = Mutex(State())
    /// By kind, with those that have not happened.
    private let counters: [String: Counter]

    /// - Parameter metrics: where is counted how often what has happened.
    init(metrics: any MetricsFactory) {
        counters = Dictionary(
            uniqueKeysWithValues: LogFact.kinds.map { kind in
                (kind, Counter(label: Self.counterName, dimensions: [("kind", kind)], factory: metrics))
            })
    }

    /// Grants are only counted: a job with many thousands of tasks would leave no room for anything else.
    func note(_ fact: FactLine, at time: Date) {
        counters[fact.kind]?.increment()
        guard fact.kind != "task_granted" else { return }
        state.withLock { state in
            state.lines.append(EventLine(fact, at: time))
            // In portions, since to remove the first moves all others.
            if state.lines.count > Self.countMax + Self.countMax / 4 {
                state.lines.removeFirst(state.lines.count - Self.countMax)
            }
        }
    }

    /// The newest first.
    package var lines: [EventLine] { state.withLock { $0.lines }.suffix(Self.countMax).reversed() }
}
