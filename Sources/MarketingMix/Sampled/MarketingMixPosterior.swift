import Densities
import Kernels
import ModelDefinition

/// The posterior of a model under likelihood weights, prepared in the form in which it is sampled.
///
/// The sampler sees `dimension` coordinates; `ParameterRecovery` turns a draw of them into all parameters.
package struct MarketingMixPosterior: Sendable {
    package let model: MarketingMixModel
    /// The form asked for, or what the likelihood allows of it.
    package let form: PosteriorForm
    /// With more columns than this, those whose prior has a learned scale are sampled: the factorisation that they ask
    /// for would cost more than all else.
    private static let learnedColumnsMax = 100
    /// With more learned scales than this, one by one they would cost more than a factorisation that takes all at once.
    private static let learnedScalesMax = 8

    let coordinates: SamplerCoordinates
    let media: MediaLayout
    /// The likelihood in independent parts: of all cells, or of each geo where residual scales differ.
    let parts: [LikelihoodPart]
    /// Of the parts' cells where the likelihood is not normal.
    let cellwise: CellwiseLikelihood?
    /// Places of the parameters that are integrated out, in the order of the parts and of their columns.
    let marginalizedPlaces: [Int]
    /// By such a parameter, the place of the standard deviation by which what is drawn is divided.
    let marginalizedScales: [Int?]
    let centred: [CentredDeviation]
    package let scattered: [ScatteredEffect]
    let levels: [SampledLevel]
    let sampledColumns: PeriodColumns
    let sampledPlaces: [Int]
    /// Σ w log |d(model's scale) ÷ d(scaled KPI)|: −Σ w log y with a log link.
    let logJacobian: Double
    let target: [SIMD8<Double>]
    let weightRoots: [SIMD8<Double>]

    /// - Parameter weights: w ≥ 0 that multiply the log-likelihood: one a period, the same in every geo, or one a cell; nil
    ///   stands for ones.
    init(_ model: MarketingMixModel, form: PosteriorForm, weights: [Double]?) {
        let form = model.specification.likelihood.form(for: form)
        var columns = model.linearColumns
        func integrable(_ columns: [LinearColumn]) -> [LinearColumn] {
            form == .marginal ? columns.filter { $0.isGaussian && model.isInOnePart($0) } : []
        }
        if form == .marginal {
            let separated = model.separated(columns)
            if integrable(separated).count <= Self.learnedColumnsMax { columns = separated }
        }
        var marginalized = integrable(columns)
        if marginalized.count > Self.learnedColumnsMax { marginalized.removeAll { $0.scale != nil } }
        let centred =
            form == .joint
            ? []
            : CentredDeviation.all(
                model, columns: columns, residualDeviation: model.expectedResidualDeviation)
        let coordinates = SamplerCoordinates(
            form: form, dimension: model.dimension,
            columns: columns + model.commonColumns(columns) + centred.map(\.column), marginalized: marginalized,
            model: model)
        self.init(
            model, form: form, columns: columns, marginalized: marginalized, centred: centred,
            scattered: form == .joint ? [] : ScatteredEffect.all(model, columns: columns), coordinates: coordinates,
            media: MediaLayout(model, hasContributionCoordinates: form.hasContributionCoordinates), weights: weights)
    }

    /// In the model's own coordinates: every parameter on its unconstrained scale.
    init(unconstrained model: MarketingMixModel) {
        self.init(
            model, form: .joint, columns: model.linearColumns, marginalized: [], centred: [],
            scattered: [], coordinates: SamplerCoordinates(identity: model.dimension),
            media: MediaLayout(model, hasContributionCoordinates: false), weights: nil)
    }

    private init(
        _ model: MarketingMixModel, form: PosteriorForm, columns: [LinearColumn], marginalized: [LinearColumn],
        centred: [CentredDeviation], scattered: [ScatteredEffect], coordinates: SamplerCoordinates, media: MediaLayout,
        weights: [Double]?
    ) {
        let periods = model.dataset.periodCount
        self.model = model
        self.form = form
        self.coordinates = coordinates
        self.media = media
        let order = media.order
        let geoCount = model.dataset.geoCount
        let stated = weights ?? [Double](repeating: 1, count: periods)
        precondition([periods, geoCount * periods].contains(stated.count), "one weight a period, or one a cell")
        let allWeights = (0..<geoCount * periods).map { model.isObserved[$0] ? stated[$0 % stated.count] : 0 }
        let learned = Set(marginalized.compactMap(\.scale)).count
        let isAutoregressive = model.specification.errors == .autoregressive || learned > Self.learnedScalesMax
        // What weighs single terms given those before cannot weigh cells.
        let roots =
            isAutoregressive
            ? allWeights.indices.map { model.isObserved[$0] ? 1 : 0 } : allWeights.map { $0.squareRoot() }
        func weigh(_ column: LinearColumn) -> [Double] {
            let start = (column.geo ?? 0) * periods
            return column.values.enumerated().map { $1 * roots[start + $0] }
        }

        self.centred = centred
        self.scattered = scattered
        levels =
            form == .whitened && !model.specification.likelihood.isGaussian
            ? SampledLevel.all(model, columns: columns, weights: allWeights, order: order) : []
        let places = Set(marginalized.map(\.place))
        let sampled = columns.filter { !places.contains($0.place) && ($0.coordinate != nil || $0.isDerived) }
        var known = [Double](repeating: 0, count: allWeights.count)
        func add(_ factor: Double, _ column: LinearColumn) {
            guard factor != 0 else { return }
            let start = (column.geo ?? 0) * periods
            for (index, value) in column.values.enumerated() { known[start + index] += factor * value }
        }
        for column in columns where column.coordinate == nil && !column.isDerived {
            if case .point(let value) = column.prior { add(value, column) }
        }
        for column in marginalized { add(column.prior.mean ?? 0, column) }
        target = order.vectors(zip(zip(model.target, known).map { $0 - $1 }, roots).map { $0 * $1 })
        weightRoots = order.vectors(roots)
        sampledColumns = PeriodColumns(sampled.map { ($0.geo, weigh($0)) }, order: order)
        sampledPlaces = sampled.map(\.place)
        cellwise =
            model.specification.likelihood.isGaussian ? nil : CellwiseLikelihood(model, order: order)
        logJacobian =
            model.scaling.hasLogLink ? 0 - Reductions.sum(zip(allWeights, model.target).map { $0 * $1 }) : 0
        let geos: [Int?] = model.hasOneResidualScale ? [nil] : (0..<geoCount).map { $0 }
        let partColumns = geos.map { geo in marginalized.filter { geo == nil || $0.geo == geo } }
        marginalizedPlaces = partColumns.flatMap { $0.map(\.place) }
        marginalizedScales = partColumns.flatMap { $0.map { $0.isStandardized ? $0.scale : nil } }
        parts = zip(geos, partColumns).map { geo, columns in
            LikelihoodPart(
                model, geo: geo, columns: columns, weights: allWeights, isAutoregressive: isAutoregressive, order: order
            )
        }
    }

    /// Number of the sampler's coordinates.
    package var dimension: Int { coordinates.dimension }

    /// The density for one chain.
    package func density() -> MarketingMixDensity { MarketingMixDensity(self) }

    /// Names of the parameters that are integrated out, in layout order.
    package var marginalizedNames: [String] {
        let coordinates = Set(marginalizedPlaces.compactMap { model.parameters.table.coordinates[$0] })
        return model.layout.blocks.flatMap { block in
            (0..<block.count).filter { coordinates.contains(block.offset + $0) }.map(block.elementName)
        }
    }

    /// The sampler's coordinates of parameter values in layout order.
    package func samplerPosition(constrained: [Double]) -> [Double] {
        var unconstrained = model.unconstrain(constrained)
        let draw = ModelDraw(model, constrained)
        let values = draw.parameters
        for effect in media.effects.joined() where effect.coordinate == .contribution {
            var total = 0.0
            for member in effect.members {
                let geo = media.lanes[member.group].geo
                let response = Array(draw.channels[effect.channel].response(geo: geo))
                let weights = Array(model.revenueWeights[model.dataset.cells(of: geo)])
                total += values[member.multiplier] * Reductions.dot(response, weights)
            }
            let mean = total / effect.referenceTotal
            unconstrained[effect.modelCoordinate] += Elementary.log(max(mean, .leastNormalMagnitude))
        }
        for deviation in centred { unconstrained[deviation.coordinate] *= values[deviation.scale] }
        for effect in scattered {
            let sampled = effect.sampled(effect.places.map { values[$0] }, scale: values[effect.scale])
            for (coordinate, value) in zip(effect.coordinates, sampled) { unconstrained[coordinate] = value }
        }
        if !levels.isEmpty {
            let media = media.order.vectors(draw.media).flatMap { vector in
                (0..<8).map { vector[$0] }
            }
            for level in levels { unconstrained[level.coordinate] += level.mean(of: media) }
        }
        return coordinates.fromModel(unconstrained)
    }
}

