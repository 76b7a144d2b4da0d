import Densities
import Foundation
import Kernels
import Sampling
import Testing

@Suite("metrics from draws and gradients")
struct FisherTests {
    /// Position and gradient of a density at points near the origin.
    private func samples(_ density: any LogDensity, count: Int, seed: UInt64) -> [(x: [Double], a: [Double])] {
        var stream = RandomStream(key: testKey(seed), iteration: 0, site: 0)
        return (0..<count).map { _ in
            let x = (0..<density.dimension).map { _ in stream.normal() }
            var a = x
            var slopes = a.mutableSpan
            _ = density.evaluate(at: x.span, gradient: &slopes)
            return (x, a)
        }
    }

    @Test("the diagonal is exact for independent normal coordinates after ten draws, from anywhere, at any scale")
    func diagonal() throws {
        let scales = [1e-6, 0.03, 1, 7, 1e6]
        let density = AutoregressiveGaussian(scales: scales)
        var moments = FisherMoments(dimension: 5)
        var window = FisherWindow(dimension: 5)
        for (x, a) in samples(density, count: 10, seed: 310) {
            moments.add(position: x.span, gradient: a.span)
            window.add(position: x.span, gradient: a.span)
        }
        let metric = try #require(window.metric(fallingBackOn: scales))
        for i in 0..<5 {
            let variance = try #require(moments.variance(i))
            #expect(abs(variance / (scales[i] * scales[i]) - 1) < 1e-8)
            #expect(abs(metric.variance(i) / (scales[i] * scales[i]) - 1) < 1e-8)
        }
        #expect(metric.eigenvalues.isEmpty)
    }

    @Test("the foreground forgets what came before the background")
    func forgetting() throws {
        let (narrow, wide) = (AutoregressiveGaussian(scales: [1]), AutoregressiveGaussian(scales: [10]))
        var moments = FisherMoments(dimension: 1)
        var window = FisherWindow(dimension: 1)
        func add(_ density: any LogDensity, seed: UInt64) {
            for (x, a) in samples(density, count: 6, seed: seed) {
                moments.add(position: x.span, gradient: a.span)
                window.add(position: x.span, gradient: a.span)
            }
        }
        add(narrow, seed: 311)
        moments.advance()
        window.advance()
        // All draws so far were in the background, so they stay.
        #expect(moments.count == 6 && window.count == 6 && window.backgroundCount == 0)
        add(wide, seed: 312)
        #expect(moments.count == 12 && window.count == 12)
        let mixed = try #require(moments.variance(0))
        #expect(mixed > 1.1 && mixed < 90)
        moments.advance()
        window.advance()
        #expect(moments.count == 6 && window.count == 6)
        #expect(abs(try #require(moments.variance(0)) / 100 - 1) < 1e-8)
        #expect(abs(try #require(window.metric(fallingBackOn: [1])).variance(0) / 100 - 1) < 1e-8)
    }

    @Test("a coordinate that does not move, or whose slope does not, keeps its scale")
    func degenerate() throws {
        var moments = FisherMoments(dimension: 3)
        var window = FisherWindow(dimension: 3)
        for n in 0..<5 {
            let (x, a) = ([Double(n), 1, Double(n)], [-Double(n), Double(n), 2])
            moments.add(position: x.span, gradient: a.span)
            window.add(position: x.span, gradient: a.span)
        }
        #expect(moments.variance(0) != nil && moments.variance(1) == nil && moments.variance(2) == nil)
        let metric = try #require(window.metric(fallingBackOn: [2, 3, 4]))
        #expect(metric.variance(0) > 0 && metric.variance(0) < .infinity)
        #expect(metric.variance(1) == 3 && metric.variance(2) == 4)
    }

