import Kernels

func stream(_ index: UInt32, iteration: UInt64 = 0) -> RandomStream {
    RandomStream(key: StreamKey(seed: 20_261_130, kind: 78, index: index), iteration: iteration, site: 0)
}

/// A normal mean of known noise with a normal prior, whose posteriors are normal and known.
struct NormalMean {
    var mean: Double
    var variance: Double
    var noise: Double

    /// The posterior after more observations: precisions add up, and means by precision.
    func updated(by observations: [Double]) -> NormalMean {
        let precision = 1 / variance + Double(observations.count) / noise
        let weighted = mean / variance + observations.reduce(0, +) / noise
        return NormalMean(mean: weighted / precision, variance: 1 / precision, noise: noise)
    }

    func logDensity(_ observation: Double, at theta: Double) -> Double {
        -0.5 * (observation - theta) * (observation - theta) / noise
    }

    func draws(_ count: Int, _ random: inout RandomStream) -> [Double] {
        (0..<count).map { _ in mean + variance.squareRoot() * random.normal() }
    }
}
