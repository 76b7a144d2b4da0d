import CoreMetrics
import PrometheusMetrics
import Testing

/// Expected by hand from Prometheus' description of its text format, version 0.0.4.
@Suite("metrics in Prometheus' text format")
struct PrometheusRegistryTests {
    private let registry = PrometheusRegistry([
        .gauge("slots", "Slots that\nthere \\are."), .counter("events_total", "What has happened."),
        .histogram("wait_seconds", "How long."),
    ])

    @Test("what is declared is there before its first sample, in order and with its help")
    func declared() {
        #expect(
            registry.text == """
                # HELP slots Slots that\\nthere \\\\are.
                # TYPE slots gauge
                # HELP events_total What has happened.
                # TYPE events_total counter
                # HELP wait_seconds How long.
                # TYPE wait_seconds histogram

                """)
    }

    @Test("a gauge says what was recorded last, a counter the sum, each with its labels by name")
    func values() {
        let first = [("state", "a\"b\\c\nd"), ("kind", "x")]
        Gauge(label: "slots", dimensions: first, factory: registry).record(7)
        Gauge(label: "slots", dimensions: first.reversed(), factory: registry).record(3)
        Gauge(label: "slots", factory: registry).record(0.25)
        for amount in [2, 40] { Counter(label: "events_total", factory: registry).increment(by: amount) }
        let lines = registry.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                "slots{kind=\"x\",state=\"a\\\"b\\\\c\\nd\"} 3", "slots 0.25", "events_total 42",
            ])
    }

    @Test("buckets of a histogram count what is at most their bound, in seconds")
    func histogram() {
        let timer = Timer(label: "wait_seconds", dimensions: [("operation", "get")], factory: registry)
        // On a bound, between two, and beyond all; each a sum of powers of two, which is exact.
        timer.recordNanoseconds(3_906_250)
        timer.recordMilliseconds(250)
        timer.recordSeconds(3)
        timer.recordSeconds(11)
        Recorder(label: "wait_seconds", dimensions: [("operation", "get")], factory: registry).record(Double.nan)
        let bounds: [(String, Int)] = [
            ("0.005", 1), ("0.01", 1), ("0.025", 1), ("0.05", 1), ("0.1", 1), ("0.25", 2), ("0.5", 2), ("1", 2),
            ("2.5", 2), ("5", 3), ("10", 3), ("+Inf", 4),
        ]
        let expected =
            bounds.map { "wait_seconds_bucket{operation=\"get\",le=\"\($0)\"} \($1)" }
            + ["wait_seconds_sum{operation=\"get\"} 14.25390625", "wait_seconds_count{operation=\"get\"} 4"]
        #expect(
            registry.text.split(separator: "\n").filter { $0.hasPrefix("wait_seconds") }
                == expected[...].map { $0[...] })
    }

    @Test("what a library makes follows by name, with names that Prometheus takes; another kind of a name is not shown")
    func undeclared() {
        Gauge(label: "http.pool-size", dimensions: [("pool.name", "é")], factory: registry).record(2)
        Counter(label: "a/b", factory: registry).increment()
        Counter(label: "9lives", factory: registry).increment()
        Counter(label: "slots", factory: registry).increment()
        let lines = registry.text.split(separator: "\n").map(String.init)
        #expect(
            lines.suffix(6) == [
                "# TYPE _9lives counter", "_9lives 1", "# TYPE a_b counter", "a_b 1", "# TYPE http_pool_size gauge",
                "http_pool_size{pool_name=\"é\"} 2",
            ])
        #expect(!lines.contains { $0.hasPrefix("slots") })
    }

    @Test("what is destroyed is no longer shown, and begins anew")
    func destroyed() {
        let counter = Counter(label: "events_total", factory: registry)
        counter.increment(by: 5)
        counter.destroy()
        #expect(!registry.text.contains("events_total 5"))
        Counter(label: "events_total", factory: registry).increment()
        #expect(registry.text.contains("\nevents_total 1\n"))
    }

    @Test("counts of many threads at once are all there")
    func concurrent() async {
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask { [registry] in
                    for _ in 0..<1000 {
                        Counter(
                            label: "events_total", dimensions: [("kind", "\(number % 2)")], factory: registry
                        ).increment()
                    }
                }
            }
        }
        #expect(registry.text.contains("events_total{kind=\"0\"} 4000"))
        #expect(registry.text.contains("events_total{kind=\"1\"} 4000"))
    }
}
