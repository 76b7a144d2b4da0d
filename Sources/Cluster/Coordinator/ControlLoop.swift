import Coordination
import Foundation
import Logging
import Storage
import Wire
import ZeroMQ

/// The shell of the coordinator's machine: one thread that owns the socket, the machine and the clock; it polls,
/// decodes, hands events in and carries effects out, in batches. Disk and assembly work elsewhere and come back as
/// requests.
struct ControlLoop {
    /// Messages taken from the socket before timers are looked at.
    private static let messagesPerTurnMax = 256
    /// Seconds between two publications of what runs.
    private static let publicationInterval: Double = 0.1
    /// Where a publication takes long, as of a job with many thousands of tasks, the next comes after so many times as
    /// long: to show what happens takes a small share of the thread that makes it happen.
    private static let publicationPatience: Double = 50
    /// Seconds between two looks at the wall clock, by which deadlines of jobs are judged.
    private static let wallTimeInterval: Double = 1
    /// Longest wait of the control thread, so that publications stay fresh.
    private static let waitMax: Double = 0.25

    private var machine: Coordinator
    private let ledger: any LedgerStore
    private let writer: LedgerWriter
    private let blobServer: BlobServer
    private let inspect: CheckpointInspection
    private let desk: RequestDesk
    private let wakeUp: WakeUp
    private let board: JobBoard
    private let events: EventLog
    private let health: CoordinatorHealth
    private let assemblies: AssemblyRunner
    private let gate: Gate?
    private var supervisor: Supervisor?
    private var traces: CoordinatorTraces?
    private let logger: Logger
    /// Answers wait until what they speak of can be seen by whoever asks next.
    private var answers: [(request: UInt64, reply: Reply)] = []
    /// True when something has happened since the last publication.
    private var hasNews = true
    private var nextPublication = -Double.infinity
    private var nextWallTime = -Double.infinity

    init(
        machine: Coordinator, ledger: any LedgerStore, blobStore: BlobStore, desk: RequestDesk, wakeUp: WakeUp,
        board: JobBoard, events: EventLog, health: CoordinatorHealth, assemblies: AssemblyRunner, gate: Gate?,
        inspect: @escaping CheckpointInspection, supervisor: Supervisor?, traces: CoordinatorTraces?,
        logger: Logger
    ) {
        self.machine = machine
        self.ledger = ledger
        self.desk = desk
        self.wakeUp = wakeUp
        self.board = board
        self.events = events
        self.health = health
        self.assemblies = assemblies
        self.gate = gate
        self.inspect = inspect
        self.supervisor = supervisor
        self.traces = traces
        self.logger = logger
        blobServer = BlobServer(blobStore)
        writer = LedgerWriter(
            ledger: ledger, blobStore: blobStore, onStored: { desk.post(.stored($0)) },
            onDamaged: { desk.post(.damaged($0, $1)) },
            onFull: { isFull in
                health.noteDisk(isFull: isFull)
                if isFull {
                    logger.error("the disk is full: nothing is granted or accepted")
                    desk.suspend(
                        CoordinatorError(
                            description: "the coordinator's disk is full. Mend: free some space on it and ask again."))
                } else {
                    logger.error("the disk has room again")
                    desk.resume()
                }
            },
            onFailure: { error in
                health.noteFailure("the ledger cannot be written: \(error)")
                desk.post(.stop)
            })
    }

    /// Serves until a `stop` is asked for, or nothing can be stored for good. Then nobody waits for an answer that
    /// will not come.
    mutating func run(socket: borrowing Socket) {
        handle(.tick, socket: socket)
        while turn(socket: socket) {}
        writer.stop()
        desk.close(CoordinatorError(description: health.failure ?? "the coordinator is stopping"))
        do {
            try ledger.close()
        } catch {
            logger.error("the ledger cannot be closed", metadata: ["error": "\(error)"])
        }
    }

    /// False when it was the last one.
    private mutating func turn(socket: borrowing Socket) -> Bool {
        let due = machine.nextDeadline.map { max(0, Double($0) - Double(Self.now())) / 1e9 } ?? Self.waitMax
        let timeout = Duration.seconds(min(due, Self.waitMax)) + .milliseconds(1)
        _ = try? Poller.wait(for: socket, descriptors: [wakeUp.descriptor], timeout: timeout)
        wakeUp.drain()
        supervisor?.noteTurn(at: Self.now())
        var isLast = false
        for request in desk.takeRequests() {
            if case .stop = request { isLast = true }
            if case .assembled(let outcome) = request { traces?.note(outcome) }
            if case .reason(let job, let number) = request {
                answers.append((number, machine.reason(of: job).map { .reason($0) } ?? .unknownJob))
            }
            for event in Self.events(of: request) { handle(event, socket: socket) }
        }
        if Clock.now() >= nextWallTime {
            nextWallTime = Clock.now() + Self.wallTimeInterval
            handle(.wallTime(Date().timeIntervalSince1970), socket: socket)
        }
        var taken = 0
        while taken < Self.messagesPerTurnMax, let message = try? socket.receiveMessage() {
            taken += 1
            // A connection outlives the right of its key.
            if let gate, let key = message.key, !gate.admits(key) { continue }
            handle(event(of: message), socket: socket)
        }
        // Leases are judged only when no renewal lies unread.
        if taken < Self.messagesPerTurnMax { handle(.tick, socket: socket) }
        publish(atOnce: isLast)
        return !isLast
    }

