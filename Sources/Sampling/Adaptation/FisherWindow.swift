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

    /// Above 300 coordinates at most so many draws tell the shape: eigenvectors of what they and their gradients span take
    /// a second at most.
    static let shapeDrawsMax = 300

    /// The metric of the draws held; `variances` stand in where the draws do not tell a coordinate's own scale. Nil
    /// where the draws are too few or too strange.
    package func metric(fallingBackOn variances: [Double]) -> Metric? {
        guard count > 1 else { return nil }
        let draws = Array(0..<count)
        let (allPositions, allGradients) = (rows(draws, from: 0), rows(draws, from: dimension))
        let found = (0..<dimension).map { i in
            fisherVariance(positions: squaredColumn(i, of: allPositions), gradients: squaredColumn(i, of: allGradients))
        }
        let scales = (0..<dimension).map { found[$0] ?? variances[$0] }
        let told = shapeDraws
        var (positions, gradients) =
            told.count == count ? (allPositions, allGradients) : (rows(told, from: 0), rows(told, from: dimension))
        // A coordinate that is not told of has no part in the shape either. One that the density ignores wanders without
        // end, and its variance over that of a slope of 0 would soon leave the range of numbers.
        for i in 0..<dimension where found[i] == nil { clearColumn(i, of: &positions, &gradients) }
        let deviations = scales.map { $0.squareRoot() }
        for n in 0..<told.count {
            for i in 0..<dimension {
                positions[n * dimension + i] /= deviations[i]
                gradients[n * dimension + i] *= deviations[i]
            }
        }
        guard
            let shape = LowRankShape(
                positions: positions, gradients: gradients, count: told.count, dimension: dimension)
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
        for start in stride(from: 0, to: positions.count, by: dimension) {
            positions[start + i] = 0
            gradients[start + i] = 0
        }
    }

    /// The draws that tell the shape: all of them, or some in equal distances, the newest among them.
    private var shapeDraws: [Int] {
        guard dimension > FisherSchedule.largeDimension, count > Self.shapeDrawsMax else { return Array(0..<count) }
        let distance = (count + Self.shapeDrawsMax - 1) / Self.shapeDrawsMax
        return stride(from: count - 1, through: 0, by: -distance).reversed()
    }

    /// Deviations of these draws from their mean, draw after draw: of positions from 0, of gradients from `dimension`.
    private func rows(_ draws: [Int], from start: Int) -> [Double] {
        var rows = [Double](repeating: 0, count: draws.count * dimension)
        for i in 0..<dimension {
            var mean = 0.0
            for (n, draw) in draws.enumerated() {
                mean += (numbers[draw * 2 * dimension + start + i] - mean) / Double(n + 1)
            }
            for (n, draw) in draws.enumerated() {
                rows[n * dimension + i] = numbers[draw * 2 * dimension + start + i] - mean
            }
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
