import Analysis
import Densities
import Fitting
import Foundation
import Kernels
import MarketingMix
import ModelDefinition

/// Three years of weeks of two paid channels, of which it is known what the figures of a fit should be said to stand on.
///
/// The KPI is a level with a season, what the channels bring by the model's own curves at parameters drawn from their priors,
/// and noise. How much the data can say is set by the spend: with everything else known, and the noise independent, a channel
/// of contribution z has the standard error (return) · σ ÷ |z less what level, season and the other channel explain of it|.
struct EvidenceWorld {
    enum Kind: String, CaseIterable {
        /// That standard error is a sixth of the prior's standard deviation about the true return.
        case rich = "rich"
        /// It is ten times that of the prior: three times would still tell of the long tail of a log-normal prior.
        case poor = "poor"
        /// The true return lies three standard deviations of a narrow prior from its mean, and half-way between the two data
        /// and prior say equally much.
        case conflicting = "conflicting"
        /// As `rich`, but errors follow on each other with a correlation of 0.8.
        case autocorrelated = "autocorrelated"

        /// Of both channels' returns.
        var grade: EvidenceGrade {
            switch self {
            case .rich: .dataDriven
            case .poor: .priorDriven
            case .conflicting: .mixed
            case .autocorrelated: .misspecified
            }
        }

        fileprivate var errorCorrelation: Double { self == .autocorrelated ? 0.8 : 0 }

        /// Standard deviation of the log return in the prior.
        fileprivate var priorSD: Double { self == .conflicting ? 0.3 : 0.9 }
    }

    let kind: Kind
    let model: MarketingMixModel

    private static let periods = 156
    private static let channels = ["tv", "search"]
    /// Mean log return of the prior.
    private static let priorMean = 0.2
    /// Of the noise; the level is 1000.
    private static let noiseSD = 40.0

    init(_ kind: Kind, seed: UInt64) {
        self.kind = kind
        var stream = RandomStream(
            key: StreamKey(seed: seed, kind: 42, index: UInt32(Kind.allCases.firstIndex(of: kind) ?? 0)), iteration: 0,
            site: 0)
        let season = (0..<Self.periods).map { period in
            let angle = 2 * Double.pi * Double(period) / 52.18
            return (sin: sin(angle), cos: cos(angle))
        }
        let level = season.map { 1000 + 60 * $0.sin - 40 * $0.cos }
        var media = Self.channels.indices.map { _ in Self.flights(&stream) }
        let returns = Self.channels.map { _ in Self.trueReturn(kind, &stream) }
        let first = Self.model(kind, kpi: level.map { $0 + 20 * stream.normal() }, media: media)
        var brought = Self.contributions(first, returns: returns, &stream)
        let baseline = [
            season.map { _ in 1.0 }, season.indices.map { Double($0) / Double(Self.periods) }, season.map(\.sin),
            season.map(\.cos),
        ]
        let errors = returns.map { Self.standardError(kind, trueReturn: $0) }
        let own = brought.indices.map { channel in
            Self.unexplained(brought[channel], by: baseline + [brought[1 - channel]])
        }
        for channel in brought.indices {
            let factor = returns[channel] * Self.noiseSD / (own[channel] * errors[channel])
            media[channel] = media[channel].map { factor * $0 }
            brought[channel] = brought[channel].map { factor * $0 }
        }
        let noise = Self.noise(correlation: kind.errorCorrelation, &stream)
        let kpi = level.indices.map { level[$0] + brought[0][$0] + brought[1][$0] + noise[$0] }
        model = Self.model(kind, kpi: kpi, media: media)
    }

    private static func trueReturn(_ kind: Kind, _ stream: inout RandomStream) -> Double {
        let standard = kind == .conflicting ? (stream.bit() ? 3 : -3) : stream.normal()
        return exp(priorMean + kind.priorSD * standard)
    }

