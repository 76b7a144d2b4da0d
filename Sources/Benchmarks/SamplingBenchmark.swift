import Fitting
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import ModelFile
import Posterior
import Sampling

/// Effective draws of whole fits: four chains, warm-up and the recovery of all parameters counted.
enum SamplingBenchmark {
    /// What four chains brought.
    private struct Outcome {
        /// Least bulk effective sample size over all parameters.
        var effectiveSize = Double.infinity
        var samplingGradients = 0
        var gradients = 0
        var divergences = 0
        var seconds = 0.0

        var perThousandGradients: Double { effectiveSize / Double(samplingGradients) * 1000 }
        var perSecond: Double { effectiveSize / seconds }
    }

    private static let metrics: [MetricKind] = [.diagonal, .fisherLowRank]

    static func rows(models folder: URL) throws -> [Row] {
        func shipped(_ name: String) throws -> MarketingMixModel {
            let path = folder.appendingPathComponent("\(name).yaml").path
            let read = try ModelFileReader.read(ModelFileReader.bundle(at: path))
            return MarketingMixModel(specification: read.specification, dataset: read.dataset)
        }
        let example = try shipped("mmm_example")
        var rows = [
            Row(
                "gradient, mmm_example, default form",
                GradientBenchmark.seconds(example, form: .marginal, calls: 200) * 1e6, "µs", .atMost(4))
        ]
        let standard = try sample(example, form: .marginal, metric: .automatic)
        rows.append(
            Row(
                "least bulk ESS per CPU second, mmm_example, as shipped", standard.perSecond, "1/s", .atLeast(2000)))
        for (name, model, bound) in [
            ("mmm_example", example, nil), ("quickstart", try shipped("quickstart"), nil),
            ("Robyn's data with knots", try shipped("robyn_knots"), 2.5),
            ("simulated national, 16 knots", BenchmarkModels.knotted(knots: 16), 2.5),
        ] {
            for metric in metrics {
                let marginal = try sample(model, form: .marginal, metric: metric)
                let joint = try sample(model, form: .joint, metric: metric)
                let title = "\(name), \(metric)"
                for (form, outcome) in [("marginal", marginal), ("joint", joint)] {
                    rows += [
                        Row("\(title): least bulk ESS, \(form)", outcome.effectiveSize, "draws"),
                        Row("\(title): ESS per 1000 gradients, \(form)", outcome.perThousandGradients, "1/1000"),
                        Row("\(title): ESS per CPU second, \(form)", outcome.perSecond, "1/s"),
                        Row(
                            "\(title): warm-up and sampling gradients, \(form)", Double(outcome.gradients), "gradients"),
                        Row("\(title): divergences, \(form)", Double(outcome.divergences), "draws"),
                    ]
                }
                rows.append(
                    Row(
                        "\(title): ESS per gradient, marginal ÷ joint",
                        marginal.perThousandGradients / joint.perThousandGradients, "ratio",
                        bound.map { .atLeast($0) } ?? .none))
                rows.append(
                    Row(
                        "\(title): divergences, marginal − joint", Double(marginal.divergences - joint.divergences),
                        "draws", bound == nil ? .none : .atMost(0)))
            }
        }
        return rows
    }

    private static func sample(
        _ model: MarketingMixModel, form: PosteriorForm, metric: MetricKind
    ) throws -> Outcome {
        var outcome = Outcome()
        let begin = threadSeconds()
        let posterior = model.posterior(form: form, weights: nil)
        let settings = ChainSettings(metric: metric)
        let chains = try (0..<4).map { index -> [[Double]] in
            let density = posterior.density()
            let key = StreamKey(seed: 1, kind: 1, index: UInt32(index))
            var chain = try Chain(
                density: density, settings: settings, key: key, start: try randomStart(density: density, key: key))
            var recovery = ParameterRecovery(posterior)
            var draws: [[Double]] = []
            while !chain.isFinished {
                let keeps = !chain.isWarmingUp
                let before = chain.gradientEvaluations
                let statistics = chain.step()
                guard keeps else { continue }
                outcome.samplingGradients += chain.gradientEvaluations - before
                if statistics.diverging { outcome.divergences += 1 }
                var stream = RandomStream(key: key, iteration: UInt64(chain.iteration), site: 99)
                draws.append(recovery.parameters(at: chain.position, stream: &stream))
            }
            outcome.gradients += chain.gradientEvaluations
            return draws
        }
        outcome.seconds = threadSeconds() - begin
        for parameter in 0..<model.dimension {
            let summary = Summary(chains: chains.map { chain in chain.map { $0[parameter] } })
            outcome.effectiveSize = min(outcome.effectiveSize, summary.essBulk)
        }
        return outcome
    }
}
