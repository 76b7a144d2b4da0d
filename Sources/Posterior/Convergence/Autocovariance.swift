/// Autocovariance by Fourier transform.
package enum Autocovariance {
    /// As many matrices as `pooled` takes at once.
    package static let matrixCountMax = FourierTransform.Lanes.scalarCount

    /// For each matrix the autocovariances at lags 0 … `lagCount` − 1 with divisor n, averaged over its chains of n
    /// draws. All matrices have one shape; values are finite.
    ///
    /// The power spectrum of chains padded with zeros, summed over chains before it is transformed back: two chains
    /// share one complex series as real and imaginary part, and since the average is real, only the real part of the
    /// transformed sum of their powers is needed (the wanted spectrum is its even part).
    package static func pooled(_ matrices: [DrawMatrix], lagCount: Int) -> [[Double]] {
        precondition(matrices.count <= matrixCountMax, "\(matrices.count) matrices in \(matrixCountMax) lanes")
        guard let shape = matrices.first else { return [] }
        // With that many zeros no lag below `lagCount` meets the series' other end.
        var size = 2
        while size < shape.drawCount + lagCount { size *= 2 }
        let transform = FourierTransform(size: size)

        // Lanes without a matrix of their own repeat the first.
        let lanes = (0..<matrixCountMax).map { $0 < matrices.count ? matrices[$0] : shape }
        let means = lanes.map { $0.moments.map(\.mean) }
        var real = [Lanes](repeating: .zero, count: size)
        var imaginary = real
        var power = real
        for chain in stride(from: 0, to: shape.chainCount, by: 2) {
            load(lanes, means, chain: chain, into: &real)
            load(lanes, means, chain: chain + 1, into: &imaginary)
            transform.forward(&real, &imaginary)
            for index in 0..<size {
                power[index] += real[index] * real[index] + imaginary[index] * imaginary[index]
            }
        }
        for index in 0..<size { imaginary[index] = .zero }
        transform.backward(&power, &imaginary)
        let scale = 1 / (Double(size) * Double(shape.drawCount) * Double(shape.chainCount))
        return matrices.indices.map { lane in (0..<lagCount).map { power[$0][lane] * scale } }
    }

    private typealias Lanes = FourierTransform.Lanes

    /// The deviations of one chain of each matrix from its mean, then zeros; all zeros beyond the last chain.
    private static func load(_ lanes: [DrawMatrix], _ means: [[Double]], chain: Int, into series: inout [Lanes]) {
        var filled = 0
        if chain < lanes[0].chainCount {
            filled = lanes[0].drawCount
            let start = chain * filled
            let (a, b, c, d) = (lanes[0].values, lanes[1].values, lanes[2].values, lanes[3].values)
            let mean = Lanes(means[0][chain], means[1][chain], means[2][chain], means[3][chain])
            for draw in 0..<filled {
                let place = start + draw
                series[draw] = Lanes(a[place], b[place], c[place], d[place]) - mean
            }
        }
        for index in filled..<series.count { series[index] = .zero }
    }
}
