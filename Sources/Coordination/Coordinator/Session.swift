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
    /// True while it waits at the worker for a slot.
    var isPrefetched = false
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
    /// Those of them that wait for a slot.
    var prefetchedCount = 0

    var attempts: [AttemptID] { holdings.map(\.attempt) }

    /// It will be given something again.
    var isOpen: Bool { !isDraining && !isClosed }

    /// Its host ends it before it could do anything more, as it says itself.
    var takesNothingMore: Bool { offer.walltimeEnd != nil && capacity == 0 }

    private var begunCount: Int { holdings.count - prefetchedCount }

    private var usableSlots: Int { min(slotsMax, capacity, offer.slots) }

    /// A slot would be free if one of its attempts gave way.
    var wouldHaveRoom: Bool { isOpen && usableSlots >= begunCount }

    var freeSlots: Int { isOpen ? max(0, usableSlots - begunCount) : 0 }

    /// All its slots are in use: what else it is given waits.
    var isFull: Bool { begunCount >= offer.slots }

    /// Grants that it would let wait behind each slot; 0 while it is given less than its slots.
    var prefetchRoom: Int {
        guard isOpen, slotsMax >= offer.slots, holdings.count < capacity else { return 0 }
        return max(0, Prefetch.depthMax - prefetchedCount / offer.slots)
    }
}
