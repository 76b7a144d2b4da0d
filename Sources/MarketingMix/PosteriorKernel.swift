import Densities
import Kernels

/// The arithmetic of the posterior and its gradient.
///
/// Channels lie side by side in the lanes of vectors, regressors likewise, and weeks follow one another in memory.
/// One sweep makes adstock, saturation and their slopes for all periods, the mean follows, then its residuals weight
/// the sums that are the gradient. Sums run over periods in ascending order, eight lanes always, so the bits do not
/// depend on the processor. A value with its own scratch memory: loops on stored arrays of a structure need no checks
/// of exclusive access.
struct PosteriorKernel {
    let dimension: Int
    /// Of the last evaluation.
    private(set) var logLikelihood = 0.0

    private let map: SamplerMap
    private let table: ParameterTable
    private let parameters: ModelParameters
    private let lanes: [ChannelLanes]
    /// y_t and w_t, padded with zeros to a multiple of eight periods.
    private let target: [Double]
    private let weights: [Double]
    private let weightSum: Double
    private let revenue: [Double]
    /// Regressors eight at a time: column 8j + lane of period t at index j T + t.
    private let regressors: [SIMD8<Double>]
    private let regressorVectors: Int

    private var streams: [ResponseStreams]
    /// Parameter values by place, and dv/du by coordinate.
    private var values: [Double]
    private var slopes: [Double]
    /// d log-likelihood ÷ d value, by place.
    private var valueGradient: [Double]
    private var modelPosition: [Double]
    /// The mean of a period before its lanes are added up.
    private var meanVectors: [SIMD8<Double>]
    /// The mean of each period without the intercept.
    private var means: [Double]
    /// w_t (y_t − μ_t).
    private var weightedResiduals: [Double]
    /// Σ w_t (y_t − μ_t) and Σ w_t (y_t − μ_t)².
    private var residualSums = (sum: 0.0, squares: 0.0)
    private var coefficients: [SIMD8<Double>]
    private var regressorSums: [SIMD8<Double>]
    /// By group of lanes: β, and for returns on investment Σ_t r_t S_t.
    private var betas: [SIMD8<Double>]
    private var revenueSums: [ResponseStreams.Sums]

    init(_ model: MarketingMixModel, weights: [Double]?) {
        let periods = model.dataset.periodCount
        precondition(weights.map { $0.count == periods } ?? true, "one weight a period")
        dimension = model.dimension
        map = model.map
        parameters = model.parameters
        table = model.parameters.table
        lanes = model.lanes
        target = Self.padded(model.target)
        self.weights = Self.padded(weights ?? [Double](repeating: 1, count: periods))
        var weightSum = 0.0
        for weight in self.weights { weightSum += weight }
        self.weightSum = weightSum
        revenue = model.dataset.revenuePerKPI
        regressorVectors = (model.columns.count + 7) / 8
        var regressors = [SIMD8<Double>](repeating: .zero, count: periods * regressorVectors)
        for (column, regressor) in model.columns.enumerated() {
            for period in 0..<periods {
                regressors[(column / 8) * periods + period][column % 8] = regressor.values[period]
            }
        }
        self.regressors = regressors
        streams = lanes.map { ResponseStreams(kind: $0.kind, periods: periods) }
        values = table.values
        slopes = [Double](repeating: 0, count: dimension)
        valueGradient = [Double](repeating: 0, count: table.values.count)
        modelPosition = [Double](repeating: 0, count: dimension)
        meanVectors = [SIMD8<Double>](repeating: .zero, count: periods)
        means = [Double](repeating: 0, count: target.count)
        weightedResiduals = means
        coefficients = [SIMD8<Double>](repeating: .zero, count: regressorVectors)
        regressorSums = coefficients
        betas = [SIMD8<Double>](repeating: .zero, count: lanes.count)
        revenueSums = [ResponseStreams.Sums](repeating: ResponseStreams.Sums(), count: lanes.count)
    }

    /// `values` with zeros up to a multiple of eight.
    private static func padded(_ values: [Double]) -> [Double] {
        values + [Double](repeating: 0, count: (8 - values.count % 8) % 8)
    }

