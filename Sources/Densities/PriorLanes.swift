import Kernels

/// Up to eight priors whose transforms are alike, evaluated side by side.
///
/// Each family below covers several distributions by setting the coefficients that it does not need to 0, so that one
/// exponential serves eight parameters. It says the same as `PreparedPrior`, one parameter at a time, but for rounding.
package struct PriorLanes: Sendable {
    /// The shapes of log densities on the transform's scale u, Jacobian included.
    private enum Family: Sendable, Hashable {
        /// v = u, log p = −½ (u − m)² i² − |u − m| j: normal and Laplace.
        case line
        /// v = l + e^u, log p = a u − b e^u − c e^−u − ½ (u − m)² i² − ½ (v − n)² k²: distributions of positive
        /// numbers, and the normal above a bound.
        case exponential
        /// v = l + w σ(u), log p = a log σ(u) + b log σ(−u) − ½ (v − n)² k²: beta, uniform, normal in an interval.
        case logistic
        /// Anything else, one at a time.
        case single
    }

    /// Values and slopes by lane; lanes without a prior have 0.
    package struct Evaluation {
        /// v.
        package var values = SIMD8<Double>.zero
        /// dv/du.
        package var slopes = SIMD8<Double>.zero
        /// d/du of log prior and log Jacobian.
        package var derivatives = SIMD8<Double>.zero
        /// The sum over lanes of log prior and log Jacobian.
        package var logDensity = 0.0
    }

    /// Number of priors, which occupy the first lanes.
    package let count: Int
    private let family: Family
    private let priors: [PreparedPrior]
    private var constant = 0.0
    private var occupied = SIMD8<Double>.zero
    private var a = SIMD8<Double>.zero
    private var b = SIMD8<Double>.zero
    private var c = SIMD8<Double>.zero
    private var location = SIMD8<Double>.zero
    private var precision = SIMD8<Double>.zero
    private var sharpness = SIMD8<Double>.zero
    private var lower = SIMD8<Double>.zero
    private var width = SIMD8<Double>(repeating: 1)
    private var valueLocation = SIMD8<Double>.zero
    private var valuePrecision = SIMD8<Double>.zero

    /// Lanes for all of `priors`, as groups of their indices: by family, then in ascending order, eight at most.
    package static func groups(_ priors: [PreparedPrior]) -> [(indices: [Int], lanes: PriorLanes)] {
        let families: [Family] = [.line, .exponential, .logistic, .single]
        return families.flatMap { family -> [(indices: [Int], lanes: PriorLanes)] in
            let members = priors.indices.filter { Self.family(of: priors[$0]) == family }
            let size = family == .single ? 1 : 8
            return stride(from: 0, to: members.count, by: size).map { start in
                let indices = Array(members[start..<min(start + size, members.count)])
                return (indices, PriorLanes(indices.map { priors[$0] }, family: family))
            }
        }
    }

    private init(_ priors: [PreparedPrior], family: Family) {
        self.priors = priors
        self.family = family
        count = priors.count
        guard family != .single else { return }
        for (lane, prepared) in priors.enumerated() { set(lane, prepared) }
    }

    private static func family(of prepared: PreparedPrior) -> Family {
        switch (prepared.transform, prepared.prior) {
        case (.identity, .normal), (.identity, .laplace): .line
        case (.log, .halfNormal), (.log, .logNormal), (.log, .gamma), (.log, .inverseGamma), (.log, .exponential),
            (.log, .truncatedNormal), (.lowerBound, .truncatedNormal), (.log, .shiftedLogNormal),
            (.lowerBound, .shiftedLogNormal):
            .exponential
        case (.logit, .beta), (.interval, .uniform), (.interval, .truncatedNormal): .logistic
        default: .single
        }
    }

    /// Coefficients of one lane: the density's own exponents, plus those of the Jacobian.
    private mutating func set(_ lane: Int, _ prepared: PreparedPrior) {
        constant += prepared.constant
        occupied[lane] = 1
        switch family {
        case .line, .single: break
        case .exponential: a[lane] = 1
        case .logistic: (a[lane], b[lane]) = (1, 1)
        }
        switch prepared.transform {
        case .lowerBound(let bound): lower[lane] = bound
        case .interval(let low, let high):
            (lower[lane], width[lane]) = (low, high - low)
            constant += Elementary.log(high - low)
        case .identity, .log, .logit: break
        }
        switch prepared.prior {
        case .normal(let mean, let sd): (location[lane], precision[lane]) = (mean, 1 / (sd * sd))
        case .laplace(let mean, let scale): (location[lane], sharpness[lane]) = (mean, 1 / scale)
        case .halfNormal(let scale): valuePrecision[lane] = 1 / (scale * scale)
        case .logNormal(let mean, let sd), .shiftedLogNormal(_, let mean, let sd):
            (a[lane], location[lane], precision[lane]) = (0, mean, 1 / (sd * sd))
        case .gamma(let shape, let rate): (a[lane], b[lane]) = (shape, rate)
        case .inverseGamma(let shape, let scale): (a[lane], c[lane]) = (-shape, scale)
        case .exponential(let rate): b[lane] = rate
        case .truncatedNormal(let mean, let sd, _, _):
            (valueLocation[lane], valuePrecision[lane]) = (mean, 1 / (sd * sd))
        case .beta(let first, let second): (a[lane], b[lane]) = (first, second)
        case .uniform, .studentT, .point: break
        }
    }

    /// The priors at u, one coordinate a lane; lanes without a prior should hold 0.
    package func evaluate(_ u: SIMD8<Double>) -> Evaluation {
        switch family {
        case .line: evaluateLine(u)
        case .exponential: evaluateExponential(u)
        case .logistic: evaluateLogistic(u)
        case .single: evaluateSingle(u)
        }
    }

    private func evaluateLine(_ u: SIMD8<Double>) -> Evaluation {
        let distance = u - location
        let isNegative = distance .< 0
        let magnitude = distance.replacing(with: 0 - distance, where: isNegative)
        let side = SIMD8<Double>(repeating: 1).replacing(with: -1, where: isNegative)
        let sign = side.replacing(with: 0, where: distance .== 0)
        let slope = precision * distance
        let terms = -0.5 * (slope * distance) - sharpness * magnitude
        return Evaluation(
            values: u, slopes: occupied, derivatives: 0 - slope - sharpness * sign,
            logDensity: constant + Reductions.horizontalSum(terms))
    }

    private func evaluateExponential(_ u: SIMD8<Double>) -> Evaluation {
        let power = Elementary.exp(u)
        let value = lower + power
        let distance = u - location
        let valueDistance = value - valueLocation
        let falling = c / power
        let rising = b * power
        let slope = precision * distance
        let valueSlope = valuePrecision * valueDistance
        let terms = a * u - rising - falling - 0.5 * (slope * distance) - 0.5 * (valueSlope * valueDistance)
        let derivatives = a - rising + falling - slope - valueSlope * power
        return Evaluation(
            values: value, slopes: power, derivatives: derivatives,
            logDensity: constant + Reductions.horizontalSum(occupied * terms))
    }

    private func evaluateLogistic(_ u: SIMD8<Double>) -> Evaluation {
        let isNegative = u .< 0
        let magnitude = u.replacing(with: 0 - u, where: isNegative)
        let decay = Elementary.exp(0 - magnitude)
        let logTotal = Elementary.log1p(decay)
        let larger = 1 / (1 + decay)
        let smaller = decay * larger
        let share = larger.replacing(with: smaller, where: isNegative)
        let complement = smaller.replacing(with: larger, where: isNegative)
        let logShare = SIMD8<Double>.zero.replacing(with: u, where: isNegative) - logTotal
        let logComplement = (0 - u).replacing(with: 0, where: isNegative) - logTotal
        let product = width * (share * complement)
        // Measured from the nearer end, so that it never leaves the interval.
        let fromAbove = (lower + width) - width * complement
        let value = fromAbove.replacing(with: lower + width * share, where: isNegative)
        let distance = value - valueLocation
        let slope = valuePrecision * distance
        let terms = a * logShare + b * logComplement - 0.5 * (slope * distance)
        let derivatives = a * complement - b * share - slope * product
        return Evaluation(
            values: value, slopes: product, derivatives: derivatives,
            logDensity: constant + Reductions.horizontalSum(occupied * terms))
    }

    private func evaluateSingle(_ u: SIMD8<Double>) -> Evaluation {
        var result = Evaluation()
        let prior = priors[0].evaluate(u[0])
        result.values[0] = prior.value
        result.slopes[0] = prior.slope
        result.derivatives[0] = prior.derivative
        result.logDensity = prior.logDensity + prior.logJacobian
        return result
    }
}
