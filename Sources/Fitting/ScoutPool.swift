import Densities
import Kernels
import Posterior
import Sampling

/// What the scouts of a fit have found together: starts, a metric and a step size for all chains that follow. A pure
/// function of their draws in task order, so that each task makes it for itself, and it is the same whatever came first.
package struct ScoutPool {
    /// The largest R-hat of a coordinate or the log density among the scouts; from `rHatMax` on they do not agree on a
    /// place to begin, and each chain warms up by itself.
    package let highestRHat: Double
    private let draws: [[DrawRecord]]
    let adaptation: PooledAdaptation?

    /// Split R-hat that scouts may have: their draws are few.
    package static let rHatMax = 1.05
    /// Every so many draws of a scout tell the metric: neighbours say nearly the same.
    private static let stride = 2

    /// - Parameter bytes: the records of the scouts, one after another.
    /// - Returns: nil where they are not those of the scouts of this density.
    package init?(_ bytes: [UInt8], density: any LogDensity, metric: MetricKind) {
        let count = ScoutRun.scouts * ScoutRun.draws
        guard let records = DrawRecord.decode(bytes, dimension: density.dimension, count: count) else { return nil }
        let draws = (0..<ScoutRun.scouts).map { scout in
            Array(records[scout * ScoutRun.draws..<(scout + 1) * ScoutRun.draws])
        }
        self.draws = draws
        let series =
            (0..<density.dimension).map { i in draws.map { scout in scout.map { $0.position[i] } } }
            + [draws.map { scout in scout.map(\.statistics.logDensity) }]
        var highest = -Double.infinity
        for chains in series {
            let rHat = RHat.rankNormalized(chains)
            // One that is undefined says that a scout stood still.
            highest = rHat.isNaN ? .infinity : max(highest, rHat)
        }
        highestRHat = highest
        guard highest < Self.rHatMax else {
            adaptation = nil
            return
        }
        adaptation = PooledAdaptation(
            metric, density: density,
            positions: draws.flatMap { scout in
                Swift.stride(from: 0, to: scout.count, by: Self.stride).map { scout[$0].position }
            },
            stepSizes: draws.flatMap { $0.map(\.statistics.stepSize) })
    }

    /// Whether chains begin with what the scouts have found.
    package var isUsed: Bool { adaptation != nil }

    /// As many draws as that of all scouts together, evenly spaced.
    func positions(count: Int) -> [[Double]] {
        let all = draws.flatMap(\.self)
        return (0..<min(count, all.count)).map { all[$0 * all.count / min(count, all.count)].position }
    }

    /// The first of the draws with the greatest log density.
    var likeliestPosition: [Double] {
        let all = draws.flatMap(\.self)
        var best = 0
        for index in all.indices where all[index].statistics.logDensity > all[best].statistics.logDensity {
            best = index
        }
        return all[best].position
    }

    /// - Parameters:
    ///   - scout: counted on beyond the last.
    ///   - share: of its draws that come before, in (0, 1).
    func draw(ofScout scout: Int, share: Double) -> [Double] {
        let own = draws[scout % draws.count]
        return own[min(Int(share * Double(own.count)), own.count - 1)].position
    }

    /// The chain of this index: near the end of its warm-up at the last draw of a scout, each scout's in turn; or from a
    /// start of its own where the scouts do not agree.
    package func begin(
        _ index: Int, density: any LogDensity, settings: ChainSettings, key: StreamKey
    ) throws(SamplingError) -> Chain {
        guard let adaptation, let start = draws[index % draws.count].last?.position else {
            return try Chain(
                density: density, settings: settings, key: key, start: try pathfinderStart(density: density, key: key))
        }
        return try Chain(density: density, settings: settings, key: key, start: start, knowing: adaptation)
    }
}
