import Cluster
import Fitting
import MarketingMix
import ModelChecks
import ModelFile

/// A model file and its data as a command was given them.
struct ModelInput {
    let bundle: ModelBundle
    let read: ReadModel

    /// Reads `path`; every problem at once ends the command with exit code 2.
    init(path: String) throws {
        do throws(ProblemList) {
            bundle = try ModelFileReader.bundle(at: path)
            guard !PortfolioFile.isPortfolio(bundle.model) else {
                throw ProblemList(problems: [
                    Problem(
                        file: path, message: "this is a portfolio of models.",
                        mend: "hand it to a coordinator with `tutti submit`, or name one of its models.")
                ])
            }
            read = try ModelFileReader.read(bundle, path: path).judged()
        } catch {
            throw UserError.unusable(Self.describe(error.problems.map(\.description)))
        }
    }

    /// The fit that is asked for; one that no job can hold ends the command with exit code 2.
    func submission(_ settings: FitSettings) throws -> FitSubmission {
        do {
            return try FitSubmission(bundle: bundle, read: read, settings: settings)
        } catch let refusal as SubmissionRefusal {
            throw UserError.unusable(refusal.description)
        }
    }

    var model: MarketingMixModel {
        MarketingMixModel(specification: read.specification, dataset: read.dataset)
    }

    /// - Parameter lines: the problems, a line each.
    static func describe(_ lines: [String]) -> String {
        let count = lines.count == 1 ? "1 problem" : "\(lines.count) problems"
        return (lines + ["\(count) found; nothing was run."]).joined(separator: "\n")
    }
}
