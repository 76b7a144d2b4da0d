import Densities
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// Likelihoods other than the normal one.
struct LikelihoodTests {
    private static let families: [LikelihoodFamily] = [.studentT, .truncatedNormal]

    private static func model(_ family: LikelihoodFamily, _ preset: Preset = .tutti) -> MarketingMixModel {
        let model = ModelFixture.fullModel(
            preset: preset, channels: ModelFixture.mixedChannels(3, preset: preset), periods: 41)
        var specification = model.specification
        specification.likelihood = family
        return MarketingMixModel(specification: specification, dataset: model.dataset)
    }

    private static func panel(
        _ family: LikelihoodFamily, _ pooling: Pooling, hierarchy: [String: BlockHierarchy] = [:]
    ) -> MarketingMixModel {
        let model = ModelFixture.panel(
            pooling: pooling, channels: ModelFixture.mixedChannels(3), geos: 3, periods: 27, hierarchy: hierarchy)
        var specification = model.specification
        var dataset = model.dataset
        specification.likelihood = family
        for cell in [3, 30, 31, 60] { dataset.kpi[cell] = .nan }
        return MarketingMixModel(specification: specification, dataset: dataset)
    }

    /// The plainly written log density of a value y of mean parameter mu; `zero` is the value of KPI 0.
    private static func logDensity(
        _ family: LikelihoodFamily, _ y: Double, mu: Double, sigma: Double, nu: Double, zero: Double
    ) -> Double {
        let z = (y - mu) / sigma
        switch family {
        case .normal: return -z * z / 2 - log(sigma) - log(2 * Double.pi) / 2
        case .logNormal: preconditionFailure("has tests of its own")
        case .truncatedNormal:
            return -z * z / 2 - log(sigma) - log(2 * Double.pi) / 2
                - log(erfc(-(mu - zero) / sigma / 2.0.squareRoot()) / 2)
        case .studentT:
            return lgamma((nu + 1) / 2) - lgamma(nu / 2) - log(nu * Double.pi) / 2 - log(sigma)
                - (nu + 1) / 2 * log(1 + z * z / nu)
        }
    }

    @Test("the likelihood is the plainly written one, by cell and in all", arguments: families)
    func reference(family: LikelihoodFamily) {
        for preset in ModelFixture.presets {
            let model = Self.model(family, preset)
            let reference = ReferenceModel(model)
            var stream = testStream(61)
            var compared = 0
            for _ in 0..<60 {
                let draw = model.priorDraw(&stream)
                let means = reference.means(draw)
                let nu = model.layout.blocks.first { $0.name.hasSuffix("nu") }.map { draw[$0.offset] } ?? 0
                let scaling = model.scaling
                let terms = zip(model.dataset.kpi, means).map { kpi, mu in
                    Self.logDensity(
                        family, (kpi - scaling.kpiShift) / scaling.kpiScale, mu: mu, sigma: reference.sigma(draw),
                        nu: nu, zero: -scaling.kpiShift / scaling.kpiScale)
                }
                // The C library's erfc is 0 below −38.
                guard terms.allSatisfy({ $0.isFinite }) else { continue }
                compared += 1
                let likelihood = model.evaluate(unconstrained: model.unconstrain(draw)).likelihood
                #expect(agree(likelihood, terms.reduce(0, +), 1e-11))
                for (own, term) in zip(model.pointwiseLogLikelihood(at: draw), terms) {
                    #expect(agree(own, term, 1e-10))
                }
            }
            #expect(compared > 30)
        }
    }

    @Test("the gradient equals central differences in every form", arguments: families)
    func gradients(family: LikelihoodFamily) {
        let perGeo = BlockHierarchy.partial(GeoDeviations(form: .logNormal, sd: .halfNormal(scale: 0.3)))
        var models = Preset.allCases.map { Self.model(family, $0) } + Pooling.allCases.map { Self.panel(family, $0) }
        models.append(Self.panel(family, .partial, hierarchy: ["sigma": perGeo, "nu": .independent]))
        for (index, model) in models.enumerated() {
            for form in PosteriorForm.allCases {
                let posterior = model.posterior(form: form, weights: nil)
                #expect(posterior.marginalizedNames.isEmpty && posterior.form != .marginal)
                let density = posterior.density()
                let laplace = Set(
                    model.layout.blocks.filter { $0.name == "gamma_fourier" || $0.name.hasPrefix("trend") }
                        .flatMap { $0.offset..<$0.offset + $0.count })
                var stream = testStream(UInt32(6200 + index))
                for _ in 0..<40 {
                    checkGradient(
                        density, at: posterior.samplerPosition(constrained: model.priorDraw(&stream)),
                        laplace: model.specification.preset == .pymcMarketing ? laplace : [], rounding: 1e-13,
                        "\(family), model \(index), \(form)")
                }
            }
        }
    }

