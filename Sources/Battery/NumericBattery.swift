import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Sampling

/// A fixed piece of every kind of computation that a draw goes through. The bits of its output are the same on every
/// processor and in every build; where they are not, results are not either.
///
/// It takes less than five milliseconds, since every worker computes it when it starts.
package enum NumericBattery {
    /// Outputs of one part of the battery.
    package struct Section: Sendable {
        package let name: String
        package let values: [Double]

        package init(name: String, values: [Double]) {
            self.name = name
            self.values = values
        }

        /// FNV-1a over the bit patterns, one 64-bit word a step.
        package var hash: UInt64 {
            values.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ $1.bitPattern) &* 0x100_0000_01b3 }
        }
    }

    /// The number of all bits that the program computes, those outside of the battery too.
    package static var version: Int { NumericVersion.current.number }

    package static func sections() -> [Section] {
        let model = model()
        return [Section(name: "functions and streams", values: functions())]
            + PosteriorForm.allCases.map { form in
                Section(name: "gradient, \(form) form", values: gradients(model, form: form))
            }
            + [Section(name: "chain", values: chain(model))]
    }

    private static func functions() -> [Double] {
        var stream = stream(site: 0)
        var values: [Double] = []
        for _ in 0..<512 {
            let x = 20 * stream.uniform() - 10
            values.append(Elementary.exp(x))
            values.append(Elementary.log(abs(x) + 1e-3))
            values.append(Elementary.tanh(x))
            values.append(Elementary.log1p(abs(x)))
            values.append(stream.normal())
            values.append(stream.gamma(shape: 0.25))
        }
        return values
    }

    /// Log density and gradient at draws of the prior.
    private static func gradients(_ model: MarketingMixModel, form: PosteriorForm) -> [Double] {
        let posterior = model.posterior(form: form, weights: nil)
        let density = posterior.density()
        var stream = stream(site: 1)
        var values: [Double] = []
        for _ in 0..<4 {
            let position = posterior.samplerPosition(constrained: model.priorDraw(&stream))
            var gradient = [Double](repeating: 0, count: density.dimension)
            var span = gradient.mutableSpan
            values.append(density.evaluate(at: position.span, gradient: &span))
            values += gradient
        }
        return values
    }

    /// Every position of a short chain from its own start, warm-up included, with the metric that takes the most
    /// arithmetic. A chain that cannot begin gives nothing, which is an output like any other.
    private static func chain(_ model: MarketingMixModel) -> [Double] {
        let density = model.posterior(form: .marginal, weights: nil).density()
        let settings = ChainSettings(warmup: 24, draws: 6, maximumDepth: 4, metric: .fisherLowRank)
        guard let start = try? pathfinderStart(density: density, key: key),
            var chain = try? Chain(density: density, settings: settings, key: key, start: start)
        else { return [] }
        var values = start
        while !chain.isFinished {
            values.append(chain.step().stepSize)
            values += chain.position
        }
        return values
    }

    private static let key = StreamKey(seed: 1, kind: 0, index: 0)

    private static func stream(site: UInt32) -> RandomStream { RandomStream(key: key, iteration: 0, site: site) }

    /// Half a year of weeks with a channel of each saturation and effect.
    private static func model() -> MarketingMixModel {
        let periods = 26
        var stream = stream(site: 2)
        let shapes: [(saturation: Saturation, effect: Effect)] = [
            (.hill, .roi), (.logistic, .coefficient), (.none, .roi),
        ]
        let exposure = shapes.map { _ in (0..<periods).map { _ in 100 * max(0, stream.uniform() - 0.3) } }
        let price = (0..<periods).map { _ in 40 + 10 * stream.normal() }
        let kpi = (0..<periods).map { 1000 + 80 * stream.normal() + 2 * Double($0) }
        let adstock = Adstock(kind: .geometric, maximumLag: 4)
        let channels = shapes.enumerated().map { index, shape in
            var priors: [MediaParameter: Prior] = [:]
            let parameters = Channel.parameters(
                adstock: adstock, saturation: shape.saturation, effect: shape.effect)
            for parameter in parameters {
                priors[parameter] = Preset.tutti.defaults.prior(
                    of: parameter, kind: .performance, saturation: shape.saturation)
            }
            return Channel(
                name: "channel \(index)", kind: .performance, adstock: adstock, saturation: shape.saturation,
                effect: shape.effect, priors: priors)
        }
        guard let start = CalendarDate(year: 2022, month: 1, day: 3) else { preconditionFailure("a valid date") }
        let specification = ModelSpecification(
            name: "battery", preset: .tutti, kpi: KPI(kind: .revenue, currency: "", margin: nil), channels: channels,
            controls: ["price"], events: [], holidayCountry: nil, intercept: true, trend: .piecewiseLinear(every: 10),
            seasonality: [Seasonality(periodDays: 365.25, harmonics: 1)], priors: [:],
            sampling: SamplingSpecification(), resampling: ResamplingSpecification(), seed: 1)
        return MarketingMixModel(
            specification: specification,
            dataset: Dataset(
                frequency: .week, dates: (0..<periods).map { start.advanced(by: 7 * $0) }, kpi: kpi,
                revenuePerKPI: kpi.map { _ in 1 }, spend: exposure.map { $0.map { 1.5 * $0 } }, exposure: exposure,
                controls: [Regressor(name: "price", values: price)], events: [], holidays: []))
    }
}
