/// What can go wrong when a chain is made or resumed. Once a chain exists, its steps cannot fail:
/// a divergence is data, not an error.
public enum SamplingError: Error, Sendable, Hashable {
    /// The start has another number of coordinates than the density.
    case startDimension(expected: Int, found: Int)
    /// The log density or its gradient is not finite at the start.
    case startNotFinite
    /// No random point had a finite log density and gradient.
    case noFiniteStart(attempts: Int)
    /// Along a direction at the start the density changes at another rate than its gradient says.
    case gradientDisagrees(difference: Double, gradient: Double)
    /// The one-step acceptance probability never crossed its threshold: no step is small enough
    /// (a wrong gradient or a discontinuity), or none is large enough (an improper density).
    case noStepSize(last: Double)
    /// The bytes do not begin as a checkpoint does.
    case notACheckpoint
    /// The checkpoint is written in a version that this code does not read.
    case unknownCheckpointVersion(UInt32)
    /// The checkpoint is shorter or longer than its own header says.
    case checkpointLength(expected: Int, found: Int)
    /// The checksum of the bytes is not the one that they end with: some of them have changed since they were written.
    case damagedCheckpoint
    /// A field of the checkpoint has a value that no chain can have.
    case invalidCheckpoint(field: String)
    /// The checkpoint belongs to a chain with another density, key or settings. The field is `density` where dimension and
    /// settings agree and log density or gradient at the chain's position differ.
    case checkpointOfAnotherChain(field: String)
}

extension SamplingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .startDimension(let expected, let found):
            "The start has \(found) coordinates; the density has \(expected)."
        case .startNotFinite:
            "The log density or its gradient is not finite at the start."
        case .noFiniteStart(let attempts):
            "None of \(attempts) random starts has a finite log density and gradient."
        case .gradientDisagrees(let difference, let gradient):
            "The gradient is not that of the log density: along a direction from the start the density changes by "
                + "\(difference) a unit, and the gradient says \(gradient)."
        case .noStepSize(let last):
            "The search for a first step size ended at \(last) without crossing its acceptance threshold."
        case .notACheckpoint:
            "The bytes are not a chain checkpoint."
        case .unknownCheckpointVersion(let version):
            "The chain checkpoint has version \(version), which is not known here."
        case .checkpointLength(let expected, let found):
            "The chain checkpoint should have \(expected) bytes and has \(found)."
        case .damagedCheckpoint:
            "The chain checkpoint is damaged: its bytes are not those that were written."
        case .invalidCheckpoint(let field):
            "The chain checkpoint holds an impossible value in the field \(field)."
        case .checkpointOfAnotherChain(let field):
            "The checkpoint belongs to another chain: the field \(field) differs."
        }
    }
}
