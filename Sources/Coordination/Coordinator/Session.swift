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
}

/// A conversation with one worker process.
struct Session {
    let number: UInt64
    let connection: ConnectionID
    let instance: [UInt8]
    let worker: String
    let slots: Int
    /// What its host lets a task of it have; its walltime is that at the `hello`.
    let resources: WorkerResources
    /// When the host ends the worker; nil: it does not.
    let walltimeDeadline: Nanoseconds?
    /// Grants that it will hold in all.
    var capacity: Int
    var isDraining = false
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

    var freeSlots: Int { isDraining || isClosed ? 0 : max(0, capacity - holdings.count) }
}
