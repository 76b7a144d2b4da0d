import Kernels
import Testing
import Wire

private func digest(_ byte: UInt8) -> Digest { Digest(bytes: [UInt8](repeating: byte, count: 32))! }

private let attempt = AttemptID(task: TaskID(job: JobID(7), index: 3), epoch: 12)

private let workerMessages: [WorkerMessage] = [
    .hello(
        instance: Array(0..<16), host: "höst:17", slots: 4, binary: digest(1), kernels: digest(2),
        resources: WorkerResources(slotMemory: 1 << 50, walltime: 1, tags: ["zone=ä", "gpu"]), attempts: [attempt]),
    .hello(
        instance: Array(0..<16), host: "", slots: 0, binary: digest(1), kernels: digest(2), attempts: []),
    .heartbeat(
        number: 9,
        attempts: [
            AttemptProgress(
                attempt: attempt, iteration: 1200, isWarmingUp: true, divergences: 2, stepSize: 0.25,
                gradientEvaluations: 99_000)
        ]),
    .capacity(grants: 0), .capacity(grants: Limits.slotsMax),
    .checkpoint(
        attempt: attempt, iteration: 40, state: digest(3), block: digest(4), chainBefore: digest(5),
        chainAfter: digest(6)),
    .checkpoint(
        attempt: attempt, iteration: 41, state: digest(3), block: nil, chainBefore: digest(5), chainAfter: digest(5)),
    .result(
        attempt: attempt, digest: digest(8),
        cost: AttemptCost(gradientEvaluations: 5, divergences: 0, cpuNanoseconds: .max, wallNanoseconds: 1)),
    .failed(attempt: attempt, failure: .signal, text: "ended by signal 9", iteration: 800),
    .failed(attempt: attempt, failure: .outOfMemory, text: "", iteration: 0),
    .failed(attempt: attempt, failure: .hang, text: "", iteration: 0),
    .failed(attempt: attempt, failure: .crash, text: "", iteration: 0),
    .draining(reason: "leaving"), .goodbye(reason: ""), .fetch(digest: digest(9), offset: 262_144, length: 1000),
    .part(attempt: attempt, digest: digest(9), offset: 1 << 40, total: 1 << 44),
]

private let coordinatorMessages: [CoordinatorMessage] = [
    .welcome(
        session: 1 << 40, coordinatorEpoch: 2, heartbeatInterval: 2_000_000_000, leaseDuration: 15_000_000_000,
        checkpointInterval: 2_000_000_000, build: "0.1.0"),
    .reject(reason: "version", retryAfter: 60),
    .assign([
        Grant(
            attempt: attempt, digest: digest(1), payload: [1, 2, 3], inputs: [digest(2)],
            start: StartingPoint(state: digest(3), iteration: 500, chain: digest(4))),
        Grant(attempt: attempt, digest: digest(1), payload: [], inputs: [], start: nil),
    ]),
    .lease(heartbeat: 3, attempts: [attempt]),
    .acknowledged([Outcome(sequence: 4, verdict: .accepted), Outcome(sequence: 5, verdict: .refused)]),
    .forget(attempt), .drain, .who, .chunk(digest: digest(1), offset: 0, total: 10), .missing(digest: digest(2)),
    .have(digest: digest(3), offset: 1 << 44),
]

@Suite("the message codec")
struct MessageCodecTests {
    @Test("gives every worker message back with its place and its blobs", arguments: workerMessages)
    func worker(message: WorkerMessage) throws {
        let envelope = Envelope(message: message, session: 5, sequence: 6, blobs: [[1], []])
        let decoded = try MessageCodec.decode(WorkerMessage.self, frames: MessageCodec.encode(envelope))
        #expect(decoded.message == message)
        #expect(decoded.session == 5 && decoded.sequence == 6 && decoded.blobs == [[1], []])
    }

    @Test("gives every coordinator message back", arguments: coordinatorMessages)
    func coordinator(message: CoordinatorMessage) throws {
        let envelope = Envelope(message: message, session: .max, sequence: 1)
        let decoded = try MessageCodec.decode(CoordinatorMessage.self, frames: MessageCodec.encode(envelope))
        #expect(decoded.message == message)
    }

