import Posterior

/// One reported scalar at every posterior draw, for example `roi[tv]`: what the convergence gate judges and what
/// resamples are compared on.
package struct Quantity: Sendable, Hashable {
    package var name: String
    /// Chain-major.
    package var draws: [Double]

    package init(name: String, draws: [Double]) {
        self.name = name
        self.draws = draws
    }

    /// The draws as chains × draws, for chains of equal length.
    package func chains(count: Int) -> [[Double]] {
        let length = draws.count / count
        return (0..<count).map { Array(draws[$0 * length..<($0 + 1) * length]) }
    }

    package func summary(chainCount: Int) -> Summary {
        Summary(chains: chains(count: chainCount))
    }
}
