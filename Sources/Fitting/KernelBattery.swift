import Densities
import Kernels
import MarketingMix
import Sampling

/// A fixed battery of what every draw is made of, to compare machines and builds by the bits of its output.
package enum KernelBattery {
    /// Bit patterns of elementary functions, random streams, the gradient of a small model in every form, and a chain.
    package static func bits() -> [UInt64] {
        var values: [Double] = []
        var stream = RandomStream(key: StreamKey(seed: 1, kind: 0, index: 0), iteration: 0, site: 0)
        for _ in 0..<512 {
            let x = 20 * stream.uniform() - 10
            values += [Elementary.exp(x), Elementary.log(abs(x) + 1e-3), Elementary.tanh(x), Elementary.log1p(abs(x))]
            let wide = SIMD8<Double>(repeating: x) * SIMD8(1, 0.5, 0.25, 2, -1, -0.5, 1e-3, 3)
            for vector in [Elementary.exp(wide), Elementary.expm1(wide), Elementary.tanh(wide)] {
                values += (0..<8).map { vector[$0] }
            }
            values += [stream.normal(), stream.gamma(shape: 0.25)]
        }
        let model = model(&stream)
        for form in PosteriorForm.allCases {
            let posterior = model.posterior(form: form, weights: nil)
            let density = posterior.density()
            for _ in 0..<8 {
                let position = posterior.samplerPosition(constrained: model.priorDraw(&stream))
                var gradient = [Double](repeating: 0, count: position.count)
                var span = gradient.mutableSpan
                values.append(density.evaluate(at: position.span, gradient: &span))
                values += gradient
            }
        }
        let posterior = model.posterior(form: .marginal, weights: nil)
        let start = posterior.samplerPosition(constrained: model.priorDraw(&stream))
        if var chain = try? Chain(
            density: posterior.density(), settings: ChainSettings(warmup: 40, draws: 10),
            key: StreamKey(seed: 1, kind: 1, index: 0), start: start)
        {
            while !chain.isFinished { _ = chain.step() }
            values += chain.position
        }
        return values.map(\.bitPattern)
    }

    /// Thirty weeks of three channels, of a geometric Hill, a delayed logistic and a Weibull curve.
    private static func model(_ stream: inout RandomStream) -> MarketingMixModel {
        let parts: [(Adstock, Saturation)] = [
            (Adstock(kind: .geometric, maximumLag: 4), .hill), (Adstock(kind: .delayed, maximumLag: 6), .logistic),
            (Adstock(kind: .weibullDensity, maximumLag: 5), .root),
        ]
        let channels = parts.enumerated().map { index, part in
            let names = Channel.parameterNames(adstock: part.0, saturation: part.1, effect: .roi)
            return Channel(
                name: "\(index)", kind: .performance, adstock: part.0, saturation: part.1, effect: .roi,
                priors: Dictionary(
                    uniqueKeysWithValues: names.map {
                        let prior = PresetDefaults.prior(
                            .tutti, channelParameter: $0, kind: .performance, adstock: part.0.kind, saturation: part.1)
                        return ($0, prior)
                    }))
        }
        let specification = ModelSpecification(
            name: "battery", preset: .tutti, kpi: KPI(kind: .revenue, currency: "", margin: nil), channels: channels,
            controls: [], events: [], holidayCountry: nil, intercept: true, trend: .piecewiseLinear(every: 10),
            seasonality: [], priors: [:], sampling: SamplingSpecification(), resampling: ResamplingSpecification(),
            seed: 1)
        let first = CalendarDate(dayNumber: 18_000)
        let dates = (0..<30).map { first.advanced(by: 7 * $0) }
        let media = channels.map { _ in dates.map { _ in stream.uniform() } }
        let dataset = Dataset(
            frequency: .week, dates: dates, kpi: dates.map { _ in 10 + stream.normal() },
            revenuePerKPI: dates.map { _ in 1 }, spend: media, exposure: media, controls: [], events: [], holidays: [])
        return MarketingMixModel(specification: specification, dataset: dataset)
    }
}