/// A part of the likelihood with one residual scale.
struct LikelihoodPart: Sendable {
    /// Places of σ, ν and ρ.
    let sigma: Int
    let degreesOfFreedom: Int
    let correlation: Int
    /// Its vectors among those of the panel.
    let vectors: Range<Int>
    let weightSum: Double
    /// The part with Gaussian coefficients integrated out, if it has any: with prior scales that are numbers, or with
    /// learned ones, whose places are `scalePlaces`.
    var marginal: MarginalLikelihood?
    var scaledMarginal: ScaledMarginalLikelihood?
    /// Where errors follow on each other, or many scales are learned.
    var autoregressive: AutoregressiveLikelihood?
    let scalePlaces: [Int]

    /// - Parameters:
    ///   - geo: nil for all geos.
    ///   - columns: what is integrated out.
    ///   - weights: of the cells of all geos.
    init(
        _ model: MarketingMixModel, geo: Int?, columns: [LinearColumn], weights: [Double], isAutoregressive: Bool,
        order: PeriodOrder
    ) {
        sigma = model.parameters.sigmas[geo ?? 0]
        degreesOfFreedom = model.parameters.degreesOfFreedom[geo ?? 0]
        correlation = model.parameters.correlations[geo ?? 0]
        let cells = geo.map(model.dataset.cells) ?? weights.indices
        let weights = Array(weights[cells])
        let values = columns.map { geo == nil ? model.cells(of: $0) : $0.values }
        vectors = order.vectors(ofGeo: geo, cellCount: weights.count)
        weightSum = weights.reduce(0, +)
        let scalePlaces = Set(columns.compactMap(\.scale)).sorted()
        self.scalePlaces = scalePlaces
        let scaleIndices = columns.map { column in column.scale.flatMap(scalePlaces.firstIndex) ?? -1 }
        let means = columns.map { $0.prior.mean ?? 0 }
        let deviations = columns.map { $0.prior.standardDeviation ?? 1 }
        if isAutoregressive {
            autoregressive = AutoregressiveLikelihood(
                columns: values, means: means, deviations: deviations, scaleIndices: scaleIndices, weights: weights,
                isKnown: Array(model.isObserved[cells]), geo: geo, order: order)
            return
        }
        guard !columns.isEmpty else { return }
        let integrated = MarginalizedColumns(
            values, means: means, deviations: deviations, weights: weights, geo: geo, order: order)
        if scalePlaces.isEmpty {
            marginal = MarginalLikelihood(integrated)
        } else {
            scaledMarginal = ScaledMarginalLikelihood(integrated, scaleIndices: scaleIndices)
        }
    }

