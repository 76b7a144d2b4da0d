import Densities

/// The posterior of a marketing mix model with its gradient, in the sampler's coordinates.
///
/// It owns its scratch memory: one instance serves one chain, and `evaluate` allocates nothing.
package final class MarketingMixDensity: LogDensity {
    private var kernel: PosteriorKernel

    init(_ posterior: MarketingMixPosterior) {
        kernel = PosteriorKernel(posterior)
    }

    package var dimension: Int { kernel.dimension }

    /// Of the last evaluation.
    var logLikelihood: Double { kernel.logLikelihood }

    package func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        kernel.evaluate(at: position, gradient: &gradient)
    }
}
