import Coordination
import Testing
import Wire

@Suite("messages put together")
struct LettersTests {
    private func grant(_ index: UInt32, payloadByteCount: Int = 10) -> Grant {
        let digest = Digest(bytes: [UInt8](repeating: 1, count: 32))!
        return Grant(
            attempt: AttemptID(task: TaskID(job: JobID(1), index: index), epoch: 1), digest: digest,
            payload: [UInt8](repeating: 0, count: payloadByteCount), inputs: [digest], start: nil)
    }

    private func grants(of messages: [CoordinatorMessage]) -> [[UInt32]] {
        messages.compactMap { if case .assign(let grants) = $0 { grants.map(\.attempt.task.index) } else { nil } }
    }

    @Test("verdicts and grants leave in their order, as many in one as it holds, each once")
    func parcels() {
        var letters = Letters()
        for index in 0..<150 as Range<UInt32> {
            letters.add(grant(index), to: index % 2 == 0 ? 7 : 8)
            letters.add(Outcome(sequence: UInt64(index), verdict: .accepted), to: 7)
        }
        #expect(letters.sessions == [7, 8])
        let first = letters.take(7)
        guard case .acknowledged(let outcomes) = first[0] else {
            Issue.record("\(first)")
            return
        }
        #expect(outcomes.map(\.sequence) == (0..<150).map { UInt64($0) })
        #expect(grants(of: first) == [(0..<64).map { 2 * $0 }, (64..<75).map { 2 * $0 }])
        #expect(grants(of: letters.take(8)).flatMap { $0 } == (0..<75).map { 2 * $0 + 1 })
        #expect(letters.take(7).isEmpty)
    }

    @Test("no message is longer than a message may be, whatever tasks say of themselves")
    func bytes() {
        var letters = Letters()
        for index in 0..<40 as Range<UInt32> {
            letters.add(grant(index, payloadByteCount: Limits.payloadByteCountMax), to: 1)
        }
        let messages = letters.take(1)
        #expect(grants(of: messages).flatMap { $0 } == Array(0..<40))
        for message in messages { #expect(message.body().count <= Limits.bodyByteCountMax) }
    }
}
