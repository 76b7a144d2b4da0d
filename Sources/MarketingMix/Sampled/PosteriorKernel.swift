import Densities
import Kernels

/// The arithmetic of the posterior and its gradient in one `PosteriorForm`.
///
/// Media lie in lanes of channels (`ChannelLanes`); columns of the linear part and everything that has one value a
/// period lie in vectors of eight periods (`PeriodOrder`). One sweep makes adstock, saturation and their slopes, the
/// mean and its residuals follow, then the residuals weight the sums that are the gradient. Sums run in ascending order
/// of memory, eight lanes always, so the bits do not depend on the processor. A value with its own scratch memory: loops
/// on stored arrays of a structure need no checks of exclusive access.
struct PosteriorKernel {
    /// Of the last evaluation.
    private(set) var logLikelihood = 0.0
    /// Every parameter by place at the last evaluation; those that are integrated out keep what they had.
    private(set) var values: [Double]

    private var coordinates: SamplerCoordinates
    private let parameters: ModelParameters
    private let derived: [DerivedParameter]
    private let lanes: [ChannelLanes]
    private let order: PeriodOrder
    /// √w_t (y_t − constant part of the mean), and √w_t, w_t the likelihood weights; 0 where a value is padding.
    private let target: [SIMD8<Double>]
    private let weightRoots: [SIMD8<Double>]
    private let weightSum: Double
    /// Sampled columns of the linear part, rows times √w_t, and the places of their coefficients.
    private let columns: PeriodColumns
    private let columnPlaces: [Int]
    private var marginal: MarginalLikelihood?
    /// Priors of the coordinates that are known before the media, and by group of lanes those of the effects in
    /// contribution coordinates, which are known after.
    private let directPriors: [CoordinatePriors]
    private let contributionPriors: [[CoordinatePriors]]

    private var streams: [ResponseStreams]
    /// By model coordinate: the position, dv/du, and the derivative of the log density.
    private var modelPosition: [Double]
    private var slopes: [Double]
    private var modelGradient: [Double]
    /// d log-likelihood ÷ d value, by place.
    private var valueGradient: [Double]
    /// The media part of the mean by row before channels are added up.
    private var mediaVectors: [SIMD8<Double>]
    /// Residuals, then d log-likelihood ÷ d mean, by period.
    private var residuals: [SIMD8<Double>]
    private var meanSlopes: [Double]
    private var coefficients: [Double]
    private var columnSums: [Double]
    /// By group of lanes: β by lane, and Σ v_t S_t by channel, in all lanes of the channel.
    private var betas: [SIMD8<Double>]
    private var referenceSums: [SIMD8<Double>]

    init(_ posterior: MarketingMixPosterior) {
        let model = posterior.model
        parameters = model.parameters
        derived = model.parameters.derived
        coordinates = posterior.coordinates
        lanes = posterior.lanes
        order = posterior.order
        marginal = posterior.marginal
        weightSum = posterior.weightSum
        target = posterior.target
        weightRoots = posterior.weightRoots
        columns = posterior.sampledColumns
        columnPlaces = posterior.sampledPlaces
        let table = model.parameters.table
        let contributions = posterior.lanes.map { lane in
            zip(lane.effectPlaces, lane.effects).compactMap { place, effect in
                effect == .contribution ? table.coordinates[place] : nil
            }
        }
        let later = Set(contributions.joined())
        directPriors = CoordinatePriors.groups(
            posterior.coordinates.modelCoordinates.filter { !later.contains($0) }, table: table)
        contributionPriors = contributions.map { CoordinatePriors.groups($0, table: table) }

        let rows = posterior.order.rows
        let vectors = [SIMD8<Double>](repeating: .zero, count: posterior.order.vectorCount)
        let dimension = model.dimension
        streams = posterior.lanes.map(ResponseStreams.init)
        values = model.parameters.table.values
        modelPosition = [Double](repeating: 0, count: dimension)
        slopes = modelPosition
        modelGradient = modelPosition
        valueGradient = [Double](repeating: 0, count: values.count)
        mediaVectors = [SIMD8<Double>](repeating: .zero, count: rows)
        residuals = vectors
        meanSlopes = [Double](repeating: 0, count: posterior.order.count)
        coefficients = [Double](repeating: 0, count: PeriodColumns.paddedCount(posterior.sampledPlaces.count))
        columnSums = coefficients
        betas = [SIMD8<Double>](repeating: .zero, count: posterior.lanes.count)
        referenceSums = betas
    }

