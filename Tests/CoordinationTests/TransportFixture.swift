import Coordination
import Kernels
import Wire

/// FNV-1a over bytes, repeated to the length of a digest: this module's machines compute none themselves.
struct TestDigest: RunningDigest {
    private var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func append(_ bytes: [UInt8]) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    var digest: Digest {
        let word = (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
        return Digest(bytes: word + word + word + word)!
    }

    static func of(_ bytes: [UInt8]) -> Digest {
        var running = TestDigest()
        running.append(bytes)
        return running.digest
    }

    static func blob(_ bytes: [UInt8]) -> Blob { Blob(digest: of(bytes), bytes: bytes) }
}

/// The state of a task at an iteration, and its draws up to one, as any machine would compute them.
struct SyntheticTask {
    let stateByteCount: Int
    /// Bytes of draws in one iteration.
    let drawByteCount: Int
    static let iterations = 4
    static let digest = TestDigest.of([7])

    func state(_ iteration: Int) -> Blob {
        TestDigest.blob([UInt8](repeating: UInt8(iteration), count: stateByteCount))
    }

    func block(_ iteration: Int) -> Blob {
        TestDigest.blob([UInt8](repeating: UInt8(100 + iteration), count: drawByteCount))
    }

    func chain(_ iteration: Int) -> Digest {
        (0..<iteration).reduce(Self.digest) { TestDigest.of($0.bytes + block($1).digest.bytes) }
    }
}

/// One direction of a connection.
private struct Direction {
    private var messages: [(arrival: Nanoseconds, frames: [[UInt8]])] = []
    private var isFreeAt: Nanoseconds = 0

    var nextArrival: Nanoseconds? { messages.first?.arrival }

    mutating func append(_ frames: [[UInt8]], at now: Nanoseconds, bytesPerSecond: Double?) {
        let byteCount = frames.reduce(0) { $0 + $1.count }
        let duration = bytesPerSecond.map { Nanoseconds(Double(byteCount) / $0 * 1e9) } ?? 0
        isFreeAt = max(now, isFreeAt) + duration
        messages.append((isFreeAt, frames))
    }

    mutating func arrived(at now: Nanoseconds) -> [[[UInt8]]] {
        let count = messages.prefix { $0.arrival <= now }.count
        defer { messages.removeFirst(count) }
        return messages.prefix(count).map(\.frames)
    }
}

/// One coordinator and one worker at a time, with the production machines and codecs, a disk that is a dictionary, a
/// network that may lose messages, and slots that compute a synthetic task.
struct Transport {
    static let second: Nanoseconds = 1_000_000_000
    let task: SyntheticTask
    private let kernels = TestDigest.of([1])
    private var stream: RandomStream
    var lossProbability = 0.0
    /// What a message takes from one to the other.
    var turnDuration: Nanoseconds = 100_000
    /// Of the wire in either direction, where messages wait behind one another; nil for one that is as wide as any.
    var bytesPerSecond: Double?

    private(set) var coordinator: Coordinator
    private var coordinatorEpoch: UInt64 = 1
    private(set) var ledger: [LedgerEntry] = []
    private(set) var disk: [Digest: [UInt8]] = [:]
    private(set) var arriving: [AttemptID: [UInt8]] = [:]
    private(set) var isAssembled = false

    private var worker: Worker
    private var workers: UInt8 = 0
    private var toCoordinator = Direction()
    private var toWorker = Direction()
    private var running: (grant: Grant, iteration: Int)?
    private(set) var resumedFrom: [Int] = []
    private(set) var heartbeatsAmongParts = 0
    private var heartbeatsSent: [UInt64: Nanoseconds] = [:]
    /// The longest that a heartbeat waited for its answer.
    private(set) var longestHeartbeat: Nanoseconds = 0
    private(set) var longestFrame = 0
    private var sentParts = 0
    /// Flips a bit of the part with this number.
    var damagedPart: Int?
    private(set) var failures: [String] = []
    private(set) var now: Nanoseconds = 100 * second