    mutating func evaluate(samplerPosition: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        map.toModel(samplerPosition, into: &modelPosition)
        // The array is handed over and back, so that reading it does not overlap with changing its neighbours.
        let position = modelPosition
        let logDensity = evaluate(unconstrained: position.span, gradient: &gradient)
        map.pullBack(&gradient)
        return logDensity
    }

    /// In the model's own coordinates.
    mutating func evaluate(unconstrained: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        var logPrior = 0.0
        for coordinate in 0..<dimension {
            let prior = table.priors[coordinate].evaluate(unconstrained[coordinate])
            logPrior += prior.logDensity + prior.logJacobian
            values[table.places[coordinate]] = prior.value
            slopes[coordinate] = prior.slope
            gradient[coordinate] = prior.derivative
        }
        respond()
        let sigma = values[parameters.sigma]
        computeResiduals()
        logLikelihood = accumulate(sigma: sigma)
        for coordinate in 0..<dimension {
            gradient[coordinate] += slopes[coordinate] * valueGradient[table.places[coordinate]]
        }
        return logPrior + logLikelihood
    }

    /// Adstock, saturation and effect of every group of lanes.
    private mutating func respond() {
        for group in lanes.indices {
            let alpha = gather(lanes[group].alphaPlaces)
            let first = gather(lanes[group].firstPlaces)
            let second = gather(lanes[group].secondPlaces)
            streams[group].evaluate(lanes[group], alpha: alpha, first: first, second: second)
            let effect = gather(lanes[group].effectPlaces)
            guard lanes[group].hasROI else {
                betas[group] = effect
                continue
            }
            let sums = streams[group].sums(weights: revenue.span)
            revenueSums[group] = sums
            let isROI = lanes[group].isROI .== 1
            // A channel that never ran has no response to divide by, and no effect.
            let hasResponse = sums.saturated .!= 0
            let divisor = sums.saturated.replacing(with: 1, where: .!hasResponse)
            let scale = (lanes[group].scaledSpend / divisor).replacing(with: 0, where: .!hasResponse)
            betas[group] = effect.replacing(with: effect * scale, where: isROI)
        }
    }

    private func gather(_ places: [Int]) -> SIMD8<Double> {
        var vector = SIMD8<Double>.zero
        for lane in 0..<8 { vector[lane] = values[places[lane]] }
        return vector
    }

    /// w_t (y_t − μ_t) for all periods.
    private mutating func computeResiduals() {
        let periods = meanVectors.count
        let start = parameters.regressors.lowerBound
        let count = parameters.regressors.count
        for vector in 0..<regressorVectors {
            var coefficient = SIMD8<Double>.zero
            for lane in 0..<min(8, count - 8 * vector) { coefficient[lane] = values[start + 8 * vector + lane] }
            coefficients[vector] = coefficient
        }
        Self.fill(&meanVectors, with: .zero)
        for group in lanes.indices { Self.add(betas[group], times: streams[group].saturated, at: 0, to: &meanVectors) }
        for vector in 0..<regressorVectors {
            Self.add(coefficients[vector], times: regressors, at: vector * periods, to: &meanVectors)
        }
        Self.sumLanes(meanVectors, into: &means)
        let intercept = SIMD8<Double>(repeating: values[parameters.intercept])
        residualSums = Self.weighResiduals(
            target: target, means: means, intercept: intercept, weights: weights, into: &weightedResiduals)
    }

    private static func fill(_ vectors: inout [SIMD8<Double>], with value: SIMD8<Double>) {
        var span = vectors.mutableSpan
        for period in 0..<span.count { span[period] = value }
    }

    private static func add(
        _ coefficient: SIMD8<Double>, times columns: [SIMD8<Double>], at offset: Int, to vectors: inout [SIMD8<Double>]
    ) {
        let columns = columns.span
        var span = vectors.mutableSpan
        for period in 0..<span.count { span[period] += coefficient * columns[offset + period] }
    }

    /// Adding up lanes in the loop that makes the vectors would tear that loop's arithmetic into narrower pieces.
    private static func sumLanes(_ vectors: [SIMD8<Double>], into sums: inout [Double]) {
        let vectors = vectors.span
        var span = sums.mutableSpan
        for period in 0..<vectors.count { span[period] = Reductions.horizontalSum(vectors[period]) }
    }

