import Kernels
import MarketingMix
import ModelDefinition
import Wording

/// Errors of successive periods that go together although the model has them independent.
package enum ResidualWarning {
    /// The least correlation of successive residuals that is worth a word.
    static let correlationMin = 0.3
    /// And in its standard errors.
    static let standardErrorsMin = 3.0
    /// Draws that give the mean of what is fitted; more change no digit that is said.
    private static let drawsMax = 200

    static func warnings(_ evidence: FitEvidence) -> [FitWarning] {
        warnings(model: evidence.model, constrained: evidence.constrained)
    }

    package static func warnings(model: MarketingMixModel, constrained: [[Double]]) -> [FitWarning] {
        guard let correlation = correlation(model: model, constrained: constrained), correlation > correlationMin else {
            return []
        }
        let family = model.specification.likelihood.isGaussian ? "" : "family: normal, "
        let words = (100 * correlation).rounded() / 100
        return [
            FitWarning(
                quantity: "total",
                sentence: Sentence(
                    "The residuals of successive periods go together (correlation \(words)), and the model has them independent: "
                        + "its intervals are too narrow. Write `likelihood: {\(family)errors: ar1}`, and add what moves slowly "
                        + "and is missing, as a trend or a season; a KPI that is a moving average must be given as it was.",
                    french: """
                        Les résidus de périodes voisines vont ensemble (corrélation \(words)), alors que le modèle \
                        les 
                        """
                            + "suppose indépendants : ses intervalles sont trop étroits. Écrivez `likelihood: {\(family)errors: "
                            + "ar1}`, et ajoutez ce qui bouge lentement et manque, comme une tendance ou une saison ; un indicateur "
                            + "lissé par moyenne mobile doit être donné tel qu’il était."))
        ]
    }

    /// The correlation of successive residuals of a model that has them independent; nil where the model has them otherwise,
    /// and where so few periods may show as much by chance.
    package static func correlation(model: MarketingMixModel, constrained: [[Double]]) -> Double? {
        guard model.specification.errors == .independent,
            let correlation = correlation(of: residuals(model: model, constrained: constrained), model.dataset),
            correlation.value * Double(correlation.pairs).squareRoot() > standardErrorsMin
        else { return nil }
        return correlation.value
    }

    /// KPI less the posterior mean of what is fitted, by cell; of their logarithms with a log link. NaN where the KPI is not
    /// known.
    private static func residuals(model: MarketingMixModel, constrained: [[Double]]) -> [Double] {
        let cells = model.dataset.cellCount
        var values = [Double](repeating: 0, count: model.components.count * cells)
        var fitted = [Double](repeating: 0, count: cells)
        var sum = fitted
        let step = max(1, constrained.count / drawsMax)
        let used = stride(from: 0, to: constrained.count, by: step)
        var count = 0.0
        for draw in used {
            model.decompose(constrained: constrained[draw], into: &values, fitted: &fitted)
            for cell in sum.indices { sum[cell] += fitted[cell] }
            count += 1
        }
        let hasLogLink = model.specification.likelihood.hasLogLink
        return zip(model.dataset.kpi, sum).map { kpi, total in
            hasLogLink ? Elementary.log(kpi / (total / count)) : kpi - total / count
        }
    }

    /// Σ e_t e_(t+1) ÷ Σ e² over the periods in which both are known, the mean of the geos'; nil for too few.
    package static func correlation(of residuals: [Double], _ dataset: Dataset) -> (value: Double, pairs: Int)? {
        var sum = 0.0
        var pairs = 0
        for geo in 0..<dataset.geoCount {
            let cells = dataset.cells(of: geo)
            let known = cells.filter { !residuals[$0].isNaN }
            let mean = known.reduce(0.0) { $0 + residuals[$1] } / Double(max(1, known.count))
            // Each geo counts alike, whatever its size.
            var own = (products: 0.0, squares: 0.0, pairs: 0)
            for cell in known {
                let deviation = residuals[cell] - mean
                own.squares += deviation * deviation
                guard cell + 1 < cells.upperBound, !residuals[cell + 1].isNaN else { continue }
                own.products += deviation * (residuals[cell + 1] - mean)
                own.pairs += 1
            }
            guard own.squares > 0, own.pairs > 0 else { continue }
            sum += own.products / own.squares * Double(own.pairs)
            pairs += own.pairs
        }
        return pairs >= 20 ? (sum / Double(pairs), pairs) : nil
    }
}
