import Wire

/// A conversation with one worker process.
struct Session {
    let number: UInt64
    let connection: ConnectionID
    let instance: [UInt8]
    let worker: String
    let slots: Int
    var isDraining = false
    /// The last sequence number received; the next is one more.
    var received: UInt64
    /// The last sequence number sent.
    var sent: UInt64 = 0
    /// When the worker's leases end unless it speaks.
    var deadline: Nanoseconds
    /// Attempts granted to it and not over, in the order of their grants.
    var attempts: [AttemptID] = []
    /// Heartbeats in a row that did not list an attempt whose grant was sent.
    var unconfirmed: [AttemptID: Int] = [:]

    var freeSlots: Int { isDraining ? 0 : max(0, slots - attempts.count) }
}
