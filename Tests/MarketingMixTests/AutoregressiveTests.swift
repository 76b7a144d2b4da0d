import Densities
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// Errors that follow on each other.
struct AutoregressiveTests {
    private static let missing = [0, 4, 5, 6, 20, 33]

    private static func model(geos: Int, hierarchy: [String: BlockHierarchy] = [:]) -> MarketingMixModel {
        let channels = ModelFixture.mixedChannels(2)
        let model =
            geos == 1
            ? ModelFixture.fullModel(channels: channels, periods: 34)
            : ModelFixture.panel(
                pooling: .partial, channels: channels, geos: geos, periods: 34, hierarchy: hierarchy)
        var specification = model.specification
        var dataset = model.dataset
        specification.errors = .autoregressive
        for cell in missing { dataset.kpi[cell] = .nan }
        return MarketingMixModel(specification: specification, dataset: dataset)
    }

    private static func value(_ name: String, geo: Int, _ model: MarketingMixModel, _ draw: [Double]) -> Double {
        let block = model.layout.blocks.first { $0.name == name }!
        return draw[block.offset + min(geo, block.count - 1)]
    }

    /// log N(y | μ, Σ) of the known cells of one geo, Σ_ij = σ² ρ^|i−j| ÷ (1 − ρ²), by elimination.
    private static func dense(_ errors: [(period: Int, error: Double)], sigma: Double, rho: Double) -> Double {
        var matrix = errors.map { row in
            errors.map { column in
                sigma * sigma / (1 - rho * rho) * pow(rho, Double(abs(row.period - column.period)))
            } + [row.error]
        }
        let count = errors.count
        var value = -Double(count) / 2 * log(2 * Double.pi)
        for pivot in 0..<count {
            value -= 0.5 * log(matrix[pivot][pivot])
            value -= 0.5 * matrix[pivot][count] * matrix[pivot][count] / matrix[pivot][pivot]
            for row in pivot + 1..<max(count, pivot + 1) {
                let factor = matrix[row][pivot] / matrix[pivot][pivot]
                for column in pivot...count { matrix[row][column] -= factor * matrix[pivot][column] }
            }
        }
        return value
    }

    @Test("the likelihood is the multivariate normal one of the known cells, and its terms add up to it")
    func reference() {
        let models = [
            Self.model(geos: 1), Self.model(geos: 3),
            Self.model(geos: 3, hierarchy: ["rho": .independent, "sigma": .independent]),
        ]
        for (index, model) in models.enumerated() {
            let periods = model.dataset.periodCount
            var stream = testStream(UInt32(9100 + index))
            for _ in 0..<30 {
                let draw = model.priorDraw(&stream)
                var components = [Double](repeating: 0, count: model.components.count * model.dataset.cellCount)
                var fitted = [Double](repeating: 0, count: model.dataset.cellCount)
                model.decompose(constrained: draw, into: &components, fitted: &fitted)
                var expected = 0.0
                for geo in 0..<model.dataset.geoCount {
                    let cells = model.dataset.cells(of: geo).filter { !model.dataset.kpi[$0].isNaN }
                    expected += Self.dense(
                        cells.map { cell in
                            (cell % periods, (model.dataset.kpi[cell] - fitted[cell]) / model.kpiUnit(ofCell: cell))
                        }, sigma: Self.value("sigma", geo: geo, model, draw),
                        rho: Self.value("rho", geo: geo, model, draw))
                }
                let likelihood = model.evaluate(unconstrained: model.unconstrain(draw)).likelihood
                #expect(agree(likelihood, expected, 1e-9))
                let terms = model.pointwiseLogLikelihood(at: draw)
                #expect(terms.indices.allSatisfy { terms[$0].isNaN == model.dataset.kpi[$0].isNaN })
                #expect(agree(terms.filter { !$0.isNaN }.reduce(0, +), expected, 1e-9))
            }
        }
    }

    @Test("the gradient equals central differences in every form, under weights too")
    func gradients() {
        let models = [
            Self.model(geos: 1), Self.model(geos: 3),
            Self.model(geos: 3, hierarchy: ["rho": .independent, "sigma": .independent]),
        ]
        for (index, model) in models.enumerated() {
            for form in PosteriorForm.allCases {
                let posterior = model.posterior(form: form, weights: (0..<34).map { Double($0 % 4) / 2 })
                var stream = testStream(UInt32(9200 + index))
                for _ in 0..<40 {
                    checkGradient(
                        posterior.density(), at: posterior.samplerPosition(constrained: model.priorDraw(&stream)),
                        laplace: [], rounding: 1e-12, "model \(index), \(form)")
                }
            }
        }
    }

