import Kernels
import Posterior

/// A quantity's posterior beside its prior.
///
/// The two are compared on the scale of logarithms where every draw of both is above 0, as returns with log-normal priors
/// are: a log-normal prior is as wide about a return of 6 as about one of 1 only there. Standard deviations are those of
/// normal distributions with the same 90 % intervals, which a few far draws of a wide prior do not move.
package struct PriorComparison: Sendable, Hashable, Codable {
    package let isLogarithmic: Bool
    /// Width of the posterior's 90 % interval ÷ that of the prior's, on the quantity's own scale.
    package let intervalShare: Double
    /// Posterior variance ÷ prior variance on the scale of comparison: near 1 where nothing was learnt. It may be above 1.
    package let varianceShare: Double
    /// Posterior less prior median on the scale of comparison, in prior standard deviations.
    package let shift: Double

    /// Nil where the prior has draws that are no finite numbers, or no width.
    ///
    /// - Parameters:
    ///   - posterior: draws, finite, not empty.
    ///   - prior: draws from the prior, not empty.
    package init?(posterior: [Double], prior: [Double]) {
        guard prior.allSatisfy(\.isFinite) else { return nil }
        isLogarithmic = Self.isLogarithmic(posterior, prior)
        let own = (Self.quantiles(posterior), Self.quantiles(prior))
        guard own.1.width > 0 else { return nil }
        intervalShare = own.0.width / own.1.width
        let compared =
            isLogarithmic ? (Self.quantiles(Self.logarithms(posterior)), Self.quantiles(Self.logarithms(prior))) : own
        let ratio = compared.0.width / compared.1.width
        varianceShare = ratio * ratio
        shift = (compared.0.median - compared.1.median) / (compared.1.width / Self.normalWidth)
    }

    /// How far what the data say lies from what the prior said, in standard deviations of what the prior foretells of it:
    /// in the normal case a check of the prior predictive distribution (Evans & Moshonov, "Checking for prior-data
    /// conflict", Bayesian Analysis 1, 2006). With prior variance V and s the `varianceShare`, the data alone have the
    /// estimate m₀ + d ÷ (1 − s) and the variance s V ÷ (1 − s), so it is d ÷ √(V (1 − s)). Nil where the data say too
    /// little to contradict anything.
    package var conflict: Double? {
        varianceShare < Self.informedShareMax ? shift / (1 - varianceShare).squareRoot() : nil
    }

    /// Above this `varianceShare` the difference of two nearly equal variances tells nothing of the data.
    package static let informedShareMax = 0.8

    /// Draws on the scale of comparison.
    package func compared(_ draws: [Double]) -> [Double] { isLogarithmic ? Self.logarithms(draws) : draws }

    /// Standard normal quantiles at 0.95 less that at 0.05.
    private static let normalWidth = 2 * SpecialFunctions.normalQuantile(0.95)

    private static func isLogarithmic(_ posterior: [Double], _ prior: [Double]) -> Bool {
        posterior.allSatisfy { $0 > 0 } && prior.allSatisfy { $0 > 0 }
    }

    private static func logarithms(_ draws: [Double]) -> [Double] { draws.map { Elementary.log($0) } }

    private static func quantiles(_ draws: [Double]) -> (median: Double, width: Double) {
        let quantiles = Quantiles.quantiles([0.05, 0.5, 0.95], of: draws)
        return (quantiles[1], quantiles[2] - quantiles[0])
    }
}
