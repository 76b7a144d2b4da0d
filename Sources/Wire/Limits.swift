/// Every bound of the protocol, once, with its unit and reason.
package enum Limits {
    /// Longest frame on the wire: the library drops a longer one with its connection. Blobs of a checkpoint travel in
    /// frames of their own, longer ones in parts before it.
    package static let frameByteCountMax = 1 << 20
    /// Bytes of one `chunk` or `part`: small enough that heartbeats are not held up behind it.
    package static let chunkByteCountMax = 256 << 10
    /// Bytes of the least `chunk` or `part`: a wire that takes seconds for it is none.
    package static let chunkByteCountMin = 8 << 10
    /// A longer blob of a checkpoint travels in parts before its message: two of them are a tenth of a
    /// second of a wire of 10 Mbit/s.
    package static let inlineByteCountMax = 64 << 10
    /// Body of a message: 2,048 attempts of some 60 bytes, with room.
    package static let bodyByteCountMax = 256 << 10
    /// Blobs in one message: a state and a block.
    package static let blobsMax = 4
    /// Slots of one worker: more than the processors of any host.
    package static let slotsMax = 1024
    /// Attempts in one `hello` or `heartbeat`.
    package static let attemptsMax = 2048
    /// Grants in one `assign`.
    package static let grantsMax = 64
    /// Outcomes in one `acknowledged`.
    package static let outcomesMax = 1024
    /// Payload of one task: settings, not data; with room it fits into a body.
    package static let payloadByteCountMax = 64 << 10
    /// Inputs of one task.
    package static let inputsMax = 1024
    /// A host's name, a build.
    package static let nameByteCountMax = 128
    /// A reason or an error, for people.
    package static let textByteCountMax = 8 << 10
    /// A blob, in however many parts it travels: far more than any memory holds, so that sums of sizes never overflow.
    package static let blobByteCountMax = 1 << 44
    /// Nanoseconds of an interval that a peer announces: 30 days, so that sums with a clock never overflow.
    package static let durationMax: UInt64 = 30 * 86_400 * 1_000_000_000
    /// Bytes that a slot may hold, as a worker announces it: more than any host has, so that sums never overflow.
    package static let slotMemoryMax = 1 << 50
    /// Tags of one worker; each is as long as a name at most.
    package static let tagsMax = 32
    /// Tasks of one job.
    package static let tasksMax = 100_000
}
