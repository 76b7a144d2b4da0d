import Foundation
import Sampling
import Testing

/// A trajectory of integers. A segment carries the exact distribution of its proposal, so that the
/// doubling procedure computes probabilities in place of draws.
private struct IntegerTrajectory: Trajectory {
    struct Segment {
        var range: ClosedRange<Int>
        var distribution: [Int: Double]
    }

    /// Energy of each state; states outside the array have infinite energy.
    let energies: [Double]
    let start: Int
    /// Whether the run lower...upper, made of lower..<middle and middle...upper, turns.
    let turns: (_ lower: Int, _ middle: Int, _ upper: Int) -> Bool
    var made: ClosedRange<Int>
    /// Probabilities given to the newer half, with both ranges, in order.
    var choices: [(older: ClosedRange<Int>, newer: ClosedRange<Int>, probability: Double)] = []

    init(energies: [Double], start: Int, turns: @escaping (Int, Int, Int) -> Bool) {
        self.energies = energies
        self.start = start
        self.turns = turns
        made = start...start
    }

    var first: Segment { Segment(range: start...start, distribution: [start: 1]) }

    mutating func extend(_ direction: Direction) -> (segment: Segment, energyError: Double) {
        let x = direction == .forward ? made.upperBound + 1 : made.lowerBound - 1
        made = min(x, made.lowerBound)...max(x, made.upperBound)
        let energy = energies.indices.contains(x) ? energies[x] : .infinity
        return (Segment(range: x...x, distribution: [x: 1]), energy - energies[start])
    }

    func isTurning(_ earlier: Segment, _ later: Segment) -> Bool {
        #expect(earlier.range.upperBound + 1 == later.range.lowerBound)
        return turns(earlier.range.lowerBound, later.range.lowerBound, later.range.upperBound)
    }

    mutating func join(
        _ older: Segment, _ newer: Segment, _ direction: Direction, newerProbability: Double
    ) -> Segment {
        let (earlier, later) = direction == .forward ? (older, newer) : (newer, older)
        #expect(earlier.range.upperBound + 1 == later.range.lowerBound)
        #expect(earlier.range.count == later.range.count)
        choices.append((older.range, newer.range, newerProbability))
        var distribution: [Int: Double] = older.distribution.mapValues { $0 * (1 - newerProbability) }
        for (x, p) in newer.distribution {
            distribution[x, default: 0] += p * newerProbability
        }
        return Segment(range: earlier.range.lowerBound...later.range.upperBound, distribution: distribution)
    }
}

/// A fixed scramble of three integers.
private func scramble(_ a: Int, _ b: Int, _ c: Int, _ salt: Int) -> UInt64 {
    var h: UInt64 = 0x9E37_79B9_7F4A_7C15
    for x in [a, b, c, salt] {
        h = (h ^ UInt64(bitPattern: Int64(x))) &* 0xBF58_476D_1CE4_E5B9
        h ^= h >> 31
    }
    return h
}

@Suite("the doubling procedure, on a trajectory of integers")
struct NoUTurnTests {
    private let flat = [Double](repeating: 0, count: 64)

    @Test("the transition keeps the distribution exp(-energy), whatever turns and wherever states diverge")
    func invariance() {
        let depth = 4
        for salt in 0..<12 {
            let n = 23
            let energies = (0..<n).map { Double(scramble($0, 0, 0, salt) % 4000) / 1000 }
            // From never turning to half of all runs turning, at random.
            let turns = { (a: Int, b: Int, c: Int) in scramble(a, b, c, salt) % 12 < UInt64(salt / 2) }
            let weights = energies.map { exp(-$0) }
            var after = [Double](repeating: 0, count: n)
            for start in 0..<n {
                for word in 0..<(1 << depth) {
                    var trajectory = IntegerTrajectory(energies: energies, start: start, turns: turns)
                    let grown = trajectory.grow(
                        from: trajectory.first, maximumDepth: depth, directions: UInt64(word))
                    for (x, p) in grown.segment.distribution {
                        after[x] += weights[start] * p / Double(1 << depth)
                    }
                }
            }
            for x in 0..<n {
                #expect(abs(after[x] / weights[x] - 1) < 1e-13, "salt \(salt), state \(x)")
            }
        }
    }

