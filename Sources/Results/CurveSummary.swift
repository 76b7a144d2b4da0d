import Analysis
import Foundation

/// `curves.json`: a model beside its alternatives, as `curves.csv` and `curves_roi.csv` have them too.
package struct CurveSummary: Codable, Sendable {
    package static let fileName = "curves.json"

    package struct Return: Codable, Sendable {
        package var quantity: String
        package var mean: Double
        package var sd: Double
        package var q05: Double
        package var q95: Double
        /// Monte Carlo standard error of the mean.
        package var mcse: Double
    }

    package struct Alternative: Codable, Sendable {
        package var choice: String
        package var alternative: String
        package var elpd: Double
        package var elpdSE: Double
        /// Monte Carlo standard error; nil of a single chain.
        package var elpdMCSE: Double?
        /// The score less the best one's.
        package var difference: Double
        package var differenceSE: Double
        /// The best one predicts these data better by more than chance explains.
        package var isClearlyBeaten: Bool
        /// Cells whose score is not to be trusted.
        package var doubtfulCount: Int
        package var divergences: Int
        /// Nil where no parameter has one.
        package var highestRHat: Double?
        /// Whether the chains agree well enough for these figures to be compared.
        package var isComparable: Bool
        package var returns: [Return]

        enum CodingKeys: String, CodingKey {
            case choice, alternative, elpd, difference, divergences, returns
            case elpdSE = "elpd_se"
            case elpdMCSE = "elpd_mcse"
            case differenceSE = "difference_se"
            case isClearlyBeaten = "clearly_beaten"
            case doubtfulCount = "doubtful_cells"
            case highestRHat = "highest_r_hat"
            case isComparable = "comparable"
        }

        package var label: String { alternative.isEmpty ? choice : "\(choice): \(alternative)" }
    }

    /// Lowest and highest mean of a return among the alternatives that are not clearly beaten.
    package struct Range: Codable, Sendable {
        package var quantity: String
        package var asGiven: Double
        package var lowest: Double
        package var highest: Double

        enum CodingKeys: String, CodingKey {
            case quantity, lowest, highest
            case asGiven = "as_given"
        }
    }

    /// What the study found, a sentence each.
    package var findings: [String]
    /// The model as given, then its alternatives.
    package var alternatives: [Alternative]
    package var ranges: [Range]

    package init(_ study: AlternativeStudy) {
        alternatives = study.fits.enumerated().map { index, fit in
            Alternative(
                choice: fit.choice, alternative: fit.name, elpd: fit.leaveOneOut.expectedLogDensity,
                elpdSE: fit.leaveOneOut.standardError,
                elpdMCSE: fit.scoreError.isFinite ? fit.scoreError : nil, difference: study.differences[index].value,
                differenceSE: study.differences[index].error, isClearlyBeaten: study.isClearlyBeaten(index),
                doubtfulCount: fit.leaveOneOut.doubtful.count, divergences: fit.divergences,
                highestRHat: fit.highestRHat.isFinite ? fit.highestRHat : nil,
                isComparable: study.isComparable(index),
                returns: fit.returns.map {
                    Return(
                        quantity: $0.name, mean: $0.summary.mean, sd: $0.summary.sd, q05: $0.summary.q05,
                        q95: $0.summary.q95, mcse: $0.summary.mcseMean.isFinite ? $0.summary.mcseMean : 0)
                })
        }
        ranges = study.fits[0].returns.indices.map { channel in
            let range = study.range(of: channel)
            let given = study.fits[0].returns[channel]
            return Range(
                quantity: given.name, asGiven: given.summary.mean, lowest: range.lowerBound,
                highest: range.upperBound)
        }
        findings = study.findings
    }

    /// As JSON, the same text for the same study.
    package func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// Of a folder; nil when it holds none.
    package static func read(in directory: String) -> CurveSummary? {
        FileManager.default.contents(atPath: "\(directory)/\(fileName)").flatMap {
            try? JSONDecoder().decode(CurveSummary.self, from: $0)
        }
    }
}
