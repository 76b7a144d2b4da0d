import CoreMetrics
import Synchronization

/// What Prometheus calls the type of a metric.
enum MetricKind: String, Sendable, CustomStringConvertible {
    case counter, gauge, histogram

    var description: String { rawValue }
}

/// The value of one metric with its labels.
protocol MetricCell: AnyObject, Sendable {
    /// Its samples, a line each.
    /// - Parameter labels: as they stand between braces; empty for none.
    func lines(_ name: String, _ labels: String) -> String
}

/// A count that only grows.
final class CounterCell: MetricCell, CounterHandler {
    private let count = Mutex<Int64>(0)

    func increment(by amount: Int64) {
        count.withLock { count in
            let (sum, isTooLarge) = count.addingReportingOverflow(amount)
            count = isTooLarge ? .max : sum
        }
    }

    func reset() { count.withLock { $0 = 0 } }

    func lines(_ name: String, _ labels: String) -> String {
        "\(name)\(PrometheusName.braced(labels)) \(count.withLock { $0 })\n"
    }
}

/// What was measured last.
final class GaugeCell: MetricCell, RecorderHandler {
    private let value = Mutex<Double>(0)

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) { self.value.withLock { $0 = value } }

    func lines(_ name: String, _ labels: String) -> String {
        "\(name)\(PrometheusName.braced(labels)) \(PrometheusName.number(value.withLock { $0 }))\n"
    }
}

/// How often what was measured came to at most this much; times in seconds.
final class HistogramCell: MetricCell, RecorderHandler, TimerHandler {
    private struct Content: Sendable {
        /// By bucket, without those below; the last is beyond all bounds.
        var counts = Array(repeating: 0, count: bounds.count + 1)
        var sum = 0.0
    }

    /// Those of Prometheus' own libraries: from a page that is there already to one that somebody waits for.
    static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private let content = Mutex(Content())

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        // What is no number is in no bucket, and would spoil the sum for good.
        guard value.isFinite else { return }
        let bucket = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        content.withLock { content in
            content.counts[bucket] += 1
            content.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func lines(_ name: String, _ labels: String) -> String {
        let content = content.withLock { $0 }
        var text = ""
        var count = 0
        for (bound, more) in zip(Self.bounds.map(PrometheusName.number) + ["+Inf"], content.counts) {
            count += more
            let all = (labels.isEmpty ? "" : labels + ",") + "le=\"\(bound)\""
            text += "\(name)_bucket\(PrometheusName.braced(all)) \(count)\n"
        }
        text += "\(name)_sum\(PrometheusName.braced(labels)) \(PrometheusName.number(content.sum))\n"
        text += "\(name)_count\(PrometheusName.braced(labels)) \(count)\n"
        return text
    }
}
