import Wire

/// A peer of the socket: the identity that its connection was given, and the key that it has shown. A session belongs
/// to both: who takes over another's identity does not take over what it holds.
package struct ConnectionID: Hashable, Sendable {
    package let bytes: [UInt8]
    /// Nil where connections show none.
    package let key: String?

    package init(_ bytes: [UInt8], key: String? = nil) {
        self.bytes = bytes
        self.key = key
    }
}

/// What happens to a coordinator.
package enum CoordinatorEvent: Sendable {
    /// The bundle's bytes are stored. What was submitted before is that job, unless it has failed or was cancelled, or
    /// `again` asks for another. `request` names the answer.
    case submitted(JobSpecification, again: Bool, request: UInt64)
    /// The blobs of the message, in its order, with their digests computed from their bytes; none of a `part`.
    case received(Envelope<WorkerMessage>, blobs: [Blob], from: ConnectionID)
    /// Bytes that are no message.
    case malformed(DecodeError, from: ConnectionID)
    case stored(Ticket)
    /// The parts of a blob are whole, and are not what their digest says: nothing of it was kept. Comes before the
    /// `stored` of its last part.
    case damagedUpload(AttemptID, Digest)
    /// Time has passed and the socket was found empty: only now are leases judged.
    case tick
    case changeRequested(JobID, JobChange, request: UInt64)
    /// The wall clock, in seconds since 1970, told every second or so: deadlines of jobs are judged by it alone.
    case wallTime(Double)
    /// The blobs of this checkpoint are not what a worker in good order sends: nothing of them is kept.
    case refused(Envelope<WorkerMessage>, reason: String, from: ConnectionID)
    /// The process of this worker is known to be gone: no need to wait for its lease.
    case workerEnded(String)
    /// The holder of this key may no longer work. Nothing that its connections bring is received any more.
    case keyRevoked(String)
    /// The results are on disk, or cannot be made.
    case assembled(JobID, succeeded: Bool, text: String)
    /// A worker has asked for this blob, and it is not there.
    case missing(Digest)
    /// The draws that the job's chains have up to this iteration are enough, or are not.
    case judged(JobID, iteration: Int, isEnough: Bool)
    /// They cannot be judged, and the job with them.
    case notJudged(JobID, text: String)
    /// The results cannot be put together, or the draws judged: stored draws of these tasks are missing or damaged.
    case drawsLost([TaskID])
}

/// What a coordinator wants done.
package enum CoordinatorEffect: Sendable {
    case send(Envelope<CoordinatorMessage>, to: ConnectionID)
    /// Send this part of a blob, or `missing` when there is none.
    case sendChunk(Digest, offset: Int, length: Int, session: UInt64, sequence: UInt64, to: ConnectionID)
    /// Make durable: blobs first, then the entry; answer with `stored`.
    case store(LedgerEntry, blobs: [Blob], Ticket)
    /// Keep this part of a blob that the attempt sends, and the whole blob durably when it is the last; answer with
    /// `stored`.
    case keep(BlobPart, Ticket)
    /// Drop what is kept of the blob that the attempt was sending.
    case discardParts(AttemptID)
    /// Nothing decided so far needs this blob any more.
    case release(Digest)
    case assemble(JobID)
    /// Find out whether the draws of the job's chains up to this iteration are enough; answer with `judged`.
    case judge(JobID, iteration: Int)
    /// Answers a request, once what it asked for is durable.
    case reply(request: UInt64, Reply)
    case log(LogFact)
}

/// Bytes of a blob that comes in parts, in order, under the attempt that sends it: one blob an attempt at a time.
package struct BlobPart: Sendable, Hashable {
    package var attempt: AttemptID
    package var digest: Digest
    package var offset: Int
    package var total: Int
    package var bytes: [UInt8]

    package init(attempt: AttemptID, digest: Digest, offset: Int, total: Int, bytes: [UInt8]) {
        self.attempt = attempt
        self.digest = digest
        self.offset = offset
        self.total = total
        self.bytes = bytes
    }

    /// How much of the blob there is with this part.
    package var end: Int { offset + bytes.count }

    package var isLast: Bool { end == total }
}

/// What a request led to.
package enum Reply: Sendable, Hashable {
    case job(JobID, existed: Bool)
    /// A submission that is beyond a limit, and of which.
    case refused(String)
    case changed
    /// Why the job waits.
    case reason(WaitReason)
    case unknownJob
    /// The job is over and stays as it is.
    case tooLate(JobState)
}

/// Facts that the shell words and logs.
package enum LogFact: Sendable, Hashable {
    case workerJoined(String, slots: Int)
    case workerLost(String)
    case workerLeft(String)
    case granted(AttemptID, label: String, worker: String, fromIteration: Int)
    case attemptEnded(AttemptID, label: String, reason: String)
    case jobEnded(JobID, JobState, String)
    /// The task's job is held.
    case taskQuarantined(TaskID, label: String, text: String)
    /// Logged once for each kind of error.
    case malformed(DecodeError)
    case protocolViolation(String)
    /// Two results of one task differ: a machine computes other bits.
    case determinismViolation(TaskID)
    case drawsLost(TaskID, label: String)
    /// The draws of the job's chains were enough at this iteration.
    case settled(JobID, iteration: Int)
    case clockGap(seconds: Double)
    /// The job was paused, resumed or moved to another class.
    case jobChanged(JobID, LedgerEntry)
    /// Tasks end badly on this worker: it gets none for so long.
    case workerSuspended(String, seconds: Double)
    /// Tasks wait, and for two minutes there has been no worker to run them.
    case noWorker(JobID, WaitReason)
}
