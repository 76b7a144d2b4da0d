import Kernels
import ModelDefinition

/// A likelihood that is not normal, term by term.
struct CellwiseLikelihood: Sendable {
    private let family: LikelihoodFamily
    /// y less the scaled value of KPI 0, by cell.
    private let heights: [SIMD8<Double>]

    /// The log-likelihood of a part, with its derivatives in σ and in ν.
    struct Evaluation {
        var value: Double
        var sigma: Double
        var nu: Double
    }

    init(_ model: MarketingMixModel, order: PeriodOrder) {
        family = model.specification.likelihood
        let zero = model.scaling.zeroKPI
        heights = order.vectors(model.target.map { $0 - zero })
    }

    /// Turns √w (y − μ) into √w d log p/dμ, in place.
    ///
    /// - Parameters:
    ///   - range: the vectors of the part.
    ///   - weightSum: Σ w.
    func evaluate(
        _ residuals: inout [SIMD8<Double>], weightRoots: [SIMD8<Double>], range: Range<Int>, weightSum: Double,
        sigma: Double, nu: Double
    ) -> Evaluation {
        switch family {
        case .normal, .logNormal: preconditionFailure("a Gaussian likelihood has a part of its own")
        case .truncatedNormal:
            evaluateTruncated(
                &residuals, weightRoots: weightRoots, range: range, weightSum: weightSum, sigma: sigma)
        case .studentT:
            Self.evaluateStudent(
                &residuals, weightRoots: weightRoots, range: range, weightSum: weightSum, sigma: sigma, nu: nu)
        }
    }

    /// log p = log N(y | μ, σ) − log Φ(z), z = (μ − y₀)/σ.
    private func evaluateTruncated(
        _ residuals: inout [SIMD8<Double>], weightRoots: [SIMD8<Double>], range: Range<Int>, weightSum: Double,
        sigma: Double
    ) -> Evaluation {
        let roots = weightRoots.span
        let heights = heights.span
        var span = residuals.mutableSpan
        let inverse = 1 / sigma
        var terms = SIMD8<Double>.zero
        var slopes = SIMD8<Double>.zero
        for index in range {
            let root = roots[index]
            let difference = span[index] / Self.nonZero(root)
            let standard = inverse * difference
            let z = inverse * (heights[index] - difference)
            let (logMass, ratio) = SpecialFunctions.logNormalCDF(z)
            let weight = root * root
            let square = standard * standard
            terms += weight * (0.5 * square + logMass)
            slopes += weight * (square + ratio * z)
            span[index] = root * (inverse * (standard - ratio))
        }
        let constant = weightSum * (Elementary.log(sigma) + SpecialFunctions.halfLogTwoPi)
        return Evaluation(
            value: -Reductions.horizontalSum(terms) - constant,
            sigma: inverse * (Reductions.horizontalSum(slopes) - weightSum), nu: 0)
    }

    /// log p = log Γ((ν + 1)/2) − log Γ(ν/2) − ½ log(νπ) − log σ − ½ (ν + 1) log(1 + q), q = (y − μ)²/(ν σ²).
    private static func evaluateStudent(
        _ residuals: inout [SIMD8<Double>], weightRoots: [SIMD8<Double>], range: Range<Int>, weightSum: Double,
        sigma: Double, nu: Double
    ) -> Evaluation {
        let roots = weightRoots.span
        var span = residuals.mutableSpan
        let inverse = 1 / (nu * sigma * sigma)
        var logs = SIMD8<Double>.zero
        var shares = SIMD8<Double>.zero
        for index in range {
            let root = roots[index]
            let difference = span[index] / nonZero(root)
            let pull = inverse * difference
            let q = pull * difference
            let weight = root * root
            logs += weight * Elementary.log1p(q)
            shares += weight * (q / (1 + q))
            span[index] = root * ((nu + 1) * (pull / (1 + q)))
        }
        let logSum = Reductions.horizontalSum(logs)
        let shareSum = Reductions.horizontalSum(shares)
        let constant =
            SpecialFunctions.logGamma(0.5 * (nu + 1)) - SpecialFunctions.logGamma(0.5 * nu)
            - 0.5 * Elementary.log(nu * Double.pi) - Elementary.log(sigma)
        let slope = SpecialFunctions.digamma(0.5 * (nu + 1)) - SpecialFunctions.digamma(0.5 * nu) - 1 / nu
        return Evaluation(
            value: weightSum * constant - 0.5 * (nu + 1) * logSum,
            sigma: ((nu + 1) * shareSum - weightSum) / sigma,
            nu: 0.5 * (weightSum * slope - logSum + (nu + 1) * shareSum / nu))
    }

    /// Where a weight is 0 its residual is 0 too.
    private static func nonZero(_ roots: SIMD8<Double>) -> SIMD8<Double> {
        roots.replacing(with: SIMD8(repeating: 1), where: roots .== SIMD8.zero)
    }
}
