import CBenchmarks
import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Sampling

/// Blocks of memory asked for by gradients, and by transitions after warm-up.
enum AllocationBenchmark {
    struct BlindCounter: Error, CustomStringConvertible {
        let description = "the counter does not see the allocations of Swift arrays"
    }

    static func rows() throws -> [Row] {
        guard count({ blackHole([Double](repeating: 1, count: 1000)) }) > 0 else { throw BlindCounter() }
        let logistic = BenchmarkModels.national(periods: 179, channels: 8, controls: 12)
        let panel = BenchmarkModels.panel(geos: 6, periods: 52, channels: 3)
        let hill = BenchmarkModels.national(periods: 179, channels: 8, controls: 12, saturation: .hill)
        var rows: [Row] = []
        for (name, model) in [("national logistic", logistic), ("national Hill", hill), ("pooled panel", panel)] {
            for form in [PosteriorForm.joint, .whitened, .marginal] {
                let allocations = perGradient(model, form: form)
                rows.append(
                    Row("allocations per gradient, \(name), \(form) form", allocations, "blocks", .atMost(0)))
            }
        }
        for metric in [MetricKind.diagonal, .dense, .fisherDiagonal, .fisherLowRank] {
            let allocations = try perTransition(logistic, metric: metric)
            rows.append(
                Row("allocations per transition, national logistic, \(metric)", allocations, "blocks", .atMost(0)))
        }
        return rows
    }

    private static func perGradient(_ model: MarketingMixModel, form: PosteriorForm) -> Double {
        let posterior = model.posterior(form: form, weights: nil)
        let density = posterior.density()
        let position = posterior.samplerPosition(constrained: GradientBenchmark.typical(model))
        var gradient = [Double](repeating: 0, count: position.count)
        let evaluations = 1000
        func evaluate() {
            var span = gradient.mutableSpan
            _ = density.evaluate(at: position.span, gradient: &span)
        }
        // Left out: arrays that share storage get their own when they are first written.
        evaluate()
        return count { for _ in 0..<evaluations { evaluate() } } / Double(evaluations)
    }

    /// In the form in which models are shipped. Transitions that diverge keep their place, so they are not counted.
    private static func perTransition(_ model: MarketingMixModel, metric: MetricKind) throws -> Double {
        let posterior = model.posterior(form: .marginal, weights: nil)
        let settings = ChainSettings(warmup: 300, draws: 500, metric: metric)
        var chain = try Chain(
            density: posterior.density(), settings: settings, key: StreamKey(seed: 6, kind: 1, index: 0),
            start: posterior.samplerPosition(constrained: GradientBenchmark.typical(model)))
        while chain.isWarmingUp { _ = chain.step() }
        var allocations = 0.0
        while !chain.isFinished {
            var isDiverging = false
            let found = count { isDiverging = chain.step().diverging }
            if !isDiverging { allocations += found }
        }
        return allocations / Double(settings.draws)
    }

    private static func count(_ work: () -> Void) -> Double {
        let before = thread_allocations()
        work()
        return Double(thread_allocations() - before)
    }

    /// Keeps the optimiser from leaving an unused array out.
    @inline(never)
    private static func blackHole(_ values: [Double]) { precondition(!values.isEmpty) }
}