    @Test("bit k of the directions decides doubling k, and a full trajectory has 2^depth states")
    func directions() {
        // Backward by 1, forward by 2, forward by 4, backward by 8.
        var trajectory = IntegerTrajectory(energies: flat, start: 30) { _, _, _ in false }
        let grown = trajectory.grow(from: trajectory.first, maximumDepth: 4, directions: 0b0110)
        #expect(grown.segment.range == (30 - 1 - 8)...(30 + 2 + 4))
        #expect(grown.depth == 4)
        #expect(grown.leapfrogs == 15)
        #expect(grown.acceptanceSum == 15)
        #expect(grown.termination == .maximumDepth)
    }

    @Test("inside a new half the choice is multinomial; between old and new it is min(1, W new / W old)")
    func choices() {
        let energies: [Double] = [0.3, 1.1, -0.4, 2.0, 0.0, 0.7, -1.2, 0.2]
        let weights = energies.map { exp(-$0) }
        func weight(_ range: ClosedRange<Int>) -> Double { weights[range].reduce(0, +) }
        var trajectory = IntegerTrajectory(energies: energies, start: 0) { _, _, _ in false }
        let grown = trajectory.grow(from: trajectory.first, maximumDepth: 3, directions: 0b111)
        for (older, newer, probability) in trajectory.choices {
            let betweenHalves = older.lowerBound == 0
            let expected =
                betweenHalves
                ? min(1, weight(newer) / weight(older)) : weight(newer) / (weight(older) + weight(newer))
            #expect(abs(probability - expected) < 1e-14)
        }
        #expect(trajectory.choices.count == 7)
        let last = (4...7).map { (grown.segment.distribution[$0] ?? 0) / weights[$0] }
        for ratio in last {
            #expect(abs(ratio / last[0] - 1) < 1e-13)
        }
    }

    @Test("a sub-tree that turns inside is rejected whole and ends the trajectory, its states counted")
    func turningSubtree() {
        // Forward by 1 and 2; of the half 34...37 the first pair turns.
        var trajectory = IntegerTrajectory(energies: flat, start: 31) { lower, _, upper in
            lower == 35 && upper == 36
        }
        let grown = trajectory.grow(from: trajectory.first, maximumDepth: 10, directions: 0b111)
        #expect(grown.segment.range == 31...34)
        #expect(grown.depth == 2)
        #expect(grown.leapfrogs == 3 + 2)
        #expect(grown.acceptanceSum == 5)
        #expect(grown.termination == .turned)
    }

    @Test("a whole trajectory that turns keeps its last half and ends")
    func turningWhole() {
        var trajectory = IntegerTrajectory(energies: flat, start: 31) { lower, _, upper in upper - lower == 7 }
        let grown = trajectory.grow(from: trajectory.first, maximumDepth: 10, directions: 0b111)
        #expect(grown.segment.range == 31...38)
        #expect(grown.depth == 3)
        #expect(grown.termination == .turned)
    }

    @Test("a trajectory that turns at its last allowed doubling has turned")
    func turningAtMaximumDepth() {
        var trajectory = IntegerTrajectory(energies: flat, start: 31) { lower, _, upper in upper - lower == 7 }
        let grown = trajectory.grow(from: trajectory.first, maximumDepth: 3, directions: 0b111)
        #expect(grown.termination == .turned)
    }

    @Test(
        "an energy error above 1000, infinite or NaN diverges; 1000 itself does not",
        arguments: [
            (1000.0, Termination.maximumDepth), (1000.1, .diverged), (.infinity, .diverged), (.nan, .diverged),
        ])
    func divergence(energy: Double, termination: Termination) {
        var energies = flat
        energies[34] = energy
        var trajectory = IntegerTrajectory(energies: energies, start: 31) { _, _, _ in false }
        let grown = trajectory.grow(from: trajectory.first, maximumDepth: 2, directions: 0b11)
        #expect(grown.termination == termination)
        #expect(grown.depth == (termination == .diverged ? 1 : 2))
        #expect(grown.leapfrogs == 3)
        // The bad state counts as visited with acceptance 0.
        #expect(abs(grown.acceptanceSum - 2) < 1e-300)
    }
}