    /// Writes w_t r_t with r_t = y_t − μ_t and returns Σ w r and Σ w r²; periods are padded to eight with weight 0.
    private static func weighResiduals(
        target: [Double], means: [Double], intercept: SIMD8<Double>, weights: [Double], into weighted: inout [Double]
    ) -> (sum: Double, squares: Double) {
        let target = target.span
        let means = means.span
        let weights = weights.span
        var span = weighted.mutableSpan
        var sum = SIMD8<Double>.zero
        var squares = SIMD8<Double>.zero
        for start in stride(from: 0, to: target.count, by: 8) {
            let residual = Reductions.lanes(target, at: start) - (Reductions.lanes(means, at: start) + intercept)
            let product = Reductions.lanes(weights, at: start) * residual
            sum += product
            squares += product * residual
            for lane in 0..<8 { span[start + lane] = product[lane] }
        }
        return (Reductions.horizontalSum(sum), Reductions.horizontalSum(squares))
    }

    /// The log-likelihood, and its gradient by place into `valueGradient`.
    private mutating func accumulate(sigma: Double) -> Double {
        let periods = meanVectors.count
        let inverseVariance = 1 / (sigma * sigma)
        let squares = residualSums.squares * inverseVariance
        valueGradient[parameters.intercept] = residualSums.sum * inverseVariance
        valueGradient[parameters.sigma] = (squares - weightSum) / sigma

        for vector in 0..<regressorVectors {
            let sum = Self.weightedSum(regressors, at: vector * periods, count: periods, weights: weightedResiduals)
            regressorSums[vector] = sum * inverseVariance
        }
        let start = parameters.regressors.lowerBound
        for index in 0..<parameters.regressors.count {
            valueGradient[start + index] = regressorSums[index / 8][index % 8]
        }
        for group in lanes.indices { accumulateGroup(group, inverseVariance: inverseVariance) }

        return -0.5 * squares - weightSum * (Elementary.log(sigma) + SpecialFunctions.halfLogTwoPi)
    }

    private static func weightedSum(
        _ columns: [SIMD8<Double>], at offset: Int, count: Int, weights: [Double]
    ) -> SIMD8<Double> {
        let columns = columns.span
        let weights = weights.span
        var sum = SIMD8<Double>.zero
        for period in 0..<count { sum += weights[period] * columns[offset + period] }
        return sum
    }

    /// With β fixed, d/dθ is β Σ g_t dS_t/dθ. A return on investment makes β = roi · spend ÷ Σ r_t S_t move with θ as
    /// well: − β (Σ g_t S_t ÷ Σ r_t S_t) Σ r_t dS_t/dθ.
    private mutating func accumulateGroup(_ group: Int, inverseVariance: Double) {
        let lane = lanes[group]
        let sums = streams[group].sums(weights: weightedResiduals.span)
        let factors = ResponseStreams.slopeFactors(
            kind: lane.kind, first: gather(lane.firstPlaces), second: gather(lane.secondPlaces))
        var retention = sums.retention
        var first = sums.first
        var second = sums.second
        var effectSlope = sums.saturated
        if lane.hasROI {
            let revenueSum = revenueSums[group]
            let isROI = lane.isROI .== 1
            let hasResponse = revenueSum.saturated .!= 0
            let divisor = revenueSum.saturated.replacing(with: 1, where: .!hasResponse)
            let ratio = (sums.saturated / divisor).replacing(with: 0, where: .!hasResponse .| .!isROI)
            retention -= ratio * revenueSum.retention
            first -= ratio * revenueSum.first
            second -= ratio * revenueSum.second
            effectSlope.replace(with: ratio * lane.scaledSpend, where: isROI)
        }
        let scale = betas[group] * SIMD8<Double>(repeating: inverseVariance)
        let alphaGradient = scale * factors.retention * retention
        let firstGradient = scale * factors.first * first
        let secondGradient = scale * factors.second * second
        let effectGradient = effectSlope * SIMD8<Double>(repeating: inverseVariance)
        for index in 0..<lane.channels.count {
            valueGradient[lane.alphaPlaces[index]] = alphaGradient[index]
            valueGradient[lane.firstPlaces[index]] = firstGradient[index]
            valueGradient[lane.secondPlaces[index]] = secondGradient[index]
            valueGradient[lane.effectPlaces[index]] = effectGradient[index]
        }
    }
}
