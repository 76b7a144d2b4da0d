import Foundation

/// Mean and its Monte Carlo standard error from several chains, with the autocorrelations summed by
/// Geyer's initial monotone sequence (Geyer 1992; Vehtari et al. 2021, section 3.2).
struct MonteCarloMean {
    var mean: Double
    var error: Double
    var effectiveSize: Double

    init(_ chains: [[Double]]) {
        let n = chains[0].count
        let total = Double(n * chains.count)
        let means = chains.map(Self.average)
        let within = Self.average(zip(chains, means).map { Self.covariance($0, $1, lag: 0) })
        let between = chains.count > 1 ? Self.covariance(means, Self.average(means), lag: 0) : 0
        let variance = within * Double(n - 1) / Double(n) + between
        mean = Self.average(means)
        func correlation(_ lag: Int) -> Double {
            let covariance = Self.average(zip(chains, means).map { Self.covariance($0, $1, lag: lag) })
            return 1 - (within - covariance) / variance
        }
        var time = -1.0
        var previous = Double.infinity
        var lag = 0
        while lag + 1 < n {
            let pair = min(previous, (lag == 0 ? 1 : correlation(lag)) + correlation(lag + 1))
            if pair < 0 { break }
            time += 2 * pair
            previous = pair
            lag += 2
        }
        effectiveSize = total / max(time, 1 / log10(total))
        error = (variance / effectiveSize).squareRoot()
    }

    private static func average(_ x: [Double]) -> Double {
        x.reduce(0, +) / Double(x.count)
    }

    private static func covariance(_ x: [Double], _ mean: Double, lag: Int) -> Double {
        var sum = 0.0
        for i in lag..<x.count {
            sum += (x[i] - mean) * (x[i - lag] - mean)
        }
        return sum / Double(x.count)
    }
}

/// Kolmogorov-Smirnov distance of a sample from the standard normal distribution.
func kolmogorovDistanceFromNormal(_ sample: [Double]) -> Double {
    let n = Double(sample.count)
    return sample.sorted().enumerated().map { i, x in
        let f = 0.5 * erfc(-x / 2.0.squareRoot())
        return max(abs(f - Double(i) / n), abs(Double(i + 1) / n - f))
    }.max() ?? 0
}