    init(_ task: SyntheticTask, seed: UInt64) {
        self.task = task
        stream = RandomStream(key: StreamKey(seed: seed, kind: 3, index: 0), iteration: 0, site: 0)
        coordinator = Self.coordinator(epoch: 1, kernels: kernels, ledger: [])
        worker = Self.worker(0, kernels: kernels, at: now)
        carryOut(coordinator.handle(.tick, at: now))
        let specification = TaskSpecification(
            digest: SyntheticTask.digest, payload: [], inputs: [], label: "chain 1",
            iterations: SyntheticTask.iterations)
        carryOut(
            coordinator.handle(
                .submitted(
                    JobSpecification(
                        digest: TestDigest.of([2]), name: "job", priority: 0, bundle: TestDigest.of([3]),
                        submittedAt: 0, tasks: [specification]), again: false, request: 1), at: now))
    }

    private static func coordinator(epoch: UInt64, kernels: Digest, ledger: [LedgerEntry]) -> Coordinator {
        Coordinator(
            settings: CoordinatorSettings(tries: .countless), ledger: 1, epoch: epoch, build: "test",
            kernels: kernels, replaying: ledger)
    }

    private static func worker(_ number: UInt8, kernels: Digest, at now: Nanoseconds) -> Worker {
        Worker(
            settings: WorkerSettings(),
            identity: WorkerIdentity(
                instance: [UInt8](repeating: number, count: 16), name: "host:\(number)", slots: 1,
                binary: TestDigest.of([4]), kernels: kernels),
            makeDigest: { TestDigest() }, at: now)
    }

    /// Lets the two talk for a while; true when `condition` has come about.
    mutating func run(turns: Int = 200_000, until condition: (Transport) -> Bool) -> Bool {
        for _ in 0..<turns {
            if condition(self) { return true }
            turn()
        }
        return false
    }

    private mutating func turn() {
        let next = min(worker.nextDeadline, coordinator.nextDeadline ?? .max)
        if let arrival = [toCoordinator.nextArrival, toWorker.nextArrival].compactMap({ $0 }).min() {
            now = max(now + turnDuration, min(arrival, max(next, now)))
        } else {
            now = max(now + 1_000_000, min(next, now + Self.second))
        }
        for frames in toCoordinator.arrived(at: now) where !isLost() { deliver(frames) }
        carryOut(coordinator.handle(.tick, at: now))
        for frames in toWorker.arrived(at: now) where !isLost() {
            guard let envelope = try? MessageCodec.decode(CoordinatorMessage.self, frames: frames) else { continue }
            if case .lease(let number, _) = envelope.message, let sentAt = heartbeatsSent.removeValue(forKey: number) {
                longestHeartbeat = max(longestHeartbeat, now - sentAt)
            }
            carryOut(worker.handle(.received(envelope), at: now))
        }
        carryOut(worker.handle(.tick, at: now))
    }

    private mutating func isLost() -> Bool { lossProbability > 0 && stream.uniform() < lossProbability }

    private mutating func deliver(_ frames: [[UInt8]]) {
        guard let envelope = try? MessageCodec.decode(WorkerMessage.self, frames: frames) else { return }
        let isPart = if case .part = envelope.message { true } else { false }
        let blobs = isPart ? [] : envelope.blobs.map(TestDigest.blob)
        carryOut(
            coordinator.handle(.received(envelope, blobs: blobs, from: ConnectionID([workers])), at: now))
    }

    /// `kill -9` and a new start on what is on disk.
    mutating func restartCoordinator() {
        coordinatorEpoch += 1
        arriving = [:]
        toCoordinator = Direction()
        toWorker = Direction()
        coordinator = Self.coordinator(epoch: coordinatorEpoch, kernels: kernels, ledger: ledger)
        let referenced = coordinator.referencedBlobs
        disk = disk.filter { referenced.contains($0.key) }
        carryOut(coordinator.handle(.tick, at: now))
    }

    /// `kill -9` of the worker with its slots; another takes its place.
    mutating func replaceWorker() {
        carryOut(coordinator.handle(.workerEnded("host:\(workers)"), at: now))
        workers += 1
        toCoordinator = Direction()
        toWorker = Direction()
        running = nil
        worker = Self.worker(workers, kernels: kernels, at: now)
    }

    // MARK: The coordinator's shell

