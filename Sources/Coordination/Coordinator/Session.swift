import Wire

/// An attempt that a worker holds, as its session knows it.
struct Holding {
    let attempt: AttemptID
    /// False until its grant is stored and `assign` has left.
    var isSent: Bool
    /// True once the worker has listed it.
    var isListed: Bool
    /// Heartbeats in a row that did not list it although it was sent.
    var missedListings = 0
    /// True once its worker was asked to give it back at its next checkpoint.
    var isYielding = false
}

/// What a worker process brings.
struct Offer: Hashable {
    var slots: Int
    /// Bytes of memory that a slot may use; 0 where it has not said.
    var memory: UInt64
    var tags: Set<String>
    /// When it leaves, in time before its host ends it; nil where it has not said.
    var walltimeEnd: Nanoseconds?

    init(slots: Int, _ resources: WorkerResources, at now: Nanoseconds) {
        self.slots = slots
        memory = UInt64(resources.slotMemory ?? 0)
        tags = Set(resources.tags)
        walltimeEnd = resources.walltime.map { now + $0 }
    }

    /// True when a task of these needs can run there.
    func meets(_ needs: TaskNeeds) -> Bool {
        (needs.memory == 0 || memory >= needs.memory) && needs.tags.allSatisfy(tags.contains)
    }
}

/// A conversation with one worker process.
struct Session {
    let number: UInt64
    let connection: ConnectionID
    let instance: [UInt8]
    let worker: String
    let offer: Offer
    var isDraining = false
    /// Grants that it will hold in all.
    var capacity: Int
    /// Slots that it is given in all for now: fewer than it has while its tasks end badly.
    var slotsMax: Int
    /// A message was lost: the worker is told to say `hello` again. Until it does, or its lease ends, it keeps what it
    /// holds, since it is probably alive.
    var isClosed = false
    /// The last sequence number received; the next is one more.
    var received: UInt64
    /// The last sequence number sent.
    var sent: UInt64 = 0
    /// When the worker's leases end unless it speaks.
    var deadline: Nanoseconds
    /// What it holds, in the order of the grants.
    var holdings: [Holding] = []

    var attempts: [AttemptID] { holdings.map(\.attempt) }

    /// It will be given something again.
    var isOpen: Bool { !isDraining && !isClosed }

    /// Its host ends it before it could do anything more, as it says itself.
    var takesNothingMore: Bool { offer.walltimeEnd != nil && capacity == 0 }

    /// A slot would be free if one of its attempts gave way.
    var wouldHaveRoom: Bool { isOpen && min(slotsMax, capacity) >= holdings.count }

    var freeSlots: Int { isOpen ? max(0, min(slotsMax, capacity) - holdings.count) : 0 }
}