    @Test("large and small directions are exact for a normal density once draws outnumber coordinates")
    func fullRank() throws {
        var stream = RandomStream(key: testKey(313), iteration: 0, site: 0)
        let density = SpikedGaussian(
            scales: [Double](repeating: 1, count: 20), eigenvalues: [0.01, 100, 400], from: &stream)
        let draws = (0..<40).map { _ in density.draw(from: &stream) }
        let means = (0..<20).map { i in draws.map { $0[i] }.reduce(0, +) / 40 }
        let positions = draws.map { zip($0, means).map { $0 - $1 } }
        let gradients = positions.map { x in
            var a = x
            var slopes = a.mutableSpan
            _ = density.evaluate(at: x.span, gradient: &slopes)
            return a
        }
        let shape = try #require(
            LowRankShape(
                positions: Array(positions.joined()), gradients: Array(gradients.joined()), count: 40, dimension: 20))
        #expect(abs(shape.level - 1) < 1e-3)
        #expect(shape.eigenvalues.count == 3)
        for (k, eigenvalue) in density.eigenvalues.enumerated() where k < shape.eigenvalues.count {
            #expect(abs(shape.eigenvalues[k] / eigenvalue - 1) < 1e-2)
            let found = shape.vectors[(k * 20)..<((k + 1) * 20)]
            let cosine = zip(found, density.directions[k]).map { $0 * $1 }.reduce(0, +)
            #expect(abs(cosine) > 0.9999)
        }
    }

    @Test("of fewer draws than coordinates it is the same in the subspace as it is in full")
    func subspace() throws {
        // Coordinates 20 to 49 are 0 in all draws and gradients, so what is found is that of the first 20 alone.
        var stream = RandomStream(key: testKey(318), iteration: 0, site: 0)
        let rows = (0..<24).map { _ in (0..<20).map { _ in stream.normal() } }
        let (positions, gradients) = (rows[..<12], rows[12...])
        let zeros = [Double](repeating: 0, count: 40)
        let full = try #require(
            LowRankShape(
                positions: Array(positions.joined()), gradients: Array(gradients.joined()), count: 12, dimension: 20))
        let wide = try #require(
            LowRankShape(
                positions: positions.flatMap { $0 + zeros }, gradients: gradients.flatMap { $0 + zeros }, count: 12,
                dimension: 60))
        // Most of the wide space has variance 1; levels differ and the threshold with them.
        #expect(wide.level == 1)
        let absolute = full.eigenvalues.map { $0 * full.level }
        for (k, eigenvalue) in wide.eigenvalues.enumerated() {
            let vector = wide.vectors[(k * 60)..<((k + 1) * 60)]
            let near = absolute.map { abs($0 / eigenvalue - 1) }.min() ?? 1
            let isInFull = full.level / 2 < eigenvalue && eigenvalue < 2 * full.level
            #expect(near < 1e-6 || isInFull)
            #expect(vector.suffix(40).allSatisfy { abs($0) < 1e-12 })
        }
        #expect(wide.eigenvalues.contains { $0 > 2 } && wide.eigenvalues.contains { $0 < 0.5 })
    }

    @Test("a chain finds the span of three large directions within 2°", arguments: [20, 60])
    func span(dimension: Int) throws {
        // The first waves of a cosine basis, which are orthonormal.
        let directions = (1...3).map { k in
            (0..<dimension).map { i in
                (2 / Double(dimension)).squareRoot()
                    * cos(Double.pi * Double(k) * (Double(i) + 0.5) / Double(dimension))
            }
        }
        let density = SpikedGaussian(
            scales: [Double](repeating: 1, count: dimension), eigenvalues: [100, 200, 400], directions: directions)
        let run = try ChainRun(
            density, ChainSettings(warmup: 1000, draws: 0, metric: .fisherLowRank), key: testKey(316))
        // M⁻¹ by its definition, and how much of each direction the three leading eigenvectors hold.
        let metric = run.chain.metric
        var inverse = [Double](repeating: 0, count: dimension * dimension)
        for i in 0..<dimension {
            for j in 0..<dimension { inverse[i * dimension + j] = metric.inverse(i, j) }
        }
        let eigen = try #require(SymmetricEigen(inverse, dimension: dimension))
        for direction in directions {
            var captured = 0.0
            for k in (dimension - 3)..<dimension {
                let vector = eigen.vectors[(k * dimension)..<((k + 1) * dimension)]
                let component = zip(vector, direction).map { $0 * $1 }.reduce(0, +)
                captured += component * component
            }
            #expect(acos(min(1, captured.squareRoot())) < 2 * Double.pi / 180)
        }
    }

    @Test(
        "the schedule forgets every ten iterations in the first 30 %, then after windows of 80, 120, 180, …",
        arguments: [
            (19, [], 0),
            (20, [], 17),
            (100, [10, 20, 30], 85),
            (400, Array(stride(from: 10, through: 120, by: 10)) + [200], 340),
            (1000, Array(stride(from: 10, through: 300, by: 10)) + [380, 500], 850),
            (2000, Array(stride(from: 10, through: 600, by: 10)) + [680, 800, 980, 1250], 1700),
        ] as [(Int, [Int], Int)])
    func schedule(warmup: Int, switches: [Int], metricEnd: Int) {
        let schedule = FisherSchedule(warmup: warmup)
        #expect(schedule.switches == switches)
        #expect(schedule.metricEnd == metricEnd)
    }

    @Test("the metric is final after 85 % of warm-up, the step size after all of it", arguments: [100, 400])
    func whenThingsChange(warmup: Int) throws {
        for metric in [MetricKind.fisherDiagonal, .fisherLowRank] {
            let density = AutoregressiveGaussian(scales: [1, 3, 0.5, 2], correlation: 0.9)
            var chain = try Chain(
                density: density, settings: ChainSettings(warmup: warmup, draws: 20, metric: metric),
                key: testKey(317), start: [0.5, 1, 1, 1])
            var lastChange = 0
            while !chain.isFinished {
                let (before, stepSize) = (chain.metric, chain.stepSize)
                let statistics = chain.step()
                // ±10 %, and never the middle.
                #expect(abs(statistics.stepSize / stepSize - 1) <= 0.1 && statistics.stepSize != stepSize)
                let nominal = try #require(
                    Chain.nominalStepSize(
                        statistics.stepSize, metric: metric, dimension: 4, iteration: chain.iteration, key: testKey(317)
                    ))
                #expect(abs(nominal / stepSize - 1) < 1e-15)
                if chain.metric != before { lastChange = chain.iteration }
                #expect((chain.stepSize != stepSize) == (chain.iteration <= warmup))
            }
            #expect(lastChange == warmup - warmup * 15 / 100)
        }
    }
}
