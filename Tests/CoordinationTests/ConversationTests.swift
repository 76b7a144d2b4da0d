import Coordination
import Testing
import Wire

private func digest(_ byte: UInt8) -> Digest { Digest(bytes: [UInt8](repeating: byte, count: 32))! }

private let second: Nanoseconds = 1_000_000_000
private let kernels = digest(200)

/// One coordinator with a ledger that stores when told to, and workers of bare messages.
private struct Conversation {
    var coordinator: Coordinator
    var ledger: [LedgerEntry]
    /// Entries that are not stored yet.
    var unstored: [(entry: LedgerEntry, ticket: Ticket)] = []
    var sent: [(message: CoordinatorMessage, to: ConnectionID)] = []
    var assembled: [JobID] = []
    /// `job at iteration`, for each round that is to be judged.
    var judged: [String] = []
    var replies: [Reply] = []
    var facts: [LogFact] = []
    var discarded: [AttemptID] = []
    var released: [Digest] = []
    /// Parts are kept, and nobody is told.
    var holdsParts = false
    var sequences: [ConnectionID: UInt64] = [:]
    var sessions: [ConnectionID: UInt64] = [:]
    var now: Nanoseconds = 100 * second

    static let settings = CoordinatorSettings(lease: 15 * second, checkpoint: second)

    init(replaying entries: [LedgerEntry] = [], epoch: UInt64 = 1) {
        ledger = entries
        coordinator = Coordinator(
            settings: Self.settings, ledger: 1, epoch: epoch, build: "test", kernels: kernels, replaying: entries)
        handle(.tick)
    }

    mutating func handle(_ event: CoordinatorEvent) {
        for effect in coordinator.handle(event, at: now) {
            switch effect {
            case .send(let envelope, let connection):
                if case .welcome(let session, _, _, _, _, _, _) = envelope.message { sessions[connection] = session }
                sent.append((envelope.message, connection))
            case .store(let entry, _, let ticket): unstored.append((entry, ticket))
            case .judge(let job, let end): judged.append("\(job.number) at \(end)")
            case .assemble(let job): assembled.append(job)
            case .reply(_, let reply): replies.append(reply)
            case .log(let fact): facts.append(fact)
            case .discardParts(let attempt): discarded.append(attempt)
            case .keep(_, let ticket): if !holdsParts { handle(.stored(ticket)) }
            case .release(let digest): released.append(digest)
            case .sendChunk: break
            }
        }
    }

    /// The disk catches up.
    mutating func store() {
        while !unstored.isEmpty {
            let batch = unstored
            unstored = []
            for (entry, ticket) in batch {
                ledger.append(entry)
                handle(.stored(ticket))
            }
        }
    }

    /// Time passes in steps short enough that the coordinator does not think it was away.
    mutating func pass(_ duration: Nanoseconds, keeping connections: [ConnectionID] = []) {
        let end = now + duration
        while now < end {
            now = min(now + 2 * second, end)
            for connection in connections { send(.heartbeat(number: 1, attempts: []), from: connection) }
            handle(.tick)
        }
    }

    mutating func hello(_ connection: ConnectionID, slots: Int = 1, attempts: [AttemptID] = []) {
        sequences[connection] = 1
        let message = WorkerMessage.hello(
            instance: Array(connection.bytes.prefix(1)) + [UInt8](repeating: 0, count: 15),
            host: "host:\(connection.bytes[0])", slots: slots, binary: digest(0), kernels: kernels, ledger: 1,
            attempts: attempts)
        handle(.received(Envelope(message: message, session: 0, sequence: 1), blobs: [], from: connection))
    }

    mutating func send(
        _ message: WorkerMessage, blobs: [Blob] = [], bytes: [UInt8]? = nil, from connection: ConnectionID
    ) {
        let sequence = (sequences[connection] ?? 0) + 1
        sequences[connection] = sequence
        let envelope = Envelope(
            message: message, session: sessions[connection] ?? 0, sequence: sequence, blobs: bytes.map { [$0] } ?? [])
        handle(.received(envelope, blobs: blobs, from: connection))
    }

    mutating func submit(tasks: Int = 1, again: Bool = false, schedule: ChainSchedule? = nil) {
        let specifications = (0..<tasks).map { index in
            TaskSpecification(
                digest: digest(UInt8(10 + index)), payload: [], inputs: [], label: "chain \(index + 1)", iterations: 100
            )
        }
        handle(
            .submitted(
                JobSpecification(
                    digest: digest(1), name: "job", priority: 0, bundle: digest(2), submittedAt: 0,
                    schedule: schedule, tasks: specifications), again: again, request: 1))
    }