    @Test("a weight multiplies the terms of its period, and one of 0 drops them", arguments: families)
    func weights(family: LikelihoodFamily) {
        let model = Self.panel(family, .partial)
        var stream = testStream(63)
        var weights = (0..<27).map { _ in 2 * stream.uniform() }
        weights[4] = 0
        for _ in 0..<20 {
            let draw = model.priorDraw(&stream)
            let terms = model.pointwiseLogLikelihood(at: draw).map { $0.isNaN ? 0 : $0 }
            let plain = model.posterior(form: .joint, weights: nil)
            let weighted = model.posterior(form: .joint, weights: weights)
            let position = plain.samplerPosition(constrained: draw)
            let difference =
                weighted.density().evaluated(at: position).logDensity
                - plain.density().evaluated(at: position).logDensity
            let expected = terms.enumerated().map { (weights[$0 % 27] - 1) * $1 }.reduce(0, +)
            #expect(abs(difference - expected) <= 1e-11 * max(1, terms.map(abs).reduce(0, +)))
        }
    }

    @Test("weights that differ between geos multiply the terms of their cells", arguments: families)
    func cellWeights(family: LikelihoodFamily) {
        let model = Self.panel(family, .partial)
        let cells = model.dataset.cellCount
        #expect(model.dataset.geoCount > 1)
        var stream = testStream(65)
        var weights = (0..<cells).map { _ in 2 * stream.uniform() }
        weights[4] = 0
        for index in 0..<20 {
            let draw = model.priorDraw(&stream)
            let terms = model.pointwiseLogLikelihood(at: draw).map { $0.isNaN ? 0 : $0 }
            let plain = model.posterior(form: .joint, weights: nil)
            let weighted = model.posterior(form: .joint, weights: weights)
            let position = plain.samplerPosition(constrained: draw)
            let difference =
                weighted.density().evaluated(at: position).logDensity
                - plain.density().evaluated(at: position).logDensity
            let expected = zip(weights, terms).map { ($0 - 1) * $1 }.reduce(0, +)
            #expect(abs(difference - expected) <= 1e-11 * max(1, terms.map(abs).reduce(0, +)))
            guard index < 3 else { continue }
            for form in PosteriorForm.allCases {
                let posterior = model.posterior(form: form, weights: weights)
                checkGradient(
                    posterior.density(), at: posterior.samplerPosition(constrained: draw), laplace: [],
                    rounding: 1e-13, "\(family), \(form)")
            }
        }
    }

    @Test("with many degrees of freedom, or far above KPI 0, the likelihood is the normal one")
    func limits() {
        let normal = Self.model(.normal, .pymcMarketing)
        let student = Self.model(.studentT, .pymcMarketing)
        let truncated = Self.model(.truncatedNormal, .pymcMarketing)
        var stream = testStream(64)
        var far = 0
        for _ in 0..<40 {
            let draw = normal.priorDraw(&stream)
            let expected = normal.evaluate(unconstrained: normal.unconstrain(draw)).likelihood
            let own = student.evaluate(unconstrained: student.unconstrain(draw + [1e12])).likelihood
            #expect(agree(own, expected, 1e-4 * 41))
            let sigma = draw[normal.dimension - 1]
            let lowest = ReferenceModel(normal).means(draw).min() ?? 0
            guard lowest > 8.5 * sigma else { continue }
            far += 1
            let cut = truncated.evaluate(unconstrained: truncated.unconstrain(draw)).likelihood
            #expect(agree(cut, expected, 1e-13))
        }
        #expect(far > 2)
    }

    @Test("simulated data have the mean and spread of the likelihood's distribution", arguments: families)
    func simulation(family: LikelihoodFamily) {
        let model = Self.model(family, .pymcMarketing)
        let names = model.layout.blocks.flatMap { block in (0..<block.count).map(block.elementName) }
        let draw = names.map { name -> Double in
            switch name {
            case "intercept_contribution": 0.2
            case "y_sigma": 0.3
            case "y_nu": 7
            default: name.hasPrefix("gamma") || name.hasPrefix("trend") ? 0 : 0.01
            }
        }
        var components = [Double](repeating: 0, count: model.components.count * 41)
        var fitted = [Double](repeating: 0, count: 41)
        model.decompose(constrained: draw, into: &components, fitted: &fitted)
        let observations = Observations(model, constrained: draw, fitted: fitted)
        let sigma = model.residualScales(constrained: draw)[0]
        var stream = testStream(65)
        let count = 20_000
        let values = (0..<count).map { _ in observations.draw(cell: 11, from: &stream) }
        let mean = values.reduce(0, +) / Double(count)
        let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count)
        // Moments by numerical integration of the density.
        let step = sigma / 500
        let lowest = family == .truncatedNormal ? 0 : fitted[11] - 60 * sigma
        let grid = (0..<60_000).map { lowest + (Double($0) + 0.5) * step }
        let masses = grid.map { step * exp(observations.logDensity($0, cell: 11)) }
        let total = masses.reduce(0, +)
        #expect(abs(total - 1) < 1e-4)
        let expectedMean = zip(grid, masses).map(*).reduce(0, +)
        let expectedVariance = zip(grid, masses).map { ($0 - expectedMean) * ($0 - expectedMean) * $1 }.reduce(0, +)
        let error = (expectedVariance / Double(count)).squareRoot()
        #expect(abs(mean - expectedMean) < 4 * error)
        #expect(abs(observations.mean(cell: 11) - expectedMean) < 1e-3 * sigma)
        #expect(abs(variance / expectedVariance - 1) < 0.12)
        if family == .truncatedNormal { #expect((values.min() ?? -1) >= 0) }
    }
}
