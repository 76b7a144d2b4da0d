/// Where an attempt goes on.
package struct StartingPoint: Sendable, Hashable, Codable {
    package var state: Digest
    package var iteration: Int
    /// Chain digest of the draws before it.
    package var chain: Digest

    package init(state: Digest, iteration: Int, chain: Digest) {
        self.state = state
        self.iteration = iteration
        self.chain = chain
    }
}

/// The right to run a task until its lease ends.
package struct Grant: Sendable, Hashable {
    package var attempt: AttemptID
    /// Names the task's result before it is known.
    package var digest: Digest
    package var payload: [UInt8]
    /// Blobs that the task reads.
    package var inputs: [Digest]
    /// Nil: from the beginning.
    package var start: StartingPoint?

    package init(attempt: AttemptID, digest: Digest, payload: [UInt8], inputs: [Digest], start: StartingPoint?) {
        self.attempt = attempt
        self.digest = digest
        self.payload = payload
        self.inputs = inputs
        self.start = start
    }
}

/// What became of a message that asked to be stored.
package enum Verdict: UInt32, Sendable, Hashable {
    /// Its content is on disk.
    case accepted = 1
    /// It was on disk before.
    case duplicate = 2
    /// It is of an attempt that is no longer current, or does not continue what is stored.
    case refused = 3
}

/// The verdict on the message with this sequence number.
package struct Outcome: Sendable, Hashable {
    package var sequence: UInt64
    package var verdict: Verdict

    package init(sequence: UInt64, verdict: Verdict) {
        self.sequence = sequence
        self.verdict = verdict
    }
}

/// Coordinator → worker. Durations are nanoseconds.
package enum CoordinatorMessage: Sendable, Hashable {
    /// `ledger` names what the coordinator keeps: epochs are counted in one ledger.
    case welcome(
        session: UInt64, ledger: UInt64, coordinatorEpoch: UInt64, heartbeatInterval: UInt64, leaseDuration: UInt64,
        checkpointInterval: UInt64, build: String)
    case reject(reason: String, retryAfter: UInt64)
    case assign([Grant])
    /// Answers a heartbeat: these attempts are renewed, one that is missing is not.
    case lease(heartbeat: UInt64, attempts: [AttemptID])
    case acknowledged([Outcome])
    /// Another is to have the slot: give the attempt back at its next iteration, after a last checkpoint.
    case yield(AttemptID)
    /// The attempt is no longer wanted: drop it and what it has made.
    case forget(AttemptID)
    case drain
    /// The session is unknown: say `hello` again.
    case who
    /// Bytes of a blob, as the blob frame of the message.
    case chunk(digest: Digest, offset: Int, total: Int)
    case missing(digest: Digest)
    /// So many bytes of a blob that comes in parts are kept; at its end the blob is on disk.
    case have(digest: Digest, offset: Int)
}
