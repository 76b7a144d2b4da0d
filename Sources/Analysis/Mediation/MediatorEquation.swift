import Densities
import Kernels
import MarketingMix
import ModelDefinition

/// How far channels drive the exposure of a mediator, as television drives branded search: a regression at given
/// parameters of the media,
///
///     z_gt = a_g + Σ_j w_j c_jgt + Σ_d γ_d u_dgt + σ e_gt,   e ~ N(0, 1),
///
/// z the mediator's exposure ÷ its mean in the geo, c the columns of the KPI's baseline and u_d = S(A(x_d)) the drivers'
/// responses. In units of standard deviations within geos: a_g has no prior, w_j ~ N(0, (10 σ)²), γ_d is half-normal of
/// scale 1 and σ² inverse Gamma(½, 0.005).
///
/// What the KPI says of the drivers enters with u; what the mediator's exposure says does not go back to it, so the joint
/// posterior is cut here (Plummer 2015, "Cuts in Bayesian graphical models").
package struct MediatorEquation: Sendable {
    /// Index of the channel that is driven.
    package let mediator: Int
    /// Indices of the channels that drive it, ascending.
    package let drivers: [Int]

    /// Standard deviation of w_j ÷ σ: wide, so that what trend and season explain is not taken for the drivers' work.
    fileprivate static let baselineWidth = 10.0
    private static let varianceShape = 0.5
    private static let varianceScale = 0.005
    /// Rounds of Gibbs sampling for one draw. γ and σ² are all but independent, so that few are enough for one driver;
    /// two whose responses have a correlation of 0.9 forget a fifth in each.
    private static let roundCount = 60
    /// Standard deviation ÷ largest value below which a response is constant but for rounding.
    private static let variationMin = 1e-9

    /// What the columns of the KPI's baseline explain in some geos: many channels may share it.
    package struct Baseline: Sendable {
        fileprivate let geos: [Int]
        /// P = I − Σ_j share_j direction_j direction_jᵀ is (I + 100 C Cᵀ)⁻¹, C the standardised columns.
        fileprivate let directions: [[Double]]
        fileprivate let shares: [Double]
    }

    package let baseline: Baseline
    /// The mean exposure on the model's scale by geo; 0 where the mediator never ran.
    private let means: [Double]
    /// Standard deviation of z within geos; 0 where nothing varies.
    private let exposureScale: Double
    /// z, centred and standardised, in the geos where the mediator ran.
    private let exposure: [Double]

    /// - Parameters:
    ///   - drivers: channels other than the mediator, ascending.
    ///   - baseline: of another equation of the model, which is taken where both channels ran in the same geos.
    package init(_ model: MarketingMixModel, mediator: Int, drivers: [Int], baseline: Baseline? = nil) {
        self.mediator = mediator
        self.drivers = drivers
        let exposures = model.media[mediator].map {
            Array($0.first(model.windowPeriodCount).exposures.dropFirst($0.historyCount))
        }
        let means = exposures.map { Reductions.sum($0) / Double($0.count) }
        self.means = means
        let geos = means.indices.filter { means[$0] > 0 }
        let periods = model.windowPeriodCount
        self.baseline = baseline.flatMap { $0.geos == geos ? $0 : nil } ?? Baseline(model, geos: geos)
        let z = Self.standardized(geos.flatMap { geo in exposures[geo].map { $0 / means[geo] } }, periods: periods)
        exposureScale = z?.scale ?? 0
        exposure = z?.values ?? [Double](repeating: 0, count: geos.count * periods)
    }

    /// The number of values that residuals are free in: those of the geos in which the mediator ran, less what geos' means
    /// and the baseline take.
    package var freedom: Double { Double(exposure.count - baseline.geos.count) - baseline.shares.reduce(0, +) }

    /// What the data say at one draw, standardised: uᵀPu of the drivers row-major, uᵀPz, zᵀPz, and the scales of the
    /// responses, 0 for one that does not vary.
    package struct Moments: Sendable {
        package var responses: [Double]
        package var products: [Double]
        package var exposure: Double
        package var scales: [Double]
    }

    package func moments(at draw: ModelDraw) -> Moments {
        let periods = draw.model.windowPeriodCount
        let responses = drivers.map { driver in
            Self.standardized(
                baseline.geos.flatMap { draw.channels[driver].response(geo: $0).prefix(periods) }, periods: periods)
        }
        let count = drivers.count
        var moments = Moments(
            responses: [Double](repeating: 0, count: count * count), products: [Double](repeating: 0, count: count),
            exposure: Reductions.dot(exposure, baseline.removed(from: exposure)),
            scales: responses.map { $0?.scale ?? 0 })
        for (row, response) in responses.enumerated() {
            guard let response else { continue }
            let rest = baseline.removed(from: response.values)
            moments.products[row] = Reductions.dot(rest, exposure)
            for (column, other) in responses.enumerated() {
                if let other { moments.responses[row * count + column] = Reductions.dot(rest, other.values) }
            }
        }
        return moments
    }

    /// The correlation of the mediator's exposure with the response of a driver, after the baseline's columns are taken out
    /// of both; 0 where either does not vary.
    package func correlations(at draw: ModelDraw) -> [Double] {
        let moments = moments(at: draw)
        return drivers.indices.map { driver in
            let own = moments.responses[driver * drivers.count + driver]
            let length = (own * moments.exposure).squareRoot()
            return length > 0 ? moments.products[driver] / length : 0
        }
    }

    /// One draw of γ by driver: the share of the mediator's mean exposure that one unit of the driver's response brings.
    ///
    /// γ and σ² are drawn in turn from their distributions given each other, from the most likely γ on; 0 for a response
    /// that does not vary, of which nothing is known.
    package func strengths(at draw: ModelDraw, from stream: inout RandomStream) -> [Double] {
        let moments = moments(at: draw)
        let shape = Self.varianceShape + 0.5 * Double(exposure.count - baseline.geos.count)
        var strengths = [Double](repeating: 0, count: drivers.count)
        var variance = 1.0
        for round in 0..<2 * Self.roundCount {
            // The first half climbs.
            let isSampling = round >= Self.roundCount
            for driver in drivers.indices {
                let (mean, precision) = moments.conditional(of: driver, given: strengths, variance: variance)
                let prior = Prior.truncatedNormal(
                    mean: mean, sd: 1 / precision.squareRoot(), lower: 0, upper: .infinity)
                strengths[driver] = isSampling ? prior.draw(from: &stream) : max(0, mean)
            }
            let scale = Self.varianceScale + 0.5 * moments.residualSquares(strengths)
            variance = scale / (isSampling ? stream.gamma(shape: shape) : shape)
        }
        return drivers.indices.map { driver in
            moments.scales[driver] > 0 ? strengths[driver] * exposureScale / moments.scales[driver] : 0
        }
    }

    /// The mediator's exposure in a geo, on the model's scale, that a change of a driver's response brings.
    ///
    /// - Parameter strength: γ, as `strengths` gives it.
    func drivenExposure(geo: Int, strength: Double, response: [Double]) -> [Double] {
        let factor = strength * means[geo]
        return response.map { factor * $0 }
    }

    /// Deviations from the geos' means ÷ their root mean square, and that; nil where they are rounding residues.
    fileprivate static func standardized(_ values: [Double], periods: Int) -> (values: [Double], scale: Double)? {
        var result = values
        for start in stride(from: 0, to: values.count, by: periods) {
            let mean = Reductions.sum(Array(values[start..<start + periods])) / Double(periods)
            for index in start..<start + periods { result[index] -= mean }
        }
        let scale = (Reductions.squaredNorm(result) / Double(max(1, result.count))).squareRoot()
        let largest = values.reduce(0) { max($0, abs($1)) }
        guard scale > variationMin * largest else { return nil }
        return (result.map { $0 / scale }, scale)
    }
}

