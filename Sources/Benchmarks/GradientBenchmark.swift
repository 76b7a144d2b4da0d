import CPlainModel
import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Sampling

/// Gradients against a plainly written C version of the same model at -O3 -march=native.
enum GradientBenchmark {
    struct Disagreement: Error, CustomStringConvertible {
        let description: String
    }

    /// The bound on the ratio, for a plain build and for one with AVX2.
    struct Bounds {
        var plain: Double
        var wide: Double
    }

    static func rows(hasWideVectors: Bool) throws -> [Row] {
        func bound(_ bounds: Bounds) -> Row.Target { .atMost(hasWideVectors ? bounds.wide : bounds.plain) }
        let national = BenchmarkModels.national(periods: 179, channels: 8, controls: 12)
        let panel = BenchmarkModels.national(periods: 156, channels: 8, controls: 12, geos: 50)
        var rows = try compare(
            "national logistic, T 179, C 8, K 12", national, calls: 200, bound(Bounds(plain: 0.35, wide: 0.22)))
        rows += try compare(
            "50 geos × 156 weeks, C 8, K 12", panel, calls: 5, hasWideVectors ? .atMost(0.22) : .none)
        rows += leapfrog("national", national, transitions: 300, .atMost(1.2))
        rows += leapfrog("50 geos", panel, transitions: 20, .atMost(1.05))
        for (name, model) in [
            (
                "national Hill, T 179, C 8, K 12",
                BenchmarkModels.national(
                    periods: 179, channels: 8, controls: 12, saturation: .hill)
            ),
            ("national logistic, C 2", BenchmarkModels.national(periods: 179, channels: 2, controls: 12)),
            ("national logistic, C 24", BenchmarkModels.national(periods: 179, channels: 24, controls: 12)),
            ("national logistic, C 60", BenchmarkModels.national(periods: 179, channels: 60, controls: 12)),
        ] {
            rows.append(
                Row("gradient, \(name), marginal form", seconds(model, form: .marginal, calls: 100) * 1e6, "µs"))
        }
        return rows
    }

    /// Median seconds of one evaluation at a draw from the prior.
    static func seconds(_ model: MarketingMixModel, form: PosteriorForm, calls: Int) -> Double {
        let posterior = model.posterior(form: form, weights: nil)
        let density = posterior.density()
        let position = posterior.samplerPosition(constrained: typical(model))
        return SideBySide(repetitions: 41, calls: calls, { _ = evaluate(density, position) }, {}).first
    }

    /// Parameters near the prior's middle.
    static func typical(_ model: MarketingMixModel) -> [Double] {
        model.layout.blocks.flatMap(\.priors).map { prior in
            prior.support == .real ? 0.1 : min(0.6, prior.mean ?? 0.6)
        }
    }

    private static func evaluate(_ density: any LogDensity, _ position: [Double]) -> Double {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: position.count) { buffer in
            buffer.initialize(repeating: 0)
            var gradient = buffer.mutableSpan
            return density.evaluate(at: position.span, gradient: &gradient)
        }
    }

    private static func compare(
        _ name: String, _ model: MarketingMixModel, calls: Int, _ target: Row.Target
    ) throws -> [Row] {
        let plain = PlainModel(model)
        let values = typical(model)
        let point = model.unconstrain(values)
        let own = model.evaluate(unconstrained: point)
        let gradient = plain.gradient(at: point)
        for (ours, theirs) in zip(own.gradient, gradient)
        where abs(ours - theirs) > 1e-9 * max(1, abs(theirs)) {
            throw Disagreement(description: "\(name): the C gradient is \(theirs) where ours is \(ours)")
        }
        let posterior = model.posterior(form: .joint, weights: nil)
        let density = posterior.density()
        let position = posterior.samplerPosition(constrained: values)
        // Constants are left out on either side, so the values agree in their difference between two points.
        let others = values.map { 0.9 * $0 }
        let ours =
            evaluate(density, position) - evaluate(density, posterior.samplerPosition(constrained: others))
        let theirs = plain.evaluate(at: point) - plain.evaluate(at: model.unconstrain(others))
        guard abs(ours - theirs) <= 1e-9 * max(1, abs(theirs)) else {
            throw Disagreement(description: "\(name): the C value differs by \(theirs) where ours does by \(ours)")
        }
        let result = SideBySide(calls: calls, { _ = evaluate(density, position) }, { _ = plain.evaluate(at: point) })
        return [
            Row("gradient, \(name), joint form", result.first * 1e6, "µs"),
            Row("gradient, \(name), plain C", result.second * 1e6, "µs"),
            Row("gradient, \(name) ÷ plain C", result.ratio, "ratio", target),
        ]
    }

    /// What the sampler adds to a gradient.
    private static func leapfrog(
        _ name: String, _ model: MarketingMixModel, transitions: Int, _ target: Row.Target
    ) -> [Row] {
        let posterior = model.posterior(form: .joint, weights: nil)
        let density = posterior.density()
        let key = StreamKey(seed: 5, kind: 1, index: 0)
        let start = posterior.samplerPosition(constrained: typical(model))
        let settings = ChainSettings(warmup: 60, draws: transitions, metric: .diagonal)
        guard var chain = try? Chain(density: density, settings: settings, key: key, start: start) else { return [] }
        while chain.isWarmingUp { _ = chain.step() }
        var ratios: [Double] = []
        for _ in 0..<transitions {
            let position = chain.position
            let gradients = chain.gradientEvaluations
            let begin = threadSeconds()
            _ = chain.step()
            let middle = threadSeconds()
            let count = chain.gradientEvaluations - gradients
            for _ in 0..<count { _ = evaluate(density, position) }
            ratios.append((middle - begin) / (threadSeconds() - middle))
        }
        return [Row("leapfrog ÷ gradient, \(name)", median(ratios), "ratio", target)]
    }
}

/// The C model on the scaled data of a Swift one.
private final class PlainModel {
    private let kpi: [Double]
    private let media: [Double]
    private let regressors: [Double]
    private var work: [Double]
    private var result: [Double]
    private let periods: Int
    private let channels: Int
    private let controls: Int

    init(_ model: MarketingMixModel) {
        let data = model.dataset
        let scaling = model.scaling
        periods = data.periodCount
        kpi = data.kpi.map { ($0 - scaling.kpiShift) / scaling.kpiScale }
        media = zip(data.exposure, scaling.channelScales).flatMap { series, scale in series.map { $0 / scale } }
        regressors = data.controls.enumerated().flatMap { index, control in
            control.values.map { ($0 - scaling.controlMeans[index]) / scaling.controlScales[index] }
        }
        channels = data.exposure.count
        controls = data.controls.count
        work = [Double](repeating: 0, count: plain_model_work_size(Int32(data.kpi.count), Int32(data.exposure.count)))
        result = [Double](repeating: 0, count: model.dimension)
    }

    func evaluate(at position: [Double]) -> Double {
        kpi.withUnsafeBufferPointer { kpi in
            media.withUnsafeBufferPointer { media in
                regressors.withUnsafeBufferPointer { regressors in
                    work.withUnsafeMutableBufferPointer { work in
                        var model = plain_model(
                            periods: Int32(periods), geos: Int32(kpi.count / periods), channels: Int32(channels),
                            controls: Int32(controls), lags: 8,
                            kpi: kpi.baseAddress, media: media.baseAddress, regressors: regressors.baseAddress,
                            work: work.baseAddress)
                        return plain_model_gradient(&model, position, &result)
                    }
                }
            }
        }
    }

    func gradient(at position: [Double]) -> [Double] {
        _ = evaluate(at: position)
        return result
    }
}
