import Kernels

/// How long blocks of a bootstrap of a series are to be: long enough to keep what its values have to do with each other.
///
/// Politis and White, "Automatic block-length selection for the dependent bootstrap", Econometric Reviews 23 (2004) 53–70,
/// with the correction of Patton, Politis and White, Econometric Reviews 28 (2009) 372–375; in the details that they leave
/// open, as Python's `arch` has it.
package enum BlockLength {
    /// The least that is taken where nobody has given one: a month of weeks.
    package static let automaticMin = 4
    /// Blocks that a series has at least where nobody has given their length.
    static let fewestBlocks = 8

    /// The length, in periods and fractions of one, that makes the error of the circular block bootstrap's variance of the
    /// mean smallest: b = (2 g² ÷ D)^⅓ n^⅓ with D = 4/3 S², at most `greatest(n)`.
    ///
    /// g = 2 Σ λ(k/m) k R(k) and S = R(0) + 2 Σ λ(k/m) R(k) over lags k = 1…m, λ being 1 up to ½ and then falling to 0 at
    /// 1, and R the autocovariances with divisor n.
    ///
    /// - Returns: NaN for a series that does not vary, or is empty.
    package static func circular(of series: [Double]) -> Double {
        guard !series.isEmpty else { return .nan }
        let count = Double(series.count)
        let lags = Lags(of: series)
        var moment = 0.0
        var spectrum = lags.covariances[0]
        for lag in 1...lags.bandwidth {
            let share = Double(lag) / Double(lags.bandwidth)
            let window = share <= 0.5 ? 1 : 2 * (1 - share)
            moment += 2 * window * Double(lag) * lags.covariances[lag]
            spectrum += 2 * window * lags.covariances[lag]
        }
        let ratio = 2 * moment * moment / (4.0 / 3.0 * spectrum * spectrum) * count
        guard !ratio.isNaN else { return .nan }
        return min(ratio > 0 ? Elementary.exp(Elementary.log(ratio) / 3) : 0, greatest(series.count))
    }

    /// The most that is taken: ⌈min(3 √n, n ÷ 3)⌉.
    static func greatest(_ count: Int) -> Double {
        min(3 * Double(count).squareRoot(), Double(count) / 3).rounded(.up)
    }

    /// What of the lags of a series enters.
    private struct Lags {
        /// By lag, with divisor n.
        let covariances: [Double]
        /// m: twice the first lag from which on correlations are nothing.
        let bandwidth: Int

        init(of series: [Double]) {
            let count = series.count
            let mean = Reductions.sum(series) / Double(count)
            let deviations = series.map { $0 - mean }
            // ⌊log₁₀ n⌋ from six digits on, which is beyond every series here.
            let run = max(5, String(count).count - 1)
            let greatest = Int(Double(count).squareRoot().rounded(.up)) + run
            let band = 2 * (Elementary.log(Double(count)) / Elementary.log(10) / Double(count)).squareRoot()
            var covariances: [Double] = []
            var isInside: [Bool] = []
            for lag in 0...greatest {
                let product = Self.product(deviations, lag: lag)
                // Each sum has one term less than the product has: as `arch` divides.
                let later = Reductions.squaredNorm(Array(deviations.dropFirst(lag + 1)))
                let earlier = Reductions.squaredNorm(Array(deviations.dropLast(lag + 1)))
                covariances.append(product / Double(count))
                isInside.append(abs(product) / (later * earlier).squareRoot() < band)
            }
            self.covariances = covariances
            // The last window ends before the last lag.
            let quiet = (0...greatest - run).first { first in isInside[first..<first + run].allSatisfy(\.self) }
            bandwidth = min(quiet.map { 2 * max($0, 1) } ?? greatest, greatest)
        }

        private static func product(_ deviations: [Double], lag: Int) -> Double {
            Reductions.dot(Array(deviations.dropFirst(lag)), Array(deviations.dropLast(lag)))
        }
    }
}
