import Cluster
import Coordination
import Testing
import Wire
import ZeroMQ

@Suite("the desk for requests")
struct RequestDeskTests {
    private let desk: RequestDesk
    private let wakeUp: WakeUp

    init() throws {
        wakeUp = try WakeUp()
        desk = RequestDesk(wakeUp: wakeUp)
    }

    /// The number of the first request of the next batch that has any.
    private func cancellation() async -> UInt64 {
        while true {
            for case .change(_, _, let number) in desk.takeRequests() { return number }
            await Task.yield()
        }
    }

    @Test("hands out what was left, in order and once")
    func order() {
        for name in ["a", "b", "c"] { desk.post(.workerEnded(name)) }
        let names = desk.takeRequests().map { if case .workerEnded(let name) = $0 { name } else { "" } }
        #expect(names == ["a", "b", "c"])
        #expect(desk.takeRequests().isEmpty)
    }

    @Test("gives each who waits the answer to his own request", .timeLimit(.minutes(15)))
    func answers() async throws {
        async let first = desk.ask { .change(JobID(1), .cancel, number: $0) }
        let firstNumber = await cancellation()
        async let second = desk.ask { .change(JobID(2), .cancel, number: $0) }
        let secondNumber = await cancellation()
        desk.answer(secondNumber, .unknownJob)
        desk.answer(firstNumber, .changed)
        // An answer that nobody waits for, and one given twice.
        desk.answer(firstNumber, .unknownJob)
        desk.answer(99, .unknownJob)
        let replies = try await [first, second]
        #expect(replies == [.changed, .unknownJob])
    }

    @Test("tells those who wait and those who come why nothing is answered now, and goes on", .timeLimit(.minutes(15)))
    func obstacle() async throws {
        async let waiting = desk.ask { .change(JobID(1), .cancel, number: $0) }
        let number = await cancellation()
        desk.suspend(CoordinatorError(description: "full"))
        do {
            _ = try await waiting
            Issue.record("a request was answered that is not")
        } catch {
            #expect("\(error)" == "full")
        }
        await #expect(throws: CoordinatorError.self) {
            try await desk.ask { .change(JobID(2), .cancel, number: $0) }
        }
        #expect(desk.takeRequests().isEmpty)
        // What was asked before is done after all; nobody waits for it any more.
        desk.answer(number, .changed)
        desk.resume()
        async let next = desk.ask { .change(JobID(3), .cancel, number: $0) }
        desk.answer(await cancellation(), .changed)
        let reply = try await next
        #expect(reply == .changed)
    }

    @Test("once closed it stays closed", .timeLimit(.minutes(15)))
    func closed() async {
        desk.close(CoordinatorError(description: "over"))
        desk.resume()
        desk.suspend(CoordinatorError(description: "full"))
        do {
            _ = try await desk.ask { .change(JobID(1), .cancel, number: $0) }
            Issue.record("a closed desk has answered")
        } catch {
            #expect("\(error)" == "over")
        }
    }
}