    @Test("refuses every single flipped bit, by the checksum if by nothing else", arguments: workerMessages)
    func flips(message: WorkerMessage) {
        let frames = MessageCodec.encode(Envelope(message: message, session: 5, sequence: 6))
        for frame in 0..<2 {
            for position in frames[frame].indices {
                for bit in 0..<8 {
                    var changed = frames
                    changed[frame][position] ^= 1 << UInt8(bit)
                    #expect(throws: DecodeError.self) { try MessageCodec.decode(WorkerMessage.self, frames: changed) }
                }
            }
        }
    }

    @Test("refuses cut frames, missing frames, too many blobs and frames beyond the limit")
    func bounds() {
        let frames = MessageCodec.encode(Envelope(message: workerMessages[0], session: 0, sequence: 1))
        func expectRefused(_ frames: [[UInt8]]) {
            #expect(throws: DecodeError.self) { try MessageCodec.decode(WorkerMessage.self, frames: frames) }
        }
        expectRefused([])
        expectRefused([frames[0]])
        for count in 0..<32 { expectRefused([Array(frames[0][..<count]), frames[1]]) }
        for count in frames[1].indices { expectRefused([frames[0], Array(frames[1][..<count])]) }
        expectRefused(frames + Array(repeating: [], count: Limits.blobsMax + 1))
        expectRefused(frames + [[UInt8](repeating: 0, count: Limits.frameByteCountMax + 1)])
    }

    @Test("refuses resources beyond their limits, and never sends a walltime that has run out as none")
    func resources() throws {
        func decoded(_ resources: WorkerResources) throws -> WorkerResources? {
            let hello = WorkerMessage.hello(
                instance: Array(0..<16), host: "", slots: 1, binary: digest(1), kernels: digest(2),
                resources: resources, attempts: [])
            let frames = MessageCodec.encode(Envelope(message: hello, session: 0, sequence: 1))
            guard
                case .hello(_, _, _, _, _, let resources, _) =
                    try MessageCodec.decode(WorkerMessage.self, frames: frames).message
            else { return nil }
            return resources
        }
        let most = WorkerResources(
            slotMemory: Limits.slotMemoryMax, walltime: Limits.durationMax,
            tags: Array(repeating: String(repeating: "t", count: Limits.nameByteCountMax), count: Limits.tagsMax))
        #expect(try decoded(most) == most)
        #expect(try decoded(WorkerResources(walltime: 0))?.walltime == 1)
        #expect(try decoded(WorkerResources(walltime: .max))?.walltime == Limits.durationMax)
        for wrong in [
            WorkerResources(slotMemory: Limits.slotMemoryMax + 1), WorkerResources(tags: most.tags + ["t"]),
            WorkerResources(tags: [most.tags[0] + "t"]), WorkerResources(tags: [""]),
        ] {
            #expect(throws: DecodeError.self) { try decoded(wrong) }
        }
    }

    @Test("random bytes behind a sound header never trap")
    func random() {
        var stream = RandomStream(key: StreamKey(seed: 1, kind: 1, index: 1), iteration: 0, site: 0)
        for _ in 0..<20_000 {
            let body = (0..<Int(stream.word() % 60)).map { _ in UInt8(truncatingIfNeeded: stream.word()) }
            let type = UInt16(truncatingIfNeeded: stream.word() % 140)
            _ = try? WorkerMessage(type: type, body: body)
            _ = try? CoordinatorMessage(type: type, body: body)
        }
    }

    @Test("CRC-32C has its published check value")
    func checksum() {
        // RFC 3720, appendix B.4: 32 bytes of zero, of 0xff, and ascending.
        #expect(CyclicRedundancyCheck.castagnoli([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CyclicRedundancyCheck.castagnoli([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CyclicRedundancyCheck.castagnoli(Array(0..<32)) == 0x46DD_794E)
    }
}
