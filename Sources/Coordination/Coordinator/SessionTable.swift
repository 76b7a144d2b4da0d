import Wire

/// The conversations with workers, in the order in which they were opened.
struct SessionTable {
    private(set) var all: [Session] = []
    private var opened: UInt64 = 0

    /// Heartbeats without an attempt after which its grant is sent again: one may have crossed the grant.
    private static let missedListingsMax = 2

    subscript(number: UInt64) -> Session? { all.first { $0.number == number } }

    /// Returns the new session's number, unique and growing over restarts: the coordinator's epoch is its high half.
    mutating func open(
        epoch: UInt64, connection: ConnectionID, instance: [UInt8], worker: String, slots: Int,
        resources: WorkerResources, walltimeDeadline: Nanoseconds?, received: UInt64, deadline: Nanoseconds
    ) -> UInt64 {
        opened += 1
        let number = epoch << 32 | opened
        all.append(
            Session(
                number: number, connection: connection, instance: instance, worker: worker, slots: slots,
                resources: resources, walltimeDeadline: walltimeDeadline, capacity: slots, received: received,
                deadline: deadline))
        return number
    }

    mutating func remove(_ number: UInt64) {
        all.removeAll { $0.number == number }
    }

    mutating func close(_ number: UInt64) {
        update(number) { $0.isClosed = true }
    }

    mutating func noteReceived(_ number: UInt64, sequence: UInt64, deadline: Nanoseconds) {
        update(number) {
            $0.received = sequence
            $0.deadline = max($0.deadline, deadline)
        }
    }

    mutating func setDraining(_ number: UInt64) {
        update(number) { $0.isDraining = true }
    }

    mutating func setCapacity(_ number: UInt64, _ grants: Int) {
        update(number) { $0.capacity = min(grants, $0.slots) }
    }

    mutating func extendAll(to deadline: Nanoseconds) {
        for index in all.indices { all[index].deadline = max(all[index].deadline, deadline) }
    }

    mutating func add(_ holding: Holding, to number: UInt64) {
        update(number) { $0.holdings.append(holding) }
    }

    mutating func remove(_ attempt: AttemptID, from number: UInt64) {
        update(number) { $0.holdings.removeAll { $0.attempt == attempt } }
    }

    /// The session whose worker holds the attempt.
    func holder(of attempt: AttemptID) -> Session? {
        all.first { $0.holdings.contains { $0.attempt == attempt } }
    }

    mutating func noteSent(_ attempt: AttemptID, by number: UInt64) {
        update(number) { session in
            for index in session.holdings.indices where session.holdings[index].attempt == attempt {
                session.holdings[index].isSent = true
            }
        }
    }

    /// Takes a list of what the worker has; returns what it should have and has not listed for too long.
    mutating func noteListing(_ listed: [AttemptID], of number: UInt64) -> [AttemptID] {
        var missing: [AttemptID] = []
        update(number) { session in
            for index in session.holdings.indices where session.holdings[index].isSent {
                if listed.contains(session.holdings[index].attempt) {
                    session.holdings[index].isListed = true
                    session.holdings[index].missedListings = 0
                } else {
                    session.holdings[index].missedListings += 1
                    guard session.holdings[index].missedListings >= Self.missedListingsMax else { continue }
                    session.holdings[index].missedListings = 0
                    missing.append(session.holdings[index].attempt)
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
            guard !$0.isClosed else { return }
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
