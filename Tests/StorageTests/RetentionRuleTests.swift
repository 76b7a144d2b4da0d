import Storage
import Testing
import Wire

@Suite("the rule of retention") struct RetentionRuleTests {
    private let day: Double = 86_400
    private let now: Double = 100 * 86_400

    /// Jobs that ended 1, 2, … days ago, in that order; the second is pinned.
    private var jobs: [ClosedJob] {
        (1...5).map { ClosedJob(id: JobID(UInt64($0)), closedAt: now - Double($0) * day, isPinned: $0 == 2) }
    }

    private func expired(_ rule: RetentionRule) -> [UInt64] {
        rule.expired(of: jobs, at: now) { Int($0.number) * 10 }.map(\.number)
    }

    @Test("keeps all without bounds")
    func noBounds() { #expect(expired(RetentionRule()) == []) }

    @Test("lets go what is older than so many days, oldest first, unless it is pinned")
    func days() {
        #expect(expired(RetentionRule(days: 3.5)) == [5, 4])
        #expect(expired(RetentionRule(days: 0)) == [5, 4, 3, 1])
    }

    @Test("lets go the oldest until the rest has room; pinned ones take theirs")
    func bytes() {
        // 10 + 20 + 30 + 40 + 50 bytes.
        #expect(expired(RetentionRule(bytes: 150)) == [])
        #expect(expired(RetentionRule(bytes: 149)) == [5])
        #expect(expired(RetentionRule(bytes: 60)) == [5, 4])
        #expect(expired(RetentionRule(bytes: 0)) == [5, 4, 3, 1])
    }

    @Test("counts bytes of what the days have left")
    func both() { #expect(expired(RetentionRule(days: 3.5, bytes: 30)) == [5, 4, 3]) }
}
