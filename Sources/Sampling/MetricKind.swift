/// How a chain learns its metric in warm-up. The values are those of a checkpoint.
public enum MetricKind: UInt64, Sendable, Hashable, CaseIterable {
    /// `fisherLowRank` up to 300 coordinates; above, `fisherDiagonal`, and `fisherLowRank` once trajectories turn out so
    /// long that it pays.
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

    /// Above this many coordinates the eigenvectors are worth their cost only for a posterior that is far from round.
    static let greatestLowRankDimension = 300
    /// Above this many they take minutes.
    static let greatestSwitchDimension = 3000
    /// From this many leapfrog steps a transition on, under a metric that knows the scale of each coordinate, what is left
    /// is correlation.
    static let longTrajectory = 100.0

    /// The kind that `automatic` begins with; any other stands for itself.
    package func resolved(dimension: Int) -> MetricKind {
        guard self == .automatic else { return self }
        return dimension <= Self.greatestLowRankDimension ? .fisherLowRank : .fisherDiagonal
    }

    /// Whether a chain with this setting may have come to `kind`.
    func leads(to kind: MetricKind, dimension: Int) -> Bool {
        resolved(dimension: dimension) == kind || self == .automatic && kind == .fisherLowRank
    }

    /// Whether a chain with this setting changes from a diagonal to a low-rank metric, by the mean length of its latest
    /// trajectories.
    func changesToLowRank(meanLength: Double, dimension: Int) -> Bool {
        self == .automatic && dimension <= Self.greatestSwitchDimension && meanLength > Self.longTrajectory
    }

    /// Whether the metric is learnt from gradients.
    package var usesGradients: Bool { self == .fisherDiagonal || self == .fisherLowRank }
}
