import Wire

/// The open conversations, in the order in which they were opened.
struct SessionTable {
    private(set) var all: [Session] = []
    private var opened: UInt64 = 0

    /// Heartbeats without an attempt after which its grant is sent again.
    private static let missedListingsMax = 2

    subscript(number: UInt64) -> Session? { all.first { $0.number == number } }

    /// Returns the new session's number, unique over restarts: the coordinator's epoch is its high half.
    mutating func open(
        epoch: UInt64, connection: ConnectionID, instance: [UInt8], worker: String, slots: Int, received: UInt64,
        deadline: Nanoseconds
    ) -> UInt64 {
        opened += 1
        let number = epoch << 32 | opened
        all.append(
            Session(
                number: number, connection: connection, instance: instance, worker: worker, slots: slots,
                received: received, deadline: deadline))
        return number
    }

    mutating func remove(_ number: UInt64) {
        all.removeAll { $0.number == number }
    }

    mutating func noteReceived(_ number: UInt64, sequence: UInt64, deadline: Nanoseconds) {
        update(number) {
            $0.received = sequence
            $0.deadline = deadline
        }
    }

    mutating func setDraining(_ number: UInt64) {
        update(number) { $0.isDraining = true }
    }

    mutating func extendAll(to deadline: Nanoseconds) {
        for index in all.indices { all[index].deadline = max(all[index].deadline, deadline) }
    }

    mutating func add(_ attempt: AttemptID, to number: UInt64) {
        update(number) { $0.attempts.append(attempt) }
    }

    mutating func remove(_ attempt: AttemptID, from number: UInt64) {
        update(number) {
            $0.attempts.removeAll { $0 == attempt }
            $0.unconfirmed[attempt] = nil
        }
    }

    /// Attempts of the session that its worker has not listed for too long.
    mutating func unconfirmed(_ number: UInt64, listed: [AttemptID]) -> [AttemptID] {
        var missing: [AttemptID] = []
        update(number) { session in
            for attempt in session.attempts {
                if listed.contains(attempt) {
                    session.unconfirmed[attempt] = nil
                } else {
                    let count = session.unconfirmed[attempt, default: 0] + 1
                    session.unconfirmed[attempt] = count < Self.missedListingsMax ? count : 0
                    if count >= Self.missedListingsMax { missing.append(attempt) }
                }
            }
        }
        return missing
    }

    var hasFreeSlots: Bool { all.contains { $0.freeSlots > 0 } }

    /// The session with the most free slots, the oldest among equals; `worker` only when nobody else has any.
    func bestFree(avoiding worker: String?) -> Session? {
        let free = all.filter { $0.freeSlots > 0 }
        let preferred = free.filter { $0.worker != worker }
        var best: Session?
        for session in preferred.isEmpty ? free : preferred where session.freeSlots > (best?.freeSlots ?? 0) {
            best = session
        }
        return best
    }

    /// Sends to the session's connection, if the session is still open.
    mutating func send(_ message: CoordinatorMessage, to number: UInt64, through outbox: inout Outbox) {
        guard let (sequence, connection) = nextSequence(number) else { return }
        outbox.effect(.send(Envelope(message: message, session: number, sequence: sequence), to: connection))
    }

    mutating func sendChunk(
        _ digest: Digest, offset: Int, length: Int, to number: UInt64, through outbox: inout Outbox
    ) {
        guard let (sequence, connection) = nextSequence(number) else { return }
        outbox.effect(
            .sendChunk(
                digest, offset: offset, length: length, session: number, sequence: sequence, to: connection))
    }

    private mutating func nextSequence(_ number: UInt64) -> (UInt64, ConnectionID)? {
        var result: (UInt64, ConnectionID)?
        update(number) {
            $0.sent += 1
            result = ($0.sent, $0.connection)
        }
        return result
    }

    private mutating func update(_ number: UInt64, _ change: (inout Session) -> Void) {
        guard let index = all.firstIndex(where: { $0.number == number }) else { return }
        change(&all[index])
    }
}
