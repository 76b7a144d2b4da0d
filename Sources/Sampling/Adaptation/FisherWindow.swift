import Kernels

/// The newest draws and their gradients, from which a low-rank metric is made.
///
/// All draws held are the foreground; the newest `backgroundCount` of them are the background, which with
/// `advance` becomes the foreground.
package struct FisherWindow: Sendable, Hashable {
    package let dimension: Int
    package var count: Int
    package var backgroundCount: Int
    /// For each draw, the oldest first, its position and its gradient.
    package var numbers: [Double]

    package init(dimension: Int) {
        self.dimension = dimension
        count = 0
        backgroundCount = 0
        numbers = []
    }

    package mutating func add(position: Span<Double>, gradient: Span<Double>) {
        count += 1
        backgroundCount += 1
        for i in 0..<dimension { numbers.append(position[i]) }
        for i in 0..<dimension { numbers.append(gradient[i]) }
    }

    /// Forgets the draws that came before those of the background.
    package mutating func advance() {
        numbers.removeFirst((count - backgroundCount) * 2 * dimension)
        count = backgroundCount
        backgroundCount = 0
    }

    /// The metric of the draws held; `variances` stand in where the draws do not tell a coordinate's own scale. Nil
    /// where the draws are too few or too strange.
    package func metric(fallingBackOn variances: [Double]) -> Metric? {
        guard count > 1 else { return nil }
        var positions = rows(from: 0)
        var gradients = rows(from: dimension)
        let found = (0..<dimension).map { i in
            fisherVariance(positions: squaredColumn(i, of: positions), gradients: squaredColumn(i, of: gradients))
        }
        let scales = (0..<dimension).map { found[$0] ?? variances[$0] }
        // A coordinate that is not told of has no part in the shape either. One that the density ignores wanders without
        // end, and its variance over that of a slope of 0 would soon leave the range of numbers.
        for i in 0..<dimension where found[i] == nil { clearColumn(i, of: &positions, &gradients) }
        let deviations = scales.map { $0.squareRoot() }
        for n in 0..<count {
            for i in 0..<dimension {
                positions[n * dimension + i] /= deviations[i]
                gradients[n * dimension + i] *= deviations[i]
            }
        }
        guard
            let shape = LowRankShape(
                positions: positions, gradients: gradients, count: count, dimension: dimension)
        else { return nil }
        // M⁻¹ = S^½ Σ S^½ with the level of Σ moved into S.
        let levelRoot = shape.level.squareRoot()
        var vectors = shape.vectors
        for j in 0..<shape.eigenvalues.count {
            for i in 0..<dimension {
                vectors[j * dimension + i] *= found[i] == nil ? 0 : deviations[i] * levelRoot
            }
        }
        let metric = Metric(
            variances: (0..<dimension).map { found[$0] == nil ? scales[$0] : scales[$0] * shape.level },
            eigenvalues: shape.eigenvalues, scaledVectors: vectors)
        return metric.isUsable ? metric : nil
    }

    private func clearColumn(_ i: Int, of positions: inout [Double], _ gradients: inout [Double]) {
        for n in 0..<count {
            positions[n * dimension + i] = 0
            gradients[n * dimension + i] = 0
        }
    }

    /// Deviations of all draws from their mean, draw after draw: of positions from 0, of gradients from `dimension`.
    private func rows(from start: Int) -> [Double] {
        var rows = [Double](repeating: 0, count: count * dimension)
        for i in 0..<dimension {
            var mean = 0.0
            for n in 0..<count { mean += (numbers[n * 2 * dimension + start + i] - mean) / Double(n + 1) }
            for n in 0..<count { rows[n * dimension + i] = numbers[n * 2 * dimension + start + i] - mean }
        }
        return rows
    }

    private func squaredColumn(_ i: Int, of rows: [Double]) -> Double {
        var sum = 0.0
        for n in 0..<count {
            sum += rows[n * dimension + i] * rows[n * dimension + i]
        }
        return sum
    }
}
