import Kernels

/// What resamples do to the errors of a series, where they make its KPI anew.
package enum ResampledErrors {
    /// The place on a circle of places from which each takes its error: blocks that begin anywhere with equal chance, one
    /// after another, the last of them cut (the circular block bootstrap of Politis and Romano 1992, of errors).
    package static func sources(count: Int, blockLength: Int, key: StreamKey) -> [Int] {
        let block = min(blockLength, count)
        var stream = RandomStream(key: key, iteration: 0, site: 0)
        return stride(from: 0, to: count, by: block).flatMap { begun in
            // A uniform number is below 1, but its product may round to the count.
            let start = min(Int(stream.uniform() * Double(count)), count - 1)
            return (0..<min(block, count - begun)).map { (start + $0) % count }
        }
    }

    /// What each error is multiplied by: standard normal numbers on a circle, with correlation (1 − k/b)₊ at distance k
    /// (the dependent wild bootstrap of Shao, Journal of the American Statistical Association 105, 2010). Each error stays
    /// at its place, so that a series which scatters more at times does so in every resample.
    package static func multipliers(count: Int, blockLength: Int, key: StreamKey) -> [Double] {
        let block = min(blockLength, count)
        var stream = RandomStream(key: key, iteration: 0, site: 0)
        let normals = (0..<count).map { _ in stream.normal() }
        let scale = 1 / Double(block).squareRoot()
        return (0..<count).map { place in
            var sum = 0.0
            for lag in 0..<block { sum += normals[(place - lag + count) % count] }
            return scale * sum
        }
    }
}
