import Coordination
import Fitting
import Glibc
import MarketingMix
import ModelDefinition
import ModelFile
import Storage
import Wire

import struct Crypto.SHA256

/// The numeric core behind a slot's pipes: runs one task after another, in a process that touches no network.
package struct TaskExecutor {
    private static let reportInterval: Double = 0.1

    private var commands = SlotFrameBuffer()
    private var model: (digest: SHA256.Digest, value: MarketingMixModel, settings: FitSettings)?

    /// Serves commands on standard input until it closes.
    package static func serve() -> Int32 {
        var executor = TaskExecutor()
        while let (command, blobs) = executor.nextCommand(waits: true) {
            guard case .run(let payload, let taskDigest, let chainDigest, let resumes, let interval) = command else {
                continue
            }
            do {
                try executor.run(
                    payload: payload, taskDigest: taskDigest, chainDigest: chainDigest, resumes: resumes,
                    interval: interval, blobs: blobs)
            } catch {
                executor.report(.failed(text: String(describing: error)))
            }
        }
        return 0
    }

    private mutating func run(
        payload: [UInt8], taskDigest: String, chainDigest: String?, resumes: Bool, interval: Double, blobs: [[UInt8]]
    ) throws {
        let started = Clock.now()
        let cpuStarted = Clock.cpu()
        guard blobs.count == (resumes ? 2 : 1) else { throw TaskRunError.checkpoint("a task came without its inputs") }
        let (model, base) = try loadModel(blobs[0])
        guard let payload = TaskPayload(decoding: payload, base: base) else {
            throw TaskRunError.checkpoint("a task came that this version does not know")
        }
        var run =
            resumes
            ? try TaskRun(model: model, settings: payload.settings, task: payload.task, resuming: blobs[1])
            : try TaskRun(model: model, settings: payload.settings, task: payload.task)
        var chain = ChainDigest(chainDigest ?? taskDigest)
        var lastReport = Clock.now()
        var rhythm = CheckpointRhythm(interval: interval, at: lastReport)

        func cut() {
            let begun = Clock.now()
            let block = run.takeRecords()
            let state = run.checkpoint
            let blobs = block.isEmpty ? [state] : [state, block]
            let before = chain.text
            chain.extend(by: block, records: run.draws(in: block))
            report(
                .checkpoint(
                    iteration: run.iteration, digests: blobs.map { Digest(hashing: $0).description },
                    chainDigestBefore: before, chainDigestAfter: chain.text),
                blobs: blobs)
            rhythm.noteCut(stateByteCount: state.count, blockByteCount: block.count, at: begun)
        }

        while !run.isFinished {
            try run.step()
            let now = Clock.now()
            if now - lastReport >= Self.reportInterval {
                lastReport = now
                report(
                    .progress(
                        iteration: run.iteration, isWarmingUp: run.isWarmingUp, divergences: run.divergences,
                        stepSize: run.stepSize, gradientEvaluations: run.gradientEvaluations))
            }
            let isDue = rhythm.isDue(at: now, blockByteCount: run.recordByteCount)
            // A full block must be cut before the next draw; an elapsed interval can wait for an acknowledgement.
            let isFull = rhythm.isFull(blockByteCount: run.recordByteCount)
            while let (command, _) = nextCommand(waits: isFull && !rhythm.mayCut) {
                switch command {
                case .accepted(let count):
                    rhythm.noteStored(count, at: Clock.now())
                case .stop:
                    cut()
                    report(.stopped)
                    return
                case .run:
                    preconditionFailure("a slot was given a task while it runs another")
                }
            }
            if isDue && rhythm.mayCut && !run.isFinished { cut() }
        }
        cut()
        report(
            .finished(
                resultDigest: chain.text, gradientEvaluations: run.gradientEvaluations,
                divergences: run.divergences, cpuNanoseconds: UInt64((Clock.cpu() - cpuStarted) * 1e9),
                wallNanoseconds: UInt64((Clock.now() - started) * 1e9)))
    }

    /// Parses the bundle, or returns the model of the last one if it is the same.
    private mutating func loadModel(_ bundle: [UInt8]) throws -> (MarketingMixModel, FitSettings) {
        let digest = SHA256.hash(data: bundle)
        if let model, model.digest == digest { return (model.value, model.settings) }
        let read = try ModelFileReader.read(BundleArchive(decoding: bundle).bundle)
        let value = MarketingMixModel(specification: read.specification, dataset: read.dataset)
        let settings = FitSettings(read.specification)
        model = (digest, value, settings)
        return (value, settings)
    }

    private func report(_ report: SlotReport, blobs: [[UInt8]] = []) {
        let bytes = SlotFrame.encode(report, blobs: blobs)
        var offset = 0
        bytes.withUnsafeBytes { buffer in
            while offset < buffer.count {
                let written = write(1, buffer.baseAddress! + offset, buffer.count - offset)
                if written < 0 {
                    if errno == EINTR { continue }
                    exit(1)
                }
                offset += written
            }
        }
    }

    /// The next command; nil when none is there and `waits` is false. The process ends with its pipe, whatever it
    /// is doing: nobody is left to take a result.
    private mutating func nextCommand(waits: Bool) -> (SlotCommand, [[UInt8]])? {
        while true {
            do {
                if let frame = try commands.next(SlotCommand.self) { return (frame.message, frame.blobs) }
            } catch {
                exit(1)
            }
            var descriptor = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            let ready = poll(&descriptor, 1, waits ? -1 : 0)
            if ready == 0 { return nil }
            if ready < 0 { continue }
            let count = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
                let count = read(0, buffer.baseAddress, buffer.count)
                if count > 0 { commands.append(buffer[..<count]) }
                return count
            }
            if count == 0 { exit(0) }
            if count < 0 && errno != EINTR { exit(1) }
        }
    }
}

/// h₀ = task digest, hᵢ = SHA-256(hᵢ₋₁ ‖ record i): names the draws so far, wherever blocks were cut.
struct ChainDigest {
    private var bytes: [UInt8]

    /// Starts from a digest as hexadecimal text.
    init(_ text: String) {
        guard let digest = Digest(text) else { preconditionFailure("no digest: \(text)") }
        bytes = Array(digest.bytes)
    }

    mutating func extend(by block: [UInt8], records: [Range<Int>]) {
        for record in records {
            var hash = SHA256()
            hash.update(data: bytes)
            hash.update(data: block[record])
            bytes = Array(hash.finalize())
        }
    }

    var text: String { Digest(bytes: bytes)!.description }
}

/// The machine's clocks, in seconds.
enum Clock {
    /// Monotonic, suspended time included.
    static func now() -> Double { seconds(CLOCK_BOOTTIME) }

    /// Processor time of this process.
    static func cpu() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
