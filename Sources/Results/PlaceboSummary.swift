import Analysis
import Foundation

/// `placebo.json`: how often intervals of channels that cannot work hold 0, as `placebo.csv` has them.
package struct PlaceboSummary: Codable, Sendable {
    package static let fileName = "placebo.json"

    package struct Gain: Codable, Sendable {
        package var q05: Double
        package var q50: Double
        package var q95: Double
    }

    package struct Row: Codable, Sendable {
        package var placebo: String
        package var source: String
        package var quantity: String
        package var mean: Double
        package var q05: Double
        package var q50: Double
        package var q95: Double
        package var holdsZero: Bool
        package var priorShare: Double

        enum CodingKeys: String, CodingKey {
            case placebo, source, quantity, mean, q05, q50, q95
            case holdsZero = "holds_zero"
            case priorShare = "prior_share"
        }
    }

    package var passed: Bool
    package var reasons: [String]
    package var warnings: [String]
    package var placebos: Int
    package var holding: Int
    /// What each interval states.
    package var nominal: Double
    /// Of no more intervals that hold 0, when each does with that probability.
    package var probability: Double
    package var medianPriorShare: Double
    /// Nil where no placebo costs money.
    package var credited: Gain?
    package var rows: [Row]

    enum CodingKeys: String, CodingKey {
        case passed, reasons, warnings, placebos, holding, nominal, probability, credited, rows
        case medianPriorShare = "median_prior_share"
    }

    package init(_ study: PlaceboStudy) {
        passed = study.passed
        reasons = study.reasons
        warnings = study.remarks
        placebos = study.rows.count
        holding = study.held
        nominal = PlaceboStudy.nominal
        probability = study.probabilityOfSoFew
        medianPriorShare = study.medianPriorShare
        credited = study.creditedReturn.map { Gain(q05: $0.q05, q50: $0.q50, q95: $0.q95) }
        rows = study.rows.map {
            Row(
                placebo: $0.placebo, source: $0.source, quantity: $0.isPerMoney ? "roi" : "contribution", mean: $0.mean,
                q05: $0.q05, q50: $0.q50, q95: $0.q95, holdsZero: $0.holdsZero, priorShare: $0.priorShare)
        }
    }

    /// As JSON, the same text for the same study.
    package func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// Of a folder; nil when it holds none.
    package static func read(in directory: String) -> PlaceboSummary? {
        FileManager.default.contents(atPath: "\(directory)/\(fileName)").flatMap {
            try? JSONDecoder().decode(PlaceboSummary.self, from: $0)
        }
    }
}
