/// Draws of one quantity with their order, which quantiles, ranks and folded ranks share.
struct RankedDraws {
    let draws: DrawMatrix
    /// Of all draws.
    let order: ValueOrder
    private let halves: DrawMatrix
    private let halvesOrder: ValueOrder
    private let normalization: RankNormalization

    /// Nil where the diagnostics have no meaning (see `DrawMatrix`).
    init?(_ chains: [[Double]]) {
        guard let draws = DrawMatrix(chains) else { return nil }
        self.draws = draws
        order = ValueOrder(of: draws.values)
        halves = draws.halved
        halvesOrder = draws.drawCount % 2 == 0 ? order : ValueOrder(of: halves.values)
        normalization = RankNormalization(count: halves.values.count)
    }

    /// Halved chains, rank-normalised.
    var bulk: DrawMatrix {
        matrix(normalization.normalized(halvesOrder))
    }

    /// Halved chains of |x − median|, rank-normalised. Nil where the median is infinite.
    var folded: DrawMatrix? {
        RankNormalization.folded(halvesOrder).map { matrix(normalization.normalized($0)) }
    }

    /// 1 where a draw of the halved chains is at or below the quantile of all draws, 0 elsewhere.
    func indicator(atOrBelowQuantile probability: Double) -> DrawMatrix {
        let bound = Quantiles.quantile(probability, ofSorted: order.sorted)
        return halves.map { $0 <= bound ? 1 : 0 }
    }

    private func matrix(_ values: [Double]) -> DrawMatrix {
        DrawMatrix(values: values, chainCount: halves.chainCount, drawCount: halves.drawCount)
    }
}
