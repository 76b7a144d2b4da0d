import Densities
import Kernels
import Sampling

/// Draws of one chain after warm-up, one array per coordinate, and the statistics of all iterations.
struct ChainRun {
    var draws: [[Double]]
    var statistics: [TransitionStatistics]
    var chain: Chain

    init(_ density: any LogDensity, _ settings: ChainSettings, key: StreamKey, start: [Double]? = nil) throws {
        let start = try start ?? randomStart(density: density, key: key)
        chain = try Chain(density: density, settings: settings, key: key, start: start)
        draws = [[Double]](repeating: [], count: density.dimension)
        statistics = []
        while !chain.isFinished {
            let isDraw = !chain.isWarmingUp
            statistics.append(chain.step())
            guard isDraw else { continue }
            chain.withPosition { position in
                for i in 0..<position.count {
                    draws[i].append(position[i])
                }
            }
        }
    }

    var drawStatistics: ArraySlice<TransitionStatistics> { statistics.dropFirst(chain.settings.warmup) }
}

func testKey(_ seed: UInt64, index: UInt32 = 0) -> StreamKey {
    StreamKey(seed: seed, kind: 1, index: index)
}
