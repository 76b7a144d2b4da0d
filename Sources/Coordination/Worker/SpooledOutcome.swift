import Wire

/// An outcome as a worker's spool keeps it on disk: whoever takes the place of a killed worker hands it in.
package struct SpooledOutcome: Sendable, Hashable {
    /// Names it in the spool; later outcomes of an attempt have higher numbers.
    package let number: UInt64
    /// Names the ledger whose job the attempt is of: another ledger may have an attempt of that name.
    package let ledger: UInt64
    package let attempt: AttemptID
    package let message: WorkerMessage
    /// The bytes that the message names.
    package let blobs: [Blob]

    /// Nil when the message is no outcome, or names other blobs.
    package init?(number: UInt64, ledger: UInt64, message: WorkerMessage, blobs: [Blob]) {
        switch message {
        case .checkpoint(let attempt, _, let state, let block, _, _):
            guard blobs.map(\.digest) == [state] + (block.map { [$0] } ?? []) else { return nil }
            self.attempt = attempt
        case .result(let attempt, _, _), .failed(let attempt, _, _, _):
            guard blobs.isEmpty else { return nil }
            self.attempt = attempt
        case .hello, .heartbeat, .capacity, .draining, .goodbye, .fetch, .part:
            return nil
        }
        self.number = number
        self.ledger = ledger
        self.message = message
        self.blobs = blobs
    }

    private var isResult: Bool { if case .result = message { true } else { false } }

    /// Bytes that it takes, but for a little.
    package var byteCount: Int { blobs.reduce(Self.overhead) { $0 + $1.bytes.count } }

    private static let overhead = 1024

    /// What can be handed in of a spool whose newest writes may be missing: draws continue one another, so nothing of an
    /// attempt counts behind a gap, nor a result without the draws before it: whether those have arrived nobody knows here,
    /// and where they have, who goes on from them comes to the same result at once. One that another was joined into, and that was not removed any more, is left out, and so is
    /// what belongs to another ledger than the newest does.
    package static func usable(_ outcomes: [SpooledOutcome]) -> [SpooledOutcome] {
        var kept: [SpooledOutcome] = []
        let ledger = outcomes.max { $0.number < $1.number }?.ledger
        for outcome in outcomes.sorted(by: { $0.number < $1.number }) where outcome.ledger == ledger {
            let earlier = kept.lastIndex { $0.attempt == outcome.attempt }
            guard let earlier, case .checkpoint(_, _, _, _, let start, let end) = kept[earlier].message else {
                if earlier == nil, !outcome.isResult { kept.append(outcome) }
                continue
            }
            switch outcome.message {
            case .checkpoint(_, _, _, _, start, _):
                kept[earlier] = outcome
            case .checkpoint(_, _, _, _, end, _), .result(_, end, _), .failed:
                kept.append(outcome)
            default:
                break
            }
        }
        return kept
    }
}