    /// The latest grant that was sent to a connection.
    func grant(to connection: ConnectionID) -> Grant? {
        for (message, receiver) in sent.reversed() where receiver == connection {
            if case .assign(let grants) = message { return grants.last }
        }
        return nil
    }

    /// Verdicts that a connection has been told.
    func verdicts(to connection: ConnectionID) -> [Verdict] {
        sent.filter { $0.to == connection }.flatMap { message, _ -> [Verdict] in
            if case .acknowledged(let outcomes) = message { return outcomes.map(\.verdict) }
            return []
        }
    }

    mutating func checkpoint(
        _ attempt: AttemptID, iteration: Int, after before: Digest, to end: Digest, from connection: ConnectionID
    ) {
        send(
            .checkpoint(
                attempt: attempt, iteration: iteration, state: digest(UInt8(iteration)), block: nil,
                chainBefore: before,
                chainAfter: end),
            blobs: [Blob(digest: digest(UInt8(iteration)), bytes: [])], from: connection)
    }
}

@Suite("a coordinator's conversations")
struct ConversationTests {
    private let first = ConnectionID([1])
    private let other = ConnectionID([2])
    private let cost = AttemptCost(gradientEvaluations: 1, divergences: 0, cpuNanoseconds: 1, wallNanoseconds: 1)

