/// Every bound of the protocol, once, with its unit and reason.
package enum Limits {
    /// Longest frame on the wire: the library drops a longer one with its connection. Blobs of a checkpoint travel in
    /// frames of their own; a block of draws is cut before it reaches half of this.
    package static let frameByteCountMax = 1 << 20
    /// Bytes of one `chunk`: small enough that heartbeats are not held up behind it.
    package static let chunkByteCountMax = 256 << 10
    /// Body of a message: 2,048 attempts of some 60 bytes, with room.
    package static let bodyByteCountMax = 256 << 10
    /// Blobs in one message: a state and a block.
    package static let blobsMax = 4
    package static let slotsMax = 1024
    /// Attempts in one `hello` or `heartbeat`.
    package static let attemptsMax = 2048
    /// Grants in one `assign`.
    package static let grantsMax = 64
    /// Outcomes in one `acknowledged`.
    package static let outcomesMax = 1024
    package static let payloadByteCountMax = 64 << 10
    /// Inputs of one task.
    package static let inputsMax = 16
    package static let nameByteCountMax = 128
    package static let textByteCountMax = 8 << 10
    /// A blob that is fetched: a bundle of model and data.
    package static let blobByteCountMax = 1 << 30
    /// Tasks of one job.
    package static let tasksMax = 100_000
}
