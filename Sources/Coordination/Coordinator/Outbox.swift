import Wire

/// Effects in the order in which they are to be carried out, and what waits for an entry to be durable.
struct Outbox {
    /// Something that others can see, to be done once what it rests on is stored.
    enum Action {
        /// `assign` to whoever holds the attempt by then.
        case sendGrant(AttemptID)
        /// Whoever holds the attempt by then is to give it back.
        case yield(AttemptID)
        case acknowledge(UInt64, Outcome)
        case forget(AttemptID, session: UInt64)
        /// The end of the job may be seen.
        case reveal(JobID)
        case assemble(JobID)
        case judge(JobID, iteration: Int)
        case reply(UInt64, Reply)
        /// So much of the attempt's blob is kept.
        case partKept(AttemptID, Digest, end: Int)
        case log(LogFact)
    }

    private var effects: [CoordinatorEffect] = []
    private var waiting: [(ticket: Ticket, actions: [Action])] = []
    /// How many of `waiting` are done, and stay there until they are the larger part.
    private var doneCount = 0
    /// What waits for nothing.
    private var immediate: [Action] = []
    private var issued: UInt64 = 0

    mutating func effect(_ effect: CoordinatorEffect) {
        effects.append(effect)
    }

    mutating func log(_ fact: LogFact) {
        effects.append(.log(fact))
    }

    mutating func store(_ entry: LedgerEntry, blobs: [Blob] = [], then actions: [Action]) {
        effects.append(.store(entry, blobs: blobs, promise(actions)))
    }

    mutating func keep(_ part: BlobPart) {
        effects.append(.keep(part, promise([.partKept(part.attempt, part.digest, end: part.end)])))
    }

    private mutating func promise(_ actions: [Action]) -> Ticket {
        issued += 1
        let ticket = Ticket(issued)
        waiting.append((ticket, actions))
        return ticket
    }

    /// Does `action` once everything decided so far is stored; at once when nothing is waiting.
    mutating func afterStored(_ action: Action) {
        if waiting.count == doneCount {
            immediate.append(action)
        } else {
            waiting[waiting.count - 1].actions.append(action)
        }
    }

    /// The ledger commits in order, so a ticket speaks for all before it.
    mutating func actions(storedUpTo ticket: Ticket) -> [Action] {
        var actions: [Action] = []
        while doneCount < waiting.count, waiting[doneCount].ticket <= ticket {
            actions += waiting[doneCount].actions
            waiting[doneCount].actions = []
            doneCount += 1
        }
        if 2 * doneCount >= waiting.count {
            waiting.removeFirst(doneCount)
            doneCount = 0
        }
        return actions
    }

    mutating func takeImmediate() -> [Action] {
        defer { immediate = [] }
        return immediate
    }

    mutating func takeEffects() -> [CoordinatorEffect] {
        defer { effects = [] }
        return effects
    }
}