    private mutating func carryOut(_ effects: [CoordinatorEffect]) {
        for effect in effects {
            switch effect {
            case .send(let envelope, let connection):
                if connection == ConnectionID([workers]) { sendToWorker(MessageCodec.encode(envelope)) }
            case .sendChunk(let digest, let offset, let length, let session, let sequence, _):
                sendToWorker(chunk(digest, offset: offset, length: length, session: session, sequence: sequence))
            case .store(let entry, let blobs, let ticket):
                for blob in blobs { disk[blob.digest] = blob.bytes }
                ledger.append(entry)
                carryOut(coordinator.handle(.stored(ticket), at: now))
            case .keep(let part, let ticket):
                keep(part)
                carryOut(coordinator.handle(.stored(ticket), at: now))
            case .discardParts(let attempt): arriving[attempt] = nil
            case .release(let digest): disk[digest] = nil
            case .assemble: isAssembled = true
            case .judge: break
            case .log(.attemptEnded(_, _, let reason)): failures.append(reason)
            case .reply, .log: break
            }
        }
    }

    private mutating func keep(_ part: BlobPart) {
        if part.offset == 0 { arriving[part.attempt] = [] }
        arriving[part.attempt, default: []] += part.bytes
        guard part.isLast, let bytes = arriving.removeValue(forKey: part.attempt) else { return }
        if TestDigest.of(bytes) == part.digest {
            disk[part.digest] = bytes
        } else {
            carryOut(coordinator.handle(.damagedUpload(part.attempt, part.digest), at: now))
        }
    }

    private func chunk(
        _ digest: Digest, offset: Int, length: Int, session: UInt64, sequence: UInt64
    ) -> [[UInt8]] {
        guard let bytes = disk[digest], offset <= bytes.count else {
            return MessageCodec.encode(
                Envelope(
                    message: CoordinatorMessage.missing(digest: digest), session: session, sequence: sequence))
        }
        let part = Array(bytes[offset..<min(offset + length, bytes.count)])
        return MessageCodec.encode(
            Envelope(
                message: CoordinatorMessage.chunk(digest: digest, offset: offset, total: bytes.count),
                session: session, sequence: sequence, blobs: [part]))
    }

    // MARK: The worker's shell

    private mutating func carryOut(_ effects: [WorkerEffect]) {
        for effect in effects {
            switch effect {
            case .send(let envelope): send(envelope)
            case .run(_, let grant, _, let state, _):
                let first = grant.start?.iteration ?? 0
                precondition(state == (first == 0 ? nil : task.state(first).bytes), "another state came back")
                resumedFrom.append(first)
                running = (grant, first)
                compute()
            case .accepted: compute()
            case .kill:
                running = nil
                carryOut(worker.handle(.slot(0, .exited(text: "killed", failure: .signal)), at: now))
            case .stop, .exit, .log, .spool, .unspool, .lookUp, .share: break
            }
        }
    }

    private mutating func send(_ envelope: Envelope<WorkerMessage>) {
        var envelope = envelope
        if case .part = envelope.message {
            if sentParts == damagedPart { envelope.blobs[0][0] ^= 1 }
            sentParts += 1
        }
        if case .heartbeat = envelope.message, !arriving.isEmpty { heartbeatsAmongParts += 1 }
        let frames = MessageCodec.encode(envelope)
        longestFrame = max(longestFrame, frames.map(\.count).max() ?? 0)
        if case .heartbeat(let number, _) = envelope.message { heartbeatsSent[number] = now }
        toCoordinator.append(frames, at: now, bytesPerSecond: bytesPerSecond)
    }

    private mutating func sendToWorker(_ frames: [[UInt8]]) {
        toWorker.append(frames, at: now, bytesPerSecond: bytesPerSecond)
    }

    /// One iteration, and its checkpoint; after the last one the result.
    private mutating func compute() {
        guard let (grant, iteration) = running else { return }
        if iteration == SyntheticTask.iterations {
            running = nil
            let cost = AttemptCost(gradientEvaluations: 1, divergences: 0, cpuNanoseconds: 1, wallNanoseconds: 1)
            carryOut(worker.handle(.slot(0, .finished(digest: task.chain(iteration), cost: cost)), at: now))
            return
        }
        running = (grant, iteration + 1)
        carryOut(
            worker.handle(
                .slot(
                    0,
                    .checkpoint(
                        iteration: iteration + 1, state: task.state(iteration + 1), block: task.block(iteration),
                        chainBefore: task.chain(iteration), chainAfter: task.chain(iteration + 1))), at: now))
    }
}