    /// A job of one task, granted to the first worker.
    private func running() throws -> (Conversation, Grant) {
        var conversation = Conversation()
        conversation.submit()
        conversation.store()
        conversation.hello(first)
        conversation.store()
        return (conversation, try #require(conversation.grant(to: first)))
    }

    @Test("a submission is answered, and a task granted, only once that is stored")
    func storedFirst() {
        var conversation = Conversation()
        conversation.hello(first)
        conversation.submit()
        #expect(conversation.replies.isEmpty)
        #expect(conversation.grant(to: first) == nil)
        conversation.store()
        #expect(conversation.replies == [.job(JobID(1), existed: false)])
        #expect(conversation.grant(to: first)?.attempt.epoch == 1)
        conversation.submit()
        conversation.store()
        #expect(conversation.replies.last == .job(JobID(1), existed: true))
    }

    @Test("a checkpoint is acknowledged only once it is stored")
    func acknowledgedLast() throws {
        var (conversation, grant) = try running()
        conversation.checkpoint(grant.attempt, iteration: 40, after: grant.digest, to: digest(50), from: first)
        #expect(conversation.verdicts(to: first).isEmpty)
        conversation.store()
        #expect(conversation.verdicts(to: first) == [.accepted])
        // The same again is a duplicate, one that does not continue what is stored is refused.
        conversation.checkpoint(grant.attempt, iteration: 40, after: grant.digest, to: digest(50), from: first)
        conversation.store()
        #expect(conversation.verdicts(to: first) == [.accepted, .duplicate])
        conversation.checkpoint(grant.attempt, iteration: 60, after: digest(99), to: digest(51), from: first)
        conversation.store()
        #expect(conversation.verdicts(to: first).last == .refused)
    }

    @Test(
        "a silent worker's task goes on elsewhere from its last checkpoint, and the old owner's word no longer counts")
    func leaseEnds() throws {
        var (conversation, grant) = try running()
        conversation.checkpoint(grant.attempt, iteration: 40, after: grant.digest, to: digest(50), from: first)
        conversation.store()
        conversation.hello(other)
        conversation.pass(20 * second, keeping: [other])
        conversation.store()
        let next = try #require(conversation.grant(to: other))
        #expect(next.attempt.epoch == 2)
        #expect(next.start == StartingPoint(state: digest(40), iteration: 40, chain: digest(50)))
        conversation.send(.heartbeat(number: 2, attempts: []), from: first)
        let isAsked = conversation.sent.last.map { if case .who = $0.message { true } else { false } }
        #expect(isAsked == true)
        conversation.hello(first, attempts: [grant.attempt])
        conversation.checkpoint(grant.attempt, iteration: 80, after: digest(50), to: digest(51), from: first)
        conversation.store()
        #expect(conversation.verdicts(to: first).last == .refused)
        let snapshot = try #require(conversation.coordinator.snapshot(of: JobID(1)))
        #expect(snapshot.tasks[0].attempts.map(\.startIteration) == [0, 40])
    }

    @Test("the holder of a revoked key loses its task at once, which goes on elsewhere from its last checkpoint")
    func keyRevoked() throws {
        let revoked = ConnectionID([1], key: "one")
        let kept = ConnectionID([2], key: "two")
        var conversation = Conversation()
        conversation.submit()
        conversation.store()
        conversation.hello(revoked)
        conversation.store()
        let grant = try #require(conversation.grant(to: revoked))
        conversation.checkpoint(grant.attempt, iteration: 40, after: grant.digest, to: digest(50), from: revoked)
        conversation.hello(kept)
        conversation.store()
        conversation.handle(.keyRevoked("nobody's"))
        conversation.store()
        #expect(conversation.grant(to: kept) == nil)
        conversation.handle(.keyRevoked("one"))
        conversation.store()
        let next = try #require(conversation.grant(to: kept))
        #expect(next.attempt.epoch == 2)
        #expect(next.start?.iteration == 40)
        #expect(conversation.coordinator.workers.map(\.name) == ["host:2"])
    }

    @Test("a session belongs to the key that was welcomed: another that takes over the connection's identity has none")
    func sessionOfAKey() throws {
        let owner = ConnectionID([1], key: "one")
        let thief = ConnectionID([1], key: "two")
        var conversation = Conversation()
        conversation.submit()
        conversation.store()
        conversation.hello(owner)
        conversation.store()
        let grant = try #require(conversation.grant(to: owner))
        conversation.sessions[thief] = conversation.sessions[owner]
        conversation.sequences[thief] = conversation.sequences[owner]
        conversation.checkpoint(grant.attempt, iteration: 40, after: grant.digest, to: digest(50), from: thief)
        conversation.store()
        #expect(conversation.verdicts(to: thief).isEmpty)
        #expect(conversation.sent.last.map { if case .who = $0.message { $0.to == thief } else { false } } == true)
        conversation.checkpoint(grant.attempt, iteration: 40, after: grant.digest, to: digest(50), from: owner)
        conversation.store()
        #expect(conversation.verdicts(to: owner) == [.accepted])
    }

    @Test("a result counts when all its draws are stored, and once")
    func result() throws {
        var (conversation, grant) = try running()
        conversation.send(.result(attempt: grant.attempt, digest: digest(50), cost: cost), from: first)
        conversation.store()
        #expect(conversation.verdicts(to: first) == [.refused])
        #expect(conversation.assembled.isEmpty)
        let second = try #require(conversation.grant(to: first))
        conversation.checkpoint(second.attempt, iteration: 100, after: second.digest, to: digest(50), from: first)
        conversation.send(.result(attempt: second.attempt, digest: digest(50), cost: cost), from: first)
        #expect(conversation.assembled.isEmpty)
        conversation.store()
        #expect(conversation.assembled == [JobID(1)])
        conversation.send(.result(attempt: second.attempt, digest: digest(60), cost: cost), from: first)
        conversation.store()
        #expect(conversation.facts.contains(.determinismViolation(TaskID(job: JobID(1), index: 0))))
        #expect(conversation.assembled == [JobID(1)])
    }

    @Test("a restarted coordinator has the same jobs, and takes back attempts whose workers say so")
    func restart() throws {
        var (conversation, grant) = try running()
        conversation.checkpoint(grant.attempt, iteration: 40, after: grant.digest, to: digest(50), from: first)
        conversation.store()
        var restarted = Conversation(replaying: conversation.ledger, epoch: 2)
        #expect(restarted.coordinator.snapshot(of: JobID(1)) == conversation.coordinator.snapshot(of: JobID(1)))
        restarted.hello(first, attempts: [grant.attempt])
        restarted.checkpoint(grant.attempt, iteration: 70, after: digest(50), to: digest(51), from: first)
        restarted.store()
        #expect(restarted.verdicts(to: first) == [.accepted])
    }

    @Test("what nobody claims after a restart is granted anew after two leases")
    func unclaimed() throws {
        let (conversation, _) = try running()
        var restarted = Conversation(replaying: conversation.ledger, epoch: 2)
        restarted.hello(other)
        restarted.pass(20 * second, keeping: [other])
        restarted.store()
        #expect(restarted.grant(to: other) == nil)
        restarted.pass(20 * second, keeping: [other])
        restarted.store()
        #expect(restarted.grant(to: other)?.attempt.epoch == 2)
    }

    @Test("a submission of no task, or of more than a job can hold, is refused and ends nothing")
    func refusedSubmission() {
        var conversation = Conversation()
        let task = TaskSpecification(digest: digest(10), payload: [], inputs: [], label: "chain 1", iterations: 100)
        for count in [0, Limits.tasksMax + 1] {
            conversation.handle(
                .submitted(
                    JobSpecification(
                        digest: digest(1), name: "job", priority: 0, bundle: digest(2), submittedAt: 0,
                        tasks: Array(repeating: task, count: count)), again: false, request: 1))
            conversation.store()
            guard case .refused(let text)? = conversation.replies.last else {
                Issue.record("\(count) tasks: \(conversation.replies)")
                continue
            }
            #expect(text.contains("a job has 1 to \(Limits.tasksMax) tasks"))
        }
        conversation.submit()
        conversation.store()
        #expect(conversation.replies.last == .job(JobID(1), existed: false))
    }

    @Test("a stored block that is sent again stays when its sender is lost before it is told that it was stored")
    func storedBlockStays() throws {
        var (conversation, grant) = try running()
        let (attempt, block) = (grant.attempt, digest(40))
        let part = { (bytes: [UInt8]) in
            WorkerMessage.part(attempt: attempt, digest: block, offset: 0, total: bytes.count)
        }
        conversation.send(part([1]), bytes: [1], from: first)
        conversation.store()
        let checkpoint = WorkerMessage.checkpoint(
            attempt: attempt, iteration: 1, state: digest(41), block: block, chainBefore: grant.digest,
            chainAfter: digest(42))
        let state = Blob(digest: digest(41), bytes: [])
        conversation.send(checkpoint, blobs: [state], from: first)
        conversation.store()
        // The acknowledgement was lost: all of it comes again.
        conversation.send(part([1]), bytes: [1], from: first)
        conversation.store()
        conversation.pass(20 * second)
        #expect(conversation.coordinator.snapshot(of: JobID(1))?.tasks[0].blocks == [block])
        #expect(!conversation.released.contains(block))
    }

    @Test("a state that another job has done with stays while the same comes in parts for this one")
    func arrivingStateStays() throws {
        var conversation = Conversation()
        conversation.submit()
        conversation.submit(again: true)
        conversation.hello(first)
        conversation.hello(other)
        conversation.store()
        let (mine, others) = (try #require(conversation.grant(to: first)), try #require(conversation.grant(to: other)))
        #expect(mine.digest == others.digest && mine.attempt.task.job != others.attempt.task.job)
        conversation.checkpoint(mine.attempt, iteration: 1, after: mine.digest, to: digest(50), from: first)
        conversation.store()
        let part = WorkerMessage.part(attempt: others.attempt, digest: digest(1), offset: 0, total: 1)
        conversation.holdsParts = true
        conversation.send(part, bytes: [0], from: other)
        // The part is on disk, and the machine has not heard of it yet.
        conversation.checkpoint(mine.attempt, iteration: 2, after: digest(50), to: digest(51), from: first)
        conversation.store()
        #expect(!conversation.released.contains(digest(1)))
    }

    @Test("blobs of the next checkpoint may be there, or on their way, before the one before it is")
    func overtakingUploads() throws {
        var (conversation, grant) = try running()
        func part(_ state: UInt8, _ range: Range<Int>, of total: Int) -> WorkerMessage {
            .part(attempt: grant.attempt, digest: digest(state), offset: range.lowerBound, total: total)
        }
        func checkpoint(_ iteration: Int, state: UInt8, from before: Digest, to after: Digest) -> WorkerMessage {
            .checkpoint(
                attempt: grant.attempt, iteration: iteration, state: digest(state), block: nil, chainBefore: before,
                chainAfter: after)
        }
        // The first checkpoint waits for room on the wire; what comes after it has begun already.
        conversation.send(part(61, 0..<1, of: 1), bytes: [0], from: first)
        conversation.send(part(62, 0..<1, of: 1), bytes: [0], from: first)
        conversation.send(part(63, 0..<1, of: 2), bytes: [0], from: first)
        conversation.send(checkpoint(1, state: 61, from: grant.digest, to: digest(51)), from: first)
        conversation.send(checkpoint(2, state: 62, from: digest(51), to: digest(52)), from: first)
        conversation.send(part(63, 1..<2, of: 2), bytes: [0], from: first)
        conversation.send(checkpoint(3, state: 63, from: digest(52), to: digest(53)), from: first)
        conversation.store()
        #expect(conversation.verdicts(to: first) == [.accepted, .accepted, .accepted])
        #expect(!conversation.facts.contains { if case .protocolViolation = $0 { true } else { false } })
        // Of what was replaced nothing is left.
        #expect(conversation.released == [digest(61), digest(62)])
    }

    @Test("a checkpoint whose draws are none is refused, and the task's second worker may be wrong once")
    func refusedContent() throws {
        var (conversation, grant) = try running()
        conversation.hello(other)
        for (worker, epoch) in [(first, 1), (other, 2)] as [(ConnectionID, UInt64)] {
            let current = try #require(conversation.grant(to: worker))
            #expect(current.attempt == AttemptID(task: grant.attempt.task, epoch: epoch))
            let message = WorkerMessage.checkpoint(
                attempt: current.attempt, iteration: 1, state: digest(41), block: digest(40),
                chainBefore: grant.digest, chainAfter: digest(42))
            conversation.sequences[worker, default: 0] += 1
            conversation.handle(
                .refused(
                    Envelope(
                        message: message, session: conversation.sessions[worker]!,
                        sequence: conversation.sequences[worker]!), reason: "draws that are not finite",
                    from: worker))
            conversation.store()
            #expect(conversation.verdicts(to: worker) == [.refused])
        }
        let snapshot = try #require(conversation.coordinator.snapshot(of: JobID(1)))
        #expect(snapshot.tasks[0].blocks == [] && snapshot.state == .failed)
        #expect(snapshot.text == "chain 1 failed: checkpoint refused: draws that are not finite")
    }

    @Test("a finished task whose draws are lost begins anew, and its job is put together after it")
    func lostDraws() throws {
        var (conversation, grant) = try running()
        conversation.checkpoint(grant.attempt, iteration: 100, after: grant.digest, to: digest(50), from: first)
        conversation.store()
        conversation.send(.result(attempt: grant.attempt, digest: digest(50), cost: cost), from: first)
        conversation.store()
        #expect(conversation.coordinator.snapshot(of: JobID(1))?.state == .assembling)
        let task = grant.attempt.task
        // A task that is not there, and one of another job.
        conversation.handle(.drawsLost([task, TaskID(job: JobID(1), index: 9), TaskID(job: JobID(9), index: 0)]))
        conversation.store()
        let again = try #require(conversation.grant(to: first))
        #expect(again.attempt == AttemptID(task: task, epoch: 2))
        #expect(again.start == nil)
        #expect(conversation.coordinator.snapshot(of: JobID(1))?.state == .running)
        // It is running, so there is nothing to lose; neither does a restart lose the count.
        conversation.handle(.drawsLost([task]))
        let restarted = Conversation(replaying: conversation.ledger)
        let snapshot = try #require(restarted.coordinator.snapshot(of: JobID(1)))
        #expect(snapshot.state == .running && snapshot.tasks[0].state == .leased && snapshot.tasks[0].blocks == [])
        conversation.checkpoint(again.attempt, iteration: 100, after: grant.digest, to: digest(50), from: first)
        conversation.store()
        conversation.send(.result(attempt: again.attempt, digest: digest(50), cost: cost), from: first)
        conversation.store()
        #expect(conversation.coordinator.snapshot(of: JobID(1))?.state == .assembling)
        conversation.handle(.assembled(JobID(1), succeeded: true, text: ""))
        conversation.store()
        conversation.handle(.drawsLost([task]))
        #expect(conversation.coordinator.snapshot(of: JobID(1))?.state == .succeeded)
    }

    @Test("chains are let go after the first round whose draws are enough, and results wait for nothing else")
    func rounds() throws {
        var conversation = Conversation()
        conversation.submit(tasks: 2, schedule: ChainSchedule(chains: 0..<2, rounds: [30, 60, 100]))
        conversation.hello(first)
        conversation.hello(other)
        conversation.store()
        let grants = [try #require(conversation.grant(to: first)), try #require(conversation.grant(to: other))]
        conversation.checkpoint(grants[0].attempt, iteration: 70, after: grants[0].digest, to: digest(50), from: first)
        conversation.checkpoint(grants[1].attempt, iteration: 29, after: grants[1].digest, to: digest(51), from: other)
        conversation.store()
        #expect(conversation.judged.isEmpty)
        conversation.checkpoint(grants[1].attempt, iteration: 61, after: digest(51), to: digest(52), from: other)
        #expect(conversation.judged.isEmpty, "what is judged is stored")
        conversation.store()
        #expect(conversation.judged == ["1 at 30"])
        // One at a time, in order, whatever has been drawn meanwhile.
        conversation.handle(.judged(JobID(1), iteration: 30, isEnough: false))
        conversation.store()
        #expect(conversation.judged == ["1 at 30", "1 at 60"])
        // A coordinator that starts anew judges anew.
        let restarted = Conversation(replaying: conversation.ledger, epoch: 2)
        #expect(restarted.judged == ["1 at 30"])
        conversation.handle(.judged(JobID(1), iteration: 60, isEnough: true))
        conversation.store()
        #expect(conversation.assembled == [JobID(1)])
        let forgotten = conversation.sent.filter { if case .forget = $0.message { true } else { false } }
        #expect(Set(forgotten.map(\.to)) == [first, other])
        let snapshot = try #require(conversation.coordinator.snapshot(of: JobID(1)))
        #expect(snapshot.state == .assembling && snapshot.settled == 60)
        #expect(snapshot.tasks.map(\.iteration) == [60, 60])
        // Draws that are lost now are drawn again, no further than they are needed.
        conversation.handle(.drawsLost([grants[0].attempt.task]))
        conversation.store()
        let again = try #require(conversation.grant(to: first))
        conversation.checkpoint(again.attempt, iteration: 65, after: again.digest, to: digest(53), from: first)
        conversation.store()
        #expect(conversation.assembled == [JobID(1), JobID(1)])
        let replayed = Conversation(replaying: conversation.ledger, epoch: 3)
        #expect(replayed.coordinator.snapshot(of: JobID(1))?.settled == 60)
        #expect(replayed.assembled == [JobID(1)])
    }

    @Test("a round that is not enough is followed by the next, and the last needs no judgement")
    func lastRound() throws {
        var conversation = Conversation()
        conversation.submit(schedule: ChainSchedule(chains: 0..<1, rounds: [30, 100]))
        conversation.hello(first)
        conversation.store()
        let grant = try #require(conversation.grant(to: first))
        conversation.checkpoint(grant.attempt, iteration: 100, after: grant.digest, to: digest(50), from: first)
        conversation.send(.result(attempt: grant.attempt, digest: digest(50), cost: cost), from: first)
        conversation.store()
        // All draws are there, and yet the first round may be enough: the same draws whatever came first.
        #expect(conversation.judged == ["1 at 30"])
        #expect(conversation.assembled == [])
        conversation.handle(.judged(JobID(1), iteration: 30, isEnough: false))
        conversation.store()
        #expect(conversation.judged == ["1 at 30"])
        #expect(conversation.assembled == [JobID(1)])
    }

    @Test("chains begin when the scouts are done, read their draws, and wait again where those are lost")
    func scouts() throws {
        var conversation = Conversation()
        conversation.submit(tasks: 3, schedule: ChainSchedule(chains: 1..<3, rounds: []))
        conversation.hello(first, slots: 3)
        conversation.store()
        let scout = try #require(conversation.grant(to: first))
        #expect(scout.attempt.task.index == 0)
        let block = Blob(digest: digest(77), bytes: [1])
        func finish(_ attempt: AttemptID, after before: Digest) {
            conversation.send(
                .checkpoint(
                    attempt: attempt, iteration: 100, state: digest(100), block: block.digest, chainBefore: before,
                    chainAfter: digest(50)),
                blobs: [Blob(digest: digest(100), bytes: []), block], from: first)
            conversation.send(.result(attempt: attempt, digest: digest(50), cost: cost), from: first)
            conversation.store()
        }
        finish(scout.attempt, after: scout.digest)
        func chains() -> [Grant] {
            conversation.sent.flatMap { message, _ -> [Grant] in
                if case .assign(let grants) = message { grants.filter { $0.attempt.task.index > 0 } } else { [] }
            }
        }
        #expect(chains().map(\.attempt.task.index) == [1, 2])
        #expect(chains().allSatisfy { $0.inputs == [block.digest] })
        // A worker that asks for them does not get them: nobody is to blame.
        conversation.handle(.missing(block.digest))
        conversation.store()
        #expect(conversation.coordinator.snapshot(of: JobID(1))?.tasks.map(\.state) == [.leased, .ready, .ready])
        let again = try #require(conversation.grant(to: first))
        #expect(again.attempt == AttemptID(task: scout.attempt.task, epoch: 2))
        finish(again.attempt, after: again.digest)
        #expect(chains().map(\.attempt.epoch) == [1, 1, 2, 2])
    }

    @Test("where resamples alone wait for the scouts, chains begin at once and read nothing")
    func scoutedResamples() throws {
        var conversation = Conversation()
        conversation.submit(tasks: 4, schedule: ChainSchedule(chains: 1..<3, scouted: 3..<4, rounds: []))
        conversation.hello(first, slots: 4)
        conversation.store()
        func grants() -> [Grant] {
            conversation.sent.flatMap { message, _ -> [Grant] in
                if case .assign(let grants) = message { grants } else { [] }
            }
        }
        #expect(grants().map(\.attempt.task.index) == [0, 1, 2])
        let scout = try #require(grants().first)
        let block = Blob(digest: digest(77), bytes: [1])
        conversation.send(
            .checkpoint(
                attempt: scout.attempt, iteration: 100, state: digest(100), block: block.digest,
                chainBefore: scout.digest, chainAfter: digest(50)),
            blobs: [Blob(digest: digest(100), bytes: []), block], from: first)
        conversation.send(.result(attempt: scout.attempt, digest: digest(50), cost: cost), from: first)
        conversation.store()
        #expect(grants().map(\.attempt.task.index) == [0, 1, 2, 3])
        #expect(grants().map { $0.inputs.contains(block.digest) } == [false, false, false, true])
    }

    @Test("refuses tasks that would wait for scouts and are none of the job's, or are scouts themselves")
    func impossibleWaits() {
        for scouted in [3..<5, 0..<2] {
            var conversation = Conversation()
            conversation.submit(tasks: 4, schedule: ChainSchedule(chains: 1..<3, scouted: scouted, rounds: []))
            conversation.store()
            #expect(
                conversation.replies.last == .refused("its chains, scouts and rounds do not fit its 4 tasks"))
        }
    }

    @Test("the same content is the same job, until that has failed or was cancelled, or another is asked for")
    func submittedAgain() {
        var conversation = Conversation()
        func answer(again: Bool = false) -> Reply? {
            conversation.submit(again: again)
            conversation.store()
            return conversation.replies.last
        }
        #expect(answer() == .job(JobID(1), existed: false))
        #expect(answer() == .job(JobID(1), existed: true))
        conversation.handle(.changeRequested(JobID(1), .cancel, request: 2))
        // Not stored yet, and decided.
        conversation.submit()
        conversation.store()
        #expect(conversation.replies.suffix(2) == [.changed, .job(JobID(2), existed: false)])
        #expect(answer() == .job(JobID(2), existed: true))
        #expect(answer(again: true) == .job(JobID(3), existed: false))
        // A restart knows them all, and which is the latest.
        var restarted = Conversation(replaying: conversation.ledger)
        restarted.submit()
        restarted.store()
        #expect(restarted.replies.last == .job(JobID(3), existed: true))
        #expect(restarted.coordinator.jobs == [JobID(1), JobID(2), JobID(3)])
    }

    @Test("a worker that comes back with more attempts than it had told before is given no more than its slots hold")
    func noMoreThanSlots() throws {
        var conversation = Conversation()
        conversation.submit(tasks: 2)
        conversation.store()
        conversation.hello(first)
        conversation.store()
        let grant = try #require(conversation.grant(to: first))
        var restarted = Conversation(replaying: conversation.ledger, epoch: 2)
        // An older word of the worker, from before its grant came.
        restarted.hello(first)
        #expect(restarted.coordinator.workers.map(\.attempts.count) == [1])
        restarted.hello(first, attempts: [grant.attempt])
        #expect(restarted.coordinator.workers.map(\.attempts) == [[grant.attempt]])
        restarted.hello(other)
        restarted.store()
        #expect(restarted.grant(to: other)?.attempt == AttemptID(task: TaskID(job: JobID(1), index: 1), epoch: 2))
    }

    @Test("a grant that waits for the disk is not sent again when a checkpoint of its attempt has come meanwhile")
    func grantOvertaken() throws {
        var conversation = Conversation()
        conversation.submit(tasks: 2)
        conversation.store()
        conversation.hello(first, slots: 2)
        conversation.store()
        let attempts = (0..<2).map { AttemptID(task: TaskID(job: JobID(1), index: $0), epoch: 1) }
        conversation.checkpoint(attempts[1], iteration: 30, after: digest(11), to: digest(51), from: first)
        // The worker has not told of its first attempt yet: its grant may be lost, and follows what is being stored.
        conversation.hello(first, slots: 2, attempts: [attempts[1]])
        let count = conversation.sent.count
        conversation.checkpoint(attempts[0], iteration: 40, after: digest(10), to: digest(50), from: first)
        conversation.store()
        let grants = conversation.sent[count...].filter { if case .assign = $0.message { true } else { false } }
        #expect(grants.isEmpty)
        #expect(conversation.verdicts(to: first).suffix(1) == [.accepted])
    }

    @Test("parts that no blob has end their attempt, parts of an attempt that is over are told so, and no more")
    func invalidParts() throws {
        for (offset, total, bytes) in [(0, 0, 0), (0, 10, 0), (0, 1, 2), (Limits.blobByteCountMax, 1, 1)] {
            var (conversation, grant) = try running()
            let message = WorkerMessage.part(attempt: grant.attempt, digest: digest(60), offset: offset, total: total)
            conversation.send(message, bytes: [UInt8](repeating: 1, count: bytes), from: first)
            conversation.store()
            #expect(conversation.grant(to: first)?.attempt.epoch == 2)
            let others = conversation.sent.count
            conversation.send(message, bytes: [1], from: first)
            conversation.store()
            let isForgotten = conversation.sent.last.map { $0.message == .forget(grant.attempt) }
            #expect(isForgotten == true && conversation.sent.count == others + 1)
        }
    }

    @Test("a checkpoint that names a blob which has not come is refused")
    func missingBlob() throws {
        var (conversation, grant) = try running()
        conversation.send(
            .part(attempt: grant.attempt, digest: digest(40), offset: 0, total: 9), bytes: [1, 2], from: first)
        conversation.send(
            .checkpoint(
                attempt: grant.attempt, iteration: 40, state: digest(40), block: nil, chainBefore: grant.digest,
                chainAfter: digest(50)), from: first)
        conversation.store()
        #expect(conversation.verdicts(to: first) == [.refused])
        #expect(conversation.discarded == [grant.attempt])
    }

    @Test("an attempt of another ledger is nobody's here, though this ledger has one of that name")
    func otherLedger() throws {
        let (old, grant) = try running()
        var conversation = Conversation(replaying: old.ledger, epoch: 2)
        let message = WorkerMessage.hello(
            instance: [UInt8](repeating: 5, count: 16), host: "host:5", slots: 1, binary: digest(0), kernels: kernels,
            ledger: 99, attempts: [grant.attempt])
        conversation.handle(
            .received(Envelope(message: message, session: 0, sequence: 1), blobs: [], from: other))
        #expect(conversation.coordinator.workers.map(\.attempts) == [[]])
        conversation.pass(31 * second, keeping: [other])
        conversation.store()
        #expect(conversation.grant(to: other)?.attempt.epoch == 2)
    }

    @Test("a worker that computes other bits is refused")
    func otherKernels() {
        var conversation = Conversation()
        let message = WorkerMessage.hello(
            instance: [UInt8](repeating: 0, count: 16), host: "host:1", slots: 1, binary: digest(0),
            kernels: digest(9), attempts: [])
        conversation.handle(
            .received(Envelope(message: message, session: 0, sequence: 1), blobs: [], from: first))
        let isRejected = conversation.sent.last.map { if case .reject = $0.message { true } else { false } }
        #expect(isRejected == true)
    }

    @Test("unfinished jobs of kernels that compute other bits are known as such; finished ones are nobody's concern")
    func foreignJobs() {
        func job(_ number: UInt8, kernels: Digest?) -> LedgerEntry {
            .submitted(
                JobID(UInt64(number)),
                JobSpecification(
                    digest: digest(number), name: "job \(number)", priority: 0, bundle: digest(2), submittedAt: 0,
                    kernels: kernels,
                    tasks: [
                        TaskSpecification(
                            digest: digest(10), payload: [], inputs: [], label: "chain 1", iterations: 100)
                    ]))
        }
        let conversation = Conversation(replaying: [
            job(1, kernels: kernels), job(2, kernels: digest(9)), job(3, kernels: nil), job(4, kernels: digest(9)),
            .cancelled(JobID(4)),
        ])
        #expect(conversation.coordinator.foreignJobs == ["job 2", "job 3"])
    }

    @Test("bytes of one kind that are no message are logged once")
    func malformed() {
        var conversation = Conversation()
        for _ in 0..<5 { conversation.handle(.malformed(.notAMessage, from: first)) }
        conversation.handle(.malformed(.checksum, from: first))
        #expect(conversation.facts == [.malformed(.notAMessage), .malformed(.checksum)])
    }
}
