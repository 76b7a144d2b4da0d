import Fitting
import Posterior

/// What the draws of a job that have come so far say of it.
package struct FormingFigures: Codable, Sendable, Hashable {
    package struct Quantity: Codable, Sendable, Hashable {
        /// `roi[tv]`.
        package var name: String
        package var mean: Double
        package var q05: Double
        package var q50: Double
        package var q95: Double
        /// Of the draws that were looked at; nil where it has no meaning.
        package var essBulk: Double?
        package var essTail: Double?
        package var rHat: Double?

        enum CodingKeys: String, CodingKey {
            case name, mean, q05, q50, q95
            case essBulk = "ess_bulk"
            case essTail = "ess_tail"
            case rHat = "r_hat"
        }
    }

    /// The worst of all reported quantities, and whose it is.
    package struct Worst: Codable, Sendable, Hashable {
        package var name: String
        package var value: Double
    }

    /// Chains that have drawn enough to be looked at.
    package var chains: Int
    /// Draws that each of them has, at least.
    package var draws: Int
    /// Draws that were looked at, of all chains together.
    package var lookedAt: Int
    package var highestRHat: Worst?
    package var lowestBulkESS: Worst?
    package var lowestTailESS: Worst?
    /// Returns of channels; contributions where no channel has spend.
    package var quantities: [Quantity]

    /// Rows that are shown at the most.
    private static let quantitiesMax = 60

    enum CodingKeys: String, CodingKey {
        case chains, draws, quantities
        case lookedAt = "looked_at"
        case highestRHat = "highest_r_hat"
        case lowestBulkESS = "lowest_bulk_ess"
        case lowestTailESS = "lowest_tail_ess"
    }

    init(_ fit: FormingFit) {
        chains = fit.chains
        draws = fit.draws
        lookedAt = fit.lookedAt
        func worst(_ figure: (Summary) -> Double, isWorse: (Double, Double) -> Bool) -> Worst? {
            fit.quantities.map { Worst(name: $0.name, value: figure($0.summary)) }.filter(\.value.isFinite)
                .max { isWorse($1.value, $0.value) }
        }
        highestRHat = worst(\.rHat, isWorse: >)
        lowestBulkESS = worst(\.essBulk, isWorse: <)
        lowestTailESS = worst(\.essTail, isWorse: <)
        let returns = fit.quantities.filter { $0.name.hasPrefix("roi[") }
        let shown = returns.isEmpty ? fit.quantities.filter { $0.name.hasPrefix("contribution[") } : returns
        quantities = shown.filter { $0.summary.mean.isFinite && $0.summary.q05.isFinite && $0.summary.q95.isFinite }
            .prefix(Self.quantitiesMax).map { name, summary in
                Quantity(
                    name: name, mean: summary.mean, q05: summary.q05, q50: summary.q50, q95: summary.q95,
                    essBulk: Self.finite(summary.essBulk), essTail: Self.finite(summary.essTail),
                    rHat: Self.finite(summary.rHat))
            }
    }

    private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
}
