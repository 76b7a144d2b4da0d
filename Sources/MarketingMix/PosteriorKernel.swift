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
    private let target: [Double]
    private let weights: [Double]
    private let weightSum: Double
    private let revenue: [Double]
    /// Regressors by period, `regressorVectors` vectors each.
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
    /// w_t (y_t − μ_t).
    private var weightedResiduals: [Double]
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
        target = model.target
        self.weights = weights ?? [Double](repeating: 1, count: periods)
        var weightSum = 0.0
        for weight in self.weights { weightSum += weight }
        self.weightSum = weightSum
        revenue = model.dataset.revenuePerKPI
        regressorVectors = (model.columns.count + 7) / 8
        var regressors = [SIMD8<Double>](repeating: .zero, count: periods * regressorVectors)
        for (column, regressor) in model.columns.enumerated() {
            for period in 0..<periods {
                regressors[period * regressorVectors + column / 8][column % 8] = regressor.values[period]
            }
        }
        self.regressors = regressors
        streams = lanes.map { ResponseStreams(kind: $0.kind, periods: periods) }
        values = table.values
        slopes = [Double](repeating: 0, count: dimension)
        valueGradient = [Double](repeating: 0, count: table.values.count)
        modelPosition = [Double](repeating: 0, count: dimension)
        meanVectors = [SIMD8<Double>](repeating: .zero, count: periods)
        weightedResiduals = [Double](repeating: 0, count: periods)
        coefficients = [SIMD8<Double>](repeating: .zero, count: regressorVectors)
        regressorSums = coefficients
        betas = [SIMD8<Double>](repeating: .zero, count: lanes.count)
        revenueSums = [ResponseStreams.Sums](repeating: ResponseStreams.Sums(), count: lanes.count)
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
            let sums = streams[group].sums(weights: revenue)
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
        let periods = target.count
        let start = parameters.regressors.lowerBound
        let count = parameters.regressors.count
        for vector in 0..<regressorVectors {
            var coefficient = SIMD8<Double>.zero
            for lane in 0..<min(8, count - 8 * vector) { coefficient[lane] = values[start + 8 * vector + lane] }
            coefficients[vector] = coefficient
        }
        for period in 0..<periods { meanVectors[period] = .zero }
        for group in lanes.indices {
            let beta = betas[group]
            for period in 0..<periods { meanVectors[period] += beta * streams[group].saturated[period] }
        }
        let vectors = regressorVectors
        for vector in 0..<vectors {
            let coefficient = coefficients[vector]
            for period in 0..<periods { meanVectors[period] += coefficient * regressors[period * vectors + vector] }
        }
        let intercept = values[parameters.intercept]
        for period in 0..<periods {
            let mean = intercept + Reductions.horizontalSum(meanVectors[period])
            weightedResiduals[period] = weights[period] * (target[period] - mean)
        }
    }

    /// The log-likelihood, and its gradient by place into `valueGradient`.
    private mutating func accumulate(sigma: Double) -> Double {
        let periods = target.count
        let inverseVariance = 1 / (sigma * sigma)
        var squares = 0.0
        var residualSum = 0.0
        for period in 0..<periods {
            let residual = weightedResiduals[period]
            residualSum += residual
            // w r² from w r; a weight of 0 has no term.
            if weights[period] != 0 { squares += residual * residual / weights[period] }
        }
        valueGradient[parameters.intercept] = residualSum * inverseVariance
        valueGradient[parameters.sigma] = (squares * inverseVariance - weightSum) / sigma

        let vectors = regressorVectors
        for vector in 0..<vectors {
            var sum = SIMD8<Double>.zero
            for period in 0..<periods {
                sum += SIMD8<Double>(repeating: weightedResiduals[period]) * regressors[period * vectors + vector]
            }
            regressorSums[vector] = sum * SIMD8<Double>(repeating: inverseVariance)
        }
        let start = parameters.regressors.lowerBound
        for index in 0..<parameters.regressors.count {
            valueGradient[start + index] = regressorSums[index / 8][index % 8]
        }
        for group in lanes.indices { accumulateGroup(group, inverseVariance: inverseVariance) }

        let logTwoPi = 1.8378770664093454836
        return -0.5 * weightSum * logTwoPi - weightSum * Elementary.log(sigma) - 0.5 * squares * inverseVariance
    }

    /// With β fixed, d/dθ is β Σ g_t dS_t/dθ. A return on investment makes β = roi · spend ÷ Σ r_t S_t move with θ as
    /// well: − β (Σ g_t S_t ÷ Σ r_t S_t) Σ r_t dS_t/dθ.
    private mutating func accumulateGroup(_ group: Int, inverseVariance: Double) {
        let lane = lanes[group]
        let sums = streams[group].sums(weights: weightedResiduals)
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
