import Coordination
import Wire

/// A task whose state is a hash: real in shape (iterations, a warm-up without draws, draws in blocks, checkpoints,
/// resumption), and equality of results is equality of numbers.
struct ToyTask: Hashable {
    /// Names the stream of random numbers; nothing of job, worker, slot or attempt enters it.
    var key: UInt64
    var iterations: Int
    var warmUp: Int
    /// Bytes of a state: it is padded to this size.
    var stateByteCount: Int

    private static let wordCount = 4

    var payload: [UInt8] {
        bytesOfWord(key) + bytesOfWord(UInt64(iterations)) + bytesOfWord(UInt64(warmUp))
            + bytesOfWord(UInt64(stateByteCount))
    }

    init(key: UInt64, iterations: Int, warmUp: Int, stateByteCount: Int) {
        self.key = key
        self.iterations = iterations
        self.warmUp = warmUp
        self.stateByteCount = stateByteCount
    }

    init?(payload: [UInt8]) {
        guard payload.count == 8 * Self.wordCount else { return nil }
        key = word(in: payload, at: 0)
        iterations = Int(word(in: payload, at: 8))
        warmUp = Int(word(in: payload, at: 16))
        stateByteCount = Int(word(in: payload, at: 24))
    }

    /// Names the result before it is known.
    var digest: Digest { ToyDigest.of(payload) }

    /// The sequential run without any cut, on which every other must agree.
    /// - Parameter draws: of scouts.
    func reference(reading draws: [UInt8]) -> Reference {
        var run = ToyRun(self, reading: draws)
        var reference = Reference(states: [run.state], chains: [run.chain])
        while !run.isFinished {
            run.step()
            reference.states.append(run.state)
            reference.draws += run.takeBlock()
            reference.chains.append(run.chain)
        }
        return reference
    }

    struct Reference {
        /// The state and the chain digest after each iteration, from 0.
        fileprivate(set) var states: [[UInt8]]
        fileprivate(set) var chains: [Digest]
        fileprivate(set) var draws: [UInt8] = []

        var result: Digest { chains[chains.count - 1] }
    }
}

/// A toy task that is being computed.
struct ToyRun {
    static let drawByteCount = 8

    private(set) var task: ToyTask
    private(set) var iteration = 0
    /// Chain digest of all draws that were taken.
    private(set) var chain: Digest
    private var value: UInt64
    private var block: [UInt8] = []

    /// - Parameter draws: of scouts; every draw of the run depends on them.
    init(_ task: ToyTask, reading draws: [UInt8]) {
        self.task = task
        chain = task.digest
        value = mixed(task.key)
        if !draws.isEmpty { value ^= word(in: ToyDigest.of(draws).bytes, at: 0) }
    }

    /// Goes on from a state; nil when the bytes are none of this task.
    init?(_ task: ToyTask, state: [UInt8], chain: Digest) {
        guard state.count >= 16 else { return nil }
        self.task = task
        self.chain = chain
        iteration = Int(word(in: state, at: 0))
        value = word(in: state, at: 8)
        guard iteration <= task.iterations, self.state == state else { return nil }
    }

    /// The same place of another task's stream.
    init(_ task: ToyTask, from run: ToyRun) {
        self = run
        self.task = task
    }

    var isFinished: Bool { iteration == task.iterations }

    var isWarmingUp: Bool { iteration < task.warmUp }

    var blockByteCount: Int { block.count }

    var state: [UInt8] {
        let head = bytesOfWord(UInt64(iteration)) + bytesOfWord(value)
        return head + [UInt8](repeating: UInt8(truncatingIfNeeded: value), count: max(0, task.stateByteCount - 16))
    }

    mutating func step() {
        iteration += 1
        value = mixed(value ^ mixed(task.key &+ UInt64(iteration)))
        if iteration > task.warmUp { block += bytesOfWord(value) }
    }

    /// The draws since the last time; the chain digest covers them one by one, so that it does not see the cuts.
    mutating func takeBlock() -> [UInt8] {
        defer { block = [] }
        for offset in stride(from: 0, to: block.count, by: Self.drawByteCount) {
            chain = ToyDigest.of(chain.bytes + block[offset..<offset + Self.drawByteCount])
        }
        return block
    }
}
