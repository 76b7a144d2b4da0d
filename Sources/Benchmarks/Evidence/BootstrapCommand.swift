import Analysis
import ArgumentParser
import Cluster
import Fitting
import Foundation
import Kernels
import Posterior

struct BootstrapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap",
        abstract: "Ask of models whose answer is known what resamples and the infinitesimal jackknife say.",
        discussion: """
            Prints tables in Markdown; ends with 1 when a mismatch index is not what it should be, or the infinitesimal
            jackknife is more than a tenth from refits under weights near 1. Deploy/bootstrap.sh writes it to Deploy/bootstrap/results.md.
            """)

    /// By how much standard deviations of the infinitesimal jackknife and of refits may differ.
    private static let ratios = 0.9...1.1

    @Option(help: "The folder of the shipped model files.")
    var models = "Configs/models"

    @Option(help: "Series for each row of the normal mean.")
    var series = 300

    @Option(help: "Resamples of the shipped models.")
    var resamples = 200

    func run() throws {
        let normal = normalMeans()
        let shipped = try ["mmm_example", "quickstart"].map(refits)
        guard normal, shipped.allSatisfy(\.self) else { throw ExitCode.failure }
    }

    private func normalMeans() -> Bool {
        print("## A normal mean\n")
        print(
            "| errors | block | mismatch index | expected | robust ÷ true variance | posterior ÷ true | IJ ÷ refits |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        var holds = true
        for study in NormalMeanStudy.all {
            let outcome = study.outcome(series: series, by: ProcessorMap())
            let errors = study.correlation == 0 ? "independent" : "AR(1) \(study.correlation)"
            let expected = study.expectedIndex.map { String(format: "%.2f", $0) } ?? "–"
            print(
                String(
                    format: "| \(errors) | %d | %.2f | \(expected) | %.2f | %.2f | %.3f |", study.blockLength,
                    outcome.index, outcome.robust, outcome.posterior, outcome.jackknife))
            holds = holds && Self.ratios.contains(outcome.jackknife)
            if let expected = study.expectedIndex {
                holds = holds && abs(outcome.index - expected) <= NormalMeanStudy.indexTolerance
            }
        }
        return holds
    }

    /// Of a shipped model's contributions, which every channel has.
    ///
    /// The jackknife is a derivative: what it says holds for weights near 1. So beside the refits under the resamples' own
    /// weights, from 0 to several, stand refits whose weights deviate from 1 a quarter as far; these are what it is held to.
    private func refits(_ name: String) throws -> Bool {
        let (model, shipped) = try Fits.shipped(name, in: models)
        var settings = shipped
        settings.resamples = resamples
        let result = try Fits.result(model, settings: settings, by: ProcessorMap())
        let near = try nearRefits(result)
        print("\n## \(name), \(resamples) resamples\n")
        print("| quantity | posterior sd | sd between refits | IJ sd | IJ ÷ refits | IJ ÷ refits at a quarter |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        var (whole, quarter, count) = (0.0, 0.0, 0.0)
        for row in result.evidence where row.quantity.hasPrefix("contribution[") {
            guard let refit = row.refitSD, let near = near[row.quantity], refit > 0, near > 0, row.jackknifeSD > 0
            else { continue }
            let ratios = (whole: row.jackknifeSD / refit, quarter: row.jackknifeSD / near)
            print(
                String(
                    format: "| `\(row.quantity)` | %.4g | %.4g | %.4g | %.2f | %.2f |", row.posteriorSD, refit,
                    row.jackknifeSD, ratios.whole, ratios.quarter))
            whole += log(ratios.whole)
            quarter += log(ratios.quarter)
            count += 1
        }
        print(String(format: "\nOver all: %.2f, and %.2f.", exp(whole / count), exp(quarter / count)))
        return Self.ratios.contains(exp(quarter / count))
    }

    /// By reported quantity, the standard deviation between refits under weights 1 + (w − 1) ÷ 4 of Block-Gamma weights w,
    /// times 4; the Monte Carlo variance of the refits is taken off as in every fit.
    private func nearRefits(_ result: FitResult) throws -> [String: Double] {
        let (model, share) = (result.model, 0.25)
        let block = result.settings.blockLength ?? BlockLength.automaticMin
        let refits = try ProcessorMap().tryMap(resamples) { resample in
            let weights = ResampleWeights.blockGamma(
                periods: model.dataset.periodCount, blockLength: block,
                key: StreamKey(seed: result.settings.seed, kind: 42, index: UInt32(resample)))
            var fit = WeightedFit(seed: UInt64(resample))
            fit.draws = 2000
            let draws = try fit.constrained(model, weights: weights.map { 1 + share * ($0 - 1) }, by: SerialMap())
            return PosteriorAnalysis.quantities(model: model, constrained: draws).map {
                ResampledQuantity($0, chainCount: fit.chains)
            }
        }
        let rows = BootstrapAnalysis(
            posterior: result.analysis.quantities, resamples: refits, by: ProcessorMap()
        ).rows
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.quantity, $0.betweenSD / share) })
    }
}
