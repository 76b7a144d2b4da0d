import Coordination
import Fitting
import Glibc
import MarketingMix
import ModelDefinition
import ModelFile
import Storage
import Wire

/// The numeric core behind a slot's pipes: runs one task after another, in a process that touches no network.
package struct TaskExecutor {
    private static let reportInterval: Double = 0.1

    private var commands = SlotFrameBuffer()
    private var model: (name: String, value: MarketingMixModel, settings: FitSettings)?

    /// Serves commands on standard input until it closes.
    package static func serve() -> Int32 {
        var executor = TaskExecutor()
        while let (command, blobs) = executor.nextCommand(waits: true) {
            guard case .run(let task) = command else { continue }
            do {
                try executor.run(task, blobs: blobs)
            } catch {
                executor.report(.failed(text: String(describing: error)))
            }
        }
        return 0
    }

    private mutating func run(_ task: SlotTask, blobs: [[UInt8]]) throws {
        let started = Clock.now()
        let cpuStarted = Clock.cpu()
        guard let name = task.model, blobs.count >= (task.bringsModel ? 1 : 0) + (task.resumes ? 1 : 0),
            var chain = ChainDigest(task.chainDigest ?? task.taskDigest)
        else { throw TaskRunError.checkpoint("a task came without its inputs") }
        let (model, base) = try loadModel(name, bundle: task.bringsModel ? blobs[0] : nil)
        guard let payload = TaskPayload(decoding: task.payload, base: base) else {
            throw TaskRunError.checkpoint("a task came that this version does not know")
        }
        let scouts = blobs[(task.bringsModel ? 1 : 0)..<blobs.count - (task.resumes ? 1 : 0)].flatMap(\.self)
        var run =
            task.resumes
            ? try TaskRun(
                model: model, settings: payload.settings, task: payload.task, scouts: scouts,
                resuming: blobs[blobs.count - 1])
            : try TaskRun(model: model, settings: payload.settings, task: payload.task, scouts: scouts)
        var lastReport = Clock.now()
        var rhythm = CheckpointRhythm(interval: task.checkpointInterval, at: lastReport)

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

        func reportProgress() {
            report(
                .progress(
                    iteration: run.iteration, isWarmingUp: run.isWarmingUp, divergences: run.divergences,
                    stepSize: run.stepSize, gradientEvaluations: run.gradientEvaluations))
        }

        while !run.isFinished {
            do {
                try run.step()
            } catch {
                // Where it ended is known to the iteration: at the same one elsewhere it is the task's own fault.
                reportProgress()
                throw error
            }
            let now = Clock.now()
            if now - lastReport >= Self.reportInterval {
                lastReport = now
                reportProgress()
            }
            let isDue = rhythm.isDue(at: now, blockByteCount: run.recordByteCount)
            // A full block must be cut before the next draw; an elapsed interval can wait for an acknowledgement.
            let isFull = rhythm.isFull(blockByteCount: run.recordByteCount)
            while let (command, _) = nextCommand(waits: isFull && !rhythm.mayCut) {
                switch command {
                case .accepted:
                    rhythm.noteStored(1, at: Clock.now())
                case .stop:
                    cut()
                    report(.stopped)
                    return
                case .run:
                    throw TaskRunError.checkpoint("a task came while another ran")
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

    /// Reads the bundle that came; without one, the model is that of the last task.
    private mutating func loadModel(
        _ name: String, bundle: [UInt8]?
    ) throws -> (MarketingMixModel, FitSettings) {
        guard let bundle else {
            guard let model, model.name == name else {
                throw TaskRunError.checkpoint("a task came without its model")
            }
            return (model.value, model.settings)
        }
        let read = try ModelFileReader.read(BundleArchive(decoding: bundle).bundle)
        let value = MarketingMixModel(specification: read.specification, dataset: read.dataset)
        let settings = FitSettings(read.specification)
        model = (name, value, settings)
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
