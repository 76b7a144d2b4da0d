import Densities
import Kernels
import ModelDefinition

/// A part of the KPI that is reported by itself.
package struct Component: Sendable, Hashable, Codable {
    package enum Kind: Sendable, Hashable, Codable {
        /// Index of the channel.
        case channel(Int)
        case intercept
        case trend
        case seasonality
        /// Index of the control.
        case control(Int)
        /// Index of the treatment.
        case treatment(Int)
        /// Index of the event.
        case event(Int)
        case holidays
    }

    package var name: String
    package var kind: Kind

    package var isChannel: Bool {
        if case .channel = kind { true } else { false }
    }
}

/// The log density at one point, with its parts.
package struct LogDensityParts: Sendable, Hashable {
    /// Of the unconstrained coordinates: likelihood + prior + Jacobian.
    package var logDensity: Double
    package var likelihood: Double
    package var prior: Double
    package var jacobian: Double
    /// Of `logDensity` in the unconstrained coordinates, in layout order.
    package var gradient: [Double]
}

/// A series, or a panel of geos, as a Bayesian regression on saturated, carried-over media:
/// y_gt ~ N(intercept_g + Σ_k γ_k z_gtk + Σ_c β_gc S_c(A_c(x_gc))_t, σ_g).
///
/// Its coordinates are the model's own: log of positive parameters, logit of fractions. `posterior` presents it to a
/// sampler.
package final class MarketingMixModel: Sendable {
    package let specification: ModelSpecification
    package let dataset: Dataset
    package let scaling: Scaling
    /// In the order in which they are reported and summed.
    package let components: [Component]

    let parameters: ModelParameters
    package let columns: [RegressorColumn]
    let effectivenessBasis: [SmoothTrend.BasisFunction]
    /// The KPI on the model's scale, by cell; 0 where it is not known.
    package let target: [Double]
    /// Whether the KPI of a cell is known: the others have likelihood weight 0.
    let isObserved: [Bool]
    /// By channel.
    let laneKinds: [LaneKind]
    /// By channel, then geo.
    package let media: [[MediaSeries]]
    /// Revenue per KPI times the geo's population, by cell: what turns effects on the model's scale into money; 0 in periods
    /// that returns are not about.
    let revenueWeights: [Double]
    /// By channel.
    let effectAmounts: [EffectAmount]
    /// By geo.
    let cellWorths: [CellWorth]

    /// - Parameters: as read and checked by `ModelFile`; a mismatch between them is a programming error.
    package init(specification: ModelSpecification, dataset: Dataset) {
        precondition(dataset.exposure.count == specification.channels.count, "exposures do not match the channels")
        precondition(dataset.controls.count == specification.controls.count, "columns do not match the controls")
        precondition(dataset.treatments.count == specification.treatments.count, "columns do not match the treatments")
        self.specification = specification
        self.dataset = dataset
        // The peer's logarithm is one of the exposure as it is.
        let unscaled = specification.channels.indices.filter { specification.channels[$0].saturation == .log }
        let scaling = Scaling(
            preset: specification.preset, dataset: dataset, hasLogLink: specification.likelihood.hasLogLink,
            unscaled: Set(unscaled)
        ).following(specification.accepted, specification: specification, dataset: dataset)
        self.scaling = scaling
        let regressors = RegressorColumns(specification: specification, dataset: dataset, scaling: scaling)
        columns = regressors.all
        effectivenessBasis = regressors.effectiveness
        parameters = ModelParameters(
            specification: specification, columns: regressors, geos: dataset.geos,
            largestGeo: dataset.largestGeo)
        let isObserved = dataset.kpi.map { !$0.isNaN }
        self.isObserved = isObserved
        target = zip(scaling.scaledKPI(dataset.kpi, of: dataset), isObserved).map { $1 ? $0 : 0 }
        laneKinds = specification.channels.map(LaneKind.init)
        let media = dataset.exposure.indices.map { Self.mediaSeries(of: $0, dataset: dataset, scaling: scaling) }
        self.media = media
        revenueWeights = zip(dataset.revenuePerKPI, scaling.populations(dataset)).enumerated().map { cell, factors in
            cell % dataset.periodCount < scaling.periodCount ? factors.0 * factors.1 : 0
        }
        effectAmounts = specification.channels.enumerated().map { index, channel in
            EffectAmount(
                channel, index: index, preset: specification.preset, dataset: dataset, media: media[index],
                scaling: scaling)
        }
        components = Self.components(specification, dataset)
        cellWorths = (0..<dataset.geoCount).map {
            CellWorth(dataset, geo: $0, windowPeriodCount: scaling.periodCount)
        }
    }

    /// The same model of other measurements: whatever was computed from those of the data (scaling constants, amounts that
    /// priors are about) stays as it is.
    ///
    /// - Parameters:
    ///   - kpi: by cell, NaN where the other model's is.
    ///   - target: by cell on the model's scale; of no account where the KPI is not known.
    ///   - lifts: by experiment.
    init(_ other: MarketingMixModel, kpi: [Double], target: [Double], lifts: [Double]) {
        var (specification, dataset) = (other.specification, other.dataset)
        for (index, lift) in lifts.enumerated() { specification.experiments[index].lift = lift }
        dataset.kpi = kpi
        dataset.heldOutKPI = []
        self.specification = specification
        self.dataset = dataset
        self.target = zip(target, other.isObserved).map { $1 ? $0 : 0 }
        scaling = other.scaling
        components = other.components
        parameters = other.parameters
        columns = other.columns
        effectivenessBasis = other.effectivenessBasis
        isObserved = other.isObserved
        laneKinds = other.laneKinds
        media = other.media
        revenueWeights = other.revenueWeights
        effectAmounts = other.effectAmounts
        cellWorths = other.cellWorths
    }

    private static func components(_ specification: ModelSpecification, _ dataset: Dataset) -> [Component] {
        var components = specification.channels.enumerated().map { Component(name: $1.name, kind: .channel($0)) }
        components.append(Component(name: "intercept", kind: .intercept))
        if specification.trend != .none { components.append(Component(name: "trend", kind: .trend)) }
        if !specification.seasonality.isEmpty { components.append(Component(name: "seasonality", kind: .seasonality)) }
        components += specification.controls.enumerated().map { Component(name: $1, kind: .control($0)) }
        components += specification.treatments.enumerated().map { Component(name: $1.name, kind: .treatment($0)) }
        components += dataset.events.enumerated().map { Component(name: $1.name, kind: .event($0)) }
        if !dataset.holidays.isEmpty { components.append(Component(name: "holidays", kind: .holidays)) }
        return components
    }

    /// Number of first periods that returns, totals and curves are about.
    package var windowPeriodCount: Int { scaling.periodCount }

    /// Money spent on a channel in them.
    package func spend(channel: Int) -> Double {
        var sum = 0.0
        for value in dataset.first(windowPeriodCount, of: dataset.spend[channel]) { sum += value }
        return sum
    }

    /// The same in one geo.
    package func spend(channel: Int, geo: Int) -> Double {
        var sum = 0.0
        for value in dataset.spend[channel][dataset.cells(of: geo).prefix(windowPeriodCount)] { sum += value }
        return sum
    }

    /// KPI units of one unit on the model's scale, in the geo of a cell.
    package func kpiUnit(ofCell cell: Int) -> Double { scale(of: cell / dataset.periodCount) }

    /// KPI units of one unit on the model's scale, or with a log link of a KPI whose scaled logarithm is 0.
    package func scale(of geo: Int) -> Double { scaling.kpiScale * scaling.population[geo] }

    /// What a term of the mean is multiplied by: 1 with a log link.
    func termUnit(of geo: Int) -> Double { scaling.hasLogLink ? 1 : scale(of: geo) }

    package var layout: ParameterLayout { parameters.table.layout }

    /// Number of coordinates.
    package var dimension: Int { layout.dimension }

    /// The posterior for a sampler in the form that the specification asks for; `weights` multiply the log-likelihood:
    /// one a period, the same in every geo, or one a cell; nil stands for ones.
    package func posterior(weights: [Double]?) -> MarketingMixPosterior {
        posterior(form: specification.sampling.form, weights: weights)
    }

    package func posterior(form: PosteriorForm, weights: [Double]?) -> MarketingMixPosterior {
        MarketingMixPosterior(self, form: form, weights: weights)
    }

    /// The log density and its parts at one point of the model's own coordinates.
    package func evaluate(unconstrained: [Double]) -> LogDensityParts {
        precondition(unconstrained.count == dimension, "a point has \(dimension) coordinates")
        var prior = 0.0
        var jacobian = 0.0
        let table = parameters.table
        var constrained: [Double] = []
        for (index, (prepared, coordinate)) in zip(table.priors, unconstrained).enumerated() {
            let evaluation = prepared.evaluate(coordinate)
            constrained.append(evaluation.value)
            jacobian += evaluation.logJacobian
            if table.scales[index] == nil { prior += evaluation.logDensity }
        }
        let values = values(constrained)
        for (coordinate, scale) in table.scales.sorted(by: { $0.key < $1.key }) {
            prior += PreparedPrior(.normal(mean: 0, sd: values[scale])).evaluate(constrained[coordinate]).logDensity
        }
        let density = MarketingMixPosterior(unconstrained: self).density()
        var gradient = [Double](repeating: 0, count: dimension)
        var span = gradient.mutableSpan
        let logDensity = density.evaluate(at: unconstrained.span, gradient: &span)
        return LogDensityParts(
            logDensity: logDensity, likelihood: density.logLikelihood, prior: prior, jacobian: jacobian,
            gradient: gradient)
    }

    /// The model's coordinates of parameter values in layout order.
    package func unconstrain(_ constrained: [Double]) -> [Double] {
        zip(parameters.table.priors, constrained).map { $0.transform.unconstrain($1) }
    }

    /// The name of the parameter that is the standard deviation of a coordinate's Normal prior; nil where it is a number.
    package func learnedScale(of coordinate: Int) -> String? {
        guard let place = parameters.table.scales[coordinate], let scale = parameters.table.coordinates[place],
            let block = layout.blocks.first(where: { $0.offset..<$0.offset + $0.count ~= scale })
        else { return nil }
        return block.elementName(scale - block.offset)
    }

    /// Every parameter at its place: constants where fixed, `constrained` where sampled.
    func values(_ constrained: [Double]) -> [Double] {
        var values = parameters.table.values
        for (place, value) in zip(parameters.table.places, constrained) { values[place] = value }
        for parameter in parameters.derived { parameter.evaluate(&values) }
        return values
    }
}
