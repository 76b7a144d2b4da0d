import Densities

/// The posterior of a `MarketingMixModel` with its gradient, in the sampler's coordinates.
///
/// It owns its scratch memory: one instance serves one chain, and `evaluate` allocates nothing.
package final class MarketingMixDensity: LogDensity {
    private var kernel: PosteriorKernel

    init(_ model: MarketingMixModel, weights: [Double]?) {
        kernel = PosteriorKernel(model, weights: weights)
    }

    package var dimension: Int { kernel.dimension }

    /// Of the last evaluation.
    var logLikelihood: Double { kernel.logLikelihood }

    package func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        kernel.evaluate(samplerPosition: position, gradient: &gradient)
    }

    /// In the model's own coordinates.
    func evaluate(unconstrained: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        kernel.evaluate(unconstrained: unconstrained, gradient: &gradient)
    }
}
