/// How a chain learns its metric in warm-up. The values are those of a checkpoint.
public enum MetricKind: UInt64, Sendable, Hashable, CaseIterable {
    /// `fisherLowRank` up to 3,000 coordinates, `fisherDiagonal` above.
    case automatic = 0
    /// The variance of each coordinate, in windows of doubling length (Stan).
    case diagonal = 1
    /// The covariance of the coordinates, in windows of doubling length (Stan). Needs some five draws
    /// for each coordinate.
    case dense = 2
    /// A scale for each coordinate from draws and gradients (Seyboldt, Carlson & Carpenter 2026).
    case fisherDiagonal = 3
    /// As `fisherDiagonal`, and the directions in which the scaled posterior is far from round.
    case fisherLowRank = 4

    /// Above this many coordinates the draws of a window do not fit into a checkpoint of reasonable size.
    static let greatestLowRankDimension = 3000

    /// The kind that `automatic` stands for; any other stands for itself.
    package func resolved(dimension: Int) -> MetricKind {
        guard self == .automatic else { return self }
        return dimension <= Self.greatestLowRankDimension ? .fisherLowRank : .fisherDiagonal
    }

    /// Whether the metric is learnt from gradients.
    package var usesGradients: Bool { self == .fisherDiagonal || self == .fisherLowRank }
}
