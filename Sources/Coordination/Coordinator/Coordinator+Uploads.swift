import Wire

// States and blocks that do not fit into a frame: they come in parts, are kept as they come, and a checkpoint names them
// when they are whole and on disk. Whatever is not named in the end leaves nothing behind.
extension Coordinator {
    mutating func part(_ part: BlobPart, of session: Session) {
        guard queue.isCurrent(part.attempt), sessions.holds(part.attempt, session.number) else {
            forget(part.attempt, of: session.number)
            return
        }
        switch uploads.take(part) {
        case .keep:
            outbox.keep(part)
        case .have(let offset):
            sessions.send(.have(digest: part.digest, offset: offset), to: session.number, through: &outbox)
        case .none:
            break
        case .invalid:
            refuse(part.attempt, of: session, "a part beyond its blob")
        }
    }

    /// The part is kept: its sender may go on, or the blob is whole.
    mutating func partKept(_ attempt: AttemptID, _ digest: Digest, end: Int) {
        guard uploads.noteKept(attempt, digest, end: end), let session = sessions.holder(of: attempt) else { return }
        sessions.send(.have(digest: digest, offset: end), to: session.number, through: &outbox)
    }

    mutating func damagedUpload(_ attempt: AttemptID, _ digest: Digest) {
        guard uploads.isArriving(from: attempt) else { return }
        _ = uploads.remove(attempt)
        guard let session = sessions.holder(of: attempt) else { return }
        refuse(attempt, of: session, "a blob that is not what its digest says")
    }

    /// What has come of the attempt cannot be taken.
    /// - Parameter blame: the worker's, unless the way here may have done it.
    mutating func refuse(
        _ attempt: AttemptID, of session: Session, _ reason: String, outcome: String? = nil,
        blame: Blame = .circumstances
    ) {
        outbox.log(.protocolViolation("\(session.worker): \(reason)"))
        sessions.remove(attempt, from: session.number)
        end(attempt, outcome: outcome ?? "\(reason) was refused", blame: blame, on: session)
        outbox.afterStored(.forget(attempt, session: session.number))
    }

    /// An attempt that no worker holds will name nothing that it has sent.
    mutating func dropUnclaimedUploads() {
        for attempt in sessions.takeReleased() {
            if uploads.isArriving(from: attempt) { outbox.effect(.discardParts(attempt)) }
            for digest in uploads.remove(attempt) where isUnneeded(digest) { outbox.effect(.release(digest)) }
        }
    }

    /// A state that another has replaced, or whose task is over, takes room only.
    mutating func releaseStates() {
        for digest in queue.takeSupersededStates() where isUnneeded(digest) { outbox.effect(.release(digest)) }
    }

    private func isUnneeded(_ digest: Digest) -> Bool {
        !queue.needs(digest) && !uploads.needs(digest)
    }
}
