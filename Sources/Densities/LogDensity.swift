/// An unnormalised log density with its gradient on R^d.
///
/// A value owns its scratch memory, so one instance serves one chain. Calls are coarse, one for each leapfrog step,
/// so they may go through an existential.
public protocol LogDensity: AnyObject {
    /// The number d of coordinates.
    var dimension: Int { get }

    /// Returns the log density at `position` and writes its gradient; both spans have `dimension` elements.
    ///
    /// It allocates nothing. Where the density is undefined it returns NaN or -inf, and the gradient is then
    /// unspecified: the caller treats it as a divergence, never as an error.
    func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double
}