extension MediatorEquation.Baseline {
    /// - Parameter label: of a control or treatment that is left out.
    fileprivate init(_ model: MarketingMixModel, geos: [Int], without label: String? = nil) {
        self.geos = geos
        let dataset = model.dataset
        let periods = model.windowPeriodCount
        let columns = model.columns.filter { $0.kind != .idle && !$0.isNamed(label) }.compactMap { column in
            MediatorEquation.standardized(
                geos.flatMap { Array(column.values[dataset.cells(of: $0).prefix(periods)]) }, periods: periods)
        }
        let decomposition = SingularValues(columns: columns.map(\.values))
        directions = decomposition.left
        shares = decomposition.values.map { value in
            let spread = (MediatorEquation.baselineWidth * value) * (MediatorEquation.baselineWidth * value)
            return spread / (1 + spread)
        }
    }

    /// P v.
    fileprivate func removed(from values: [Double]) -> [Double] {
        var result = values
        for (direction, share) in zip(directions, shares) {
            let amount = share * Reductions.dot(direction, values)
            for index in result.indices { result[index] -= amount * direction[index] }
        }
        return result
    }
}

extension RegressorColumn {
    fileprivate func isNamed(_ label: String?) -> Bool {
        switch kind {
        case .control, .treatment: self.label == label
        case .seasonality, .event, .holiday, .trend, .idle: false
        }
    }
}

