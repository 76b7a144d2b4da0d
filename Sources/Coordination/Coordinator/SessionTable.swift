import Wire

/// The conversations with workers. Nothing is walked through at a message: sessions are found by number, connection,
/// process and attempt, and those with free slots by how many they have.
struct SessionTable {
    private var sessions: [UInt64: Session] = [:]
    private var byConnection: [ConnectionID: UInt64] = [:]
    private var byInstance: [[UInt8]: UInt64] = [:]
    private var holders: [AttemptID: UInt64] = [:]
    private var leases = DeadlineHeap<UInt64>()
    private var free = FreeSlots()
    /// By how many grants they would let wait behind each slot.
    private var prefetching = FreeSlots()
    /// Attempts that have a slot since this was last asked.
    private var begun: [AttemptID] = []
    private var opened: UInt64 = 0
    /// A slot is free that was not when this was last asked.
    private var hasNewlyFree = false
    /// Attempts that have lost their holder.
    private var released: [AttemptID] = []

    /// Heartbeats without an attempt after which its grant is sent again: one may have crossed the grant.
    private static let missedListingsMax = 2

    subscript(number: UInt64) -> Session? { sessions[number] }

    /// In the order in which they were opened.
    var all: [Session] { sessions.keys.sorted().compactMap { sessions[$0] } }

    var isEmpty: Bool { sessions.isEmpty }

    func contains(where fits: (Session) -> Bool) -> Bool { sessions.values.contains(where: fits) }

    var count: Int { sessions.count }

    /// No later than the first lease ends.
    var nextDeadline: Nanoseconds? { leases.first }

    /// Slots of all that would be given something.
    private(set) var slotCount = 0

    /// Returns the new session's number, unique and growing over restarts: the coordinator's epoch is its high half.
    mutating func open(
        epoch: UInt64, connection: ConnectionID, instance: [UInt8], worker: String, offer: Offer, received: UInt64,
        deadline: Nanoseconds
    ) -> UInt64 {
        opened += 1
        let number = epoch << 32 | opened
        let session = Session(
            number: number, connection: connection, instance: instance, worker: worker, offer: offer,
            capacity: offer.slots, slotsMax: offer.slots, received: received, deadline: deadline)
        sessions[number] = session
        byConnection[connection] = number
        byInstance[instance] = number
        leases.add(number, due: deadline)
        free.note(number, from: 0, to: session.freeSlots)
        prefetching.note(number, from: 0, to: session.prefetchRoom)
        hasNewlyFree = true
        slotCount += offer.slots
        return number
    }

    /// The sessions, one at most of each, of the process and of the connection, in the order in which they were opened.
    func earlier(of instance: [UInt8], on connection: ConnectionID) -> [Session] {
        Set([byInstance[instance], byConnection[connection]].compactMap { $0 }).sorted().compactMap { sessions[$0] }
    }

