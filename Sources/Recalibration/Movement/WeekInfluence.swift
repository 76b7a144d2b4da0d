import Kernels

/// How much one week moved a quantity's mean, to first order: the covariance over draws of the quantity with the week's
/// log-likelihood, as raising its weight from 0 to 1 changes the mean by the integral of that covariance (the infinitesimal
/// jackknife: Giordano & Broderick 2023, arXiv 2305.06466). These are weeks that the draws have not seen, whose whole weight counts;
/// the derivative at the weight 1 of weeks that they have seen is `InfinitesimalJackknife`'s.
package struct WeekInfluence: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, Codable {
        case new, restated
    }

    /// A week with its log-likelihoods at the old draws.
    package struct Week: Sendable, Hashable {
        package var name: String
        package var kind: Kind
        /// By draw: log p(week | θ) of a new week, of a restated one less log p(week as it was | θ).
        package var logRatios: [Double]

        package init(name: String, kind: Kind, logRatios: [Double]) {
            self.name = name
            self.kind = kind
            self.logRatios = logRatios
        }
    }

    package let week: String
    package let kind: Kind
    /// In the quantity's unit; positive where the week raised it. NaN where a draw or a log-likelihood is no finite number.
    package let change: Double
    /// Monte Carlo standard error of `change`.
    package let error: Double

    /// Of every week, the largest first; of equals the earlier in the list, and NaN first of all.
    ///
    /// With usable weights the integral is taken by the trapezoidal rule between the old posterior and the one after all the
    /// weeks, which is right to second order; without them the covariance is that of the old posterior alone.
    ///
    /// - Parameters:
    ///   - quantity: its value in every old draw, over the new window.
    ///   - weeks: new and restated ones.
    ///   - provisional: the weights after all of them.
    package static func ranked(
        of quantity: [Double], weeks: [Week], after provisional: ProvisionalPosterior
    ) -> [WeekInfluence] {
        let ends = [
            WeightedDraws(quantity, chainCount: provisional.chainCount),
            provisional.isUsable ? provisional.draws(of: quantity) : nil,
        ].compactMap(\.self)
        let influences = weeks.map { week in
            precondition(week.logRatios.count == quantity.count, "a week has the same draws as the quantity")
            return WeekInfluence(week, ends: ends)
        }
        func size(_ index: Int) -> Double {
            let change = influences[index].change
            return change.isNaN ? .infinity : abs(change)
        }
        return influences.indices.sorted { (size($1), $0) < (size($0), $1) }.map { influences[$0] }
    }

    private init(_ week: Week, ends: [WeightedDraws]) {
        self.week = week.name
        kind = week.kind
        let chainCount = ends[0].chainCount
        let logs = ends.map { WeightedDraws(week.logRatios, weights: $0.weights, chainCount: chainCount) }
        guard ends.allSatisfy(\.isSound), logs.allSatisfy(\.isSound) else {
            (change, error) = (.nan, .nan)
            return
        }
        // w (g − mean g)(l − mean l), averaged over the ends of the integral.
        var terms = [Double](repeating: 0, count: ends[0].values.count)
        var centre = terms
        for (own, log) in zip(ends, logs) {
            let logMean = log.mean
            let bearing = own.bearing
            let products = zip(bearing, log.values).map { $0 * ($1 - logMean) }
            let covariance = Reductions.sum(products)
            for index in terms.indices {
                terms[index] += products[index] / Double(ends.count)
                centre[index] += own.weights[index] * covariance / Double(ends.count)
            }
        }
        change = Reductions.sum(terms)
        error = MonteCarloSum.error(zip(terms, centre).map { $0 - $1 }, chainCount: chainCount)
    }
}
