import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Testing

/// The joint log density as a quadratic form in the coefficients that are integrated out: its mode, curvature and
/// integral, from values and gradients of the joint density alone. Gaussian elimination without tricks.
private struct QuadraticInCoefficients {
    let mode: [Double]
    /// Inverse of the curvature, row by row.
    let covariance: [[Double]]
    let logIntegral: Double

    /// - Parameter evaluate: log density and gradient at a point; `coordinates` of it are integrated out.
    init(at point: [Double], coordinates: [Int], evaluate: ([Double]) -> (logDensity: Double, gradient: [Double])) {
        func moved(_ values: [Double]) -> [Double] {
            var result = point
            for (coordinate, value) in zip(coordinates, values) { result[coordinate] = value }
            return result
        }
        let count = coordinates.count
        let origin = evaluate(moved([Double](repeating: 0, count: count))).gradient
        var rows: [[Double]] = []
        for index in 0..<count {
            var unit = [Double](repeating: 0, count: count)
            unit[index] = 1
            let gradient = evaluate(moved(unit)).gradient
            var row = coordinates.map { origin[$0] - gradient[$0] }
            row += (0..<count).map { $0 == index ? 1 : 0 }
            rows.append(row)
        }
        var logDeterminant = 0.0
        for pivot in 0..<count {
            logDeterminant += Elementary.log(rows[pivot][pivot])
            let scale = 1 / rows[pivot][pivot]
            rows[pivot] = rows[pivot].map { $0 * scale }
            for other in 0..<count where other != pivot {
                let factor = rows[other][pivot]
                for column in rows[other].indices { rows[other][column] -= factor * rows[pivot][column] }
            }
        }
        covariance = rows.map { Array($0[count...]) }
        let slopes = coordinates.map { origin[$0] }
        mode = covariance.map { zip($0, slopes).map(*).reduce(0, +) }
        logIntegral =
            evaluate(moved(mode)).logDensity + Double(count) * SpecialFunctions.halfLogTwoPi - 0.5 * logDeterminant
    }
}

struct MarginalTests {
    private static func models() -> [(String, MarketingMixModel)] {
        panels() + hierarchies() + withOtherErrors() + withSmoothTrends()
            + Preset.allCases.flatMap { preset in
                [2, 5, 9].map { channels in
                    (
                        "\(preset), \(channels) channels",
                        ModelFixture.fullModel(
                            preset: preset, channels: ModelFixture.mixedChannels(channels, preset: preset), periods: 61)
                    )
                }
            }
    }

    private static func panels() -> [(String, MarketingMixModel)] {
        Preset.allCases.flatMap { preset in
            Pooling.allCases.map { pooling in
                (
                    "panel, \(preset), \(pooling)",
                    ModelFixture.panel(
                        preset: preset, pooling: pooling, channels: ModelFixture.mixedChannels(3, preset: preset),
                        geos: 3, periods: 61)
                )
            }
        }
    }

    /// Errors that follow on each other, and a KPI in logarithms, with cells that are not known.
    private static func withOtherErrors() -> [(String, MarketingMixModel)] {
        let single = ModelFixture.fullModel(channels: ModelFixture.mixedChannels(3), periods: 61)
        let panel = ModelFixture.panel(
            pooling: .partial, channels: ModelFixture.mixedChannels(3), geos: 3, periods: 61)
        let own = ModelFixture.panel(
            pooling: .complete, channels: ModelFixture.mixedChannels(3), geos: 3, periods: 61,
            hierarchy: ["rho": .independent, "sigma": .independent, "control": .independent, "intercept": .independent])
        let logarithmic = ModelFixture.fullModel(
            channels: (0..<3).map { ModelFixture.channel("c\($0)", effect: .coefficient) }, periods: 61)
        return [single, panel, own, logarithmic].enumerated().flatMap { index, model in
            [ErrorProcess.independent, .autoregressive].compactMap { errors in
                guard index == 3 || errors == .autoregressive else { return nil }
                var specification = model.specification
                var dataset = model.dataset
                specification.errors = errors
                if index == 3 {
                    (specification.likelihood, dataset.kpi) = (.logNormal, dataset.kpi.map { abs($0) + 1 })
                }
                for cell in [0, 9, 10, 11, 30, 60] { dataset.kpi[cell] = .nan }
                return (
                    "errors \(errors), model \(index)",
                    MarketingMixModel(specification: specification, dataset: dataset)
                )
            }
        }
    }

