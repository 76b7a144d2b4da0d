import Densities
import Kernels

/// The trajectory of a Hamiltonian system H(q, p) = -log π(q) + ½ pᵀ M⁻¹ p under the leapfrog
/// integrator, as the doubling procedure sees it. It also keeps the current point between transitions.
struct HamiltonianTrajectory {
    /// A run of states. Points and sums are indices into the pool; each belongs to one live segment.
    struct Segment {
        /// First and last state in time.
        var first, last: Int
        /// The state drawn from this run.
        var proposal: Int
        /// Sum of the momenta of all states of the run.
        var momentumSum: Int
        /// Energy error of the proposal.
        var proposalError: Double
        /// Steps from the start of the trajectory to the proposal, negative back in time.
        var proposalTime: Int
    }

    let density: any LogDensity
    private(set) var pool: PhasePool
    var metric: Metric
    var stepSize: Double
    /// The share by which the step size of a transition may differ from `stepSize`. Steps of one length can fall in
    /// step with the periods of the target.
    let jitter: Double
    /// The point where the chain stands.
    private(set) var current = 0
    /// Leapfrog steps and other evaluations so far.
    private(set) var gradientEvaluations: Int

    /// Steps from the start of the last trajectory to its draw, back in time or ahead.
    private(set) var displacement = 0
    /// Where the last trajectory diverged: the point before the diverging step, which stays until the next
    /// transition, and the energy error after it.
    private(set) var divergence: (point: Int, energyError: Double)?

    private var initialEnergy = 0.0
    private var transitionStepSize = 0.0
    /// The outermost state made so far in each direction of time.
    private var backwardEnd = 0
    private var forwardEnd = 0
    private var backwardSteps = 0
    private var forwardSteps = 0
    private var freePoints: [Int] = []
    private var freeSums: [Int] = []
    private var choices: RandomStream

    init(
        density: any LogDensity, maximumDepth: Int, metric: Metric, stepSize: Double, jitter: Double,
        gradientEvaluations: Int, key: StreamKey
    ) {
        self.density = density
        self.metric = metric
        self.stepSize = stepSize
        self.jitter = jitter
        self.gradientEvaluations = gradientEvaluations
        // Live at once are the whole trajectory, one finished half at each level and a new state.
        let segments = maximumDepth + 2
        pool = PhasePool(dimension: metric.dimension, points: 3 * segments, momentumSums: segments)
        freePoints.reserveCapacity(3 * segments)
        freeSums.reserveCapacity(segments)
        choices = RandomSite.choices.stream(key: key, iteration: 0)
    }

    // MARK: The current point

    /// Moves the chain to a place that it has been at. Returns whether log density and gradient are, to the bit, what they
    /// were: if not, the density is another one. The evaluation does not count, as the uninterrupted chain has none here.
    mutating func place(position: [Double], gradient: [Double], logDensity: Double) -> Bool {
        pool.set(current, .position, to: position)
        pool.evaluate(current, density)
        return pool.logDensities[current].bitPattern == logDensity.bitPattern
            && pool.array(current, .gradient).map(\.bitPattern) == gradient.map(\.bitPattern)
    }

    /// Moves the chain to a new place. Returns whether log density and gradient are finite there.
    mutating func place(position: [Double]) -> Bool {
        pool.set(current, .position, to: position)
        pool.evaluate(current, density)
        gradientEvaluations += 1
        return pool.logDensities[current].isFinite
            && pool.withRow(current, .gradient) { gradient in
                (0..<gradient.count).allSatisfy { gradient[$0].isFinite }
            }
    }

    var logDensity: Double { pool.logDensities[current] }

    /// Looks at position and gradient of the current point.
    func withCurrent(_ body: (_ position: Span<Double>, _ gradient: Span<Double>) -> Void) {
        pool.withRow(current, .position) { position in
            pool.withRow(current, .gradient) { body(position, $0) }
        }
    }

    /// Whether the current point is far enough from the one before it to say something new: another one, and after a
    /// divergence more than four steps away (Seyboldt, Carlson & Carpenter 2026).
    var hasMoved: Bool { displacement > (divergence == nil ? 0 : 4) }

    /// The total energy. Every density that is not finite, and every gradient that is not, is treated
    /// here: such a state has infinite energy, hence weight 0, and ends its trajectory as a divergence.
    private func energy(_ point: Int, kinetic: Double) -> Double {
        let energy = kinetic - pool.logDensities[point]
        return energy.isFinite ? energy : .infinity
    }

    /// H - H0. That of two infinite energies is undefined, and reads as infinite.
    private func energyError(_ energy: Double) -> Double {
        let error = energy - initialEnergy
        return error.isNaN ? .infinity : error
    }

    // MARK: A transition

    /// What the step size of a transition is multiplied by.
    static func stepSizeFactor(_ jitter: Double, iteration: Int, key: StreamKey) -> Double {
        var stream = RandomSite.jitter.stream(key: key, iteration: iteration)
        return 1 + jitter * (2 * stream.uniform() - 1)
    }

