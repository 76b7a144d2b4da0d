import Densities
import Kernels

/// The posterior of a model under likelihood weights, prepared in the form in which it is sampled.
///
/// The sampler sees `dimension` coordinates; `ParameterRecovery` turns a draw of them into all parameters.
package struct MarketingMixPosterior: Sendable {
    package let model: MarketingMixModel
    package let form: PosteriorForm
    let coordinates: SamplerCoordinates
    let lanes: [ChannelLanes]
    let order: PeriodOrder
    let marginal: MarginalLikelihood?
    /// Places of the parameters that are integrated out, in the order of `marginal`'s columns.
    let marginalizedPlaces: [Int]
    let sampledColumns: PeriodColumns
    let sampledPlaces: [Int]
    let target: [SIMD8<Double>]
    let weightRoots: [SIMD8<Double>]
    let weightSum: Double

    /// - Parameter weights: w_t ≥ 0 that multiply the log-likelihood of each period; nil stands for ones.
    init(_ model: MarketingMixModel, form: PosteriorForm, weights: [Double]?) {
        let columns = model.linearColumns
        let marginalized = form == .marginal ? columns.filter(\.isGaussian) : []
        let coordinates = SamplerCoordinates(
            form: form, dimension: model.dimension, columns: columns, marginalized: marginalized, target: model.target,
            hasIntercept: model.specification.intercept)
        self.init(
            model, form: form, columns: columns, marginalized: marginalized, coordinates: coordinates,
            lanes: ChannelLanes.groups(model, hasContributionCoordinates: form.hasContributionCoordinates),
            weights: weights)
    }

    /// In the model's own coordinates: every parameter on its unconstrained scale.
    init(unconstrained model: MarketingMixModel) {
        self.init(
            model, form: .joint, columns: model.linearColumns, marginalized: [],
            coordinates: SamplerCoordinates(identity: model.dimension),
            lanes: ChannelLanes.groups(model, hasContributionCoordinates: false), weights: nil)
    }

    private init(
        _ model: MarketingMixModel, form: PosteriorForm, columns: [LinearColumn], marginalized: [LinearColumn],
        coordinates: SamplerCoordinates, lanes: [ChannelLanes], weights: [Double]?
    ) {
        let periods = model.dataset.periodCount
        precondition(weights.map { $0.count == periods } ?? true, "one weight a period")
        self.model = model
        self.form = form
        self.coordinates = coordinates
        self.lanes = lanes
        let order = lanes[0].order
        self.order = order
        let allWeights = weights ?? [Double](repeating: 1, count: periods)
        let roots = allWeights.map { $0.squareRoot() }
        func weigh(_ values: [Double]) -> [Double] { zip(values, roots).map { $0 * $1 } }

        let places = Set(marginalized.map(\.place))
        let sampled = columns.filter { !places.contains($0.place) && $0.coordinate != nil }
        let means = marginalized.map { $0.prior.mean ?? 0 }
        var known = [Double](repeating: 0, count: periods)
        for column in columns where column.coordinate == nil {
            guard case .point(let value) = column.prior, value != 0 else { continue }
            for period in known.indices { known[period] += value * column.values[period] }
        }
        for (column, mean) in zip(marginalized, means) where mean != 0 {
            for period in known.indices { known[period] += mean * column.values[period] }
        }
        target = order.vectors(weigh(zip(model.target, known).map { $0 - $1 }))
        weightRoots = order.vectors(roots)
        sampledColumns = PeriodColumns(sampled.map { weigh($0.values) }, order: order)
        sampledPlaces = sampled.map(\.place)
        marginalizedPlaces = marginalized.map(\.place)
        marginal =
            marginalized.isEmpty
            ? nil
            : MarginalLikelihood(
                columns: marginalized.map(\.values), means: means,
                deviations: marginalized.map { $0.prior.standardDeviation ?? 1 }, weights: allWeights, order: order)
        var sum = 0.0
        for weight in allWeights { sum += weight }
        weightSum = sum
    }

    /// Number of the sampler's coordinates.
    package var dimension: Int { coordinates.dimension }

    /// The density for one chain.
    package func density() -> MarketingMixDensity { MarketingMixDensity(self) }

    /// Names of the parameters that are integrated out, in layout order.
    package var marginalizedNames: [String] {
        let coordinates = Set(marginalizedPlaces.compactMap { model.parameters.table.coordinates[$0] })
        return model.layout.blocks.flatMap { block in
            (0..<block.count).filter { coordinates.contains(block.offset + $0) }.map { index in
                block.dimension.map { "\(block.name)[\($0.labels[index])]" } ?? block.name
            }
        }
    }

    /// The sampler's coordinates of parameter values in layout order.
    package func samplerPosition(constrained: [Double]) -> [Double] {
        var unconstrained = model.unconstrain(constrained)
        let values = model.values(constrained)
        for lane in lanes {
            for (index, channel) in lane.channels.enumerated() where lane.effects[index] == .contribution {
                let response = model.response(channel, parameters: values, trailing: 0)
                let mean = Reductions.dot(response, model.dataset.revenuePerKPI) / lane.referenceTotal
                unconstrained[lane.effectCoordinates[index]] += Elementary.log(max(mean, .leastNormalMagnitude))
            }
        }
        return coordinates.fromModel(unconstrained)
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
        var gradient = [Double](repeating: 0, count: posterior.dimension)
        var span = gradient.mutableSpan
        _ = kernel.evaluate(at: position.span, gradient: &span)
        kernel.drawMarginalized(places: posterior.marginalizedPlaces, from: &stream)
        let values = kernel.values
        return posterior.model.parameters.table.places.map { values[$0] }
    }
}
