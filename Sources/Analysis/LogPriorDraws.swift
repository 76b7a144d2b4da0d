import Kernels
import MarketingMix

/// The log density of the prior at every draw, in the parameters themselves: without the Jacobian of any transform.
package struct LogPriorDraws: Sendable {
    /// By block of parameters, in layout order, then by draw: the sum over the block's elements.
    package let blocks: [[Double]]
    /// By draw: the sum over all parameters.
    package let total: [Double]

    /// Draws that are one processor's at a time.
    private static let blockLength = 500

    /// - Parameters:
    ///   - constrained: one vector of parameter values, in layout order, a draw.
    ///   - processors: share the draws.
    package init(model: MarketingMixModel, constrained: [[Double]], by processors: some ParallelMap = SerialMap()) {
        let layout = model.layout.blocks
        typealias Sums = (blocks: [Double], total: Double)
        let draws = processors.mapBlocks(of: constrained.count, size: Self.blockLength) { range in
            range.map { draw -> Sums in
                let terms = model.logPriorTerms(constrained: constrained[draw])
                return (
                    blocks: layout.map { terms[$0.offset..<$0.offset + $0.count].reduce(0, +) },
                    total: terms.reduce(0, +)
                )
            }
        }.flatMap(\.self)
        blocks = layout.indices.map { block in draws.map { $0.blocks[block] } }
        total = draws.map(\.total)
    }
}
