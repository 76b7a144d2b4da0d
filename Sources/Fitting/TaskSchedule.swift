/// The tasks of a fit as workers of one slot take them: each that is free takes the first, in plan order, that may begin.
package struct TaskSchedule: Sendable, Hashable {
    /// Seconds that each scout takes; resamples begin when the last of them is done.
    package var scouts: [Double]
    package var chains: [Double]
    /// Whether chains wait for the scouts as well.
    package var chainsWait: Bool
    package var resamples: [Double]

    package init(scouts: [Double], chains: [Double], chainsWait: Bool, resamples: [Double]) {
        self.scouts = scouts
        self.chains = chains
        self.chainsWait = chainsWait
        self.resamples = resamples
    }

    package var taskCount: Int { scouts.count + chains.count + resamples.count }

    /// Seconds from the beginning of the first task to the end of the last.
    package func end(workers: Int) -> Double {
        precondition(workers > 0, "tasks need somebody who takes them")
        // Since when each worker is free.
        var free = [Double](repeating: 0, count: min(workers, max(1, taskCount)))
        var (scout, chain, resample) = (0, 0, 0)
        var scoutsEnd = 0.0
        var end = 0.0
        while scout < scouts.count || chain < chains.count || resample < resamples.count {
            guard let worker = free.indices.min(by: { free[$0] < free[$1] }) else { break }
            if scout < scouts.count {
                free[worker] += scouts[scout]
                scoutsEnd = max(scoutsEnd, free[worker])
                scout += 1
            } else if chain < chains.count {
                free[worker] = (chainsWait ? max(free[worker], scoutsEnd) : free[worker]) + chains[chain]
                chain += 1
            } else {
                free[worker] = max(free[worker], scoutsEnd) + resamples[resample]
                resample += 1
            }
            end = max(end, free[worker])
        }
        return end
    }

    /// The fewest workers with which the end is no more than `slack` of what is gained by ever more of them later.
    package func enoughWorkers(before: Double = 0, slack: Double = 0.02) -> Int {
        var (few, enough) = (0, max(1, taskCount))
        let limit = (before + end(workers: enough)) * (1 + slack) - before
        while enough - few > 1 {
            let middle = (few + enough) / 2
            if end(workers: middle) <= limit { enough = middle } else { few = middle }
        }
        return enough
    }
}
