import Densities
import Kernels

/// A fixed number of phase points (position, momentum, and what follows from them) in one buffer,
/// named by index. Everything that a transition needs is allocated here once; a trajectory then moves
/// indices, not vectors.
///
/// A vector is a row of blocks of eight lanes, in any hardware, so every sum has one order. The lanes
/// past the dimension stay 0.
package struct PhasePool {
    /// The rows of one point.
    package enum Row: Int, CaseIterable {
        case position, momentum, gradient
        /// M⁻¹ p, the rate of change of the position.
        case velocity
        /// M⁻¹ ∇log π(q), the rate of change of the velocity; kept where the metric is not diagonal, so that one step
        /// takes one product with M⁻¹.
        case acceleration
    }

    package let dimension: Int
    let blocks: Int
    /// Rows of all points, then the momentum sums.
    private var storage: [SIMD8<Double>]
    let pointCount: Int
    let momentumSumCount: Int
    /// Log density at each point.
    package private(set) var logDensities: [Double]

    package init(dimension: Int, points: Int, momentumSums: Int) {
        self.dimension = dimension
        blocks = blockCount(dimension: dimension)
        pointCount = points
        momentumSumCount = momentumSums
        let rows = points * Row.allCases.count + momentumSums
        storage = [SIMD8<Double>](repeating: .zero, count: rows * blocks)
        logDensities = [Double](repeating: 0, count: points)
    }

    /// First block of a row of a point.
    @inline(__always)
    private func offset(_ point: Int, _ row: Row) -> Int {
        (point * Row.allCases.count + row.rawValue) * blocks
    }

    /// First block of a momentum sum.
    @inline(__always)
    private func offset(momentumSum: Int) -> Int {
        (pointCount * Row.allCases.count + momentumSum) * blocks
    }

    // MARK: Values of a point

    func withRow<R, E: Error>(_ point: Int, _ row: Row, _ body: (Span<Double>) throws(E) -> R) throws(E) -> R {
        let start = offset(point, row) * 8
        return try storage.withUnsafeDoubles { (numbers) throws(E) -> R in
            try body(UnsafeBufferPointer(start: numbers + start, count: dimension).span)
        }
    }

    package func array(_ point: Int, _ row: Row) -> [Double] {
        withRow(point, row) { row in (0..<dimension).map { row[$0] } }
    }

    package mutating func set(_ point: Int, _ row: Row, to values: [Double]) {
        let start = offset(point, row) * 8
        storage.withUnsafeMutableDoubles { numbers in
            for i in 0..<values.count {
                numbers[start + i] = values[i]
            }
        }
    }

    /// Evaluates the density at the position of a point and keeps value and gradient there.
    package mutating func evaluate(_ point: Int, _ density: any LogDensity) {
        let position = offset(point, .position) * 8
        let gradient = offset(point, .gradient) * 8
        let dimension = dimension
        logDensities[point] = storage.withUnsafeMutableDoubles { numbers in
            var slopes = UnsafeMutableBufferPointer(start: numbers + gradient, count: dimension).mutableSpan
            return density.evaluate(
                at: UnsafeBufferPointer(start: numbers + position, count: dimension).span, gradient: &slopes)
        }
    }

    /// Draws the momentum of a point from N(0, M), sets velocity and acceleration, and returns the kinetic energy.
    package mutating func drawMomentum(
        _ point: Int, metric: Metric, from stream: inout RandomStream
    ) -> Double {
        let p = offset(point, .momentum)
        let dimension = dimension
        storage.withUnsafeMutableDoubles { numbers in
            for i in 0..<dimension {
                numbers[p * 8 + i] = stream.normal()
            }
        }
        let v = offset(point, .velocity)
        let (g, a) = (offset(point, .gradient), offset(point, .acceleration))
        let blocks = blocks
        return storage.withUnsafeMutableBufferPointer { rows in
            metric.shapeMomentum(p, scratch: v, in: rows)
            metric.setVelocity(v, of: p, in: rows)
            if metric.form != .diagonal { metric.setVelocity(a, of: g, in: rows) }
            var sum = SIMD8<Double>.zero
            for b in 0..<blocks {
                sum += rows[p + b] * rows[v + b]
            }
            return 0.5 * Reductions.horizontalSum(sum)
        }
    }

    // MARK: The integrator

    /// One leapfrog step of size `stepSize` (negative: back in time) from one point to another:
    ///
    ///     p ← p + ε/2 ∇log π(q);  q ← q + ε M⁻¹ p;  p ← p + ε/2 ∇log π(q)
    ///
    /// Keeps the new log density and velocity and returns the new kinetic energy. A gradient that is
    /// not finite makes the kinetic energy infinite or NaN, so the caller needs to look at nothing else.
    package mutating func leapfrog(
        from old: Int, to new: Int, stepSize: Double, metric: Metric, density: any LogDensity
    ) -> Double {
        if metric.form == .diagonal {
            driftDiagonally(from: old, to: new, stepSize: stepSize, metric: metric)
            evaluate(new, density)
            return kickDiagonally(new, stepSize: stepSize, metric: metric)
        }
        drift(from: old, to: new, stepSize: stepSize)
        evaluate(new, density)
        return kick(new, stepSize: stepSize, metric: metric)
    }

    /// The first kick and the drift, in one loop: the velocity between the two is not kept.
    private mutating func driftDiagonally(from old: Int, to new: Int, stepSize: Double, metric: Metric) {
        let half = SIMD8<Double>(repeating: 0.5 * stepSize)
        let full = SIMD8<Double>(repeating: stepSize)
        let (q0, p0, g0) = (offset(old, .position), offset(old, .momentum), offset(old, .gradient))
        let (q, p) = (offset(new, .position), offset(new, .momentum))
        let blocks = blocks
        storage.withUnsafeMutableBufferPointer { rows in
            metric.rows.withUnsafeBufferPointer { variances in
                for b in 0..<blocks {
                    let momentum = rows[p0 + b] + half * rows[g0 + b]
                    rows[p + b] = momentum
                    rows[q + b] = rows[q0 + b] + full * (variances[b] * momentum)
                }
            }
        }
    }

    private mutating func kickDiagonally(_ new: Int, stepSize: Double, metric: Metric) -> Double {
        let half = SIMD8<Double>(repeating: 0.5 * stepSize)
        let (p, g, v) = (offset(new, .momentum), offset(new, .gradient), offset(new, .velocity))
        let blocks = blocks
        return storage.withUnsafeMutableBufferPointer { rows in
            metric.rows.withUnsafeBufferPointer { variances in
                var sum = SIMD8<Double>.zero
                for b in 0..<blocks {
                    let momentum = rows[p + b] + half * rows[g + b]
                    let velocity = variances[b] * momentum
                    rows[p + b] = momentum
                    rows[v + b] = velocity
                    sum += momentum * velocity
                }
                return 0.5 * Reductions.horizontalSum(sum)
            }
        }
    }

    /// The first kick, of momentum and velocity alike, and the drift.
    private mutating func drift(from old: Int, to new: Int, stepSize: Double) {
        let half = SIMD8<Double>(repeating: 0.5 * stepSize)
        let full = SIMD8<Double>(repeating: stepSize)
        let (q0, p0, g0) = (offset(old, .position), offset(old, .momentum), offset(old, .gradient))
        let (v0, a0) = (offset(old, .velocity), offset(old, .acceleration))
        let (q, p, v) = (offset(new, .position), offset(new, .momentum), offset(new, .velocity))
        let blocks = blocks
        storage.withUnsafeMutableBufferPointer { rows in
            for b in 0..<blocks {
                let velocity = rows[v0 + b] + half * rows[a0 + b]
                rows[p + b] = rows[p0 + b] + half * rows[g0 + b]
                rows[v + b] = velocity
                rows[q + b] = rows[q0 + b] + full * velocity
            }
        }
    }

    private mutating func kick(_ new: Int, stepSize: Double, metric: Metric) -> Double {
        let half = SIMD8<Double>(repeating: 0.5 * stepSize)
        let (p, g) = (offset(new, .momentum), offset(new, .gradient))
        let (v, a) = (offset(new, .velocity), offset(new, .acceleration))
        let blocks = blocks
        return storage.withUnsafeMutableBufferPointer { rows in
            metric.setVelocity(a, of: g, in: rows)
            var sum = SIMD8<Double>.zero
            for b in 0..<blocks {
                let momentum = rows[p + b] + half * rows[g + b]
                let velocity = rows[v + b] + half * rows[a + b]
                rows[p + b] = momentum
                rows[v + b] = velocity
                sum += momentum * velocity
            }
            return 0.5 * Reductions.horizontalSum(sum)
        }
    }

    // MARK: Momentum sums

    /// Sets a momentum sum to the momentum of one point.
    mutating func setMomentumSum(_ sum: Int, toMomentumOf point: Int) {
        let s = offset(momentumSum: sum)
        let p = offset(point, .momentum)
        let blocks = blocks
        storage.withUnsafeMutableBufferPointer { rows in
            for b in 0..<blocks {
                rows[s + b] = rows[p + b]
            }
        }
    }

    /// Adds one momentum sum to another. Earlier and later segment enter in this order, but a sum of
    /// two has the same bits either way.
    mutating func addMomentumSum(_ other: Int, to sum: Int) {
        let s = offset(momentumSum: sum)
        let o = offset(momentumSum: other)
        let blocks = blocks
        storage.withUnsafeMutableBufferPointer { rows in
            for b in 0..<blocks {
                rows[s + b] += rows[o + b]
            }
        }
    }

    /// A row of momenta: that of a point, or a sum.
    enum Momenta {
        case of(point: Int)
        case sum(Int)
    }

    /// Whether a run of states from point `first` to point `last` turns back: whether the velocity at
    /// either end does not point along rho, the sum of the momenta of the run (Betancourt 2017,
    /// A.4.2). rho comes in two parts.
    func isTurning(from first: Int, to last: Int, momenta one: Momenta, _ two: Momenta) -> Bool {
        let vFirst = offset(first, .velocity)
        let vLast = offset(last, .velocity)
        let (r1, r2) = (offset(one), offset(two))
        let blocks = blocks
        return storage.withUnsafeBufferPointer { rows in
            var alongFirst = SIMD8<Double>.zero
            var alongLast = SIMD8<Double>.zero
            for b in 0..<blocks {
                let rho = rows[r1 + b] + rows[r2 + b]
                alongFirst += rows[vFirst + b] * rho
                alongLast += rows[vLast + b] * rho
            }
            // Written so that NaN turns.
            return !(Reductions.horizontalSum(alongFirst) > 0 && Reductions.horizontalSum(alongLast) > 0)
        }
    }

    @inline(__always)
    private func offset(_ momenta: Momenta) -> Int {
        switch momenta {
        case .of(let point): offset(point, .momentum)
        case .sum(let sum): offset(momentumSum: sum)
        }
    }
}

extension Array<SIMD8<Double>> {
    /// The lanes of all blocks as one run of numbers.
    fileprivate func withUnsafeDoubles<R, E: Error>(
        _ body: (UnsafePointer<Double>) throws(E) -> R
    ) throws(E) -> R {
        try withUnsafeBufferPointer { (blocks) throws(E) -> R in
            // Eight doubles have the layout of a block, and there is at least one block.
            try body(UnsafeRawPointer(blocks.baseAddress!).assumingMemoryBound(to: Double.self))
        }
    }

    fileprivate mutating func withUnsafeMutableDoubles<R>(_ body: (UnsafeMutablePointer<Double>) -> R) -> R {
        withUnsafeMutableBufferPointer { blocks in
            body(UnsafeMutableRawPointer(blocks.baseAddress!).assumingMemoryBound(to: Double.self))
        }
    }
}
