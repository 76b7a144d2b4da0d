import Densities
import Foundation
import MarketingMix

/// Processor time of one chain's gradients while another thread does the same, over that alone.
enum ThreadBenchmark {
    static func rows() -> [Row] {
        let model = BenchmarkModels.national(periods: 179, channels: 8, controls: 12)
        let ratios = (0..<15).map { _ -> Double in
            let alone = secondsTogether(model, threads: 1)[0]
            return secondsTogether(model, threads: 2).reduce(0, +) / (2 * alone)
        }
        return [Row("CPU time of a gradient, two threads ÷ one", median(ratios), "ratio", .atMost(1.05))]
    }

    private final class Results: @unchecked Sendable {
        private let lock = NSLock()
        private var values: [Double] = []

        func append(_ value: Double) { lock.withLock { values.append(value) } }
        var all: [Double] { lock.withLock { values } }
    }

    private static func secondsTogether(_ model: MarketingMixModel, threads: Int) -> [Double] {
        let results = Results()
        let finished = DispatchSemaphore(value: 0)
        for _ in 0..<threads {
            let thread = Thread {
                results.append(GradientBenchmark.seconds(model, form: .marginal, calls: 100))
                finished.signal()
            }
            thread.start()
        }
        for _ in 0..<threads { finished.wait() }
        return results.all
    }
}
