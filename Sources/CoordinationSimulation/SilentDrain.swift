import Coordination
import Wire

/// The planted bug of a worker that leaves without heartbeats: they are taken out of its conversation, and the numbers
/// of what remains are closed up, so that nothing but the silence is wrong.
struct SilentDrain {
    /// Every session counts by itself.
    private var session: UInt64 = 0
    private var withheld: UInt64 = 0
    /// Numbers on the wire to those that the machine gave.
    private var originals: [UInt64: UInt64] = [:]

    /// Nil: the message is not sent.
    mutating func outgoing(_ envelope: Envelope<WorkerMessage>, isDraining: Bool) -> Envelope<WorkerMessage>? {
        if envelope.session != session {
            self = SilentDrain()
            session = envelope.session
        }
        switch envelope.message {
        case .hello:
            return isDraining ? nil : envelope
        case .heartbeat where isDraining:
            withheld += 1
            return nil
        default:
            var envelope = envelope
            let original = envelope.sequence
            envelope.sequence -= withheld
            originals[envelope.sequence] = original
            return envelope
        }
    }

    func incoming(_ envelope: Envelope<CoordinatorMessage>) -> Envelope<CoordinatorMessage> {
        guard case .acknowledged(let outcomes) = envelope.message else { return envelope }
        var envelope = envelope
        envelope.message = .acknowledged(
            outcomes.map { Outcome(sequence: originals[$0.sequence] ?? $0.sequence, verdict: $0.verdict) })
        return envelope
    }
}