    var dimension: Int { coordinates.dimension }

    mutating func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        coordinates.toModel(position, into: &modelPosition)
        var logPrior = 0.0
        for group in directPriors.indices { logPrior += evaluatePriors(directPriors[group]) }
        for parameter in derived { parameter.evaluate(&values) }
        for group in lanes.indices { logPrior += respond(group) }
        computeResiduals()
        logLikelihood = computeLikelihood()
        for parameter in derived { parameter.clear(&valueGradient) }
        for group in lanes.indices { accumulate(group) }
        for parameter in derived.reversed() { parameter.pullBack(&valueGradient, values: values) }
        for group in directPriors.indices { addLikelihood(directPriors[group]) }
        coordinates.pullBack(modelGradient, into: &gradient)
        return logPrior + logLikelihood
    }

    /// One draw of the parameters that are integrated out, given those of the last evaluation, by place of `values`.
    mutating func drawMarginalized(places: [Int], from stream: inout RandomStream) {
        guard let marginal else { return }
        for (place, value) in zip(places, marginal.draw(sigma: values[parameters.sigma], from: &stream)) {
            values[place] = value
        }
    }

    /// Sets values and slopes at the model's position and returns the log prior with Jacobian.
    private mutating func evaluatePriors(_ priors: CoordinatePriors) -> Double {
        var position = SIMD8<Double>.zero
        for lane in 0..<priors.count { position[lane] = modelPosition[priors.coordinates[lane]] }
        let evaluation = priors.lanes.evaluate(position)
        for lane in 0..<priors.count {
            values[priors.places[lane]] = evaluation.values[lane]
            slopes[priors.coordinates[lane]] = evaluation.slopes[lane]
            modelGradient[priors.coordinates[lane]] = evaluation.derivatives[lane]
        }
        return evaluation.logDensity
    }

    private mutating func addLikelihood(_ priors: CoordinatePriors) {
        for lane in 0..<priors.count {
            let coordinate = priors.coordinates[lane]
            modelGradient[coordinate] += slopes[coordinate] * valueGradient[priors.places[lane]]
        }
    }

    // MARK: Media

    /// Adstock, saturation and effect of a group of lanes. Returns the log prior of effects in contribution coordinates.
    private mutating func respond(_ group: Int) -> Double {
        streams[group].evaluate(lanes[group], at: gather(lanes[group]))
        let segments = order.segments
        var sums = SIMD8<Double>.zero
        var logPrior = 0.0
        if lanes[group].hasReference {
            sums = Self.addSegments(streams[group].referenceSum(lanes[group]), segments)
            if !contributionPriors[group].isEmpty { logPrior = evaluateContributions(group, sums: sums) }
        }
        referenceSums[group] = sums
        var beta = SIMD8<Double>.zero
        for index in lanes[group].channels.indices {
            let lane = index * segments
            var value = values[lanes[group].effectPlaces[index]]
            if lanes[group].effects[index] == .roi {
                // A channel that never ran has no response to divide by, and no effect.
                value = sums[lane] == 0 ? 0 : value * (lanes[group].scaledSpend[index] / sums[lane])
            }
            for segment in 0..<segments { beta[lane + segment] = value }
        }
        betas[group] = beta
        return logPrior
    }

    /// log β = η − log(Σ v_t S_t ÷ Σ v_t), then the priors of β.
    private mutating func evaluateContributions(_ group: Int, sums: SIMD8<Double>) -> Double {
        let floor = SIMD8<Double>(repeating: .leastNormalMagnitude)
        let means = sums * (1 / lanes[group].referenceTotal)
        let logs = Elementary.log(means.replacing(with: floor, where: means .< floor))
        for index in lanes[group].channels.indices where lanes[group].effects[index] == .contribution {
            modelPosition[lanes[group].effectCoordinates[index]] -= logs[index * order.segments]
        }
        var logPrior = 0.0
        for priors in contributionPriors[group].indices {
            logPrior += evaluatePriors(contributionPriors[group][priors])
        }
        return logPrior
    }

    private func gather(_ lanes: ChannelLanes) -> ResponseStreams.Parameters {
        ResponseStreams.Parameters(
            retention: gather(lanes.retentionPlaces), delay: gather(lanes.delayPlaces),
            first: gather(lanes.firstPlaces), second: gather(lanes.secondPlaces))
    }

    private func gather(_ places: [Int]) -> SIMD8<Double> {
        var vector = SIMD8<Double>.zero
        for lane in 0..<8 { vector[lane] = values[places[lane]] }
        return vector
    }

    /// Adds up the lanes of every channel; the sum stands in all of them.
    private static func addSegments(_ vector: SIMD8<Double>, _ segments: Int) -> SIMD8<Double> {
        guard segments > 1 else { return vector }
        var result = vector
        for start in stride(from: 0, to: 8, by: segments) {
            var sum = vector[start]
            for lane in start + 1..<start + segments { sum += vector[lane] }
            for lane in start..<start + segments { result[lane] = sum }
        }
        return result
    }

    // MARK: Likelihood

    /// √w_t (y_t − μ_t) for all periods, without what is integrated out.
    private mutating func computeResiduals() {
        Self.scale(streams[0].saturated, by: betas[0], into: &mediaVectors)
        for group in lanes.indices.dropFirst() {
            Self.add(streams[group].saturated, times: betas[group], to: &mediaVectors)
        }
        Self.addChannels(mediaVectors, segments: order.segments, into: &meanSlopes)
        Self.subtract(meanSlopes, from: target, weightRoots: weightRoots, into: &residuals)
        for (index, place) in columnPlaces.enumerated() { coefficients[index] = values[place] }
        columns.subtract(coefficients, from: &residuals)
    }

    private static func scale(_ streams: [SIMD8<Double>], by beta: SIMD8<Double>, into vectors: inout [SIMD8<Double>]) {
        let streams = streams.span
        var span = vectors.mutableSpan
        for row in 0..<span.count { span[row] = beta * streams[row] }
    }

    private static func add(_ streams: [SIMD8<Double>], times beta: SIMD8<Double>, to vectors: inout [SIMD8<Double>]) {
        let streams = streams.span
        var span = vectors.mutableSpan
        for row in 0..<span.count { span[row] += beta * streams[row] }
    }

    /// The sum over channels, one value a period.
    ///
    /// Adding up lanes in the loop that makes the vectors would tear that loop's arithmetic into narrower pieces.
    private static func addChannels(_ vectors: [SIMD8<Double>], segments: Int, into sums: inout [Double]) {
        let vectors = vectors.span
        var span = sums.mutableSpan
        switch segments {
        case 1:
            for row in 0..<vectors.count { span[row] = Reductions.horizontalSum(vectors[row]) }
        case 2:
            for row in 0..<vectors.count {
                let four = vectors[row].lowHalf + vectors[row].highHalf
                let two = four.lowHalf + four.highHalf
                span[2 * row] = two[0]
                span[2 * row + 1] = two[1]
            }
        case 4:
            for row in 0..<vectors.count {
                let four = vectors[row].lowHalf + vectors[row].highHalf
                for lane in 0..<4 { span[4 * row + lane] = four[lane] }
            }
        default:
            for row in 0..<vectors.count {
                for lane in 0..<8 { span[8 * row + lane] = vectors[row][lane] }
            }
        }
    }

    private static func subtract(
        _ means: [Double], from target: [SIMD8<Double>], weightRoots: [SIMD8<Double>],
        into residuals: inout [SIMD8<Double>]
    ) {
        let means = means.span
        let target = target.span
        let roots = weightRoots.span
        var span = residuals.mutableSpan
        for index in 0..<span.count {
            span[index] = target[index] - roots[index] * Reductions.lanes(means, at: 8 * index)
        }
    }

    /// The log-likelihood; leaves its derivatives in σ, in the sampled coefficients and in every period's mean.
    private mutating func computeLikelihood() -> Double {
        let sigma = values[parameters.sigma]
        let value: Double
        if let (marginalValue, slope) = marginal?.evaluate(&residuals, sigma: sigma) {
            value = marginalValue
            valueGradient[parameters.sigma] = slope
        } else {
            let inverseVariance = 1 / (sigma * sigma)
            let squares = Self.scale(&residuals, by: inverseVariance) * (sigma * sigma)
            valueGradient[parameters.sigma] = (squares - weightSum) / sigma
            value = -0.5 * squares - weightSum * (Elementary.log(sigma) + SpecialFunctions.halfLogTwoPi)
        }
        columns.products(with: residuals, into: &columnSums)
        for (index, place) in columnPlaces.enumerated() { valueGradient[place] = columnSums[index] }
        Self.unload(residuals, weightRoots: weightRoots, into: &meanSlopes)
        return value
    }

    /// Multiplies by a number and returns the sum of squares of the result.
    private static func scale(_ vectors: inout [SIMD8<Double>], by factor: Double) -> Double {
        var span = vectors.mutableSpan
        var squares = SIMD8<Double>.zero
        for index in 0..<span.count {
            let value = factor * span[index]
            span[index] = value
            squares += value * value
        }
        return Reductions.horizontalSum(squares)
    }

    private static func unload(
        _ residuals: [SIMD8<Double>], weightRoots: [SIMD8<Double>], into slopes: inout [Double]
    ) {
        let residuals = residuals.span
        let roots = weightRoots.span
        var span = slopes.mutableSpan
        for index in 0..<residuals.count {
            let slope = roots[index] * residuals[index]
            for lane in 0..<8 { span[8 * index + lane] = slope[lane] }
        }
    }

    // MARK: Gradient

    /// With β fixed, d/dθ is β Σ g_t dS_t/dθ. Where β = c ÷ N with N = Σ v_t S_t, β moves with θ as well: by
    /// − (β/N) dN/dθ times what the log density gains with β, the likelihood's Σ g_t S_t for a return on investment,
    /// and the prior's share as well for a contribution, whose prior is one of β.
    private mutating func accumulate(_ group: Int) {
        let segments = order.segments
        let sums = streams[group].sums(lanes[group], weights: meanSlopes.span)
        let factors = ResponseStreams.slopeFactors(lanes[group].kind, at: gather(lanes[group]))
        let effect = Self.addSegments(sums.weighted.saturated, segments)
        let beta = betas[group]
        // By lane: what the log density gains with log β when N moves.
        var shift = SIMD8<Double>.zero
        for index in lanes[group].channels.indices {
            let lane = index * segments
            let place = lanes[group].effectPlaces[index]
            let likelihoodSlope = beta[lane] * effect[lane]
            let sum = referenceSums[group][lane]
            var gain = 0.0
            switch lanes[group].effects[index] {
            case .coefficient: valueGradient[place] = effect[lane]
            case .contribution:
                let coordinate = lanes[group].effectCoordinates[index]
                modelGradient[coordinate] += likelihoodSlope
                gain = sum == 0 ? 0 : modelGradient[coordinate] / sum
            case .roi:
                let isActive = sum != 0
                valueGradient[place] = isActive ? effect[lane] * (lanes[group].scaledSpend[index] / sum) : 0
                gain = isActive ? likelihoodSlope / sum : 0
            }
            for segment in 0..<segments { shift[lane + segment] = gain }
        }
        var retention = factors.adstock * (beta * sums.weighted.retention - shift * sums.reference.retention)
        var first = factors.first * (beta * sums.weighted.first - shift * sums.reference.first)
        var second = factors.second * (beta * sums.weighted.second - shift * sums.reference.second)
        retention = Self.addSegments(retention, segments)
        first = Self.addSegments(first, segments)
        second = Self.addSegments(second, segments)
        for index in lanes[group].channels.indices {
            let lane = index * segments
            valueGradient[lanes[group].retentionPlaces[lane]] = retention[lane]
            valueGradient[lanes[group].firstPlaces[lane]] = first[lane]
            valueGradient[lanes[group].secondPlaces[lane]] = second[lane]
        }
        guard lanes[group].kind.carryOver.hasSecondParameter else { return }
        let delay = Self.addSegments(
            factors.adstock * (beta * sums.weighted.delay - shift * sums.reference.delay), segments)
        for index in lanes[group].channels.indices {
            valueGradient[lanes[group].delayPlaces[index * segments]] = delay[index * segments]
        }
    }
}

/// Priors side by side, with the coordinates and places of their parameters. A class, so that it is not copied.
private final class CoordinatePriors: Sendable {
    let coordinates: [Int]
    let places: [Int]
    let lanes: PriorLanes

    private init(coordinates: [Int], places: [Int], lanes: PriorLanes) {
        self.coordinates = coordinates
        self.places = places
        self.lanes = lanes
    }

    var count: Int { coordinates.count }

    static func groups(_ coordinates: [Int], table: ParameterTable) -> [CoordinatePriors] {
        PriorLanes.groups(coordinates.map { table.priors[$0] }).map { indices, lanes in
            let members = indices.map { coordinates[$0] }
            return CoordinatePriors(coordinates: members, places: members.map { table.places[$0] }, lanes: lanes)
        }
    }
}
