import Analysis
import Kernels
import MarketingMix
import Posterior
import Sampling

/// What the chains of a fit say while they run: reported quantities, of the draws that have come so far.
package struct FormingFit: Sendable {
    /// Chains that have drawn enough to be looked at.
    package var chains: Int
    /// Draws that each of them has, at least.
    package var draws: Int
    /// Draws that were looked at, of all chains together.
    package var lookedAt: Int
    /// Per reported quantity of channels and totals.
    package var quantities: [(name: String, summary: Summary)]

    /// Draws of a chain below which nothing is said.
    package static let drawsMin = 20
    /// Draws of all chains that are looked at: beyond, every second, third … of each, so that a look costs no more however
    /// long the chains are.
    package static let lookedAtMax = 2000

    /// - Parameters:
    ///   - chains: the bytes of the draws that each chain has so far.
    /// - Returns: nil as long as no chain has enough.
    package init?(
        model: MarketingMixModel, settings: FitSettings, chains: [[UInt8]]
    ) throws(FitAssemblyError) {
        let posterior = model.posterior(weights: nil)
        var found: [(index: Int, bytes: [UInt8], ranges: [Range<Int>])] = []
        for (index, bytes) in chains.enumerated() {
            guard let ranges = DrawRecord.ranges(in: bytes, dimension: posterior.dimension) else {
                throw .records(task: FitTask.chain(index).label)
            }
            if ranges.count >= Self.drawsMin { found.append((index, bytes, ranges)) }
        }
        guard let length = found.map(\.ranges.count).min() else { return nil }
        let step = max(1, (length * found.count + Self.lookedAtMax - 1) / Self.lookedAtMax)
        var constrained: [[Double]] = []
        for chain in found {
            let chosen = stride(from: (length - 1) % step, to: length, by: step).map { chain.ranges[$0] }
            guard
                let records = DrawRecord.decode(
                    chosen.flatMap { chain.bytes[$0] }, dimension: posterior.dimension, count: chosen.count)
            else { throw .records(task: FitTask.chain(chain.index).label) }
            constrained += FitAssembly.recover(
                records, posterior: posterior, key: StreamKey(settings, .recovery, index: chain.index))
        }
        self.chains = found.count
        draws = length
        lookedAt = constrained.count
        quantities = PosteriorAnalysis.quantities(model: model, constrained: constrained).map {
            ($0.name, $0.summary(chainCount: found.count))
        }
    }
}
