import Cluster
import Coordination
import Fitting
import Storage
import Wire
import ZeroMQ

/// A worker whose slots compute nothing: the product's machine and codec, and an answer at once. Of one thread.
final class IdleWorker {
    /// What it does with a task.
    enum Behaviour {
        /// Hands in one checkpoint with all draws, and the result.
        case finish
        /// Keeps it.
        case hold
        /// Hands in a block of draws of so many bytes for each iteration, as fast as they are stored, and never a result.
        case pour(byteCount: Int)
    }

    /// A task whose blocks are handed in one after another.
    private struct Flow {
        let attempt: AttemptID
        var iteration: Int
        var chain: Digest
    }

    /// Blocks of a task that wait to be stored, as a slot cuts ahead.
    private static let blocksWaitingMax = 4

    private static let messagesPerTurnMax = 256
    /// Bytes of the draws of one task, and of the state after them.
    private static let blockByteCount = 512
    private static let stateByteCount = 128

    let socket: Socket
    private var machine: Worker
    private let behaviour: Behaviour
    private let settings: FitSettings
    private let observations: Observations
    /// Numbers of this session's messages that bring a result.
    private var results: Set<UInt64> = []
    /// The same of those that bring a block of a flow.
    private var blocks: Set<UInt64> = []
    private var flows: [SlotID: Flow] = [:]

    init(
        _ number: Int, slots: Int, behaviour: Behaviour, endpoint: String, security: SocketSecurity, context: Context,
        settings: FitSettings, observations: Observations
    ) throws {
        var options = SocketOptions()
        options.frameByteCountMax = Int64(Limits.frameByteCountMax)
        options.security = security
        socket = try Socket(.dealer, context: context, options: options)
        try socket.connect(endpoint)
        let identity = WorkerIdentity(
            instance: (0..<16).map { _ in UInt8.random(in: 0...255) }, name: "idle:\(number)", slots: slots,
            binary: Build.binaryDigest, kernels: Build.kernelFingerprint)
        machine = Worker(
            settings: WorkerSettings(), identity: identity, makeDigest: { DigestBuilder() }, at: Self.now())
        self.behaviour = behaviour
        self.settings = settings
        self.observations = observations
    }

    /// Seconds until it has to be called again though nothing comes.
    var patience: Double { max(0, (Double(machine.nextDeadline) - Double(Self.now())) / 1e9) }

    /// Takes what has come, answers it, and looks at the clock.
    func turn() throws {
        var taken = 0
        while taken < Self.messagesPerTurnMax, let frames = try socket.receive() {
            taken += 1
            let envelope = try MessageCodec.decode(CoordinatorMessage.self, frames: frames)
            if case .acknowledged(let outcomes) = envelope.message { note(outcomes) }
            try handle(.received(envelope))
        }
        try handle(.tick)
    }

    private static func now() -> Nanoseconds { Nanoseconds(Moment.now() * 1e9) }

    private func note(_ outcomes: [Outcome]) {
        let stored = outcomes.filter { $0.verdict == .accepted && results.remove($0.sequence) != nil }.count
        if stored > 0 { observations.note { $0.storedCount += stored } }
        guard case .pour(let byteCount) = behaviour else { return }
        let blockCount = outcomes.filter { $0.verdict == .accepted && blocks.remove($0.sequence) != nil }.count
        if blockCount > 0 { observations.note { $0.storedByteCount += blockCount * byteCount } }
    }

    private func handle(_ event: WorkerEvent) throws {
        var events = [event]
        while !events.isEmpty {
            for effect in machine.handle(events.removeFirst(), at: Self.now()) {
                events += try carryOut(effect)
            }
        }
    }

    private func carryOut(_ effect: WorkerEffect) throws -> [WorkerEvent] {
        switch effect {
        case .send(let envelope):
            if case .hello = envelope.message { (results, blocks) = ([], []) }
            if case .checkpoint = envelope.message { blocks.insert(envelope.sequence) }
            if case .result = envelope.message { results.insert(envelope.sequence) }
            _ = try socket.send(MessageCodec.encode(envelope))
        case .run(let slot, let grant, _, _, _):
            observations.note { $0.started.append((grant.attempt, Moment.now())) }
            switch behaviour {
            case .finish: return answers(to: grant).map { .slot(slot, $0) }
            case .hold: return []
            case .pour:
                let iteration = grant.start?.iteration ?? 0
                flows[slot] = Flow(
                    attempt: grant.attempt, iteration: iteration, chain: grant.start?.chain ?? grant.digest)
                return (0..<Self.blocksWaitingMax).compactMap { _ in nextBlock(of: slot) }
            }
        case .accepted(let slot):
            return [nextBlock(of: slot)].compactMap { $0 }
        case .lookUp(let digest):
            return [.lookedUp(digest, .none)]
        case .kill(let slot):
            flows[slot] = nil
            return [.slot(slot, .exited(text: "killed", failure: .signal))]
        case .exit:
            observations.note { $0.failure = "a worker has left" }
        case .log(.joined):
            observations.note { $0.joinedCount += 1 }
        case .log(.rejected(let reason)):
            observations.note { $0.failure = reason }
        // It has no spool.
        case .stop, .log, .spool, .unspool, .share:
            break
        }
        return []
    }

    private func answers(to grant: Grant) -> [SlotEvent] {
        guard let payload = TaskPayload(decoding: grant.payload, base: settings) else {
            return [.failed(text: "an unknown payload")]
        }
        let iterations = FitPlan(payload.settings).iterationCount(of: payload.task)
        let cost = AttemptCost(gradientEvaluations: 0, divergences: 0, cpuNanoseconds: 0, wallNanoseconds: 0)
        if let start = grant.start, start.iteration == iterations {
            return [.finished(digest: start.chain, cost: cost)]
        }
        let block = Self.blob(grant.digest.bytes, byteCount: Self.blockByteCount)
        return [
            .checkpoint(
                iteration: iterations, state: Self.blob(grant.digest.bytes, byteCount: Self.stateByteCount),
                block: block, chainBefore: grant.start?.chain ?? grant.digest, chainAfter: block.digest),
            .finished(digest: block.digest, cost: cost),
        ]
    }

    private func nextBlock(of slot: SlotID) -> WorkerEvent? {
        guard case .pour(let byteCount) = behaviour, var flow = flows[slot] else { return nil }
        flow.iteration += 1
        // No two blocks are the same.
        let seed = withUnsafeBytes(of: (flow.iteration, flow.attempt.task.job.number, flow.attempt.task.index)) {
            Digest(hashing: Array($0)).bytes
        }
        let block = Self.blob(seed, byteCount: byteCount)
        let before = flow.chain
        flow.chain = block.digest
        flows[slot] = flow
        return .slot(
            slot,
            .checkpoint(
                iteration: flow.iteration, state: Self.blob(seed, byteCount: Self.stateByteCount), block: block,
                chainBefore: before, chainAfter: flow.chain))
    }

    /// Bytes that no other task has.
    private static func blob(_ seed: [UInt8], byteCount: Int) -> Blob {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount + seed.count)
        while bytes.count < byteCount { bytes += seed }
        bytes.removeLast(bytes.count - byteCount)
        return Blob(digest: Digest(hashing: bytes), bytes: bytes)
    }
}
