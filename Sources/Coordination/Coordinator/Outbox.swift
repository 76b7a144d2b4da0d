import Wire

/// Effects in the order in which they are to be carried out, and what waits for an entry to be durable.
struct Outbox {
    /// Something that others can see, to be done once an entry is stored.
    enum Action {
        /// The entry takes effect only now.
        case apply(LedgerEntry)
        case sendGrant(Grant, session: UInt64)
        case acknowledge(UInt64, Outcome)
        case assemble(JobID)
        case reply(UInt64, Reply)
        case log(LogFact)
    }

    private var effects: [CoordinatorEffect] = []
    private var waiting: [(ticket: Ticket, actions: [Action])] = []
    /// What waits for nothing.
    private var immediate: [Action] = []
    private var issued: UInt64 = 0

    /// The newest entry that is not known to be stored, or nil.
    var lastTicket: Ticket? { waiting.last?.ticket }

    mutating func effect(_ effect: CoordinatorEffect) {
        effects.append(effect)
    }

    mutating func log(_ fact: LogFact) {
        effects.append(.log(fact))
    }

    mutating func store(_ entry: LedgerEntry, blobs: [Blob] = [], then actions: [Action]) {
        issued += 1
        let ticket = Ticket(issued)
        effects.append(.store(entry, blobs: blobs, ticket))
        waiting.append((ticket, actions))
    }

    /// Does `actions` when everything up to `ticket` is stored; at once when nothing is waiting.
    mutating func perform(_ actions: [Action], after ticket: Ticket?) {
        guard let index = waiting.lastIndex(where: { $0.ticket == ticket }) else {
            immediate += actions
            return
        }
        waiting[index].actions += actions
    }

    /// The ledger commits in order, so a ticket speaks for all before it.
    mutating func actions(storedUpTo ticket: Ticket) -> [Action] {
        let count = waiting.prefix { $0.ticket <= ticket }.count
        let actions = waiting.prefix(count).flatMap(\.actions)
        waiting.removeFirst(count)
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
