import Densities
import Kernels
import Sampling
import Testing

@Suite("Pathfinder")
struct PathfinderTests {
    private func path(_ density: any LogDensity, index: UInt32 = 0) throws -> PathfinderPath {
        let key = testKey(900, index: index)
        return try #require(
            PathfinderPath(density: density, start: try randomStart(density: density, key: key), key: key))
    }

    @Test("finds a Gaussian's mean, covariance and integral", arguments: [1, 2, 5, 20, 50, 200])
    func gaussian(dimension: Int) throws {
        let scales = (0..<dimension).map { 0.5 + 0.3 * Double($0 % 7) }
        let correlation = 0.5
        let density = AutoregressiveGaussian(scales: scales, correlation: dimension > 1 ? correlation : 0)
        let path = try path(density)
        #expect(path.mean.map { abs($0) }.max()! < 1e-6)
        var deviation = 0.0
        for row in 0..<dimension {
            for column in 0..<dimension {
                var power = 1.0
                for _ in 0..<abs(row - column) { power *= correlation }
                let expected = scales[row] * scales[column] * power
                let error = abs(path.covariance[row * dimension + column] - expected)
                deviation = max(deviation, error / (scales[row] * scales[column]))
            }
        }
        #expect(deviation < 1e-6)
        // log of the integral of e^(−½ zᵀ R⁻¹ z): log √((2π)^d |D R D|), |R| = (1 − ρ²)^(d−1).
        var integral = Double(dimension) * SpecialFunctions.halfLogTwoPi
        for scale in scales { integral += Elementary.log(scale) }
        integral += 0.5 * Double(dimension - 1) * Elementary.log(1 - correlation * correlation)
        #expect(abs(path.evidenceBound - integral) < 1e-6)
        #expect(path.gradientEvaluations <= PathfinderPath.gradientEvaluationsMax)
    }

    @Test("counts its evaluations, and ends before it has made too many")
    func evaluations() throws {
        // A ravine: 300 coordinates, strongly correlated, which no climb of 1,000 evaluations gets through.
        let density = AutoregressiveGaussian(
            scales: (0..<300).map { 0.1 + Double($0 % 9) }, correlation: 0.95)
        let key = testKey(905)
        let start = try randomStart(density: density, key: key)
        let before = density.evaluations
        let path = try #require(PathfinderPath(density: density, start: start, key: key))
        #expect(path.gradientEvaluations == density.evaluations - before)
        #expect(path.gradientEvaluations <= 1000)
    }

    @Test("finds the one mode of regressions whose coordinates are correlated and of very different scales")
    func regressions() throws {
        try oneMode(KidScores(data: try ReferenceData(KidScores.name)), try ReferenceSummary(KidScores.name))
        try oneMode(
            CorrelatedColumns(data: try ReferenceData(CorrelatedColumns.name)),
            try ReferenceSummary(CorrelatedColumns.name))
    }

    private func oneMode<P: ReferencePosterior>(_ density: P, _ reference: ReferenceSummary) throws {
        let paths = try (0..<8).map { try path(density, index: $0) }
        #expect(PathfinderModes(paths).groups.count == 1)
        for path in paths {
            for (name, value) in zip(reference.parameters, density.parameters(path.mean)) {
                let expected = try #require(reference.summary[name])
                #expect(abs(value - expected.mean) < expected.sd, "\(name): \(value) against \(expected.mean)")
            }
        }
    }

    @Test("starts of fifty coordinates have twice the variance of the posterior in each", arguments: [0.5, 0.9])
    func manyCoordinates(correlation: Double) throws {
        let scales = (0..<50).map { 0.5 + 0.3 * Double($0 % 7) }
        let density = AutoregressiveGaussian(scales: scales, correlation: correlation)
        let starts = try (0..<200).map { try pathfinderStart(density: density, key: testKey(906, index: UInt32($0))) }
        for coordinate in 0..<50 {
            let squares = starts.map { $0[coordinate] * $0[coordinate] }.reduce(0, +) / 200
            let ratio = squares / (scales[coordinate] * scales[coordinate])
            // The standard error is 0.2.
            #expect(abs(ratio - 2) < 0.9, "coordinate \(coordinate): \(ratio)")
        }
    }

    @Test("keeps the bound below the log of the integral of a density that is no Gaussian")
    func bound() throws {
        // Student's t with three degrees of freedom without its constant: the integral is √3 π/2.
        let density = ScriptedDensity(dimension: 1) { x in
            (-2 * Elementary.log1p(x[0] * x[0] / 3), [-4 * x[0] / (3 + x[0] * x[0])])
        }
        let integral = Elementary.log(3.0.squareRoot() * Double.pi / 2)
        #expect(try path(density).evidenceBound < integral + 0.05)
    }

    @Test("starts are finite, spread wider than the posterior, and a function of density and key")
    func starts() throws {
        let density = AutoregressiveGaussian(scales: [2, 0.1, 30], correlation: 0.6)
        let starts = try (0..<400).map { try pathfinderStart(density: density, key: testKey(901, index: UInt32($0))) }
        for coordinate in 0..<3 {
            let squares = starts.map { $0[coordinate] * $0[coordinate] }.reduce(0, +) / 400
            let variance = density.scales[coordinate] * density.scales[coordinate]
            // Twice the variance; the standard error of a variance of 400 draws is 7 %.
            #expect(abs(squares / variance - 2) < 0.6, "coordinate \(coordinate): \(squares / variance)")
        }
        #expect(try pathfinderStart(density: density, key: testKey(901, index: 7)) == starts[7])
        #expect(starts[7] != starts[8])
    }

    @Test("where a density is not finite, the path turns back or the random start is taken")
    func walls() throws {
        // e^−x on x > 0, whose mode is the wall.
        let wall = ScriptedDensity(dimension: 1) { x in x[0] > 0 ? (-x[0], [-1]) : (-.infinity, [.nan]) }
        let start = try pathfinderStart(density: wall, key: testKey(902))
        #expect(start[0] > 0)
        // A flat density has no curvature to learn.
        let flat = ScriptedDensity(dimension: 2) { _ in (0, [0, 0]) }
        let key = testKey(903)
        #expect(PathfinderPath(density: flat, start: [0.5, 0.5], key: key) == nil)
        #expect(try pathfinderStart(density: flat, key: key) == randomStart(density: flat, key: key))
    }

    @Test("paths to two modes are told apart, and those to one are not")
    func modes() throws {
        // A Gaussian at −8 and one of a third of its mass at 8.
        let mixture = ScriptedDensity(dimension: 1) { x in
            let left = Elementary.exp(-0.5 * (x[0] + 8) * (x[0] + 8)) + 1e-300
            let right = Elementary.exp(-0.5 * (x[0] - 8) * (x[0] - 8)) / 3 + 1e-300
            let slope = (-left * (x[0] + 8) - right * (x[0] - 8)) / (left + right)
            return (Elementary.log(left + right), [slope])
        }
        let key = testKey(904)
        let paths = try [-9.0, 7, 9, -7].map { start in
            try #require(PathfinderPath(density: mixture, start: [start], key: key))
        }
        let modes = PathfinderModes(paths)
        #expect(Set(modes.groups.map(Set.init)) == [[0, 3], [1, 2]])
        #expect(Set(modes.groups[0]) == [0, 3])
        #expect(abs(modes.evidenceBounds[0] - modes.evidenceBounds[1] - Elementary.log(3)) < 0.05)
        let one = AutoregressiveGaussian(scales: [1, 2], correlation: 0.3)
        #expect(PathfinderModes(try (0..<4).map { try path(one, index: $0) }).groups.count == 1)
    }
}
