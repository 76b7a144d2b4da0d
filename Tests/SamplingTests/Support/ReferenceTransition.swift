import Densities
import Foundation
import Kernels
import Sampling

/// The transition of the no-U-turn sampler written for clarity alone: every state of the trajectory
/// stands in an array, every sum is made anew from its terms, every weight is an exponential.
struct ReferenceTransition {
    struct State {
        var q, p, g: [Double]
        var energy: Double
    }

    let density: any LogDensity
    /// Rows of M⁻¹.
    let inverse: [[Double]]
    let stepSize: Double
    /// All states in order of time.
    var states: [State] = []
    var start = 0
    var draw: [Double] = []
    var depth = 0
    var leapfrogs = 0
    var acceptanceSum = 0.0
    var termination = Termination.maximumDepth

    /// Random numbers as the sampler documents its sites: momenta 1, directions 2, choices 3. The momentum is shaped as
    /// the sampler does it.
    init(
        density: any LogDensity, metric: Metric, stepSize: Double, position: [Double], iteration: Int,
        key: StreamKey, maximumDepth: Int
    ) {
        self.density = density
        inverse = (0..<metric.dimension).map { i in (0..<metric.dimension).map { metric.inverse(i, $0) } }
        self.stepSize = stepSize
        var normals = RandomStream(key: key, iteration: UInt64(iteration), site: 1)
        var directions = RandomStream(key: key, iteration: UInt64(iteration), site: 2)
        var choices = RandomStream(key: key, iteration: UInt64(iteration), site: 3)
        var pool = PhasePool(dimension: metric.dimension, points: 1, momentumSums: 1)
        _ = pool.drawMomentum(0, metric: metric, from: &normals)
        let p = pool.array(0, .momentum)
        let first = state(q: position, p: p)
        states = [first]
        var proposal = first
        let word = directions.word()
        while depth < maximumDepth {
            let forward = (word >> UInt64(depth)) & 1 == 1
            guard let half = newHalf(1 << depth, forward, initial: first.energy, &choices) else { return }
            let ratio = weight(half.states, first.energy) / weight(states, first.energy)
            if choices.uniform() < ratio { proposal = half.proposal }
            let (left, right) = forward ? (states, half.states) : (half.states, states)
            states = left + right
            depth += 1
            draw = proposal.q
            if turns(left, right) {
                termination = .turned
                break
            }
        }
        draw = proposal.q
    }

    private mutating func newHalf(
        _ count: Int, _ forward: Bool, initial: Double, _ choices: inout RandomStream
    ) -> (states: [State], proposal: State)? {
        var made: [State] = []
        var proposals: [State] = []
        var current = forward ? states[states.count - 1] : states[0]
        for n in 1...count {
            current = leapfrog(current, forward ? stepSize : -stepSize)
            leapfrogs += 1
            let error = current.energy - initial
            guard error <= 1000 else {
                termination = .diverged
                fallBack()
                return nil
            }
            acceptanceSum += min(1, exp(-error))
            made.append(current)
            proposals.append(current)
            var size = 2
            // Every block of 2, 4, 8, … states that this state completes is judged.
            while n % size == 0 {
                let older = Array(made[(n - size)..<(n - size / 2)])
                let newer = Array(made[(n - size / 2)...])
                let stops = forward ? turns(older, newer) : turns(newer.reversed(), older.reversed())
                if stops {
                    termination = .turned
                    fallBack()
                    return nil
                }
                let probability = weight(newer, initial) / (weight(older, initial) + weight(newer, initial))
                let newest = proposals.removeLast()
                if choices.uniform() < probability { proposals[proposals.count - 1] = newest }
                size *= 2
            }
        }
        return (forward ? made : made.reversed(), proposals[0])
    }

    /// Where the very first half fails the chain stays.
    private mutating func fallBack() {
        if draw.isEmpty { draw = states[0].q }
    }

    private func weight(_ states: [State], _ initial: Double) -> Double {
        states.map { exp(initial - $0.energy) }.reduce(0, +)
    }

    /// The three checks, for states in order of time.
    private func turns(_ left: [State], _ right: [State]) -> Bool {
        let all = left + right
        return isTurn(all) || isTurn(left + [right[0]]) || isTurn([left[left.count - 1]] + right)
    }

    private func isTurn(_ run: [State]) -> Bool {
        let rho = inverse.indices.map { i in run.map { $0.p[i] }.reduce(0, +) }
        return [run[0], run[run.count - 1]].contains { dot(velocity(of: $0.p), rho) <= 0 }
    }

    private func leapfrog(_ from: State, _ epsilon: Double) -> State {
        let indices = inverse.indices
        let half = indices.map { from.p[$0] + epsilon / 2 * from.g[$0] }
        let drift = velocity(of: half)
        let q = indices.map { from.q[$0] + epsilon * drift[$0] }
        let slopes = state(q: q, p: half).g
        return state(q: q, p: indices.map { half[$0] + epsilon / 2 * slopes[$0] })
    }

    private func state(q: [Double], p: [Double]) -> State {
        var g = [Double](repeating: 0, count: q.count)
        var slopes = g.mutableSpan
        let logDensity = density.evaluate(at: q.span, gradient: &slopes)
        return State(q: q, p: p, g: g, energy: 0.5 * dot(velocity(of: p), p) - logDensity)
    }

    private func velocity(of p: [Double]) -> [Double] { inverse.map { dot($0, p) } }

    private func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).map { $0 * $1 }.reduce(0, +) }
}
