import Kernels
import ModelDefinition
import Posterior

/// One quantity of one resample's posterior.
package struct ResampledQuantity: Sendable, Hashable {
    package var name: String
    package var draws: [Double]
    /// Effective sample size of the draws' mean.
    package var effectiveSize: Double

    package init(name: String, draws: [Double], effectiveSize: Double) {
        self.name = name
        self.draws = draws
        self.effectiveSize = effectiveSize
    }

    /// With the effective size computed from the draws: those of `chainCount` chains, chain-major.
    package init(_ quantity: Quantity, chainCount: Int) {
        self.init(
            name: quantity.name, draws: quantity.draws,
            effectiveSize: EffectiveSampleSize.mean(quantity.chains(count: chainCount)))
    }
}

/// How one quantity moves between resamples, beside its posterior.
package struct BootstrapRow: Sendable, Hashable, Codable {
    package var quantity: String
    package var posteriorMean: Double
    package var posteriorSD: Double
    package var baggedMean: Double
    /// Nil of maxima, as all that is of the spread within a resample.
    package var baggedSD: Double?
    package var baggedQ05: Double?
    package var baggedQ50: Double?
    package var baggedQ95: Double?
    package var withinSD: Double?
    package var betweenSD: Double
    /// The root of the larger of V_post and of what prior and data come to with the data as uncertain as resamples show:
    /// 1 ÷ ((1 − s)² ÷ V_b + s ÷ V_post), s the prior's share V_post ÷ V_prior. That is V_b where the prior says nothing. For a
    /// normal mean V_b ÷ (1 − s)² is the variance of the data's own mean, of which the posterior mean has the part 1 − s.
    package var robustSD: Double
    /// 1 − 2 V_post ÷ V_bag; nil unless V_bag > V_post.
    package var mismatchIndex: Double?
    package var resamples: Int
    package var method: ResampleMethod

    package init(
        quantity: String, posteriorMean: Double, posteriorSD: Double, baggedMean: Double, baggedSD: Double?,
        baggedQ05: Double?, baggedQ50: Double?, baggedQ95: Double?, withinSD: Double?, betweenSD: Double,
        robustSD: Double, mismatchIndex: Double?, resamples: Int, method: ResampleMethod = .sampled
    ) {
        self.method = method
        self.quantity = quantity
        self.posteriorMean = posteriorMean
        self.posteriorSD = posteriorSD
        self.baggedMean = baggedMean
        self.baggedSD = baggedSD
        self.baggedQ05 = baggedQ05
        self.baggedQ50 = baggedQ50
        self.baggedQ95 = baggedQ95
        self.withinSD = withinSD
        self.betweenSD = betweenSD
        self.robustSD = robustSD
        self.mismatchIndex = mismatchIndex
        self.resamples = resamples
    }

    /// The mismatch index with the prior's part taken out.
    ///
    /// - Parameter priorShare: posterior variance ÷ prior variance.
    package func priorAwareIndex(priorShare: Double) -> Double? {
        baggedSD.flatMap {
            MismatchIndex.priorAware(variance: posteriorSD * posteriorSD, bagged: $0 * $0, priorShare: priorShare)
        }
    }
}

/// The bagged posterior (Huggins & Miller 2019, "Robust inference and model criticism using bagged posteriors",
/// arXiv:1912.07104): with m_b, v_b, n_b the mean, variance and effective size of resample b,
/// V_w = mean v_b, V_b = max(0, Var m_b − mean(v_b ÷ n_b)), V_bag = V_w + V_b.
package struct BootstrapAnalysis: Sendable {
    package let rows: [BootstrapRow]

    /// - Parameters:
    ///   - posterior: the quantities to compare.
    ///   - resamples: by resample, in the order of the plan; each has every quantity of `posterior`. Quantiles are
    ///     of the pooled draws with equal weight a resample, so all resamples have equally many draws.
    ///   - priorShares: by quantity V_post ÷ V_prior; nil where the prior is not known or says nothing, empty where that is
    ///     so of all.
    ///   - processors: share the work.
    package init(
        posterior: [Quantity], resamples: [[ResampledQuantity]], priorShares: [Double?] = [],
        by processors: some ParallelMap = SerialMap()
    ) {
        precondition(!resamples.isEmpty, "a bootstrap without resamples")
        precondition(priorShares.isEmpty || priorShares.count == posterior.count, "each quantity has one prior")
        rows = processors.map(posterior.count) { index in
            let quantity = posterior[index]
            let bag = resamples.map { resample in
                guard let found = resample.first(where: { $0.name == quantity.name }) else {
                    preconditionFailure("a resample lacks \(quantity.name)")
                }
                precondition(found.draws.count == resample[0].draws.count, "draws of unequal number")
                return found
            }
            return BootstrapRow(quantity, bag, priorShare: priorShares.isEmpty ? nil : priorShares[index])
        }
    }
}

extension BootstrapRow {
    init(_ quantity: Quantity, _ bag: [ResampledQuantity], priorShare: Double?) {
        precondition(bag.allSatisfy { $0.draws.count == bag[0].draws.count }, "resamples of unequal numbers of draws")
        let means = bag.map { Estimate.mean($0.draws) }
        let variances = bag.map { Estimate.variance($0.draws) }
        // Equal draws have no effective size, and their mean no noise.
        let noise = Estimate.mean(zip(variances, bag).map { $0 > 0 ? $0 / $1.effectiveSize : 0 })
        let within = Estimate.mean(variances)
        let between = max(0, Estimate.variance(means) - noise)
        let bagged = within + between
        let posterior = Estimate.variance(quantity.draws)
        let quantiles = Quantiles.quantiles([0.05, 0.5, 0.95], of: bag.flatMap(\.draws))
        self.init(
            quantity: quantity.name, posteriorMean: Estimate.mean(quantity.draws),
            posteriorSD: posterior.squareRoot(), baggedMean: Estimate.mean(means), baggedSD: bagged.squareRoot(),
            baggedQ05: quantiles[0], baggedQ50: quantiles[1], baggedQ95: quantiles[2],
            withinSD: within.squareRoot(), betweenSD: between.squareRoot(),
            robustSD: max(posterior, Self.robust(posterior, between, priorShare: priorShare ?? 0)).squareRoot(),
            mismatchIndex: MismatchIndex.plain(variance: posterior, bagged: bagged), resamples: bag.count)
    }

    /// Of resamples that have the figure at their maximum alone.
    package init(_ quantity: Quantity, maxima: [Double], priorShare: Double?) {
        let between = Estimate.variance(maxima)
        let posterior = Estimate.variance(quantity.draws)
        self.init(
            quantity: quantity.name, posteriorMean: Estimate.mean(quantity.draws),
            posteriorSD: posterior.squareRoot(), baggedMean: Estimate.mean(maxima), baggedSD: nil, baggedQ05: nil,
            baggedQ50: nil, baggedQ95: nil, withinSD: nil, betweenSD: between.squareRoot(),
            robustSD: max(posterior, Self.robust(posterior, between, priorShare: priorShare ?? 0)).squareRoot(),
            mismatchIndex: nil, resamples: maxima.count, method: .map)
    }

    /// Where the posterior is as wide as the prior the data have nothing that could be uncertain.
    private static func robust(_ posterior: Double, _ between: Double, priorShare: Double) -> Double {
        guard between > 0, posterior > 0, priorShare < 1 else { return posterior }
        let data = (1 - priorShare) * (1 - priorShare) / between
        return 1 / (data + priorShare / posterior)
    }
}
