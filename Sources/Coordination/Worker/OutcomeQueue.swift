import Wire

/// Checkpoints, results and failures that are not known to be stored, in the order in which they came about: blocks of
/// draws continue one another, so an earlier one is always sent before a later one.
package struct OutcomeQueue {
    package struct Pending {
        /// Whether it survives this process.
        enum Spooling {
            case no
            /// Asked for and not confirmed.
            case begun
            case done
        }

        /// Of two outcomes of an attempt the later has the higher one.
        let number: UInt64
        package var attempt: AttemptID
        package var message: WorkerMessage
        /// All that the message names.
        let contents: [Blob]
        /// Those of them that the coordinator must have before the message, and is not known to have in this session.
        package var uploads: [Blob]
        /// It has left in some session, so the coordinator may have it.
        var hasBeenSent = false
        /// Cuts of the slot in it whose storing the slot waits to hear of.
        var cuts: Int
        var spooling = Spooling.no
        /// Sequence numbers under which it went out in this session.
        package var sequences: [UInt64] = []
        /// When it is sent again; 0 when it has not been sent in this session.
        package var due: Nanoseconds = 0
        /// How long to wait for its acknowledgement the next time.
        package var pause: Nanoseconds = OutcomeQueue.pauseMin
        /// When it last went out in this session.
        fileprivate var sentAt: Nanoseconds?

        /// Bytes that travel with the message.
        package var blobs: [[UInt8]] { contents.filter { !$0.isLarge }.map(\.bytes) }

        /// How many those are.
        fileprivate let byteCount: Int

        fileprivate init(
            number: UInt64, attempt: AttemptID, message: WorkerMessage, contents: [Blob], cuts: Int
        ) {
            self.number = number
            self.attempt = attempt
            self.message = message
            self.contents = contents
            self.cuts = cuts
            uploads = contents.filter(\.isLarge)
            byteCount = contents.reduce(0) { $0 + ($1.isLarge ? 0 : $1.bytes.count) }
        }
    }

    /// An acknowledgement takes a commit; a second is patient with a busy disk.
    private static let pauseMin: Nanoseconds = 1_000_000_000
    private static let pauseMax: Nanoseconds = 5_000_000_000

    /// Blocks are joined up to this many bytes.
    private static let joinedByteCountMax = 1 << 20

    /// Bytes that may be on the wire without an acknowledgement. The least is no less than a message may have, the most
    /// serves a fast wire with a slow disk at its end.
    private static let window = Limits.inlineByteCountMax...(4 << 20)

    /// Each is large, and there may be many: they are looked at where they lie.
    package private(set) var pending: [Pending] = []
    private var nextNumber: UInt64 = 1
    private var pace = TransferPace(OutcomeQueue.window, beginningWith: OutcomeQueue.window.lowerBound)

    package init() {}

    package var isEmpty: Bool { pending.isEmpty }

    package var attempts: [AttemptID] { pending.map(\.attempt) }

    func contains(_ attempt: AttemptID) -> Bool { pending.indices.contains { pending[$0].attempt == attempt } }

    /// Places of those that may be on the wire: not before their blobs, nor before an earlier one of the same attempt, nor
    /// so many at once that a heartbeat would wait long behind them.
    package var sendable: [Int] {
        var blocked: Set<AttemptID> = []
        var byteCount = sentByteCount
        var isFull = false
        return pending.indices.filter { index in
            if !pending[index].uploads.isEmpty { blocked.insert(pending[index].attempt) }
            guard blocked.isEmpty || !blocked.contains(pending[index].attempt) else { return false }
            let (isSent, size) = (pending[index].sentAt != nil, pending[index].byteCount)
            guard !isSent, size > 0 else { return isSent || !isFull }
            // What has to wait is not overtaken.
            if byteCount > 0, byteCount + size > pace.byteCount { isFull = true }
            byteCount += size
            return !isFull
        }
    }

    /// Bytes on the wire without an acknowledgement.
    private var sentByteCount: Int {
        pending.indices.reduce(0) { $0 + (pending[$1].sentAt == nil ? 0 : pending[$1].byteCount) }
    }

    /// When the next one is sent again.
    package var deadline: Nanoseconds? { sendable.map { pending[$0].due }.min() }

    /// The blob that the coordinator must have next.
    package var nextUpload: (attempt: AttemptID, blob: Blob)? {
        for index in pending.indices {
            if let blob = pending[index].uploads.first { return (pending[index].attempt, blob) }
        }
        return nil
    }

    /// Blobs that are long travel before the message, in parts.
    package mutating func add(_ attempt: AttemptID, _ message: WorkerMessage, blobs: [Blob] = []) {
        let isCut = if case .checkpoint = message { true } else { false }
        pending.append(
            Pending(
                number: nextNumber, attempt: attempt, message: message, contents: blobs, cuts: isCut ? 1 : 0))
        nextNumber += 1
    }

    /// Takes over what an earlier process has left behind, which it may have sent.
    mutating func restore(_ outcome: SpooledOutcome) {
        var restored = Pending(
            number: outcome.number, attempt: outcome.attempt, message: outcome.message, contents: outcome.blobs, cuts: 0
        )
        restored.hasBeenSent = true
        restored.spooling = .done
        pending.append(restored)
        nextNumber = max(nextNumber, outcome.number + 1)
    }

    // MARK: While the coordinator is away

    /// Joins checkpoints that nobody else can know of: of each attempt the last two stay, and of those before them the
    /// draws. What is joined takes the place, and the number, of the later one.
    /// - Returns: numbers that are no more, with those that stand for them.
    mutating func joinCheckpoints(makeDigest: () -> any RunningDigest) -> [(gone: UInt64, by: UInt64)] {
        var joins: [(gone: UInt64, by: UInt64)] = []
        var later: [AttemptID: [Int]] = [:]
        for index in pending.indices.reversed() {
            let attempt = pending[index].attempt
            later[attempt, default: []].append(index)
            guard let places = later[attempt], places.count > 2,
                let joined = join(pending[index], with: pending[places[places.count - 2]], makeDigest: makeDigest)
            else { continue }
            joins.append((pending[index].number, joined.number))
            pending[places[places.count - 2]] = joined
            later[attempt]?.removeLast()
        }
        guard !joins.isEmpty else { return [] }
        pending.removeAll { outcome in joins.contains { $0.gone == outcome.number } }
        return joins
    }

    /// The later one with the draws of both; nil where they must stay apart.
    private func join(
        _ first: Pending, with second: Pending, makeDigest: () -> any RunningDigest
    ) -> Pending? {
        guard !first.hasBeenSent, !second.hasBeenSent, first.spooling != .begun, second.spooling != .begun,
            case .checkpoint(_, _, _, let firstBlock, let before, _) = first.message,
            case .checkpoint(let attempt, let iteration, let state, let secondBlock, _, let after) = second.message
        else { return nil }
        let bytes =
            (firstBlock == nil ? [] : first.contents[1].bytes) + (secondBlock == nil ? [] : second.contents[1].bytes)
        guard bytes.count <= Self.joinedByteCountMax else { return nil }
        var block: Blob?
        if !bytes.isEmpty {
            var digest = makeDigest()
            digest.append(bytes)
            block = Blob(digest: digest.digest, bytes: bytes)
        }
        let contents = [second.contents[0]] + (block.map { [$0] } ?? [])
        return Pending(
            number: second.number, attempt: attempt,
            message: .checkpoint(
                attempt: attempt, iteration: iteration, state: state, block: block?.digest, chainBefore: before,
                chainAfter: after),
            contents: contents, cuts: first.cuts + second.cuts)
    }

    /// What is not on disk and is not on its way there.
    /// - Parameter ledger: of which all of them are.
    func unspooled(of ledger: UInt64) -> [SpooledOutcome] {
        pending.compactMap { outcome in
            guard outcome.spooling == .no else { return nil }
            return SpooledOutcome(
                number: outcome.number, ledger: ledger, message: outcome.message, blobs: outcome.contents)
        }
    }

    mutating func noteSpooling(_ number: UInt64, _ spooling: Pending.Spooling) {
        guard let index = pending.indices.first(where: { pending[$0].number == number }) else { return }
        pending[index].spooling = spooling
    }

    /// The outcome is on disk; returns whose cuts need not wait any longer, and how many.
    mutating func takeCuts(of number: UInt64) -> (attempt: AttemptID, count: Int)? {
        guard let index = pending.firstIndex(where: { $0.number == number }) else { return nil }
        defer { pending[index].cuts = 0 }
        return (pending[index].attempt, pending[index].cuts)
    }

    // MARK: Sending

    /// The coordinator has a blob of the attempt.
    package mutating func noteDelivered(_ attempt: AttemptID, _ digest: Digest) {
        guard let index = pending.firstIndex(where: { $0.attempt == attempt && !$0.uploads.isEmpty }) else { return }
        pending[index].uploads.removeAll { $0.digest == digest }
        pending[index].hasBeenSent = true
    }

    /// Notes that the outcome has left under this number.
    package mutating func noteSent(_ index: Int, sequence: UInt64, at now: Nanoseconds, due: Nanoseconds) {
        pending[index].sequences.append(sequence)
        pending[index].hasBeenSent = true
        pending[index].sentAt = now
        pending[index].due = due
        pending[index].pause = min(2 * pending[index].pause, Self.pauseMax)
    }

    /// Removes what came before the draws, or the result, that the number stood for, and is of the same attempt: draws
    /// continue one another, so it is stored when they are, whatever became of the word about it.
    package mutating func removeEarlier(thanSequence sequence: UInt64) -> [Pending] {
        guard let index = place(ofSequence: sequence) else { return [] }
        if case .failed = pending[index].message { return [] }
        let attempt = pending[index].attempt
        let places = (0..<index).filter { pending[$0].attempt == attempt }
        let earlier = places.map { pending[$0] }
        for place in places.reversed() { pending.remove(at: place) }
        return earlier
    }

    private func place(ofSequence sequence: UInt64) -> Int? {
        pending.indices.first { pending[$0].sequences.contains(sequence) }
    }

    /// Removes what the number stood for.
    package mutating func remove(sequence: UInt64, at now: Nanoseconds) -> Pending? {
        guard let index = place(ofSequence: sequence) else { return nil }
        // Of one that went out twice nobody knows which was answered.
        if let sentAt = pending[index].sentAt, pending[index].sequences.count == 1, pending[index].byteCount > 0 {
            pace.note(byteCount: sentByteCount, took: now - min(sentAt, now))
        }
        return pending.remove(at: index)
    }

    /// The attempt is not wanted any more. A result is kept all the same: whoever finished first, it counts, or is
    /// compared.
    /// - Returns: numbers that are no more.
    @discardableResult package mutating func drop(_ attempt: AttemptID) -> [UInt64] {
        let unwanted = pending.filter {
            if case .result = $0.message { false } else { $0.attempt == attempt }
        }.map(\.number)
        pending.removeAll { unwanted.contains($0.number) }
        return unwanted
    }

    /// None of them is wanted any more.
    /// - Returns: their numbers.
    mutating func dropAll() -> [UInt64] {
        defer { pending = [] }
        return pending.map(\.number)
    }

    /// A new session: everything is due, in order.
    package mutating func restart() {
        pace.noteLost()
        for index in pending.indices {
            pending[index].uploads = pending[index].contents.filter(\.isLarge)
            pending[index].sequences = []
            pending[index].due = 0
            pending[index].sentAt = nil
            pending[index].pause = Self.pauseMin
        }
    }
}

extension Blob {
    /// Longer than what travels with a message: it goes before that, in parts.
    fileprivate var isLarge: Bool { bytes.count > Limits.inlineByteCountMax }
}
