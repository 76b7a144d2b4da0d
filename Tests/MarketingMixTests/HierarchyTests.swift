import Densities
import Foundation
import MarketingMix
import ModelDefinition
import Testing

/// Parameters that differ between geos as their block says.
struct HierarchyTests {
    private static let sd = Prior.halfNormal(scale: 0.4)

    private static func partial(
        _ form: GeoDeviations.Form, mean: Prior? = nil, scope: GeoDeviations.Scope = .element
    ) -> BlockHierarchy {
        .partial(GeoDeviations(form: form, mean: mean, sd: sd, scope: scope))
    }

    /// Values of a draw by the names of their elements.
    private static func named(_ model: MarketingMixModel, _ draw: [Double]) -> [String: Double] {
        var values: [String: Double] = [:]
        for block in model.layout.blocks {
            for index in 0..<block.count { values[block.elementName(index)] = draw[block.offset + index] }
        }
        return values
    }

    private static func panel(
        _ preset: Preset, _ pooling: Pooling, _ hierarchy: [String: BlockHierarchy], channels: [Channel]
    ) -> MarketingMixModel {
        ModelFixture.panel(
            preset: preset, pooling: pooling, channels: channels, geos: 3, periods: 25, hierarchy: hierarchy)
    }

    private static func coefficientChannels(_ preset: Preset) -> [Channel] {
        ["a", "b"].map {
            ModelFixture.channel(
                $0, preset: preset, maximumLag: 3, saturation: .logistic, effect: .coefficient)
        }
    }

    @Test("values of each geo are the stated function of means, standard deviations and deviations")
    func expansion() throws {
        let preset = Preset.pymcMarketing
        let channels = Self.coefficientChannels(preset)
        let model = Self.panel(
            preset, .none,
            [
                "intercept": Self.partial(.normal, mean: .normal(mean: 0.5, sd: 0.2)), "alpha": .complete,
                "lam": Self.partial(.logNormal), "beta": Self.partial(.logNormal, mean: .normal(mean: -1, sd: 0.3)),
                "control": Self.partial(.normal), "event": .complete,
                "fourier": Self.partial(.normal, mean: .point(0), scope: .block), "sigma": Self.partial(.logNormal),
            ], channels: channels)
        #expect(
            model.layout.blocks.map(\.unconstrainedName) == [
                "intercept_contribution_mu", "intercept_contribution_sigma_log__", "intercept_contribution_offset",
                "adstock_alpha_logodds__", "saturation_lam_log__", "saturation_lam_sigma_log__",
                "saturation_lam_offset", "saturation_beta_raw_mu", "saturation_beta_raw_sigma_log__",
                "saturation_beta_raw_offset", "gamma_control", "gamma_control_sigma_log__", "gamma_control_offset",
                "gamma_fourier_sigma_log__", "gamma_fourier_offset", "gamma_event", "gamma_holiday", "trend_slope",
                "trend_delta", "y_sigma_log__", "y_sigma_sigma_log__", "y_sigma_offset",
            ])
        let independent = Self.panel(preset, .none, [:], channels: channels)
        var stream = testStream(51)
        for _ in 0..<30 {
            let draw = model.priorDraw(&stream)
            let values = Self.named(model, draw)
            func value(_ name: String) throws -> Double { try #require(values[name], "\(name)") }
            let expanded = try independent.layout.blocks.flatMap { block in
                try (0..<block.count).map { index -> Double in
                    let name = block.elementName(index)
                    let labels = name.drop { $0 != "[" }.dropFirst().dropLast().components(separatedBy: ", ")
                    let (geo, label) = (labels[0], labels.last ?? "")
                    func part(_ part: String, _ labels: String...) throws -> Double {
                        try value(
                            "\(block.name)_\(part)" + (labels.isEmpty ? "" : "[\(labels.joined(separator: ", "))]"))
                    }
                    switch block.name {
                    case "intercept_contribution": return try part("mu") + part("sigma") * part("offset", geo)
                    case "adstock_alpha", "gamma_event": return try value("\(block.name)[\(label)]")
                    case "saturation_lam":
                        return try value("\(block.name)[\(label)]")
                            * exp(part("sigma", label) * part("offset", label, geo))
                    case "saturation_beta":
                        return try exp(
                            part("raw_mu", label) + part("raw_sigma", label) * part("raw_offset", label, geo))
                    case "gamma_control":
                        return try value("\(block.name)[\(label)]") + part("sigma", label) * part("offset", geo, label)
                    case "gamma_fourier": return try part("sigma") * part("offset", geo, label)
                    case "y_sigma": return try value("y_sigma") * exp(part("sigma") * part("offset", geo))
                    default: return try value(name)
                    }
                }
            }
            let parts = model.evaluate(unconstrained: model.unconstrain(draw))
            let expected = independent.evaluate(unconstrained: independent.unconstrain(expanded)).likelihood
            #expect(agree(parts.likelihood, expected, 1e-11))
            #expect(agree(model.pointwiseLogLikelihood(at: draw).reduce(0, +), expected, 1e-11))
            let prior = model.layout.blocks.flatMap { block in
                (0..<block.count).map { block.priors[$0].logDensity(draw[block.offset + $0]) }
            }.reduce(0, +)
            #expect(agree(parts.prior, prior, 1e-12))
        }
    }

