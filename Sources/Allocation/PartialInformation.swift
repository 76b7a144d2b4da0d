import Kernels

/// What it would be worth to know one part of the parameters before the budget is split: the expected value of partial
/// perfect information, E_φ[max_s E(profit of s | φ)] − max_s E(profit of s).
///
/// The conditional expectations are regressions of profits on functions of φ over the draws (Strong, Oakley and Brennan 2014,
/// "Estimating multiparameter partial expected value of perfect information from a probabilistic sensitivity analysis sample").
/// Differences to the proposed split are regressed, since what all splits have in common tells nothing.
package enum PartialInformation {
    /// - Parameters:
    ///   - profits: by split that might be chosen, then draw.
    ///   - proposed: index of the split that is chosen without knowing more.
    ///   - features: functions of φ, by draw; the same number of each.
    /// - Returns: money, 0 or more.
    package static func value(profits: [[Double]], proposed: Int, features: [[Double]]) -> Double {
        let count = features.count
        precondition(profits.allSatisfy { $0.count == count }, "one profit a draw")
        guard count > 2, let regression = LeastSquares(features.map(Self.polynomial)) else { return 0 }
        var best = [Double](repeating: 0, count: count)
        var bestMean = 0.0
        for (split, own) in profits.enumerated() where split != proposed {
            let gains = zip(own, profits[proposed]).map { $0 - $1 }
            bestMean = max(bestMean, Reductions.sum(gains) / Double(count))
            for (draw, gain) in regression.fitted(gains).enumerated() { best[draw] = max(best[draw], gain) }
        }
        return max(0, Reductions.sum(best) / Double(count) - bestMean)
    }

    /// 1, the features, their squares and products.
    private static func polynomial(_ features: [Double]) -> [Double] {
        var row = [1.0] + features
        for (index, first) in features.enumerated() {
            for second in features[index...] { row.append(first * second) }
        }
        return row
    }
}

/// Least squares on one set of columns for many targets.
struct LeastSquares {
    private let columns: [[Double]]
    private let factor: [Double]

    /// Nil where no column is left.
    ///
    /// - Parameter rows: the first column is 1; the others are standardised, and a small ridge makes columns that say the same
    ///   harmless.
    init?(_ rows: [[Double]]) {
        guard let first = rows.first else { return nil }
        let count = Double(rows.count)
        var columns = [rows.map { $0[0] }]
        for index in first.indices.dropFirst() {
            let values = rows.map { $0[index] }
            let mean = Reductions.sum(values) / count
            let centred = values.map { $0 - mean }
            let deviation = (Reductions.squaredNorm(centred) / count).squareRoot()
            if deviation > 1e-12 * max(abs(mean), .leastNormalMagnitude) {
                columns.append(centred.map { $0 / deviation })
            }
        }
        let size = columns.count
        var gram = [Double](repeating: 0, count: size * size)
        for i in 0..<size {
            for j in 0...i {
                gram[i * size + j] = Reductions.dot(columns[i], columns[j]) + (i == j && i > 0 ? 1e-8 * count : 0)
                gram[j * size + i] = gram[i * size + j]
            }
        }
        guard let factor = Cholesky.factor(gram, dimension: size) else { return nil }
        self.columns = columns
        self.factor = factor
    }

    /// The targets as the columns explain them; their mean is that of the targets.
    func fitted(_ targets: [Double]) -> [Double] {
        let coefficients = Cholesky.solve(factor, columns.map { Reductions.dot($0, targets) })
        return targets.indices.map { row in
            var sum = 0.0
            for (column, coefficient) in zip(columns, coefficients) { sum += coefficient * column[row] }
            return sum
        }
    }
}