    /// One draw of the coefficients that are integrated out, at the point of the last evaluation.
    ///
    /// - Parameter normal: gives standard normal numbers, or zeros for the mean.
    func draw(sigma: Double, normal: () -> Double) -> [Double] {
        marginal?.draw(sigma: sigma, normal: normal) ?? scaledMarginal?.draw(sigma: sigma, normal: normal)
            ?? autoregressive?.draw(normal: normal) ?? []
    }
}

extension MarketingMixModel {
    /// Whether all geos share σ, ν and ρ.
    var hasOneResidualScale: Bool {
        [parameters.sigmas, parameters.degreesOfFreedom, parameters.correlations].allSatisfy { places in
            places.allSatisfy { $0 == places[0] }
        }
    }

    /// Whether a column lies in one part of the likelihood, so that its coefficient can be integrated out there.
    fileprivate func isInOnePart(_ column: LinearColumn) -> Bool { column.geo != nil || hasOneResidualScale }

    /// A column with a value for every cell.
    func cells(of column: LinearColumn) -> [Double] {
        guard let geo = column.geo else { return column.values }
        var values = [Double](repeating: 0, count: dataset.cellCount)
        values.replaceSubrange(dataset.cells(of: geo), with: column.values)
        return values
    }
}

/// Turns draws of the sampler into draws of all parameters, those that were integrated out included: one exact draw of
/// them for each, from a random stream of its own.
package struct ParameterRecovery {
    private var kernel: PosteriorKernel
    private let posterior: MarketingMixPosterior

    package init(_ posterior: MarketingMixPosterior) {
        self.posterior = posterior
        kernel = PosteriorKernel(posterior)
    }

    /// Parameter values in layout order at a point of the sampler's coordinates.
    package mutating func parameters(at position: [Double], stream: inout RandomStream) -> [Double] {
        parameters(at: position) { stream.normal() }
    }

    /// The same with what is integrated out at its mean given the others.
    package mutating func parametersAtMean(_ position: [Double]) -> [Double] {
        parameters(at: position) { 0 }
    }

    private mutating func parameters(at position: [Double], normal: () -> Double) -> [Double] {
        _ = kernel.evaluateLikelihood(at: position.span)
        kernel.drawMarginalized(
            places: posterior.marginalizedPlaces, scales: posterior.marginalizedScales, normal: normal)
        let values = kernel.values
        return posterior.model.parameters.table.places.map { values[$0] }
    }
}
