import CoreMetrics
import Synchronization

/// Metrics of this process as values that Prometheus asks for: a back end of swift-metrics.
///
/// What is declared comes first and in that order, with its help; what a library makes beside that follows by name. Samples
/// of a metric stand in the order in which they were first made.
package final class PrometheusRegistry: MetricsFactory {
    /// A metric that is there before its first sample.
    package struct Declaration: Sendable {
        let name: String
        let help: String
        let kind: MetricKind

        package static func gauge(_ name: String, _ help: String) -> Declaration {
            Declaration(name: name, help: help, kind: .gauge)
        }

        package static func counter(_ name: String, _ help: String) -> Declaration {
            Declaration(name: name, help: help, kind: .counter)
        }

        /// Of times in seconds.
        package static func histogram(_ name: String, _ help: String) -> Declaration {
            Declaration(name: name, help: help, kind: .histogram)
        }
    }

    /// What all samples of a name share.
    private struct Family: Sendable {
        var kind: MetricKind
        var help: String?
        /// In the order in which they were first made.
        var cells: [(labels: String, cell: any MetricCell)] = []
    }

    private struct Content: Sendable {
        var declared: [String] = []
        var families: [String: Family] = [:]
    }

    private let content: Mutex<Content>

    package init(_ declarations: [Declaration]) {
        var content = Content()
        for declaration in declarations {
            content.declared.append(declaration.name)
            content.families[declaration.name] = Family(kind: declaration.kind, help: declaration.help)
        }
        self.content = Mutex(content)
    }

    /// Everything in Prometheus' text format, version 0.0.4.
    package var text: String {
        let content = content.withLock { $0 }
        let others = content.families.keys.filter { !content.declared.contains($0) }.sorted()
        var text = ""
        for name in content.declared + others {
            guard let family = content.families[name] else { continue }
            if let help = family.help { text += "# HELP \(name) \(PrometheusName.escapedHelp(help))\n" }
            text += "# TYPE \(name) \(family.kind)\n"
            for (labels, cell) in family.cells { text += cell.lines(name, labels) }
        }
        return text
    }

    /// The cell of these labels, made where there is none. What a name already is in another kind is counted nowhere: a
    /// scrape must have one kind of each name.
    private func cell<Cell: MetricCell>(
        _ kind: MetricKind, _ label: String, _ dimensions: [(String, String)], _ make: () -> Cell
    ) -> Cell {
        let name = PrometheusName.metric(label)
        let labels = PrometheusName.labels(dimensions)
        return content.withLock { content in
            var family = content.families[name] ?? Family(kind: kind)
            guard family.kind == kind else { return make() }
            if let known = family.cells.first(where: { $0.labels == labels })?.cell as? Cell { return known }
            let new = make()
            family.cells.append((labels, new))
            content.families[name] = family
            return new
        }
    }

    private func remove(_ cell: AnyObject) {
        content.withLock { content in
            for name in content.families.keys {
                content.families[name]?.cells.removeAll { $0.cell === cell }
            }
        }
    }

    // MARK: The factory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        cell(.counter, label, dimensions) { CounterCell() }
    }

    /// - Parameter aggregate: false for a gauge.
    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate
            ? cell(.histogram, label, dimensions) { HistogramCell() }
            : cell(.gauge, label, dimensions) { GaugeCell() }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        cell(.histogram, label, dimensions) { HistogramCell() }
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }

    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }

    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