    /// Whose coefficients have learned standard deviations that are functions of two parameters.
    private static func withSmoothTrends() -> [(String, MarketingMixModel)] {
        let channels = ModelFixture.mixedChannels(3)
        return [
            ModelFixture.fullModel(channels: channels, periods: 61),
            ModelFixture.panel(pooling: .partial, channels: channels, geos: 3, periods: 61),
            ModelFixture.panel(
                pooling: .none, channels: channels, geos: 3, periods: 61),
        ].enumerated().map { index, model in
            var specification = model.specification
            specification.trend = .gaussianProcess
            if index == 1 { specification.mediaEffectiveness = .gaussianProcess }
            return (
                "smooth trend, model \(index)", MarketingMixModel(specification: specification, dataset: model.dataset)
            )
        }
    }

    private static func hierarchies() -> [(String, MarketingMixModel)] {
        let sd = Prior.halfNormal(scale: 0.5)
        let blocks: [[String: BlockHierarchy]] = [
            ["control": .partial(GeoDeviations(form: .normal, sd: sd)), "fourier": .independent],
            ["effect": .partial(GeoDeviations(form: .normal, sd: sd)), "intercept": .againstLargest],
            [
                "sigma": .partial(GeoDeviations(form: .logNormal, sd: sd)), "intercept": .independent,
                "control": .independent,
            ],
        ]
        return blocks.enumerated().map { index, blocks in
            (
                "hierarchy \(index)",
                ModelFixture.panel(
                    pooling: .partial, channels: ModelFixture.mixedChannels(3), geos: 3, periods: 61, hierarchy: blocks)
            )
        }
    }

    /// Model coordinates of the parameters that are integrated out.
    private static func coordinates(_ posterior: MarketingMixPosterior) -> [Int] {
        let names = Set(posterior.marginalizedNames)
        return posterior.model.layout.blocks.flatMap { block in
            (0..<block.count).filter { index in
                names.contains(block.elementName(index))
            }.map { block.offset + $0 }
        }
    }

    @Test("the marginal density is the joint one integrated in closed form, to 1e-9 relative")
    func closedForm() {
        for (index, (name, model)) in Self.models().enumerated() {
            let posterior = model.posterior(form: .marginal, weights: nil)
            let density = posterior.density()
            let coordinates = Self.coordinates(posterior)
            #expect(!coordinates.isEmpty && coordinates.count == model.dimension - posterior.dimension)
            var stream = testStream(UInt32(700 + index))
            for _ in 0..<20 {
                let draw = model.priorDraw(&stream)
                let quadratic = QuadraticInCoefficients(at: model.unconstrain(draw), coordinates: coordinates) {
                    let parts = model.evaluate(unconstrained: $0)
                    return (parts.logDensity, parts.gradient)
                }
                let value = density.evaluated(at: posterior.samplerPosition(constrained: draw)).logDensity
                let logJacobian = posterior.logJacobianOfScatter(draw)
                #expect(agree(value + logJacobian, quadratic.logIntegral, 1e-9), "\(name)")
            }
        }
    }