    /// Draws a momentum, grows a trajectory and moves to its draw. `iteration` is counted from 1.
    mutating func transition(iteration: Int, key: StreamKey, maximumDepth: Int) -> TransitionStatistics {
        var normals = RandomSite.momentum.stream(key: key, iteration: iteration)
        var directions = RandomSite.directions.stream(key: key, iteration: iteration)
        choices = RandomSite.choices.stream(key: key, iteration: iteration)
        transitionStepSize =
            jitter > 0 ? stepSize * Self.stepSizeFactor(jitter, iteration: iteration, key: key) : stepSize

        freeAllButCurrent()
        // Apart from `energy`, whose copy of the pool would make the draw copy the buffer.
        let kinetic = pool.drawMomentum(current, metric: metric, from: &normals)
        initialEnergy = energy(current, kinetic: kinetic)
        backwardEnd = current
        forwardEnd = current
        backwardSteps = 0
        forwardSteps = 0
        divergence = nil
        let grown = grow(
            from: segment(of: current, error: 0, time: 0), maximumDepth: maximumDepth, directions: directions.word())
        current = grown.segment.proposal
        displacement = abs(grown.segment.proposalTime)
        return TransitionStatistics(
            logDensity: logDensity,
            acceptanceRate: grown.acceptanceSum / Double(grown.leapfrogs),
            stepSize: transitionStepSize,
            energy: initialEnergy + grown.segment.proposalError,
            energyError: grown.segment.proposalError,
            treeDepth: grown.depth,
            leapfrogs: grown.leapfrogs,
            termination: grown.termination)
    }

    /// Energy error of one step of the given size from the current point with a new momentum.
    mutating func energyErrorOfOneStep(_ stepSize: Double, momentumFrom stream: inout RandomStream) -> Double {
        freeAllButCurrent()
        let kineticBefore = pool.drawMomentum(current, metric: metric, from: &stream)
        let before = energy(current, kinetic: kineticBefore)
        let new = freePoints[0]
        let kinetic = pool.leapfrog(from: current, to: new, stepSize: stepSize, metric: metric, density: density)
        gradientEvaluations += 1
        return energy(new, kinetic: kinetic) - before
    }

    // MARK: Points in use

    private mutating func freeAllButCurrent() {
        freePoints.removeAll(keepingCapacity: true)
        for point in 0..<pool.pointCount where point != current {
            freePoints.append(point)
        }
        freeSums.removeAll(keepingCapacity: true)
        for sum in 0..<pool.momentumSumCount {
            freeSums.append(sum)
        }
    }

    private mutating func segment(of point: Int, error: Double, time: Int) -> Segment {
        let sum = freeSums.removeLast()
        pool.setMomentumSum(sum, toMomentumOf: point)
        return Segment(
            first: point, last: point, proposal: point, momentumSum: sum, proposalError: error,
            proposalTime: time)
    }
}

extension HamiltonianTrajectory: Trajectory {
    mutating func extend(_ direction: Direction) -> (segment: Segment, energyError: Double) {
        let old = direction == .forward ? forwardEnd : backwardEnd
        let new = freePoints.removeLast()
        let kinetic = pool.leapfrog(
            from: old, to: new, stepSize: direction == .forward ? transitionStepSize : -transitionStepSize,
            metric: metric, density: density)
        gradientEvaluations += 1
        let time: Int
        switch direction {
        case .forward:
            forwardEnd = new
            forwardSteps += 1
            time = forwardSteps
        case .backward:
            backwardEnd = new
            backwardSteps += 1
            time = -backwardSteps
        }
        let error = energyError(energy(new, kinetic: kinetic))
        if isDivergent(energyError: error) { divergence = (old, error) }
        return (segment(of: new, error: error, time: time), error)
    }

    /// The generalised criterion for the whole run, and for each of its parts with the state next to
    /// it. The last two see the turn that a whole period hides: on a nearly isotropic normal target
    /// both ends of a run can point along rho although its halves turn.
    func isTurning(_ earlier: Segment, _ later: Segment) -> Bool {
        if pool.isTurning(
            from: earlier.first, to: later.last, momenta: .sum(earlier.momentumSum), .sum(later.momentumSum))
        {
            return true
        }
        // Of two single states all three checks are the same.
        if earlier.first == earlier.last && later.first == later.last { return false }
        return pool.isTurning(
            from: earlier.first, to: later.first, momenta: .sum(earlier.momentumSum), .of(point: later.first))
            || pool.isTurning(
                from: earlier.last, to: later.last, momenta: .of(point: earlier.last), .sum(later.momentumSum))
    }

    mutating func join(
        _ older: Segment, _ newer: Segment, _ direction: Direction, newerProbability: Double
    ) -> Segment {
        let takesNewer = choices.uniform() < newerProbability
        let (kept, dropped) = takesNewer ? (newer, older) : (older, newer)
        let (earlier, later) = direction == .forward ? (older, newer) : (newer, older)
        pool.addMomentumSum(newer.momentumSum, to: older.momentumSum)
        freeSums.append(newer.momentumSum)
        let joined = Segment(
            first: earlier.first, last: later.last, proposal: kept.proposal, momentumSum: older.momentumSum,
            proposalError: kept.proposalError, proposalTime: kept.proposalTime)
        // The inner ends and the other proposal are no longer needed, unless they have another role.
        let inner = (earlier.last, later.first)
        free(inner.0, unlessIn: joined)
        free(inner.1, unlessIn: joined)
        if dropped.proposal != inner.0 && dropped.proposal != inner.1 {
            free(dropped.proposal, unlessIn: joined)
        }
        return joined
    }

    private mutating func free(_ point: Int, unlessIn segment: Segment) {
        if point != segment.first && point != segment.last && point != segment.proposal {
            freePoints.append(point)
        }
    }
}