    @Test("with normal deviations of effects the sampled return is that of all geos, whatever carries the prior")
    func normalEffects() throws {
        let kinds: [Effect] = [.roi, .contribution, .marginalROI]
        let channels = kinds.enumerated().map { ModelFixture.channel("c\($0)", effect: $1) }
        let model = Self.panel(.tutti, .partial, ["effect": Self.partial(.normal)], channels: channels)
        // The same with a coefficient of its own in every geo.
        let free = Self.panel(
            .tutti, .partial, ["beta": .independent],
            channels: channels.map { ModelFixture.channel($0.name, effect: .coefficient) })
        var stream = testStream(52)
        for _ in 0..<20 {
            let draw = model.priorDraw(&stream)
            let values = Self.named(model, draw)
            let betas = try #require(free.layout.blocks.first { $0.name == "beta" })
            #expect(betas.dimensions.map(\.name) == ["geo", "channel"])
            var expanded = free.layout.blocks.flatMap { block in
                (0..<block.count).map { values[block.elementName($0)] ?? 0 }
            }
            for (channel, kind) in kinds.enumerated() {
                let name = "c\(channel)"
                /// What the prior is about for β = 1 in one geo, in money.
                func amount(_ geo: Int) -> Double {
                    var unit = expanded
                    for other in 0..<3 { unit[betas.offset + other * kinds.count + channel] = other == geo ? 1 : 0 }
                    func revenue(_ multiplier: Double) -> Double {
                        free.mediaResponse(channel: channel, constrained: unit, multiplier: multiplier).revenueInWindow
                    }
                    return kind == .marginalROI ? revenue(1.01) - revenue(1) : revenue(1)
                }
                let amounts = (0..<3).map(amount)
                let spend = model.dataset.spend[channel].reduce(0, +)
                let total =
                    kind == .contribution
                    ? zip(model.dataset.kpi, model.dataset.revenuePerKPI).map(*).reduce(0, +)
                    : kind == .marginalROI ? 0.01 * spend : spend
                let parameter = try #require(values["\(kind.parameter.rawValue)[\(name)]"])
                let eta = try #require(values["eta[\(name)]"])
                let deviations = try (0..<3).map { try #require(values["effect_deviation[g\($0), \(name)]"]) }
                let scattered = zip(amounts, deviations).map { $0 * eta * $1 }.reduce(0, +)
                let common = (parameter * total - scattered) / amounts.reduce(0, +)
                for geo in 0..<3 {
                    expanded[betas.offset + geo * kinds.count + channel] = common + eta * deviations[geo]
                }
                let own = model.mediaResponse(channel: channel, constrained: draw, multiplier: 1)
                let other = free.mediaResponse(channel: channel, constrained: expanded, multiplier: 1)
                #expect(agree(own.revenueInWindow, other.revenueInWindow, 1e-9))
                #expect(agree(own.kpiAfter, other.kpiAfter, 1e-9))
            }
        }
    }

    @Test("intercepts against the largest geo are 0 there and free elsewhere")
    func againstLargest() throws {
        let channels = Self.coefficientChannels(.tutti)
        let model = Self.panel(.tutti, .complete, ["intercept": .againstLargest], channels: channels)
        let block = try #require(model.layout.blocks.first)
        // The panel's KPI grows with the index of its geo.
        #expect(block.name == "intercept" && block.dimensions.map(\.labels) == [["g0", "g1"]])
        let independent = Self.panel(.tutti, .complete, ["intercept": .independent], channels: channels)
        var stream = testStream(53)
        for _ in 0..<10 {
            let draw = model.priorDraw(&stream)
            let expanded = Array(draw.prefix(2)) + [0] + Array(draw.dropFirst(2))
            let likelihood = model.evaluate(unconstrained: model.unconstrain(draw)).likelihood
            let expected = independent.evaluate(unconstrained: independent.unconstrain(expanded)).likelihood
            #expect(agree(likelihood, expected, 1e-12))
        }
    }

    @Test("the gradient equals central differences in every form", arguments: PosteriorForm.allCases)
    func gradients(form: PosteriorForm) {
        let hierarchies: [[String: BlockHierarchy]] = [
            ["effect": Self.partial(.normal), "control": Self.partial(.normal), "sigma": Self.partial(.logNormal)],
            ["lam": Self.partial(.logNormal), "beta": Self.partial(.normal, mean: .normal(mean: 1, sd: 0.2))],
            [
                "beta": Self.partial(.logNormal, mean: .normal(mean: -1, sd: 0.3)), "alpha": .independent,
                "ec": .independent,
                "intercept": .againstLargest, "fourier": Self.partial(.normal, mean: .point(0), scope: .block),
            ],
            [
                "effect": .independent, "roi": Self.partial(.logNormal), "intercept": Self.partial(.normal),
                "control": .independent,
            ],
            ["effect": .complete, "sigma": .independent, "slope": Self.partial(.logNormal, scope: .block)],
        ]
        for preset in Preset.allCases {
            for pooling in Pooling.allCases {
                for (index, hierarchy) in hierarchies.enumerated() {
                    for channels in [
                        ModelFixture.mixedChannels(4, preset: preset),
                        Effect.allCases.enumerated().map { index, effect in
                            ModelFixture.channel("e\(index)", preset: preset, effect: effect)
                        },
                    ] {
                        let model = Self.panel(preset, pooling, hierarchy, channels: channels)
                        let posterior = model.posterior(form: form, weights: nil)
                        let density = posterior.density()
                        // Whitening columns of unscaled controls takes coordinates that cancel.
                        let precise = channels.allSatisfy { ![.marginalROI, .windowROI].contains($0.effect) }
                        let laplace = Set(
                            model.layout.blocks.filter { $0.name == "gamma_fourier" || $0.name.hasPrefix("trend") }
                                .flatMap { $0.offset..<$0.offset + $0.count })
                        var stream = testStream(UInt32(5400 + index))
                        for _ in 0..<4 {
                            checkGradient(
                                density, at: posterior.samplerPosition(constrained: model.priorDraw(&stream)),
                                laplace: form == .joint && preset == .pymcMarketing ? laplace : [],
                                rounding: precise ? (form == .joint ? 2e-14 : 1e-12) : 1e-8,
                                "\(index), \(preset), \(pooling), \(form)")
                        }
                    }
                }
            }
        }
    }
}
