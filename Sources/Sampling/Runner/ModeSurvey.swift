import Densities
import Kernels

/// Looks for separate modes, from starts all over and far around.
///
/// Chains that all start in one cube find one mode and agree. Paths are cheap, so sixteen of them go out: four from
/// random starts, and twelve from six and twelve standard deviations around the best of those. Of a mode ten standard
/// deviations away one of twelve finds the near side with a chance of 98 %.
struct ModeSurvey {
    /// The best path to each mode that matters, the one with the most mass first.
    let modes: [PathfinderPath]

    private static let randomStarts = 4
    private static let distances = [6.0, 12]
    private static let startsPerDistance = 6
    /// A mode with e^-15 of the mass is none.
    private static let negligible = 15.0
    /// The kind of key that no chain has.
    private static let keyKind: UInt32 = 0

    init(density: any LogDensity, seed: UInt64) {
        guard density.dimension <= PathfinderPath.greatestDimension else {
            modes = []
            return
        }
        func key(_ index: Int) -> StreamKey { StreamKey(seed: seed, kind: Self.keyKind, index: UInt32(index)) }
        var paths = (0..<Self.randomStarts).compactMap { index -> PathfinderPath? in
            guard let start = try? randomStart(density: density, key: key(index)) else { return nil }
            return PathfinderPath(density: density, start: start, key: key(index))
        }
        if let best = paths.max(by: { $0.evidenceBound < $1.evidenceBound }) {
            for (turn, distance) in Self.distances.enumerated() {
                for index in 0..<Self.startsPerDistance {
                    let key = key(Self.randomStarts + turn * Self.startsPerDistance + index)
                    var stream = RandomSite.pathfinderStart.stream(key: key, iteration: 0)
                    let start = best.draw(scale: distance, from: &stream)
                    if let path = PathfinderPath(density: density, start: start, key: key) { paths.append(path) }
                }
            }
        }
        let found = PathfinderModes(paths)
        modes = zip(found.groups, found.evidenceBounds)
            .filter { found.evidenceBounds[0] - $0.1 < Self.negligible }.map { paths[$0.0[0]] }
    }
}
