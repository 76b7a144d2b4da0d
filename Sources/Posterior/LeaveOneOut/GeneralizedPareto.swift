import Kernels

/// A generalised Pareto distribution of positive numbers, fitted to a tail.
struct GeneralizedPareto {
    /// Shape k: moments of order 1/k and above do not exist.
    let shape: Double
    /// Scale σ.
    let scale: Double

    /// The estimate of Zhang & Stephens (Technometrics 51, 2009), shrunk towards k = ½ with the weight of ten
    /// observations (Vehtari et al., "Pareto smoothed importance sampling", JMLR 25, 2024, appendix C).
    ///
    /// - Parameter ordered: positive numbers in ascending order, five or more.
    init(ordered: [Double]) {
        let count = ordered.count
        let quartile = ordered[Int(Double(count) / 4 + 0.5) - 1]
        let candidateCount = 30 + Int(Double(count).squareRoot())
        func meanLog(_ b: Double) -> Double {
            Reductions.sum(ordered.map { Elementary.log1p(-b * $0) }) / Double(count)
        }
        let candidates = (1...candidateCount).map { index -> Double in
            let ratio = Double(candidateCount) / (Double(index) - 0.5)
            return (1 - ratio.squareRoot()) / (3 * quartile) + 1 / ordered[count - 1]
        }
        let likelihoods = candidates.map { b -> Double in
            let k = meanLog(b)
            return Double(count) * (Elementary.log(-(b / k)) - k - 1)
        }
        let weights = likelihoods.map { own in
            1 / Reductions.sum(likelihoods.map { Elementary.exp($0 - own) })
        }
        let negligible = 10 * Double.ulpOfOne
        var total = 0.0
        var sum = 0.0
        for (b, weight) in zip(candidates, weights) where weight >= negligible {
            total += weight
            sum += weight * b
        }
        let b = sum / total
        let k = meanLog(b)
        scale = -k / b
        shape = (Double(count) * k + 5) / (Double(count) + 10)
    }

    /// The number below which a share `probability` of the distribution lies, 0 < probability < 1.
    func quantile(_ probability: Double) -> Double {
        let log = Elementary.log1p(-probability)
        return abs(shape) < Double.ulpOfOne ? -scale * log : scale * Elementary.expm1(-shape * log) / shape
    }
}
