import Densities
import Kernels
import ModelDefinition

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
    /// What the effects of some groups compare their response to, with the group's index; and their streams.
    private let comparisons: [(group: Int, lanes: ComparisonLanes)]
    private var comparisonStreams: [ResponseStreams]
    private let experiments: [ExperimentLanes]
    /// By experiment and part, of the exposures as they were and as tested; and what they sum to.
    private var experimentStreams: [[(actual: ResponseStreams, tested: ResponseStreams)]]
    private var experimentSums: [[ResponseStreams.Sums]]
    private let order: PeriodOrder
    private let geoCount: Int
    /// Number of groups of lanes in one geo.
    private let runCount: Int
    /// By run of channels.
    private let effects: [[ChannelEffect]]
    /// √w_t (y_t − constant part of the mean), and √w_t, w_t the likelihood weights; 0 where a value is padding.
    private let target: [SIMD8<Double>]
    private let weightRoots: [SIMD8<Double>]
    /// Sampled columns of the linear part, rows times √w_t, and the places of their coefficients.
    private let columns: PeriodColumns
    private let columnPlaces: [Int]
    private var parts: [LikelihoodPart]
    private let cellwise: CellwiseLikelihood?
    private let logJacobian: Double
    /// Priors of the coordinates that are known before the media, and by run of channels those of the effects in
    /// contribution coordinates, which are known after.
    private let directPriors: [CoordinatePriors]
    private let contributionPriors: [[CoordinatePriors]]
    /// Coordinates with a Normal prior whose standard deviation is a parameter, their places and those of the latter.
    private let scaledPriors: [(coordinate: Int, place: Int, scale: Int)]

    private let centred: [CentredDeviation]
    private let scattered: [ScatteredEffect]
    private var scatterScratch: [ScatteredEffect.Scratch]
    private let levels: [SampledLevel]
    /// By level: the derivative of its log prior.
    private var levelSlopes: [Double]

    /// By geo; empty where media always work alike.
    private var effectiveness: [EffectivenessProcess]

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
    /// By group of lanes: β by lane; Σ v_t S_t and Σ g_t S_t by channel, in all lanes of the channel; what the log density
    /// gains with log β when Σ v_t S_t moves, by lane; and sums of the slopes.
    private var betas: [SIMD8<Double>]
    private var referenceSums: [SIMD8<Double>]
    private var effectSlopes: [SIMD8<Double>]
    private var shifts: [SIMD8<Double>]
    private var sums: [(weighted: ResponseStreams.Sums, reference: ResponseStreams.Sums)]
    /// Common β by run and effect.
    private var commonBetas: [[Double]]
    private var effectSums: [[Double]]

    init(_ posterior: MarketingMixPosterior) {
        let model = posterior.model
        parameters = model.parameters
        derived = model.parameters.derived
        coordinates = posterior.coordinates
        lanes = posterior.media.lanes
        comparisons = posterior.media.comparisons.enumerated().compactMap { group, lanes in lanes.map { (group, $0) } }
        comparisonStreams = comparisons.map { ResponseStreams($0.lanes.lanes) }
        experiments = posterior.media.experiments
        experimentStreams = experiments.map { experiment in
            experiment.parts.map { (ResponseStreams($0.actual), ResponseStreams($0.tested)) }
        }
        experimentSums = experiments.map { $0.parts.map { _ in ResponseStreams.Sums() } }
        order = posterior.media.order
        geoCount = model.dataset.geoCount
        runCount = lanes.count / geoCount
        effects = posterior.media.effects
        parts = posterior.parts
        cellwise = posterior.cellwise
        logJacobian = posterior.logJacobian
        target = posterior.target
        weightRoots = posterior.weightRoots
        columns = posterior.sampledColumns
        columnPlaces = posterior.sampledPlaces
        let table = model.parameters.table
        let contributions = effects.map { run in
            run.compactMap { $0.coordinate == .contribution ? table.coordinates[$0.place] : nil }
        }
        centred = posterior.centred
        scattered = posterior.scattered
        scatterScratch = posterior.scattered.map(\.scratch)
        levels = posterior.levels
        levelSlopes = posterior.levels.map { _ in 0 }
        let own =
            posterior.centred.map(\.coordinate) + posterior.levels.map(\.coordinate)
            + posterior.scattered.flatMap(\.coordinates)
        let later = Set(contributions.joined()).union(own)
        directPriors = CoordinatePriors.groups(
            posterior.coordinates.modelCoordinates.filter { !later.contains($0) && table.scales[$0] == nil },
            table: table)
        let sampled = Set(posterior.coordinates.modelCoordinates)
        scaledPriors = table.scales.filter { sampled.contains($0.key) }.sorted { $0.key < $1.key }.map {
            coordinate, scale in
            (coordinate, table.places[coordinate], scale)
        }
        contributionPriors = contributions.map { CoordinatePriors.groups($0, table: table) }

        let processes = model.parameters.effectiveness
        effectiveness =
            processes.isEmpty
            ? []
            : (0..<geoCount).map { geo in
                EffectivenessProcess(
                    places: processes[min(geo, processes.count - 1)],
                    basis: model.effectivenessBasis.map(\.values), order: posterior.media.order)
            }
        let vectors = [SIMD8<Double>](repeating: .zero, count: geoCount * order.vectorCount)
        let dimension = model.dimension
        streams = lanes.map(ResponseStreams.init)
        values = model.parameters.table.values
        modelPosition = [Double](repeating: 0, count: dimension)
        slopes = modelPosition
        modelGradient = modelPosition
        valueGradient = [Double](repeating: 0, count: values.count)
        mediaVectors = [SIMD8<Double>](repeating: .zero, count: order.rows)
        residuals = vectors
        meanSlopes = [Double](repeating: 0, count: geoCount * order.count)
        coefficients = [Double](repeating: 0, count: columns.coefficientCount)
        columnSums = coefficients
        betas = [SIMD8<Double>](repeating: .zero, count: lanes.count)
        referenceSums = betas
        effectSlopes = betas
        shifts = betas
        sums = lanes.map { _ in (ResponseStreams.Sums(), ResponseStreams.Sums()) }
        commonBetas = effects.map { $0.map { _ in 0 } }
        effectSums = commonBetas
    }

    var dimension: Int { coordinates.dimension }

    mutating func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        let logPrior = evaluateLikelihood(at: position)
        for index in levels.indices { accumulateLevel(index) }
        for geo in effectiveness.indices {
            effectiveness[geo].pullBack(&meanSlopes, from: geo * order.count, gradient: &valueGradient)
        }
        for group in lanes.indices { sumSlopes(group) }
        for index in comparisons.indices { compareSlopes(index) }
        for index in experiments.indices { logLikelihood += addExperiment(index) }
        for run in effects.indices { accumulateEffects(run) }
        for group in lanes.indices { accumulate(group) }
        for parameter in derived.reversed() { parameter.pullBack(&valueGradient, values: values) }
        for index in scaledPriors.indices { accumulateScaledPrior(index) }
        for index in centred.indices { accumulateCentred(index) }
        for index in scattered.indices {
            scattered[index].pullBack(into: &valueGradient, &modelGradient, values, &scatterScratch[index])
        }
        for group in directPriors.indices { addLikelihood(directPriors[group]) }
        coordinates.pullBack(modelGradient, into: &gradient)
        return logPrior + logLikelihood
    }

    /// The way forward: sets all values and the log likelihood of the KPI, which is what `drawMarginalized` asks for, and
    /// returns the log prior.
    mutating func evaluateLikelihood(at position: Span<Double>) -> Double {
        coordinates.toModel(position, into: &modelPosition)
        var logPrior = 0.0
        for group in directPriors.indices { logPrior += evaluatePriors(directPriors[group]) }
        for index in scaledPriors.indices { logPrior += evaluateScaledPrior(index) }
        for index in centred.indices { logPrior += evaluateCentred(index) }
        for index in scattered.indices {
            logPrior += scattered[index].evaluate(at: modelPosition, values: &values, &scatterScratch[index])
        }
        for parameter in derived { parameter.evaluate(&values) }
        for group in lanes.indices { respond(group) }
        for index in comparisons.indices { compare(index) }
        for run in effects.indices { logPrior += setEffects(run) }
        for geo in 0..<geoCount { addMedia(geo) }
        for geo in effectiveness.indices {
            effectiveness[geo].apply(to: &meanSlopes, from: geo * order.count, values: values)
        }
        for index in levels.indices { logPrior += setLevel(index) }
        computeResiduals()
        for place in valueGradient.indices { valueGradient[place] = 0 }
        logLikelihood = computeLikelihood() + logJacobian
        return logPrior
    }

    /// One draw of the parameters that are integrated out, given those of the last evaluation, by place of `values`.
    ///
    /// - Parameters:
    ///   - scales: by parameter, the place of what its draw is divided by.
    ///   - normal: gives standard normal numbers, or zeros for the means.
    mutating func drawMarginalized(places: [Int], scales: [Int?], normal: () -> Double) {
        var start = 0
        for part in parts {
            let drawn = part.draw(sigma: values[part.sigma], normal: normal)
            for (index, value) in drawn.enumerated() {
                let scale = scales[start + index].map { values[$0] } ?? 1
                values[places[start + index]] = scale == 1 ? value : value / scale
            }
            start += drawn.count
        }
    }

    /// Sets the value of a coordinate with prior N(0, s) and returns its log prior.
    private mutating func evaluateScaledPrior(_ index: Int) -> Double {
        let prior = scaledPriors[index]
        let scale = values[prior.scale]
        let value = modelPosition[prior.coordinate]
        values[prior.place] = value
        let standard = value / scale
        return -0.5 * standard * standard - Elementary.log(scale) - SpecialFunctions.halfLogTwoPi
    }

    private mutating func accumulateScaledPrior(_ index: Int) {
        let prior = scaledPriors[index]
        let scale = values[prior.scale]
        let standard = values[prior.place] / scale
        valueGradient[prior.scale] += (standard * standard - 1) / scale
        modelGradient[prior.coordinate] = valueGradient[prior.place] - standard / scale
    }

    /// Sets z of a deviation γ and returns the log density of γ.
    private mutating func evaluateCentred(_ index: Int) -> Double {
        let deviation = centred[index]
        let scale = values[deviation.scale]
        let standard = modelPosition[deviation.coordinate] / scale
        values[deviation.place] = standard
        return -0.5 * standard * standard - Elementary.log(scale) - SpecialFunctions.halfLogTwoPi
    }

    private mutating func accumulateCentred(_ index: Int) {
        let deviation = centred[index]
        let scale = values[deviation.scale]
        let standard = values[deviation.place]
        let slope = valueGradient[deviation.place] - standard
        modelGradient[deviation.coordinate] = slope / scale
        valueGradient[deviation.scale] -= (slope * standard + 1) / scale
    }

    /// Sets an intercept, the level less the mean of media, and returns its log prior.
    private mutating func setLevel(_ index: Int) -> Double {
        let intercept = modelPosition[levels[index].coordinate] - levels[index].mean(of: meanSlopes)
        let evaluation = levels[index].prior.evaluate(intercept)
        values[levels[index].place] = intercept
        levelSlopes[index] = evaluation.derivative
        return evaluation.logDensity
    }

    /// What the log density gains with an intercept it loses with the mean of media.
    private mutating func accumulateLevel(_ index: Int) {
        let slope = valueGradient[levels[index].place] + levelSlopes[index]
        modelGradient[levels[index].coordinate] = slope
        let start = levels[index].start
        for (cell, share) in levels[index].shares.enumerated() { meanSlopes[start + cell] -= share * slope }
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

    /// Adstock and saturation of a group of lanes.
    private mutating func respond(_ group: Int) {
        streams[group].evaluate(lanes[group], at: gather(lanes[group]))
        referenceSums[group] =
            lanes[group].hasReference
            ? Self.addSegments(streams[group].referenceSum(lanes[group]), order.segments) : .zero
    }

    /// Σ v D of a group whose effects compare responses, in the place of Σ v S.
    private mutating func compare(_ index: Int) {
        let (group, comparison) = comparisons[index]
        comparisonStreams[index].evaluate(comparison.lanes, at: gather(comparison.lanes))
        let other = comparisonStreams[index].referenceSum(comparison.lanes)
        referenceSums[group] =
            comparison.own * referenceSums[group]
            + comparison.other * Self.addSegments(other, order.segments)
    }

    /// The same for the sums of the slopes.
    private mutating func compareSlopes(_ index: Int) {
        let (group, comparison) = comparisons[index]
        let start = lanes[group].geo * order.count
        let weights = meanSlopes
        let other = comparisonStreams[index].sums(
            comparison.lanes, weights: weights.span.extracting(start..<start + order.count)
        ).reference
        sums[group].reference.combine(comparison.own, with: other, comparison.other)
    }

    /// β of a run of channels in every geo. Returns the log prior of effects in contribution coordinates.
    private mutating func setEffects(_ run: Int) -> Double {
        for index in effects[run].indices {
            let effect = effects[run][index]
            var sum = 0.0
            for member in effect.members {
                sum += values[member.multiplier] * referenceSums[member.group][member.lane]
            }
            effectSums[run][index] = sum
            guard effect.coordinate == .contribution else { continue }
            // log β = η − log(Σ v S ÷ Σ v).
            let mean = sum * (1 / effect.referenceTotal)
            modelPosition[effect.modelCoordinate] -= Elementary.log(max(mean, .leastNormalMagnitude))
        }
        var logPrior = 0.0
        for priors in contributionPriors[run].indices { logPrior += evaluatePriors(contributionPriors[run][priors]) }
        for index in effects[run].indices {
            let effect = effects[run][index]
            var beta = values[effect.place]
            if effect.coordinate == .amount {
                // A channel that never ran has no response to divide by, and no effect.
                let sum = effectSums[run][index]
                let added = effect.hasAddends ? addedResponse(effect) : 0
                beta = sum == 0 ? 0 : beta * (effect.amount / sum) - added / sum
            }
            commonBetas[run][index] = beta
            for member in effect.members {
                let value = values[member.multiplier] * beta + values[member.addend]
                for segment in 0..<order.segments { betas[member.group][member.lane + segment] = value }
            }
        }
        return logPrior
    }

    /// Σ a_g v D.
    private func addedResponse(_ effect: ChannelEffect) -> Double {
        effect.members.reduce(0.0) { $0 + values[$1.addend] * referenceSums[$1.group][$1.lane] }
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

    /// The media part of the mean of one geo, into its stretch of `meanSlopes`.
    private mutating func addMedia(_ geo: Int) {
        let first = geo * runCount
        if runCount == 1, order.segments == 1 {
            Self.sumChannels(streams[first].saturated, times: betas[first], into: &meanSlopes, at: geo * order.count)
            return
        }
        Self.scale(streams[first].saturated, by: betas[first], into: &mediaVectors)
        for group in first + 1..<first + runCount {
            Self.add(streams[group].saturated, times: betas[group], to: &mediaVectors)
        }
        Self.addChannels(mediaVectors, segments: order.segments, into: &meanSlopes, at: geo * order.count)
    }

    /// √w_t (y_t − μ_t) for all periods, without what is integrated out.
    private mutating func computeResiduals() {
        Self.subtract(meanSlopes, from: target, weightRoots: weightRoots, into: &residuals)
        for (index, place) in columnPlaces.enumerated() { coefficients[columns.slots[index]] = values[place] }
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

    /// The sum over the channels of one vector, β S, two periods at a time; `count` of periods is even.
    private static func sumChannels(
        _ streams: [SIMD8<Double>], times beta: SIMD8<Double>, into sums: inout [Double], at start: Int
    ) {
        let streams = streams.span
        var span = sums.mutableSpan
        for row in stride(from: 0, to: streams.count, by: 2) {
            let even = halves(beta * streams[row])
            let odd = halves(beta * streams[row + 1])
            let pair = SIMD2(even[0], odd[0]) + SIMD2(even[1], odd[1])
            span[start + row] = pair[0]
            span[start + row + 1] = pair[1]
        }
    }

    /// The sums of the even and of the odd lanes, in the order of `Reductions.horizontalSum`.
    @inline(__always)
    private static func halves(_ vector: SIMD8<Double>) -> SIMD2<Double> {
        let four = vector.lowHalf + vector.highHalf
        return four.lowHalf + four.highHalf
    }

    /// The sum over channels, one value a period.
    ///
    /// Adding up lanes in the loop that makes the vectors would tear that loop's arithmetic into narrower pieces.
    private static func addChannels(
        _ vectors: [SIMD8<Double>], segments: Int, into sums: inout [Double], at start: Int
    ) {
        let vectors = vectors.span
        var span = sums.mutableSpan
        switch segments {
        case 1:
            for row in 0..<vectors.count { span[start + row] = Reductions.horizontalSum(vectors[row]) }
        case 2:
            for row in 0..<vectors.count {
                let four = vectors[row].lowHalf + vectors[row].highHalf
                let two = four.lowHalf + four.highHalf
                span[start + 2 * row] = two[0]
                span[start + 2 * row + 1] = two[1]
            }
        case 4:
            for row in 0..<vectors.count {
                let four = vectors[row].lowHalf + vectors[row].highHalf
                for lane in 0..<4 { span[start + 4 * row + lane] = four[lane] }
            }
        default:
            for row in 0..<vectors.count {
                for lane in 0..<8 { span[start + 8 * row + lane] = vectors[row][lane] }
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
        var value = 0.0
        for part in parts.indices { value += computeLikelihood(part) }
        columns.products(with: residuals, into: &columnSums)
        for (index, place) in columnPlaces.enumerated() { valueGradient[place] += columnSums[columns.slots[index]] }
        Self.unload(residuals, weightRoots: weightRoots, into: &meanSlopes)
        return value
    }

    private mutating func computeLikelihood(_ part: Int) -> Double {
        let place = parts[part].sigma
        let sigma = values[place]
        if let (value, slope) = parts[part].marginal?.evaluate(&residuals, sigma: sigma) {
            valueGradient[place] += slope
            return value
        }
        if parts[part].scaledMarginal != nil { return computeScaledMarginal(part) }
        if parts[part].autoregressive != nil { return computeAutoregressive(part) }
        if let cellwise {
            let nu = parts[part].degreesOfFreedom
            let evaluation = cellwise.evaluate(
                &residuals, weightRoots: weightRoots, range: parts[part].vectors, weightSum: parts[part].weightSum,
                sigma: sigma, nu: values[nu])
            valueGradient[place] += evaluation.sigma
            valueGradient[nu] += evaluation.nu
            return evaluation.value
        }
        let inverseVariance = 1 / (sigma * sigma)
        let squares =
            MarginalLikelihood.scale(&residuals, parts[part].vectors, by: inverseVariance) * (sigma * sigma)
        valueGradient[place] += (squares - parts[part].weightSum) / sigma
        return -0.5 * squares - parts[part].weightSum * (Elementary.log(sigma) + SpecialFunctions.halfLogTwoPi)
    }

    private mutating func computeScaledMarginal(_ part: Int) -> Double {
        let place = parts[part].sigma
        for (index, scale) in parts[part].scalePlaces.enumerated() {
            parts[part].scaledMarginal?.setScale(index, to: values[scale])
        }
        guard let (value, slope) = parts[part].scaledMarginal?.evaluate(&residuals, sigma: values[place]) else {
            preconditionFailure("the part has no learned scales")
        }
        valueGradient[place] += slope
        for (index, scale) in parts[part].scalePlaces.enumerated() {
            valueGradient[scale] += parts[part].scaledMarginal?.scaleSlopes[index] ?? 0
        }
        return value
    }

    private mutating func computeAutoregressive(_ part: Int) -> Double {
        let (sigma, rho) = (parts[part].sigma, parts[part].correlation)
        for (index, scale) in parts[part].scalePlaces.enumerated() {
            parts[part].autoregressive?.setScale(index, to: values[scale])
        }
        guard
            let evaluation = parts[part].autoregressive?.evaluate(&residuals, sigma: values[sigma], rho: values[rho])
        else { preconditionFailure("the part has independent errors") }
        valueGradient[sigma] += evaluation.sigma
        valueGradient[rho] += evaluation.rho
        for (index, scale) in parts[part].scalePlaces.enumerated() {
            valueGradient[scale] += parts[part].autoregressive?.scaleSlopes[index] ?? 0
        }
        return evaluation.value
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

    // MARK: Experiments

    /// The log-likelihood of a lift test, lift ~ N(Δ, se); adds its derivatives.
    private mutating func addExperiment(_ index: Int) -> Double {
        var difference = 0.0
        for part in experiments[index].parts.indices {
            difference += compareExposures(index, part)
        }
        let experiment = experiments[index].experiment
        let standard = (experiment.lift - difference) / experiment.standardError
        let slope = standard / experiment.standardError
        for part in experiments[index].parts.indices { accumulateExperiment(index, part, slope: slope) }
        return -0.5 * standard * standard - Elementary.log(experiment.standardError) - SpecialFunctions.halfLogTwoPi
    }

    /// Δ of one part.
    private mutating func compareExposures(_ index: Int, _ part: Int) -> Double {
        let lanes = experiments[index].parts[part]
        let (testedWeights, actualWeights) = (lanes.tested.reference, lanes.actual.reference)
        experimentStreams[index][part].actual.evaluate(lanes.actual, at: gather(lanes.actual))
        experimentStreams[index][part].tested.evaluate(lanes.tested, at: gather(lanes.tested))
        var sums = experimentStreams[index][part].tested.sums(
            lanes.tested, weights: testedWeights.span
        ).weighted
        let actual = experimentStreams[index][part].actual.sums(
            lanes.actual, weights: actualWeights.span
        ).weighted
        sums.combine(SIMD8(repeating: 1), with: actual, SIMD8(repeating: -1))
        sums.saturated = Self.addSegments(sums.saturated, lanes.actual.order.segments)
        experimentSums[index][part] = sums
        var difference = 0.0
        for (channel, effect) in lanes.effects.enumerated() {
            difference += betas[effect.group][effect.lane] * sums.saturated[channel * lanes.actual.order.segments]
        }
        return difference
    }

    /// - Parameter slope: d log-likelihood ÷ dΔ.
    private mutating func accumulateExperiment(_ index: Int, _ part: Int, slope: Double) {
        let lanes = experiments[index].parts[part].actual
        let effects = experiments[index].parts[part].effects
        let segments = lanes.order.segments
        let sums = experimentSums[index][part]
        var weights = SIMD8<Double>.zero
        for channel in effects.indices {
            let (group, lane) = effects[channel]
            effectSlopes[group][lane] += slope * sums.saturated[channel * segments]
            for segment in 0..<segments { weights[channel * segments + segment] = slope * betas[group][lane] }
        }
        let parameters = gather(lanes)
        Self.accumulate(lanes, parameters, sums, weights: weights, into: &valueGradient)
    }

    // MARK: Gradient

    /// With β fixed, d/dθ is β Σ g_t dS_t/dθ. Where β = c ÷ N with N = Σ v_t D_t, β moves with θ as well: by
    /// − (β/N) dN/dθ times what the log density gains with β, the likelihood's Σ g_t S_t for an amount of money,
    /// and the prior's share as well for a contribution, whose prior is one of β.
    private mutating func accumulateEffects(_ run: Int) {
        for index in effects[run].indices {
            let effect = effects[run][index]
            let place = effect.place
            let common = commonBetas[run][index]
            let sum = effectSums[run][index]
            var slope = 0.0
            for member in effect.members {
                slope += values[member.multiplier] * effectSlopes[member.group][member.lane]
            }
            let likelihoodSlope = common * slope
            // What the log density gains with log β when Σ v S moves.
            var gain = 0.0
            switch effect.coordinate {
            case .coefficient: valueGradient[place] += slope
            case .contribution:
                let coordinate = effect.modelCoordinate
                modelGradient[coordinate] += likelihoodSlope
                gain = sum == 0 ? 0 : modelGradient[coordinate] / sum
            case .amount:
                let isActive = sum != 0
                valueGradient[place] += isActive ? slope * (effect.amount / sum) : 0
                gain = isActive ? likelihoodSlope / sum : 0
            }
            if effect.hasAddends {
                accumulateAddends(effect, slope: slope, total: sum)
                continue
            }
            for member in effect.members {
                let shift = values[member.multiplier] * gain
                for segment in 0..<order.segments { shifts[member.group][member.lane + segment] = shift }
                valueGradient[member.multiplier] +=
                    common * effectSlopes[member.group][member.lane]
                    - gain * referenceSums[member.group][member.lane]
            }
        }
    }

    /// Of β_g = β + a_g, with β = (c − Σ a_g N_g)/N or a parameter: in a_g, and how β moves with N_g = Σ v D_g.
    ///
    /// - Parameters:
    ///   - slope: d log-likelihood ÷ dβ.
    ///   - total: N.
    private mutating func accumulateAddends(_ effect: ChannelEffect, slope: Double, total: Double) {
        let gain = effect.coordinate == .amount && total != 0 ? slope / total : 0
        for member in effect.members {
            let shift = betas[member.group][member.lane] * gain
            for segment in 0..<order.segments { shifts[member.group][member.lane + segment] = shift }
            valueGradient[member.addend] +=
                effectSlopes[member.group][member.lane] - gain * referenceSums[member.group][member.lane]
        }
    }

    private mutating func sumSlopes(_ group: Int) {
        let start = lanes[group].geo * order.count
        let weights = meanSlopes
        sums[group] = streams[group].sums(
            lanes[group], weights: weights.span.extracting(start..<start + order.count))
        effectSlopes[group] = Self.addSegments(sums[group].weighted.saturated, order.segments)
    }

    private mutating func accumulate(_ group: Int) {
        let (weighted, reference) = sums[group]
        let beta = betas[group]
        let shift = shifts[group]
        var sums = ResponseStreams.Sums()
        sums.retention = beta * weighted.retention - shift * reference.retention
        sums.delay = beta * weighted.delay - shift * reference.delay
        sums.first = beta * weighted.first - shift * reference.first
        sums.second = beta * weighted.second - shift * reference.second
        let parameters = gather(lanes[group])
        Self.accumulate(lanes[group], parameters, sums, weights: SIMD8(repeating: 1), into: &valueGradient)
    }

    /// Adds sums of slopes by lane, times weights, to the derivatives in the parameters of the lanes.
    private static func accumulate(
        _ lanes: ChannelLanes, _ parameters: ResponseStreams.Parameters, _ sums: ResponseStreams.Sums,
        weights: SIMD8<Double>, into valueGradient: inout [Double]
    ) {
        let segments = lanes.order.segments
        let factors = ResponseStreams.slopeFactors(lanes.kind, at: parameters)
        var retention = factors.adstock * (weights * sums.retention)
        var first = factors.first * (weights * sums.first)
        var second = factors.second * (weights * sums.second)
        retention = addSegments(retention, segments)
        first = addSegments(first, segments)
        second = addSegments(second, segments)
        for index in lanes.channels.indices {
            let lane = index * segments
            valueGradient[lanes.retentionPlaces[lane]] += retention[lane]
            valueGradient[lanes.firstPlaces[lane]] += first[lane]
            valueGradient[lanes.secondPlaces[lane]] += second[lane]
        }
        guard lanes.kind.carryOver.hasSecondParameter else { return }
        let delay = addSegments(
            factors.adstock * (weights * sums.delay), segments)
        for index in lanes.channels.indices {
            valueGradient[lanes.delayPlaces[index * segments]] += delay[index * segments]
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
