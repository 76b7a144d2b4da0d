import Analysis
import ArgumentParser
import Cluster
import Fitting
import Foundation

struct BootstrapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap",
        abstract: "Ask of models whose answer is known what resamples and the infinitesimal jackknife say.",
        discussion: """
            Prints tables in Markdown; ends with 1 when a mismatch index is not what it should be, or the infinitesimal
            jackknife is more than a tenth from the refits. Deploy/bootstrap.sh writes it to Deploy/bootstrap/results.md.
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
    private func refits(_ name: String) throws -> Bool {
        let (model, shipped) = try Fits.shipped(name, in: models)
        var settings = shipped
        settings.resamples = resamples
        let rows = try Fits.result(model, settings: settings, by: ProcessorMap()).evidence
            .filter { $0.quantity.hasPrefix("contribution[") }
        print("\n## \(name), \(resamples) resamples\n")
        print("| quantity | posterior sd | sd between refits | IJ sd | IJ ÷ refits |")
        print("| --- | ---: | ---: | ---: | ---: |")
        var (logs, count) = (0.0, 0.0)
        for row in rows {
            guard let refit = row.refitSD, refit > 0, row.jackknifeSD > 0 else { continue }
            print(
                String(
                    format: "| `\(row.quantity)` | %.4g | %.4g | %.4g | %.2f |", row.posteriorSD, refit,
                    row.jackknifeSD, row.jackknifeSD / refit))
            logs += log(row.jackknifeSD / refit)
            count += 1
        }
        let ratio = exp(logs / count)
        print(String(format: "\nOver all: %.2f.", ratio))
        return Self.ratios.contains(ratio)
    }
}
