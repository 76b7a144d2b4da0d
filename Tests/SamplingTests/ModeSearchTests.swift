import Densities
import Kernels
import Sampling
import Testing

/// A log density given by its value and slopes.
private final class Hill: LogDensity {
    let dimension: Int
    private let climb: @Sendable ([Double]) -> (Double, [Double])

    init(dimension: Int, climb: @escaping @Sendable ([Double]) -> (Double, [Double])) {
        self.dimension = dimension
        self.climb = climb
    }

    func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        let (value, slopes) = climb((0..<dimension).map { position[$0] })
        for index in slopes.indices { gradient[index] = slopes[index] }
        return value
    }
}

@Suite("a search for a maximum")
struct ModeSearchTests {
    /// −½ (x − m)ᵀ P (x − m), P tridiagonal, with scales from 10^−decades to 10^decades.
    private static func normal(
        _ count: Int, decades: Double
    ) -> (density: Hill, mode: [Double], precision: @Sendable (Int, Int) -> Double) {
        let mode = (0..<count).map { Double($0) - 3.5 }
        let scales = (0..<count).map { index in
            Elementary.exp(Elementary.log(10) * decades * (2 * Double(index) / Double(max(1, count - 1)) - 1))
        }
        let precision: @Sendable (Int, Int) -> Double = { row, column in
            let form = row == column ? 1.0 : abs(row - column) == 1 ? 0.45 : 0
            return form / (scales[row] * scales[column])
        }
        return (
            Hill(dimension: count) { x in
                let d = zip(x, mode).map { $0 - $1 }
                let slopes = (0..<count).map { row in
                    -(0..<count).reduce(0.0) { $0 + precision(row, $1) * d[$1] }
                }
                return (0.5 * zip(d, slopes).reduce(0.0) { $0 + $1.0 * $1.1 }, slopes)
            }, mode, precision
        )
    }

    /// The largest distance of a coordinate from the mode, in its standard deviations given the others.
    private func distance(
        _ search: ModeSearch, from mode: [Double], _ precision: (Int, Int) -> Double
    ) -> Double {
        mode.indices.map { abs(search.position[$0] - mode[$0]) * precision($0, $0).squareRoot() }.max() ?? 0
    }

    @Test("of a normal density ends at its mean", arguments: [1, 2, 9, 60])
    func normalDensity(count: Int) {
        let (density, mode, precision) = Self.normal(count, decades: 0.5)
        let search = ModeSearch(density: density, adaptation: nil, start: [Double](repeating: 0, count: count))
        let hasConverged = search.hasConverged
        #expect(hasConverged)
        #expect(distance(search, from: mode, precision) < 2e-3)
    }

    @Test("with the metric of draws does not mind scales", arguments: [2, 9, 60])
    func scales(count: Int) throws {
        let (density, mode, precision) = Self.normal(count, decades: 3)
        var stream = RandomStream(key: StreamKey(seed: 1, kind: 99, index: 0), iteration: 0, site: 0)
        let draws = (0..<400).map { _ in (0..<count).map { mode[$0] + stream.normal() / precision($0, $0).squareRoot() }
        }
        let pool = try #require(
            PooledAdaptation(.fisherDiagonal, density: density, positions: draws, stepSizes: [0.5]))
        let search = ModeSearch(density: density, adaptation: pool, start: [Double](repeating: 0, count: count))
        let (hasConverged, evaluations) = (search.hasConverged, search.gradientEvaluations)
        #expect(hasConverged && evaluations <= 60)
        #expect(distance(search, from: mode, precision) < 2e-3)
    }

    @Test("of a gamma variable's logarithm ends at log(shape ÷ rate)", arguments: [(2.0, 1.0), (0.3, 40), (900, 0.01)])
    func gamma(shape: Double, rate: Double) {
        let density = Hill(dimension: 1) { x in
            let grown = Elementary.exp(x[0])
            return (shape * x[0] - rate * grown, [shape - rate * grown])
        }
        let search = ModeSearch(density: density, adaptation: nil, start: [0])
        let hasConverged = search.hasConverged
        #expect(hasConverged)
        #expect(abs(search.position[0] - Elementary.log(shape / rate)) * shape.squareRoot() < 2e-4)
    }

    @Test("follows a bent ridge to its end (Rosenbrock 1960)")
    func ridge() {
        let density = Hill(dimension: 2) { x in
            let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
            return (-(a * a + 100 * b * b), [2 * a + 400 * b * x[0], -200 * b])
        }
        let search = ModeSearch(density: density, adaptation: nil, start: [-1.2, 1])
        #expect(search.hasConverged && search.gradientEvaluations < 150)
        #expect(abs(search.position[0] - 1) < 1e-3 && abs(search.position[1] - 1) < 2e-3)
    }

    @Test("says where it was given up: beyond where the density is, and on a slope without end")
    func givenUp() {
        let nowhere = Hill(dimension: 1) { _ in (-.infinity, [0]) }
        let lost = ModeSearch(density: nowhere, adaptation: nil, start: [3])
        #expect(!lost.hasConverged && lost.position == [3] && lost.gradientEvaluations == 1)
        let slope = Hill(dimension: 1) { ($0[0], [1]) }
        #expect(!ModeSearch(density: slope, adaptation: nil, start: [0]).hasConverged)
    }
}