    mutating func remove(_ number: UInt64) {
        guard let session = sessions.removeValue(forKey: number) else { return }
        free.note(number, from: session.freeSlots, to: 0)
        prefetching.note(number, from: session.prefetchRoom, to: 0)
        if session.isOpen { slotCount -= session.offer.slots }
        if byConnection[session.connection] == number { byConnection[session.connection] = nil }
        if byInstance[session.instance] == number { byInstance[session.instance] = nil }
        for holding in session.holdings { release(holding.attempt, from: number) }
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

    mutating func setCapacity(_ grants: Int, of number: UInt64) {
        update(number) { $0.capacity = grants }
    }

    mutating func limit(_ number: UInt64, to slots: Int) {
        update(number) { $0.slotsMax = slots }
    }

    mutating func extendAll(to deadline: Nanoseconds) {
        for number in sessions.keys { sessions[number]!.deadline = max(sessions[number]!.deadline, deadline) }
    }

    /// A session whose lease has ended; nil when there is none.
    mutating func nextExpired(at now: Nanoseconds) -> Session? {
        while let number = leases.takeDue(at: now) {
            guard let session = sessions[number] else { continue }
            if session.deadline <= now { return session }
            leases.add(number, due: session.deadline)
        }
        return nil
    }

    /// What comes to a worker whose slots are all in use waits there.
    mutating func add(_ holding: Holding, to number: UInt64) {
        holders[holding.attempt] = number
        var holding = holding
        holding.isPrefetched = sessions[number]?.isFull ?? false
        if !holding.isPrefetched { begun.append(holding.attempt) }
        update(number) {
            $0.holdings.append(holding)
            if holding.isPrefetched { $0.prefetchedCount += 1 }
        }
    }

    mutating func remove(_ attempt: AttemptID, from number: UInt64) {
        guard let index = sessions[number]?.holdings.firstIndex(where: { $0.attempt == attempt }) else { return }
        var next: AttemptID?
        update(number) {
            if $0.holdings.remove(at: index).isPrefetched { $0.prefetchedCount -= 1 }
            // The worker begins what has waited longest.
            guard !$0.isFull, $0.prefetchedCount > 0, let first = $0.holdings.firstIndex(where: \.isPrefetched) else {
                return
            }
            $0.holdings[first].isPrefetched = false
            $0.prefetchedCount -= 1
            next = $0.holdings[first].attempt
        }
        if let next { begun.append(next) }
        release(attempt, from: number)
    }

    /// Attempts that have come to a slot since the last call, and are held still.
    mutating func takeBegun() -> [AttemptID] {
        defer { begun = [] }
        return begun.filter { holders[$0] != nil }
    }

    private mutating func release(_ attempt: AttemptID, from number: UInt64) {
        guard holders[attempt] == number else { return }
        holders[attempt] = nil
        released.append(attempt)
    }

    /// Attempts that have lost their holder since the last call and have found no other, in order.
    mutating func takeReleased() -> [AttemptID] {
        guard !released.isEmpty else { return [] }
        defer { released = [] }
        return Set(released).filter { holders[$0] == nil }.sorted()
    }

    /// The session whose worker holds the attempt.
    func holder(of attempt: AttemptID) -> Session? { holders[attempt].flatMap { sessions[$0] } }

    func holds(_ attempt: AttemptID, _ number: UInt64) -> Bool { holders[attempt] == number }

    func holding(_ attempt: AttemptID) -> Holding? { holder(of: attempt)?.holdings.first { $0.attempt == attempt } }

    mutating func noteSent(_ attempt: AttemptID, by number: UInt64) {
        updateHolding(attempt, of: number) { $0.isSent = true }
    }

    mutating func noteYielding(_ attempt: AttemptID, of number: UInt64) {
        updateHolding(attempt, of: number) { $0.isYielding = true }
    }

    /// Takes a list of what the worker has; returns what it should have and has not listed for too long.
    mutating func noteListing(_ listed: Set<AttemptID>, of number: UInt64) -> [AttemptID] {
        var missing: [AttemptID] = []
        guard let count = sessions[number]?.holdings.count else { return [] }
        for index in 0..<count where sessions[number]!.holdings[index].isSent {
            let attempt = sessions[number]!.holdings[index].attempt
            if listed.contains(attempt) {
                sessions[number]!.holdings[index].isListed = true
                sessions[number]!.holdings[index].missedListings = 0
            } else {
                sessions[number]!.holdings[index].missedListings += 1
                guard sessions[number]!.holdings[index].missedListings >= Self.missedListingsMax else { continue }
                sessions[number]!.holdings[index].missedListings = 0
                missing.append(attempt)
            }
        }
        return missing
    }

    /// True when a slot is free that was not at the last call.
    mutating func takeNewlyFree() -> Bool {
        defer { hasNewlyFree = false }
        return hasNewlyFree
    }

    var hasFreeSlots: Bool { !free.isEmpty }

    /// The session with the most free slots that fits, the oldest among equals.
    func bestFree(where fits: (Session) -> Bool) -> Session? {
        free.first { number in sessions[number].map(fits) ?? false }.flatMap { sessions[$0] }
    }

    /// The session with the fewest grants that wait behind each slot, and fewer than `depth`, that fits.
    func bestForPrefetch(depth: Int, where fits: (Session) -> Bool) -> Session? {
        prefetching.first(above: Prefetch.depthMax - depth) { number in sessions[number].map(fits) ?? false }
            .flatMap { sessions[$0] }
    }

    /// What waits for a slot at the worker.
    func prefetched(of number: UInt64) -> [AttemptID] {
        (sessions[number]?.holdings ?? []).filter(\.isPrefetched).map(\.attempt)
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
        guard let session = sessions[number], !session.isClosed else { return nil }
        sessions[number]!.sent += 1
        return (session.sent + 1, session.connection)
    }

    private mutating func updateHolding(
        _ attempt: AttemptID, of number: UInt64, _ change: (inout Holding) -> Void
    ) {
        guard let index = sessions[number]?.holdings.firstIndex(where: { $0.attempt == attempt }) else { return }
        change(&sessions[number]!.holdings[index])
    }

    private mutating func update(_ number: UInt64, _ change: (inout Session) -> Void) {
        guard let wasOpen = sessions[number]?.isOpen, let wasFree = sessions[number]?.freeSlots,
            let hadRoom = sessions[number]?.prefetchRoom
        else { return }
        change(&sessions[number]!)
        let session = sessions[number]!
        free.note(number, from: wasFree, to: session.freeSlots)
        prefetching.note(number, from: hadRoom, to: session.prefetchRoom)
        if session.prefetchRoom > hadRoom { hasNewlyFree = true }
        if session.freeSlots > wasFree { hasNewlyFree = true }
        if wasOpen != session.isOpen { slotCount += session.isOpen ? session.offer.slots : -session.offer.slots }
    }
}

/// Sessions by how many free slots they have, or by how much other room.
private struct FreeSlots {
    /// At each count the sessions with so many, in the order in which they were opened.
    private var byCount: [[UInt64]] = []

    var isEmpty: Bool { byCount.isEmpty }

    mutating func note(_ number: UInt64, from old: Int, to new: Int) {
        guard old != new else { return }
        if old > 0 {
            let place = place(of: number, at: old)
            byCount[old].remove(at: place)
            while byCount.last?.isEmpty == true { byCount.removeLast() }
        }
        if new > 0 {
            while byCount.count <= new { byCount.append([]) }
            byCount[new].insert(number, at: place(of: number, at: new))
        }
    }

    /// Of those with more than `least`.
    func first(above least: Int = 0, where fits: (UInt64) -> Bool) -> UInt64? {
        for numbers in byCount.dropFirst(least + 1).reversed() {
            if let number = numbers.first(where: fits) { return number }
        }
        return nil
    }

    private func place(of number: UInt64, at count: Int) -> Int {
        var (low, high) = (0, byCount[count].count)
        while low < high {
            let middle = (low + high) / 2
            if byCount[count][middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
