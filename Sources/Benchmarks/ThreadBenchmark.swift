import CBenchmarks
import Foundation
import Glibc
import MarketingMix
import ModelDefinition

/// Processor time of one chain's gradients while another core does the same, over that alone.
enum ThreadBenchmark {
    /// No row where there is one core only.
    static func rows() -> [Row] {
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        guard cores >= 2 else { return [] }
        let model = BenchmarkModels.national(periods: 179, channels: 8, controls: 12)
        let ratios = (0..<15).map { _ -> Double in
            let alone = secondsTogether(model, cores: [cores - 1])[0]
            return secondsTogether(model, cores: [cores - 1, cores - 2]).reduce(0, +) / (2 * alone)
        }
        return [Row("CPU time of a gradient, two cores at once ÷ one", median(ratios), "ratio", .atMost(1.05))]
    }

    private final class Results: @unchecked Sendable {
        private let lock = NSLock()
        private var values: [Double] = []

        func append(_ value: Double) { lock.withLock { values.append(value) } }
        var all: [Double] { lock.withLock { values } }
    }

    private static func secondsTogether(_ model: MarketingMixModel, cores: [Int]) -> [Double] {
        let results = Results()
        let finished = DispatchSemaphore(value: 0)
        for core in cores {
            let thread = Thread {
                // The whole program is pinned to one core, and threads inherit that: two of them would take turns on it
                // and could not disturb each other.
                precondition(bind_thread(Int32(core)) == 0, "core \(core) is not to be had")
                results.append(GradientBenchmark.seconds(model, form: .marginal, calls: 400))
                finished.signal()
            }
            thread.start()
        }
        for _ in cores { finished.wait() }
        return results.all
    }
}
