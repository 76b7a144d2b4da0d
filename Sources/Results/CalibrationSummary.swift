import Analysis
import Foundation

/// `sbc.json`: the verdict of a calibration study, without its ranks.
package struct CalibrationSummary: Codable, Sendable {
    package static let fileName = "sbc.json"

    package struct Row: Codable, Sendable {
        package var quantity: String
        /// Probability of ranks as far from uniform.
        package var pValue: Double
        /// As a share of the largest rank; 0.5 when calibrated, above where the fit is too low.
        package var meanRank: Double
        /// Within the band that all quantities of a calibrated model keep with 95 % probability.
        package var passed: Bool

        enum CodingKeys: String, CodingKey {
            case quantity, passed
            case pValue = "p_value"
            case meanRank = "mean_rank"
        }
    }

    package struct Recovery: Codable, Sendable {
        package var quantity: String
        package var meanTruth: Double
        package var bias: Double
        package var rootMeanSquare: Double
        package var coverage50: Double
        package var coverage90: Double
        package var passed: Bool

        enum CodingKeys: String, CodingKey {
            case quantity, bias, passed
            case meanTruth = "mean_truth"
            case rootMeanSquare = "rmse"
            case coverage50 = "coverage_50"
            case coverage90 = "coverage_90"
        }
    }

    package var passed: Bool
    package var reasons: [String]
    package var warnings: [String]
    package var replications: Int
    /// Largest rank.
    package var rankedDraws: Int
    package var thinning: Int
    package var divergences: Int
    package var quantities: [Row]
    package var recovery: [Recovery]

    package init(_ study: CalibrationStudy, thinning: Int, divergences: Int, reasons: [String], warnings: [String]) {
        let failures = Set(study.failures.map(\.quantity))
        passed = study.passed
        self.reasons = reasons
        self.warnings = warnings
        replications = study.replications
        rankedDraws = CalibrationStudy.drawCount
        self.thinning = thinning
        self.divergences = divergences
        quantities = study.rows.map {
            Row(
                quantity: $0.quantity, pValue: $0.pValue, meanRank: $0.meanRank,
                passed: !failures.contains($0.quantity))
        }
        recovery = study.recovery.map {
            Recovery(
                quantity: $0.quantity, meanTruth: $0.meanTruth, bias: $0.bias, rootMeanSquare: $0.rootMeanSquare,
                coverage50: $0.coverage50.observed, coverage90: $0.coverage90.observed,
                passed: $0.coverage50.isKept && $0.coverage90.isKept)
        }
    }

    enum CodingKeys: String, CodingKey {
        case passed, reasons, warnings, replications, thinning, divergences, quantities, recovery
        case rankedDraws = "ranked_draws"
    }

    /// As JSON, the same text for the same study.
    package func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// Of a folder; nil when it holds none.
    package static func read(in directory: String) -> CalibrationSummary? {
        FileManager.default.contents(atPath: "\(directory)/\(fileName)").flatMap {
            try? JSONDecoder().decode(CalibrationSummary.self, from: $0)
        }
    }
}
