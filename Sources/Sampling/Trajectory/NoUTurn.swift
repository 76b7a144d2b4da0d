import Kernels

// The no-U-turn sampler with multinomial choice among the states of a trajectory (Hoffman & Gelman
// 2014; Betancourt 2017, appendix A). The trajectory doubles in a random direction until it turns
// back on itself. This file knows only how segments of a trajectory are grown, judged and joined; it
// knows neither momenta nor densities, so that a trajectory of integers can drive it.

/// Direction of time in which a trajectory is extended.
package enum Direction: Sendable, Hashable {
    case backward, forward
}

/// What the doubling procedure asks of a trajectory.
///
/// A segment is a run of consecutive states together with one of them, its proposal. Segments are
/// values that the procedure hands back and never looks into.
package protocol Trajectory {
    associatedtype Segment

    /// Integrates one step beyond the end in `direction`. Returns the new state as a segment of one,
    /// and its energy error H - H0; NaN and infinities are allowed.
    mutating func extend(_ direction: Direction) -> (segment: Segment, energyError: Double)

    /// Whether two adjacent segments, taken together, turn back. `earlier` precedes in time.
    func isTurning(_ earlier: Segment, _ later: Segment) -> Bool

    /// Makes one segment of two adjacent ones, `newer` lying in `direction` of `older`. Its proposal
    /// is that of `newer` with the given probability, otherwise that of `older`. Both arguments are
    /// used up.
    mutating func join(
        _ older: Segment, _ newer: Segment, _ direction: Direction, newerProbability: Double
    ) -> Segment
}

/// A trajectory when it has ended.
package struct GrownTrajectory<Segment> {
    /// All accepted states; its proposal is the draw.
    package var segment: Segment
    package var depth: Int
    package var leapfrogs: Int
    /// Sum of min(1, exp(H0 - H)) over all states made.
    package var acceptanceSum: Double
    package var termination: Termination
}

/// A state whose energy exceeds that of the start by more than this is a divergence. Its weight
/// would be exp(-1000), so it is the integrator that has failed.
let divergenceThreshold = 1000.0

/// Whether the integrator has failed at a state. Written so that NaN diverges.
func isDivergent(energyError: Double) -> Bool {
    !(energyError <= divergenceThreshold)
}

/// A segment and the logarithm of the sum of its weights exp(H0 - H).
private struct Tree<Segment> {
    var segment: Segment
    var logWeight: Double
}

/// What is counted over all states made, whether they are accepted or not.
private struct Visits {
    var leapfrogs = 0
    var acceptanceSum = 0.0
    var diverged = false
}

/// exp(x) as a probability: at most 1.
private func probability(log x: Double) -> Double {
    x >= 0 ? 1 : Elementary.exp(x)
}

extension Trajectory {
    /// Doubles the trajectory that starts as the one state `start` until it turns, diverges or has
    /// doubled `maximumDepth` times. Bit k of `directions` is the direction of doubling k, 1 forward.
    ///
    /// Between the trajectory and its new half the choice is biased towards the new half,
    /// min(1, W_new / W_old), which moves farther and keeps the target (Betancourt 2017, A.3.2).
    package mutating func grow(
        from start: Segment, maximumDepth: Int, directions: UInt64
    ) -> GrownTrajectory<Segment> {
        var visits = Visits()
        var whole = Tree(segment: start, logWeight: 0)
        var depth = 0
        var termination = Termination.maximumDepth
        while depth < maximumDepth {
            let direction: Direction = (directions >> UInt64(depth)) & 1 == 1 ? .forward : .backward
            guard let half = subtree(depth, direction, &visits) else {
                termination = visits.diverged ? .diverged : .turned
                break
            }
            let turns = isTurning(whole.segment, half.segment, direction)
            let segment = join(
                whole.segment, half.segment, direction,
                newerProbability: probability(log: half.logWeight - whole.logWeight))
            whole = Tree(segment: segment, logWeight: Elementary.logSumExp(whole.logWeight, half.logWeight))
            depth += 1
            if turns {
                termination = .turned
                break
            }
        }
        return GrownTrajectory(
            segment: whole.segment, depth: depth, leapfrogs: visits.leapfrogs,
            acceptanceSum: visits.acceptanceSum, termination: termination)
    }

    /// Makes 2^depth further states. Returns nil where any of them diverges or any of the dyadic
    /// sub-trees turns: the start could then not have been reached from every state of the sub-tree.
    private mutating func subtree(
        _ depth: Int, _ direction: Direction, _ visits: inout Visits
    ) -> Tree<Segment>? {
        guard depth > 0 else { return leaf(direction, &visits) }
        guard let older = subtree(depth - 1, direction, &visits),
            let newer = subtree(depth - 1, direction, &visits),
            !isTurning(older.segment, newer.segment, direction)
        else { return nil }
        let logWeight = Elementary.logSumExp(older.logWeight, newer.logWeight)
        let segment = join(
            older.segment, newer.segment, direction,
            newerProbability: probability(log: newer.logWeight - logWeight))
        return Tree(segment: segment, logWeight: logWeight)
    }

    private mutating func leaf(_ direction: Direction, _ visits: inout Visits) -> Tree<Segment>? {
        let (segment, energyError) = extend(direction)
        visits.leapfrogs += 1
        guard !isDivergent(energyError: energyError) else {
            visits.diverged = true
            return nil
        }
        visits.acceptanceSum += probability(log: -energyError)
        return Tree(segment: segment, logWeight: -energyError)
    }

    private func isTurning(_ older: Segment, _ newer: Segment, _ direction: Direction) -> Bool {
        direction == .forward ? isTurning(older, newer) : isTurning(newer, older)
    }
}
