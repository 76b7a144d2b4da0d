import Wire

/// Grants and verdicts that are about to leave, put together by session.
package struct Letters {
    private struct Letter {
        var grants: [Grant] = []
        var outcomes: [Outcome] = []
    }

    private var letters: [UInt64: Letter] = [:]
    /// Sessions in the order in which something came for them; they may have been taken since.
    package private(set) var sessions: [UInt64] = []

    package init() {}

    package mutating func add(_ grant: Grant, to session: UInt64) {
        change(session) { $0.grants.append(grant) }
    }

    package mutating func add(_ outcome: Outcome, to session: UInt64) {
        change(session) { $0.outcomes.append(outcome) }
    }

    private mutating func change(_ session: UInt64, _ change: (inout Letter) -> Void) {
        if letters[session] == nil { sessions.append(session) }
        change(&letters[session, default: Letter()])
    }

    /// The session's messages: verdicts, then grants, as many as one message holds in each.
    package mutating func take(_ session: UInt64) -> [CoordinatorMessage] {
        guard let letter = letters.removeValue(forKey: session) else { return [] }
        let verdicts = stride(from: 0, to: letter.outcomes.count, by: Limits.outcomesMax).map {
            CoordinatorMessage.acknowledged(Array(letter.outcomes[$0...].prefix(Limits.outcomesMax)))
        }
        return verdicts + Self.parcels(of: letter.grants).map { .assign($0) }
    }

    /// No more in one than its message may hold, in number and in bytes.
    private static func parcels(of grants: [Grant]) -> [[Grant]] {
        var parcels: [[Grant]] = []
        var byteCount = 0
        for grant in grants {
            let size = grant.payload.count + grantByteCount + inputByteCount * grant.inputs.count
            let isFull = parcels.last.map { $0.count == Limits.grantsMax } ?? true
            if isFull || byteCount + size > Limits.bodyByteCountMax {
                parcels.append([])
                byteCount = 0
            }
            parcels[parcels.count - 1].append(grant)
            byteCount += size
        }
        return parcels
    }

    /// Bytes of a grant beside its payload and its inputs: names and digests, with room.
    private static let grantByteCount = 256
    private static let inputByteCount = 40
}