    private mutating func publish(atOnce: Bool) {
        let now = Clock.now()
        guard hasNews || !answers.isEmpty,
            atOnce || !answers.isEmpty || now >= nextPublication
        else { return }
        hasNews = false
        board.publish(&machine, at: now)
        for (request, reply) in answers { desk.answer(request, reply) }
        answers = []
        let end = Clock.now()
        nextPublication = end + max(Self.publicationInterval, Self.publicationPatience * (end - now))
    }

    private static func now() -> Nanoseconds { Nanoseconds(Clock.now() * 1e9) }

    private static func events(of request: RequestDesk.Request) -> [CoordinatorEvent] {
        switch request {
        case .submit(let job, let again, let number): [.submitted(job, again: again, request: number)]
        case .change(let job, let change, let number): [.changeRequested(job, change, request: number)]
        case .workerEnded(let name): [.workerEnded(name)]
        case .keyRevoked(let key): [.keyRevoked(key)]
        // A ticket speaks for all before it.
        case .stored(let tickets): tickets.max().map { [.stored($0)] } ?? []
        case .damaged(let attempt, let digest): [.damagedUpload(attempt, digest)]
        case .assembled(.finished(let job, let succeeded, let text)):
            [.assembled(job, succeeded: succeeded, text: text)]
        case .assembled(.judged(let job, let iteration, let isEnough)):
            [.judged(job, iteration: iteration, isEnough: isEnough)]
        case .assembled(.notJudged(let job, let text)): [.notJudged(job, text: text)]
        case .assembled(.drawsLost(let tasks)): [.drawsLost(tasks)]
        case .reason, .stop: []
        }
    }

    private func event(of message: Socket.Message) -> CoordinatorEvent {
        let connection = ConnectionID(message.frames[0], key: message.key?.description)
        do {
            let envelope = try MessageCodec.decode(WorkerMessage.self, frames: Array(message.frames.dropFirst()))
            // Parts are hashed as they are kept.
            let isPart = if case .part = envelope.message { true } else { false }
            let blobs = isPart ? [] : envelope.blobs.map { Blob(digest: Digest(hashing: $0), bytes: $0) }
            if let fault = inspect(envelope.message, blobs) {
                return .refused(envelope, reason: fault, from: connection)
            }
            return .received(envelope, blobs: blobs, from: connection)
        } catch {
            return .malformed(error, from: connection)
        }
    }

    private mutating func handle(_ event: CoordinatorEvent, socket: borrowing Socket) {
        let effects = machine.handle(event, at: Self.now())
        // Time alone changes nothing that others see, unless it has effects.
        switch event {
        case .tick where effects.isEmpty, .wallTime where effects.isEmpty: break
        default: hasNews = true
        }
        for effect in effects {
            traces?.note(effect)
            carryOut(effect, socket: socket)
        }
    }

    private mutating func carryOut(_ effect: CoordinatorEffect, socket: borrowing Socket) {
        switch effect {
        case .send(let envelope, let connection):
            // A peer that is gone, or whose queue is full, misses the message: its session will notice.
            _ = try? socket.send(MessageCodec.encode(envelope), to: connection.bytes)
        case .sendChunk(let digest, let offset, let length, let session, let sequence, let connection):
            let envelope = blobServer.chunk(
                digest, offset: offset, length: length, session: session, sequence: sequence)
            _ = try? socket.send(MessageCodec.encode(envelope), to: connection.bytes)
            if case .missing(let digest) = envelope.message { handle(.missing(digest), socket: socket) }
        case .store(let entry, let blobs, let ticket):
            writer.append(.entry(entry, blobs: blobs, ticket))
        case .keep(let part, let ticket):
            writer.append(.part(part, ticket))
        case .discardParts(let attempt):
            writer.append(.discardParts(attempt))
        case .release(let digest):
            writer.append(.release(digest))
        case .assemble(let job):
            if let snapshot = machine.snapshot(of: job) { assemblies.start(.results(snapshot)) }
        case .judge(let job, let iteration):
            if let snapshot = machine.snapshot(of: job) { assemblies.start(.round(snapshot, end: iteration)) }
        case .reply(let request, let reply):
            answers.append((request, reply))
        case .log(let fact):
            let line = fact.line
            logger.log(line)
            events.note(line, at: Date())
        }
    }
}