    @Test(
        "what is no number at one point leaves no trace at the next, in every form", arguments: PosteriorForm.allCases)
    func forgetting(form: PosteriorForm) {
        for model in [Self.model(geos: 1), Self.model(geos: 3)] {
            var stream = testStream(9300)
            let posterior = model.posterior(form: form, weights: nil)
            let density = posterior.density()
            let point = posterior.samplerPosition(constrained: model.priorDraw(&stream))
            func evaluated(_ position: [Double]) -> [Double] {
                var gradient = position
                var span = gradient.mutableSpan
                let value = density.evaluate(at: position.span, gradient: &span)
                return [value] + gradient
            }
            let first = evaluated(point)
            #expect(first.allSatisfy { $0.isFinite })
            for coordinate in point.indices {
                for extreme in [-800.0, 800] {
                    var far = point
                    far[coordinate] = extreme
                    _ = evaluated(far)
                    let again = evaluated(point)
                    #expect(again == first, "after \(extreme) in coordinate \(coordinate)")
                }
            }
        }
    }

    @Test("without correlation the density is that of independent errors, in every form")
    func limit() {
        for form in PosteriorForm.allCases {
            let model = Self.model(geos: 3)
            var independent = model.specification
            independent.errors = .independent
            let plain = MarketingMixModel(specification: independent, dataset: model.dataset)
            var fixed = model.specification
            fixed.priors["rho"] = .point(0)
            let own = MarketingMixModel(specification: fixed, dataset: model.dataset)
            let weights = (0..<34).map { Double($0 % 4) / 2 }
            let (first, second) = (
                plain.posterior(form: form, weights: weights), own.posterior(form: form, weights: weights)
            )
            var stream = testStream(94)
            for _ in 0..<20 {
                let draw = plain.priorDraw(&stream)
                let (a, b) = (
                    first.density().evaluated(at: first.samplerPosition(constrained: draw)),
                    second.density().evaluated(at: second.samplerPosition(constrained: draw))
                )
                #expect(agree(b.logDensity, a.logDensity, 1e-10))
                for (x, y) in zip(b.gradient, a.gradient) { #expect(agree(x, y, 1e-7)) }
            }
        }
    }

    @Test("simulated errors have the variance and the correlation of the process, and go on where the KPI ends")
    func simulation() {
        let model = Self.model(geos: 1)
        var stream = testStream(95)
        var draw = model.priorDraw(&stream)
        for block in model.layout.blocks {
            if block.name == "sigma" { draw[block.offset] = 0.7 }
            if block.name == "rho" { draw[block.offset] = 0.8 }
        }
        var components = [Double](repeating: 0, count: model.components.count * 34)
        var fitted = [Double](repeating: 0, count: 34)
        model.decompose(constrained: draw, into: &components, fitted: &fitted)
        let observations = Observations(model, constrained: draw, fitted: fitted)
        let unit = model.kpiUnit(ofCell: 0)
        let worlds = (0..<4000).map { _ in
            zip(observations.replicate(from: &stream), fitted).map { ($0 - $1) / unit }
        }
        func covariance(_ first: Int, _ second: Int) -> Double {
            worlds.map { $0[first] * $0[second] }.reduce(0, +) / 4000
        }
        let variance = 0.49 / (1 - 0.64)
        for (first, second) in [(0, 0), (33, 33), (0, 1), (20, 23)] {
            let expected = variance * pow(0.8, Double(second - first))
            // Four standard errors of a mean of products of normals.
            #expect(abs(covariance(first, second) - expected) < 4 * variance * (2.0 / 4000).squareRoot())
        }
        // Cell 33 is not known: it leans on the error of cell 32.
        let last = (model.dataset.kpi[32] - fitted[32]) / unit
        #expect(agree((observations.mean(cell: 33) - fitted[33]) / unit, 0.8 * last, 1e-10))
        let next = (model.dataset.kpi[7] - fitted[7]) / unit
        let before = (model.dataset.kpi[3] - fitted[3]) / unit
        let deviation = 0.7 * (1 + pow(0.8, 2) + pow(0.8, 4) + pow(0.8, 6)).squareRoot()
        let z = (next - pow(0.8, 4) * before) / deviation
        let expected = -z * z / 2 - log(deviation) - log(2 * Double.pi) / 2
        #expect(agree(model.pointwiseLogLikelihood(at: draw)[7], expected, 1e-10))
    }
}