extension MediatorEquation {
    /// The correlations of a control or treatment with the responses of channels, after the other columns of the baseline
    /// are taken out of both, and the number of values in which they are free.
    package static func correlations(
        ofColumn label: String, values: [Double], with drivers: [Int], at draw: ModelDraw
    ) -> (correlations: [Double], freedom: Double) {
        let model = draw.model
        let dataset = model.dataset
        let periods = model.windowPeriodCount
        let geos = Array(0..<dataset.geoCount)
        let shares = geos.flatMap { geo in
            let own = values[dataset.cells(of: geo).prefix(periods)]
            let size = own.reduce(0) { $0 + abs($1) } / Double(periods)
            return own.map { size > 0 ? $0 / size : 0 }
        }
        let baseline = Baseline(model, geos: geos, without: label)
        let freedom = Double(geos.count * (periods - 1)) - baseline.shares.reduce(0, +)
        guard let column = standardized(shares, periods: periods) else { return (drivers.map { _ in 0 }, freedom) }
        let rest = baseline.removed(from: column.values)
        let correlations = drivers.map { driver -> Double in
            let response = geos.flatMap { draw.channels[driver].response(geo: $0).prefix(periods) }
            guard let standard = standardized(response, periods: periods)?.values else { return 0 }
            let own = Reductions.dot(baseline.removed(from: standard), standard)
            let length = (own * Reductions.dot(rest, column.values)).squareRoot()
            return length > 0 ? Reductions.dot(rest, standard) / length : 0
        }
        return (correlations, freedom)
    }
}

extension MediatorEquation.Moments {
    /// Mean and precision of γ_d before it is cut at 0, given the others and σ².
    fileprivate func conditional(
        of driver: Int, given strengths: [Double], variance: Double
    ) -> (mean: Double, precision: Double) {
        let count = strengths.count
        var product = products[driver]
        for other in 0..<count where other != driver { product -= responses[driver * count + other] * strengths[other] }
        let precision = responses[driver * count + driver] / variance + 1
        return (product / variance / precision, precision)
    }

    /// (z − u γ)ᵀ P (z − u γ), which rounding does not let fall below 0.
    fileprivate func residualSquares(_ strengths: [Double]) -> Double {
        let count = strengths.count
        var sum = exposure
        for row in 0..<count {
            sum -= 2 * strengths[row] * products[row]
            for column in 0..<count { sum += strengths[row] * strengths[column] * responses[row * count + column] }
        }
        return max(0, sum)
    }
}
