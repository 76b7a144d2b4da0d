/// Sees that a chain has left the region in which it learnt its metric.
///
/// Far from where the posterior's mass is, scales and correlations of draws and gradients are those of the way there. A
/// metric made of them can bar the rest of the way, or make every step after it tiny. So means of the log density over
/// ten iterations are compared with the highest one since warm-up began. Within the posterior they differ by a few
/// √(d/2); a start twice as wide as the posterior lies d/2 below. A rise of more than that is news of a better region,
/// and what was learnt before it is not worth keeping. Only records count: a posterior whose draws wander between levels
/// of density does not lose its metric again and again.
package struct RegionWatch: Sendable, Hashable {
    /// The highest mean so far; at first the log density of the start.
    package var record: Double
    /// Of the log densities since the last comparison.
    package var mean = 0.0
    package var count = 0
    /// The iteration after which learning last began anew, 0 for warm-up's beginning.
    package var beginning = 0

    /// Iterations of one mean.
    static let window = 10

    package init(logDensity: Double) {
        record = logDensity
    }

    /// The rise that means another region: a few √(d/2) and more than d/2, with a constant for small d.
    static func greatestRise(dimension: Int) -> Double { 20 + Double(dimension) }

    /// Takes the log density after an iteration. Returns whether the chain has come to a better region.
    package mutating func sees(_ logDensity: Double, iteration: Int, dimension: Int) -> Bool {
        count += 1
        mean += (logDensity - mean) / Double(count)
        guard count == Self.window else { return false }
        let rises = mean - record > Self.greatestRise(dimension: dimension)
        record = max(record, mean)
        (mean, count) = (0, 0)
        if rises { beginning = iteration }
        return rises
    }
}
