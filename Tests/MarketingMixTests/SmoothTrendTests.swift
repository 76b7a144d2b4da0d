import Densities
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// A trend that is a Gaussian process.
struct SmoothTrendTests {
    private static func model(
        _ pooling: Pooling? = nil, periods: Int = 47, likelihood: LikelihoodFamily = .normal
    ) -> MarketingMixModel {
        let channels = ModelFixture.mixedChannels(2)
        let model =
            pooling.map { ModelFixture.panel(pooling: $0, channels: channels, geos: 3, periods: periods) }
            ?? ModelFixture.fullModel(channels: channels, periods: periods)
        var specification = model.specification
        specification.trend = .gaussianProcess
        specification.likelihood = likelihood
        return MarketingMixModel(specification: specification, dataset: model.dataset)
    }

    private static func place(_ name: String, _ model: MarketingMixModel) -> Range<Int> {
        let block = model.layout.blocks.first { $0.name == name }!
        return block.offset..<block.offset + block.count
    }

    @Test("the trend of many draws has the Matérn covariance of its scale and length")
    func covariance() {
        let model = Self.model(periods: 157)
        let trend = model.components.firstIndex { $0.name == "trend" }!
        let unit = model.kpiUnit(ofCell: 0)
        var stream = testStream(71)
        var draw = model.priorDraw(&stream)
        var components = [Double](repeating: 0, count: model.components.count * 157)
        var fitted = [Double](repeating: 0, count: 157)
        for (scale, length) in [(0.4, 0.3), (1.0, 0.8)] {
            draw[Self.place("trend_scale", model).lowerBound] = scale
            draw[Self.place("trend_length", model).lowerBound] = length
            // Columns of the map from the standard normal coefficients to the trend.
            let basis = Self.place("trend_basis", model)
            let columns = basis.map { index -> [Double] in
                for other in basis { draw[other] = other == index ? 1 : 0 }
                model.decompose(constrained: draw, into: &components, fitted: &fitted)
                return components[trend * 157..<(trend + 1) * 157].map { $0 / unit }
            }
            for (first, second) in [(20, 20), (80, 80), (80, 90), (60, 100), (150, 156), (10, 120)] {
                let own = columns.map { $0[first] * $0[second] }.reduce(0, +)
                let distance = 5.0.squareRoot() * Double(second - first) * 7 / 365.25 / length
                let expected = scale * scale * (1 + distance + distance * distance / 3) * exp(-distance)
                #expect(abs(own - expected) < 0.02 * scale * scale, "\(first) and \(second)")
            }
        }
    }

    @Test("the gradient equals central differences in every form")
    func gradients() {
        let models = [
            Self.model(), Self.model(.complete), Self.model(Pooling.none), Self.model(.partial),
            Self.model(likelihood: .studentT),
        ]
        for (index, model) in models.enumerated() {
            for form in PosteriorForm.allCases {
                let posterior = model.posterior(form: form, weights: (0..<47).map { Double($0 % 4) / 2 })
                let hasBasis = posterior.marginalizedNames.contains { $0.hasPrefix("trend_basis") }
                #expect(hasBasis == (form == .marginal && model.specification.likelihood == .normal))
                var stream = testStream(UInt32(7200 + index))
                for _ in 0..<20 {
                    checkGradient(
                        posterior.density(), at: posterior.samplerPosition(constrained: model.priorDraw(&stream)),
                        laplace: [], rounding: 1e-12, "model \(index), \(form)")
                }
            }
        }
    }

    @Test("recovered coefficients are standard normal where the data say nothing")
    func recovery() {
        let model = Self.model()
        let posterior = model.posterior(form: .marginal, weights: [Double](repeating: 0, count: 47))
        var stream = testStream(73)
        let position = posterior.samplerPosition(constrained: model.priorDraw(&stream))
        var recovery = ParameterRecovery(posterior)
        let basis = Self.place("trend_basis", model)
        let draws = (0..<2000).map { _ in recovery.parameters(at: position, stream: &stream)[basis.lowerBound + 1] }
        let mean = draws.reduce(0, +) / 2000
        let variance = draws.map { $0 * $0 }.reduce(0, +) / 2000
        #expect(abs(mean) < 4 / 2000.0.squareRoot())
        #expect(abs(variance - 1) < 4 * (2 / 2000.0).squareRoot())
    }
}
