import Kernels
import Posterior

/// Draws of one quantity with weights that sum to 1.
package struct WeightedDraws: Sendable {
    /// In the order in which they were drawn, chain after chain.
    package let values: [Double]
    package let weights: [Double]
    package let chainCount: Int

    /// - Parameters:
    ///   - values: as many for each chain, chain after chain.
    ///   - weights: as many; not negative, of sum 1, or NaN where they have no meaning.
    package init(_ values: [Double], weights: [Double], chainCount: Int) {
        precondition(values.count == weights.count, "each draw has one weight")
        precondition(chainCount > 0 && values.count % chainCount == 0, "chains have equally many draws")
        self.values = values
        self.weights = weights
        self.chainCount = chainCount
    }

    /// Draws of equal weight.
    package init(_ values: [Double], chainCount: Int) {
        let weight = 1 / Double(values.count)
        self.init(values, weights: [Double](repeating: weight, count: values.count), chainCount: chainCount)
    }

    /// False where a draw or a weight is no finite number or there is none: every figure is NaN then.
    package var isSound: Bool {
        !values.isEmpty && values.allSatisfy(\.isFinite) && weights.allSatisfy(\.isFinite)
    }

    package var mean: Double {
        guard isSound else { return .nan }
        // About the first value, so that draws that are all equal have exactly that mean.
        let origin = values[0]
        return origin + Reductions.dot(weights, values.map { $0 - origin })
    }

    /// √(Σ w (x − mean)² ÷ (1 − Σ w²)), which has the divisor n − 1 where the weights are equal; NaN for one draw.
    package var sd: Double {
        guard isSound else { return .nan }
        let mean = mean
        let spread = Reductions.weightedSquaredNorm(values.map { $0 - mean }.span, weights: weights.span)
        return (spread / (1 - Reductions.squaredNorm(weights))).squareRoot()
    }

    /// w (x − mean) of every draw: how each bears on the mean, to first order; their sum is 0.
    package var bearing: [Double] {
        let mean = mean
        return zip(values, weights).map { $1 * ($0 - mean) }
    }

    /// Monte Carlo standard error of `mean`, by the delta method for a ratio of means (Owen 2013, "Monte Carlo theory,
    /// methods and examples", equation 9.8), with the effective size of dependent draws in place of their number. It
    /// knows nothing of the error that smoothing the weights makes, which is small where k̂ is.
    package var meanError: Double {
        guard isSound else { return .nan }
        return MonteCarloSum.error(bearing, chainCount: chainCount)
    }

    /// Values in ascending order with the weights of each; draws without weight are left out.
    var ordered: (values: [Double], weights: [Double]) {
        let order = ValueOrder(of: values)
        let own = order.positions.map { weights[Int($0)] }
        let kept = own.indices.filter { own[$0] > 0 }
        return (kept.map { order.sorted[$0] }, kept.map { own[$0] })
    }

    /// Quantiles by linear interpolation, where draw k in ascending order stands at the share Σ_{j<k} (w_j + w_j+1) ÷
    /// Σ_{j<n} (w_j + w_j+1): those of type 7 (Hyndman & Fan 1996) for equal weights.
    ///
    /// - Parameter probabilities: in [0, 1].
    package func quantiles(_ probabilities: [Double]) -> [Double] {
        guard isSound else { return probabilities.map { _ in .nan } }
        let (sorted, own) = ordered
        var places = [0.0]
        places.reserveCapacity(sorted.count)
        for (a, b) in zip(own, own.dropFirst()) { places.append(places[places.count - 1] + (a + b)) }
        return probabilities.map { probability in
            precondition(probability >= 0 && probability <= 1, "a probability lies between 0 and 1")
            let place = probability * places[places.count - 1]
            // The last draw that stands at or below the place.
            var (low, high) = (0, places.count - 1)
            while low < high {
                let middle = (low + high + 1) / 2
                if places[middle] <= place { low = middle } else { high = middle - 1 }
            }
            guard low + 1 < sorted.count, sorted[low + 1] > sorted[low] else { return sorted[low] }
            let fraction = (place - places[low]) / (places[low + 1] - places[low])
            return sorted[low] + fraction * (sorted[low + 1] - sorted[low])
        }
    }
}
