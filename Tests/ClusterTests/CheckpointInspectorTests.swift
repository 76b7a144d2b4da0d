import Cluster
import Fitting
import MarketingMix
import Sampling
import Storage
import Testing
import Wire

/// A real checkpoint of a small model's chain or resample, some draws after its warm-up.
private struct Sample {
    var iteration: Int
    var state: [UInt8]
    var block: [UInt8]
    var chainBefore = Digest(hashing: [1])
    var chainAfter: Digest

    init(_ task: FitTask = .chain(0)) throws {
        let (_, read) = try smallModel(named: "inspected")
        var settings = FitSettings(read.specification)
        settings.warmup = 20
        settings.draws = 20
        settings.resamples = 1
        let model = MarketingMixModel(specification: read.specification, dataset: read.dataset)
        var scouts: [UInt8] = []
        if case .resample = task {
            for index in 0..<ScoutRun.scouts {
                var scout = try TaskRun(model: model, settings: settings, task: .scout(index))
                while !scout.isFinished { try scout.step() }
                scouts += scout.takeRecords()
            }
        }
        var run = try TaskRun(model: model, settings: settings, task: task, scouts: scouts)
        while run.iteration < 23 || run.recordByteCount == 0 { try run.step() }
        for _ in 0..<2 where !run.isFinished { try run.step() }
        iteration = run.iteration
        state = run.checkpoint
        block = run.takeRecords()
        // h = SHA-256(h || draw), draw by draw.
        let drawn = block
        chainAfter = run.draws(in: drawn).reduce(Digest(hashing: [1])) { Digest(hashing: $0.bytes + drawn[$1]) }
    }

    /// What the inspector says of it.
    func fault(_ inspector: CheckpointInspector, block isSent: Bool = true) -> String? {
        let blobs = ([state] + (isSent ? [block] : [])).map { Blob(digest: Digest(hashing: $0), bytes: $0) }
        return inspector.fault(
            of: .checkpoint(
                attempt: AttemptID(task: TaskID(job: JobID(1), index: 0), epoch: 1), iteration: iteration,
                state: blobs[0].digest, block: isSent ? blobs[1].digest : nil, chainBefore: chainBefore,
                chainAfter: chainAfter), blobs: blobs)
    }
}

@Suite("what workers hand in")
struct CheckpointInspectorTests {
    private let folder: TemporaryFolder
    private let store: BlobStore
    private let inspector: CheckpointInspector

    init() throws {
        folder = try TemporaryFolder()
        store = try BlobStore(StateFolder(opening: folder.path))
        inspector = CheckpointInspector(store)
    }

    @Test("what a chain or a resample has cut is taken", arguments: [FitTask.chain(0), .resample(0)])
    func sound(task: FitTask) throws {
        var sample = try Sample(task)
        #expect(sample.fault(inspector) == nil)
        sample.chainAfter = sample.chainBefore
        #expect(sample.fault(inspector, block: false) == nil)
    }

    @Test(
        "draws that are not numbers are refused, wherever they are not", arguments: [Double.nan, .infinity],
        [FitTask.chain(0), .resample(0)])
    func notFinite(value: Double, task: FitTask) throws {
        let sound = try Sample(task)
        for word in [0, 1, sound.block.count / 16, sound.block.count / 8 - 1] {
            var sample = sound
            sample.block.replaceSubrange(8 * word..<8 * word + 8, with: bytes(of: value))
            #expect(sample.fault(inspector) == "draws that are not whole, or not finite", "\(word)")
        }
    }

    @Test(
        "draws are refused that are cut off, or others than the chain digest names",
        arguments: [FitTask.chain(0), .resample(0)])
    func otherDraws(task: FitTask) throws {
        var sample = try Sample(task)
        let whole = sample.block
        for count in [1, 8, whole.count - 8, whole.count - 1] {
            sample.block = Array(whole[..<count])
            #expect(sample.fault(inspector) == "draws that are not whole, or not finite", "\(count)")
        }
        sample.block = whole
        sample.block[0] ^= 1
        #expect(sample.fault(inspector) == "draws that are not those of their chain digest")
        sample.block = whole
        #expect(sample.fault(inspector, block: false) == "a chain digest of draws that did not come")
    }

    @Test("a state is refused that is damaged, of another iteration, or none")
    func states() throws {
        let sound = try Sample()
        for byte in [0, 9, 60, sound.state.count / 2, sound.state.count - 1] {
            var sample = sound
            sample.state[byte] ^= 16
            #expect(sample.fault(inspector) == "a state that is none", "\(byte)")
        }
        for state in [[], Array(sound.state.dropLast()), [UInt8](repeating: 255, count: 300)] {
            var sample = sound
            sample.state = state
            #expect(sample.fault(inspector) == "a state that is none")
        }
        var sample = sound
        sample.iteration += 1
        #expect(sample.fault(inspector) == "a state that is none")
    }

    @Test("what a state of an earlier version would say of its draws is not asked")
    func earlierVersion() throws {
        var sample = try Sample(.resample(0))
        // Sealed as before: a whole state, but of the version before.
        sample.state[0] -= 1
        sample.state.replaceSubrange(
            (sample.state.count - 8)..., with: bytes(of: Checksum.of(sample.state.dropLast(8))))
        #expect(sample.fault(inspector) == "a state that is none")
        #expect(CheckpointContent(statePrefix: Array(sample.state.prefix(CheckpointContent.prefixByteCount))) == nil)
        sample.state[0] += 1
        #expect(CheckpointContent(statePrefix: Array(sample.state.prefix(CheckpointContent.prefixByteCount))) != nil)
    }

    @Test(
        "draws with a state that came before in parts are looked at too", arguments: [FitTask.chain(0), .resample(0)])
    func stateInParts(task: FitTask) throws {
        var sample = try Sample(task)
        try store.put(Blob(digest: Digest(hashing: sample.state), bytes: sample.state))
        let message = { (sample: Sample) in
            WorkerMessage.checkpoint(
                attempt: AttemptID(task: TaskID(job: JobID(1), index: 0), epoch: 1), iteration: sample.iteration,
                state: Digest(hashing: sample.state), block: Digest(hashing: sample.block),
                chainBefore: sample.chainBefore, chainAfter: sample.chainAfter)
        }
        let blobs = { (sample: Sample) in [Blob(digest: Digest(hashing: sample.block), bytes: sample.block)] }
        #expect(inspector.fault(of: message(sample), blobs: blobs(sample)) == nil)
        sample.block.replaceSubrange(0..<8, with: bytes(of: .nan))
        #expect(
            inspector.fault(of: message(sample), blobs: blobs(sample)) == "draws that are not whole, or not finite")
    }

    private func bytes(of value: Double) -> [UInt8] { bytes(of: value.bitPattern) }

    private func bytes(of word: UInt64) -> [UInt8] { withUnsafeBytes(of: word.littleEndian) { Array($0) } }
}