    @Test("under likelihood weights as well, up to the constant of the sampler's coordinates")
    func weighted() {
        for (index, (name, model)) in Self.models().enumerated() {
            var stream = testStream(UInt32(800 + index))
            var weights = (0..<61).map { _ in stream.exponential() }
            weights[7] = 0
            let marginal = model.posterior(form: .marginal, weights: weights)
            let joint = model.posterior(form: .joint, weights: weights)
            let jointDensity = joint.density()
            let coordinates = Self.coordinates(marginal)
            var offsets: [Double] = []
            var largest = 1.0
            for _ in 0..<10 {
                let draw = model.priorDraw(&stream)
                let quadratic = QuadraticInCoefficients(
                    at: joint.samplerPosition(constrained: draw), coordinates: coordinates
                ) { jointDensity.evaluated(at: $0) }
                let value = marginal.density().evaluated(at: marginal.samplerPosition(constrained: draw)).logDensity
                offsets.append(value + marginal.logJacobianOfScatter(draw) - quadratic.logIntegral)
                largest = max(largest, abs(value))
                #expect(abs(offsets[0] - offsets[offsets.count - 1]) < 1e-9 * largest, "\(name)")
            }
        }
    }

    @Test(
        "recovered coefficients have the closed-form conditional mean and covariance, under learned scales too",
        arguments: ["series", "panel", "panel with scattered controls"])
    func recovery(name: String) {
        let channels = ModelFixture.mixedChannels(3)
        let scattered = BlockHierarchy.partial(GeoDeviations(form: .normal, sd: .halfNormal(scale: 0.5)))
        let model =
            name == "series"
            ? ModelFixture.fullModel(channels: channels, periods: 40)
            : ModelFixture.panel(
                pooling: .partial, channels: channels, geos: 3, periods: 20,
                hierarchy: name == "panel" ? [:] : ["control": scattered])
        let posterior = model.posterior(form: .marginal, weights: nil)
        let coordinates = Self.coordinates(posterior)
        var stream = testStream(900)
        let draw = model.priorDraw(&stream)
        let position = posterior.samplerPosition(constrained: draw)
        let quadratic = QuadraticInCoefficients(at: model.unconstrain(draw), coordinates: coordinates) {
            let parts = model.evaluate(unconstrained: $0)
            return (parts.logDensity, parts.gradient)
        }
        var recovery = ParameterRecovery(posterior)
        let count = 20_000
        let samples = (0..<count).map { _ in
            let parameters = recovery.parameters(at: position, stream: &stream)
            return coordinates.map { parameters[$0] }
        }
        for row in coordinates.indices {
            let variance = quadratic.covariance[row][row]
            var mean = 0.0
            for sample in samples { mean += sample[row] / Double(count) }
            #expect(abs(mean - quadratic.mode[row]) < 4.5 * (variance / Double(count)).squareRoot())
            for column in coordinates.indices {
                let expected = quadratic.covariance[row][column]
                var covariance = 0.0
                for sample in samples {
                    covariance += (sample[row] - quadratic.mode[row]) * (sample[column] - quadratic.mode[column])
                }
                covariance /= Double(count)
                let error = (variance * quadratic.covariance[column][column] + expected * expected).squareRoot()
                #expect(abs(covariance - expected) < 4.5 * error / Double(count).squareRoot())
            }
        }
        // What is sampled stays what it was.
        let recovered = recovery.parameters(at: position, stream: &stream)
        for coordinate in 0..<model.dimension where !coordinates.contains(coordinate) {
            #expect(agree(recovered[coordinate], draw[coordinate], 1e-11))
        }
    }

    @Test("a column that is a multiple of another is told from it by its prior alone")
    func collinear() {
        var dataset = ModelFixture.dataset(periods: 30, channels: 1, controls: ["one", "two"])
        dataset.controls[1].values = dataset.controls[0].values.map { 2 * $0 }
        let model = MarketingMixModel(
            specification: ModelFixture.specification(channels: [ModelFixture.channel("a")], controls: ["one", "two"]),
            dataset: dataset)
        let posterior = model.posterior(form: .marginal, weights: nil)
        var stream = testStream(901)
        let draw = model.priorDraw(&stream)
        let position = posterior.samplerPosition(constrained: draw)
        let quadratic = QuadraticInCoefficients(
            at: model.unconstrain(draw), coordinates: Self.coordinates(posterior)
        ) {
            let parts = model.evaluate(unconstrained: $0)
            return (parts.logDensity, parts.gradient)
        }
        #expect(agree(posterior.density().evaluated(at: position).logDensity, quadratic.logIntegral, 1e-9))
    }
}
