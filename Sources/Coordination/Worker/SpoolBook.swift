import Wire

/// What lies in a worker's spool, by number and size, and whether more may go there.
struct SpoolBook {
    /// A disk that has refused is asked again after so long.
    private static let patience: Nanoseconds = 5_000_000_000

    /// Bytes; nil: there is no spool.
    private let byteCountMax: Int?
    private var sizes: [UInt64: Int] = [:]
    /// What is not needed any more once another is on disk.
    private var replaced: [UInt64: [UInt64]] = [:]
    private var refusedUntil: Nanoseconds = 0

    init(byteCountMax: Int?, holding outcomes: [SpooledOutcome]) {
        self.byteCountMax = byteCountMax
        for outcome in outcomes { sizes[outcome.number] = outcome.byteCount }
    }

    private var used: Int { sizes.values.reduce(0, +) }

    var isThere: Bool { byteCountMax != nil }

    /// Less than a tenth is left, or the disk has refused.
    func isNearlyFull(at now: Nanoseconds) -> Bool {
        guard let byteCountMax else { return false }
        return now < refusedUntil || used > byteCountMax / 10 * 9
    }

    /// When a disk that has refused is asked again.
    func nextTry(after now: Nanoseconds) -> Nanoseconds? { now < refusedUntil ? refusedUntil : nil }

    /// Counts an outcome in; false when it must stay out.
    mutating func take(_ outcome: SpooledOutcome, at now: Nanoseconds) -> Bool {
        guard let byteCountMax, now >= refusedUntil,
            used - (sizes[outcome.number] ?? 0) + outcome.byteCount <= byteCountMax
        else { return false }
        sizes[outcome.number] = outcome.byteCount
        return true
    }

    /// The disk has no room. What was there under the number, if anything, still is.
    mutating func noteRefused(at now: Nanoseconds) {
        refusedUntil = now + Self.patience
    }

    /// One outcome stands for another now; until it is on disk, the other stays there.
    mutating func noteReplaced(_ gone: UInt64, by number: UInt64) {
        replaced[number, default: []] += (replaced.removeValue(forKey: gone) ?? []) + [gone]
    }

    /// An outcome is on disk; returns what it has replaced there, which is to be removed.
    mutating func noteStored(_ number: UInt64) -> [UInt64] { replaced.removeValue(forKey: number) ?? [] }

    /// Counts outcomes out, with those that they have replaced; returns those that were in.
    mutating func remove(_ numbers: [UInt64]) -> [UInt64] {
        let all = numbers.flatMap { (replaced.removeValue(forKey: $0) ?? []) + [$0] }
        return all.filter { sizes.removeValue(forKey: $0) != nil }
    }
}
