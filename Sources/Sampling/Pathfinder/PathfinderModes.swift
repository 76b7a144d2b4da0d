import Kernels

/// Groups of paths that ended in different places: a hint of several modes.
public struct PathfinderModes: Sendable {
    /// Indices of the paths of each group, the group with the best bound first.
    public let groups: [[Int]]
    /// The best evidence bound of each group.
    public let evidenceBounds: [Double]

    /// Paths are of one group where the mean of one lies within the reach of the other's Gaussian: a squared
    /// Mahalanobis distance, under either covariance, of at most that which holds all but a millionth of a Gaussian
    /// (d + 5 √(2 d) + 25 for d coordinates, a Laurent & Massart bound).
    public init(_ paths: [PathfinderPath]) {
        let order = paths.indices.sorted { paths[$0].evidenceBound > paths[$1].evidenceBound }
        var groups: [[Int]] = []
        for index in order {
            if let group = groups.firstIndex(where: { Self.reach(paths[$0[0]], paths[index]) }) {
                groups[group].append(index)
            } else {
                groups.append([index])
            }
        }
        self.groups = groups
        evidenceBounds = groups.map { paths[$0[0]].evidenceBound }
    }

    private static func reach(_ one: PathfinderPath, _ other: PathfinderPath) -> Bool {
        let count = Double(one.mean.count)
        let limit = count + 5 * (2 * count).squareRoot() + 25
        return min(one.squaredDistance(to: other.mean), other.squaredDistance(to: one.mean)) <= limit
    }
}

extension PathfinderPath {
    /// (x − mean)ᵀ covariance⁻¹ (x − mean), by forward substitution.
    func squaredDistance(to point: [Double]) -> Double {
        guard let root = Cholesky.factor(covariance, dimension: mean.count) else { return .infinity }
        let count = mean.count
        var solved = zip(point, mean).map { $0 - $1 }
        for row in 0..<count {
            for column in 0..<row { solved[row] -= root[row * count + column] * solved[column] }
            solved[row] /= root[row * count + row]
        }
        return Reductions.squaredNorm(solved)
    }
}
