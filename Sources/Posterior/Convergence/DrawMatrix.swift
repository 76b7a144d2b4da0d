/// Draws of one scalar quantity, chain after chain in one buffer.
package struct DrawMatrix {
    /// Chain-major.
    package var values: [Double]
    package let chainCount: Int
    package let drawCount: Int

    package init(values: [Double], chainCount: Int, drawCount: Int) {
        self.values = values
        self.chainCount = chainCount
        self.drawCount = drawCount
    }

    /// Nil where the diagnostics have no meaning: fewer than four draws a chain, chains of different lengths, or a NaN.
    init?(_ chains: [[Double]]) {
        guard let drawCount = chains.first?.count, drawCount >= 4 else { return nil }
        guard chains.allSatisfy({ $0.count == drawCount && !$0.contains(where: \.isNaN) }) else { return nil }
        var values: [Double] = []
        values.reserveCapacity(chains.count * drawCount)
        for chain in chains { values += chain }
        self.init(values: values, chainCount: chains.count, drawCount: drawCount)
    }

    /// Each chain cut into halves, so that a chain's drift shows as a difference between chains (Gelman et al. 2013,
    /// Bayesian Data Analysis, section 11.4); the middle draw of an odd number is dropped.
    var halved: DrawMatrix {
        let half = drawCount / 2
        var kept = values
        if drawCount % 2 == 1 {
            kept = []
            for start in stride(from: 0, to: values.count, by: drawCount) {
                kept += values[start..<start + half]
                kept += values[start + half + 1..<start + drawCount]
            }
        }
        return DrawMatrix(values: kept, chainCount: 2 * chainCount, drawCount: half)
    }

    var isConstant: Bool {
        values.allSatisfy { $0 == values[0] }
    }

    /// Mean and variance of every chain.
    var moments: [Moments] {
        (0..<chainCount).map { chain in
            Moments(values.span.extracting(chain * drawCount..<(chain + 1) * drawCount))
        }
    }

    /// (x − mean of all draws)².
    var squaredDeviations: DrawMatrix {
        let mean = Moments(values).mean
        return map { ($0 - mean) * ($0 - mean) }
    }

    func map(_ transform: (Double) -> Double) -> DrawMatrix {
        DrawMatrix(values: values.map(transform), chainCount: chainCount, drawCount: drawCount)
    }
}
