import Densities
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// Media that work more or less as time goes by.
struct EffectivenessTests {
    private static func model(
        _ preset: Preset = .tutti, pooling: Pooling? = nil, periods: Int = 37, likelihood: LikelihoodFamily = .normal,
        isConstant: Bool = false
    ) -> MarketingMixModel {
        let channels = (0..<2).map { index in
            ModelFixture.channel(
                "c\(index)", preset: preset, effect: likelihood.hasLogLink || index == 1 ? .coefficient : .roi)
        }
        let model =
            pooling.map {
                ModelFixture.panel(preset: preset, pooling: $0, channels: channels, geos: 3, periods: periods)
            } ?? ModelFixture.fullModel(preset: preset, channels: channels, periods: periods)
        var specification = model.specification
        var dataset = model.dataset
        specification.likelihood = likelihood
        if likelihood.hasLogLink { dataset.kpi = dataset.kpi.map { abs($0) + 1 } }
        specification.mediaEffectiveness = isConstant ? .constant : .gaussianProcess
        return MarketingMixModel(specification: specification, dataset: dataset)
    }

    private static func components(_ model: MarketingMixModel, _ draw: [Double]) -> [[Double]] {
        let cells = model.dataset.cellCount
        var values = [Double](repeating: 0, count: model.components.count * cells)
        var fitted = [Double](repeating: 0, count: cells)
        model.decompose(constrained: draw, into: &values, fitted: &fitted)
        return model.components.indices.map { Array(values[$0 * cells..<($0 + 1) * cells]) }
    }

    /// What the parameters of the process are worth in a model where media always work alike.
    private static func withoutProcess(_ model: MarketingMixModel, _ draw: [Double]) -> [Double] {
        let process = model.layout.blocks.filter { $0.name.hasPrefix("effectiveness") }
        return draw.enumerated().filter { index, _ in
            !process.contains { $0.offset..<$0.offset + $0.count ~= index }
        }.map(\.element)
    }

    /// m_t of 12 periods by `SoftPlusHSGP(m=200, X=arange(12), X_mid=5.5, L=11, cov_func="matern52", centered=False,
    /// drop_first=False)` of pymc-marketing 0.19.2 at eta 0.8, ls 3.5 and coefficient offsets 0.9 cos(1.7 j), j = 1...200.
    private static let peer = [
        0.7918267269449092, 0.7397495894999664, 0.6844666754010583, 0.6320959324032558, 0.5975005169006778,
        0.6163569208222482, 0.7966192667420775, 1.2949811596818581, 1.517229887861777, 1.5237743077727324,
        1.4489124070539992, 1.356486608915439,
    ]

    @Test("under the preset pymc-marketing the multiplier is the package's")
    func peerMultiplier() {
        let model = Self.model(.pymcMarketing, periods: 12)
        let plain = Self.model(.pymcMarketing, periods: 12, isConstant: true)
        var stream = testStream(72)
        var draw = model.priorDraw(&stream)
        for block in model.layout.blocks {
            switch block.name {
            case "effectiveness_scale": draw[block.offset] = 0.8
            case "effectiveness_length": draw[block.offset] = 3.5
            case "effectiveness_basis":
                #expect(block.count == 200)
                for j in 1...200 { draw[block.offset + j - 1] = 0.9 * cos(1.7 * Double(j)) }
            default: break
            }
        }
        let own = Self.components(model, draw)
        let constant = Self.components(plain, Self.withoutProcess(model, draw))
        for channel in 0..<2 {
            for t in 0..<12 where constant[channel][t] != 0 {
                #expect(agree(own[channel][t] / constant[channel][t], Self.peer[t], 1e-12))
            }
        }
        for component in 2..<own.count { #expect(own[component] == constant[component]) }
    }

    @Test("the density is that of the decomposition, and the gradient equals central differences in every form")
    func gradients() {
        let models = [
            Self.model(), Self.model(pooling: .partial), Self.model(pooling: Pooling.none), Self.model(.pymcMarketing),
            Self.model(likelihood: .studentT), Self.model(likelihood: .logNormal),
        ]
        for (index, model) in models.enumerated() {
            var stream = testStream(UInt32(7300 + index))
            for form in PosteriorForm.allCases {
                let posterior = model.posterior(form: form, weights: nil)
                let laplace = Set(
                    model.layout.blocks.filter { $0.name == "gamma_fourier" || $0.name.hasPrefix("trend") }
                        .flatMap { $0.offset..<$0.offset + $0.count })
                for _ in 0..<10 {
                    checkGradient(
                        posterior.density(), at: posterior.samplerPosition(constrained: model.priorDraw(&stream)),
                        laplace: model.specification.preset == .pymcMarketing ? laplace : [], rounding: 1e-12,
                        "model \(index), \(form)")
                }
            }
            guard !model.specification.likelihood.hasLogLink else { continue }
            for _ in 0..<10 {
                let draw = model.priorDraw(&stream)
                let terms = model.pointwiseLogLikelihood(at: draw).reduce(0, +)
                #expect(agree(model.evaluate(unconstrained: model.unconstrain(draw)).likelihood, terms, 1e-9))
            }
        }
    }

    @Test("what a channel brings is the sum of its components, whatever the multiplier, whose mean is 1")
    func responses() {
        for likelihood in [LikelihoodFamily.normal, .logNormal] {
            let model = Self.model(likelihood: likelihood)
            let plain = Self.model(likelihood: likelihood, isConstant: true)
            var stream = testStream(74)
            for _ in 0..<20 {
                let draw = model.priorDraw(&stream)
                let components = Self.components(model, draw)
                for channel in 0..<2 {
                    let actual = model.mediaResponse(channel: channel, constrained: draw, multiplier: 1)
                    let own = model.attributedResponse(channel: channel, constrained: draw, actual: actual)
                    #expect(agree(own.kpiInWindow, components[channel].reduce(0, +), 1e-9))
                }
                guard likelihood == .normal else { continue }
                let constant = Self.components(plain, Self.withoutProcess(model, draw))
                let multipliers = zip(components[0], constant[0]).map { $1 == 0 ? Double.nan : $0 / $1 }
                let known = multipliers.filter { !$0.isNaN }
                #expect(known.allSatisfy { $0 > 0 })
                if known.count == 37 { #expect(agree(known.reduce(0, +) / 37, 1, 1e-9)) }
            }
        }
    }
}