    /// With which the data tell a return by themselves.
    private static func standardError(_ kind: Kind, trueReturn: Double) -> Double {
        let sd = kind.priorSD
        return switch kind {
        case .rich, .autocorrelated: trueReturn * sd / 6
        case .poor: 10 * exp(priorMean + sd * sd / 2) * (exp(sd * sd) - 1).squareRoot()
        case .conflicting: (trueReturn * exp(priorMean)).squareRoot() * sd
        }
    }

    /// Weekly spend in flights, with weeks off.
    private static func flights(_ stream: inout RandomStream) -> [Double] {
        var wave = stream.normal()
        return (0..<periods).map { _ in
            wave = 0.7 * wave + 0.7 * stream.normal()
            return wave < -0.7 ? 0 : 10 * exp(0.6 * wave)
        }
    }

    private static func noise(correlation: Double, _ stream: inout RandomStream) -> [Double] {
        let rest = (1 - correlation * correlation).squareRoot()
        var last = stream.normal()
        return (0..<periods).map { _ in
            defer { last = correlation * last + rest * stream.normal() }
            return noiseSD * last
        }
    }

    /// By channel and period, at carry-over and saturation drawn from their priors.
    private static func contributions(
        _ model: MarketingMixModel, returns: [Double], _ stream: inout RandomStream
    ) -> [[Double]] {
        var parameters = model.priorDraw(&stream)
        guard let block = model.layout.blocks.first(where: { $0.name == MediaParameter.roi.rawValue }) else {
            preconditionFailure("the channels have priors of their returns")
        }
        for (channel, value) in returns.enumerated() { parameters[block.offset + channel] = value }
        var values = [Double](repeating: 0, count: model.components.count * periods)
        var fitted = [Double](repeating: 0, count: periods)
        model.decompose(constrained: parameters, into: &values, fitted: &fitted)
        return model.components.indices.filter { model.components[$0].isChannel }.map { component in
            Array(values[component * periods..<(component + 1) * periods])
        }
    }

    /// The length of what is left of a column by least squares on others (modified Gram-Schmidt).
    private static func unexplained(_ column: [Double], by others: [[Double]]) -> Double {
        var basis: [[Double]] = []
        func reduced(_ column: [Double]) -> [Double] {
            basis.reduce(column) { rest, unit in
                let share = Reductions.dot(rest, unit)
                return zip(rest, unit).map { $0 - share * $1 }
            }
        }
        for other in others {
            let rest = reduced(other)
            let length = Reductions.squaredNorm(rest).squareRoot()
            basis.append(rest.map { $0 / length })
        }
        return Reductions.squaredNorm(reduced(column)).squareRoot()
    }

    private static func model(_ kind: Kind, kpi: [Double], media: [[Double]]) -> MarketingMixModel {
        let specification = ModelSpecification(
            name: "world", preset: .tutti, kpi: KPI(kind: .revenue, currency: "EUR", margin: nil),
            channels: channels.map { name in
                let adstock = Adstock(kind: .geometric, maximumLag: 8)
                var priors = Dictionary(
                    uniqueKeysWithValues: Channel.parameters(adstock: adstock, saturation: .hill, effect: .roi).map {
                        ($0, Preset.tutti.defaults.prior(of: $0, kind: .performance, saturation: .hill))
                    })
                priors[.roi] = .logNormal(mean: priorMean, sd: kind.priorSD)
                return Channel(
                    name: name, kind: .performance, adstock: adstock, saturation: .hill, effect: .roi, priors: priors)
            },
            controls: [], events: [], holidayCountry: nil, intercept: true, trend: .linear,
            seasonality: [Seasonality(periodDays: 365.25, harmonics: 1)], priors: [:],
            sampling: SamplingSpecification(chains: 4, warmup: 400, draws: 500),
            resampling: ResamplingSpecification(), seed: 1)
        let first = CalendarDate(dayNumber: 18_631)
        return MarketingMixModel(
            specification: specification,
            dataset: Dataset(
                frequency: .week, dates: (0..<periods).map { first.advanced(by: 7 * $0) }, kpi: kpi,
                revenuePerKPI: [Double](repeating: 1, count: periods), spend: media, exposure: media, controls: [],
                events: [], holidays: []))
    }
}
