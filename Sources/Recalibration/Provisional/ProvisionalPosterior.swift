import Kernels
import Posterior
import Wording

/// The posterior after new and restated rows, from draws of the posterior before them, without a fit.
///
/// A draw θ of the old posterior stands for the new one with the weight Π p(new rows | θ) · Π p(restated rows | θ) ÷
/// Π p(the same rows as they were | θ), Pareto smoothed (Vehtari et al., "Pareto smoothed importance sampling", JMLR 25,
/// 2024). This holds as long as the new rows move the posterior little, which k̂ tells.
package struct ProvisionalPosterior: Sendable {
    /// Of every draw, of sum 1; NaN where the log-likelihoods are not all finite numbers.
    package let weights: [Double]
    package let chainCount: Int
    /// k̂ of the weights' tail. −∞ where all draws weigh the same, NaN where the weights have no meaning.
    package let shape: Double
    /// Below this k̂ the weights may be used: min(1 − 1 ÷ log₁₀ S, 0.7) of S draws.
    package let shapeLimit: Double
    /// S for draws of equal weight, less the more unequal the weights: r ÷ Σ w², with r the efficiency of the draws, at
    /// most 1 (Kong 1992). Of a mean `WeightedDraws.meanError` tells more.
    package let effectiveSize: Double

    /// - Parameters:
    ///   - newRows: Σ log p(row | θ) over the new rows, one a draw, chain after chain; empty where there is none.
    ///   - restatedRows: Σ log p(row | θ) − log p(row as it was | θ) over the restated rows; empty where there is none.
    ///   - chainCount: of the draws.
    package init(newRows: [Double], restatedRows: [Double] = [], chainCount: Int) {
        precondition(!newRows.isEmpty || !restatedRows.isEmpty, "weights need draws")
        precondition(
            newRows.isEmpty || restatedRows.isEmpty || newRows.count == restatedRows.count, "the draws are the same")
        let logRatios =
            newRows.isEmpty
            ? restatedRows : restatedRows.isEmpty ? newRows : zip(newRows, restatedRows).map { $0 + $1 }
        let count = Double(logRatios.count)
        precondition(chainCount > 0 && logRatios.count % chainCount == 0, "chains have equally many draws")
        self.chainCount = chainCount
        shapeLimit = min(1 - Elementary.log(10) / Elementary.log(count), 0.7)
        guard logRatios.allSatisfy(\.isFinite) else {
            weights = logRatios.map { _ in .nan }
            shape = .nan
            effectiveSize = .nan
            return
        }
        guard logRatios.contains(where: { $0 != logRatios[0] }) else {
            weights = logRatios.map { _ in 1 / count }
            shape = -.infinity
            effectiveSize = count
            return
        }
        let efficiency = Self.efficiency(logRatios, chainCount: chainCount)
        let smoothed = ParetoSmoothedWeights(logRatios: logRatios, relativeEfficiency: efficiency)
        let raw = smoothed.logWeights.map { Elementary.exp($0) }
        let total = Reductions.sum(raw)
        weights = raw.map { $0 / total }
        shape = smoothed.shape
        effectiveSize = efficiency / Reductions.squaredNorm(weights)
    }

    /// Whether the weighted draws may be published as provisional.
    package var isUsable: Bool { shape < shapeLimit }

    /// One sentence for people: k̂, its bound and what follows.
    package var sentence: Sentence {
        if shape.isNaN {
            return Sentence(
                "The log-likelihood of the new weeks is not a finite number in every draw.",
                french: "La log-vraisemblance des nouvelles périodes n’est pas un nombre fini à chaque tirage.")
        }
        if shape == -.infinity {
            return Sentence(
                "Every draw fits the new weeks equally well: nothing moves.",
                french: "Tous les tirages rendent aussi bien compte des nouvelles périodes : rien ne change.")
        }
        let (shape, bound) = (Figure.decimal(shape, places: 2), Figure.decimal(shapeLimit, places: 2))
        let size = Figure.threeDigits(effectiveSize.rounded(.down))
        return isUsable
            ? Sentence(
                "Pareto k of the weights is \(shape), below \(bound): the \(weights.count) draws count for \(size).",
                french: """
                    Le k de Pareto des poids est de \(shape) (seuil : moins de \(bound)) : les \(weights.count) tirages \
                    comptent pour \(size).
                    """)
            : Sentence(
                "Pareto k of the weights is \(shape), not below \(bound): the new weeks move the "
                    + "answer further than the old draws reach, and only the refit tells how far.",
                french: """
                    Le k de Pareto des poids est de \(shape) (seuil : moins de \(bound)) : les nouvelles périodes \
                    déplacent la réponse plus loin que ne portent les anciens tirages, et seul le nouvel ajustement dit \
                    de combien.
                    """)
    }

    /// A quantity of the old draws as it is distributed after the new rows.
    ///
    /// - Parameter quantity: its value in every draw, in the order of the log-likelihoods.
    package func draws(of quantity: [Double]) -> WeightedDraws {
        WeightedDraws(quantity, weights: weights, chainCount: chainCount)
    }

    /// Effective over actual number of draws for the mean of the ratios, at most 1.
    private static func efficiency(_ logRatios: [Double], chainCount: Int) -> Double {
        let largest = logRatios.max() ?? 0
        let ratios = logRatios.map { Elementary.exp($0 - largest) }
        let size = EffectiveSampleSize.mean(MonteCarloSum.chains(of: ratios, count: chainCount))
        return size.isNaN ? 1 : min(1, size / Double(ratios.count))
    }
}
