import Kernels

/// Sales of weeks, base + effect · spend + noise of known size, with normal priors: every posterior is normal and known.
struct LinearModel {
    struct Week {
        var spend: Double
        var sales: Double
    }

    /// Posterior mean and precision matrix of (base, effect), the matrix as its three numbers.
    var mean: (base: Double, effect: Double) = (0, 0)
    var precision: (base: Double, mixed: Double, effect: Double)
    var noise: Double

    init(priorVariance: Double, noise: Double) {
        precision = (1 / priorVariance, 0, 1 / priorVariance)
        self.noise = noise
    }

    /// The posterior after more weeks; with `sign` −1 after fewer.
    func updated(by weeks: [Week], sign: Double = 1) -> LinearModel {
        var next = self
        var right = (
            precision.base * mean.base + precision.mixed * mean.effect,
            precision.mixed * mean.base + precision.effect * mean.effect
        )
        let weight = sign / (noise * noise)
        for week in weeks {
            next.precision.base += weight
            next.precision.mixed += weight * week.spend
            next.precision.effect += weight * week.spend * week.spend
            right.0 += weight * week.sales
            right.1 += weight * week.spend * week.sales
        }
        let p = next.precision
        let determinant = p.base * p.effect - p.mixed * p.mixed
        next.mean = (
            (p.effect * right.0 - p.mixed * right.1) / determinant,
            (p.base * right.1 - p.mixed * right.0) / determinant
        )
        return next
    }

    var effectSD: Double {
        (precision.base / (precision.base * precision.effect - precision.mixed * precision.mixed)).squareRoot()
    }

    func draws(_ count: Int, _ random: inout RandomStream) -> [(base: Double, effect: Double)] {
        // The effect from its marginal, the base given the effect.
        (0..<count).map { _ in
            let effect = mean.effect + effectSD * random.normal()
            let base =
                mean.base - precision.mixed / precision.base * (effect - mean.effect)
                + random.normal() / precision.base.squareRoot()
            return (base, effect)
        }
    }

    func logDensity(_ week: Week, at draw: (base: Double, effect: Double)) -> Double {
        let residual = (week.sales - draw.base - draw.effect * week.spend) / noise
        return -0.5 * residual * residual
    }
}
