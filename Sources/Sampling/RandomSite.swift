import Kernels

/// The places of the sampler that use chance. Each is a stream of its own within an iteration, so
/// that how many numbers one place uses never shifts those of another. The values are part of the
/// results: a changed value changes every draw.
///
/// Iteration 0 is before the first transition; transition n uses iteration n, counted from 1.
enum RandomSite: UInt32 {
    /// The coordinates of the random start, in order, attempt after attempt (iteration 0; 1 for a second start).
    case start = 0
    /// Standard normals behind the momentum of a transition, in order of the coordinates.
    case momentum = 1
    /// One word per transition; bit k is the direction of doubling k, 1 being forward.
    case directions = 2
    /// One uniform per joined pair of segments, in the order in which they are joined.
    case choices = 3
    /// Standard normals behind the momenta of the step size search, try after try (iteration 0 for
    /// the first search, then the transition that ends an adaptation window).
    case stepSizeSearch = 4
    /// One uniform per transition, by which its step size differs from the adapted one.
    case jitter = 5

    /// Standard normals behind the evidence bounds of a path, step after step (iteration 0).
    case evidenceBound = 6
    /// Standard normals behind the start drawn from a path's Gaussian, attempt after attempt (iteration 0).
    case pathfinderStart = 7

    /// Signs and lengths of the direction in which the gradient is checked (iteration 0).
    case gradientCheck = 8

    func stream(key: StreamKey, iteration: Int) -> RandomStream {
        RandomStream(key: key, iteration: UInt64(iteration), site: rawValue)
    }
}
