import Coordination
import Fitting
import Foundation
import Glibc
import MarketingMix
import ModelFile
import Storage
import Synchronization
import Wire

/// Results put together as a coordinator does it, of draws that stand for those that a fit would have: the pilots' own, as
/// often as it takes.
struct PilotAssembly {
    /// What it came to.
    struct Cost {
        var wallSeconds: Double
        var processorSeconds: Double
        /// The most memory that this process held meanwhile.
        var byteCount: Int
    }

    private let bundle: ModelBundle
    private let read: ReadModel
    private let settings: FitSettings
    /// Whether the fit has few enough draws that cells are predicted at each.
    private let predicts: Bool
    private let state: StateFolder
    private let blobs: BlobStore
    /// Records by draw of chains, and all of resamples and scouts.
    private let draws: (chains: [[ArraySlice<UInt8>]], resamples: [[UInt8]], scouts: [[UInt8]])

    /// - Parameters:
    ///   - settings: of the whole fit.
    ///   - chains: draws of one chain or more, at least one draw of each.
    init(
        bundle: ModelBundle, read: ReadModel, model: MarketingMixModel, settings: FitSettings, chains: [[UInt8]],
        resamples: [[UInt8]], scouts: [[UInt8]], folder: String
    ) throws {
        self.bundle = bundle
        self.read = read
        self.settings = settings
        state = try StateFolder(opening: folder + "/state")
        blobs = try BlobStore(state)
        let dimension = model.posterior(weights: nil).dimension
        draws = (
            chains.map { bytes in (DrawRecord.ranges(in: bytes, dimension: dimension) ?? []).map { bytes[$0] } },
            resamples, scouts
        )
        predicts = FitAssembly.predicts(model: model, drawCount: settings.chains * settings.draws)
    }

    /// - Parameters:
    ///   - count: draws of each chain.
    ///   - resamples: how many of the fit's there are.
    func run(draws count: Int, resamples: Int) throws -> Cost {
        var settings = settings
        // As many in a task as in the fit: their number is another here.
        settings.resamplesPerTask = settings.resamplesInTask
        (settings.draws, settings.resamples, settings.until) = (count, resamples, .draws)
        let submission = try FitSubmission(bundle: bundle, read: read, settings: settings)
        try blobs.put(Blob(digest: submission.bundleDigest, bytes: submission.bundle))
        let snapshot = try snapshot(of: submission)
        let meter = MemoryMeter()
        let (begun, begunWall) = (Clock.cpu(), Clock.now())
        _ = try JobAssembly(snapshot: snapshot, blobStore: blobs, predicts: predicts)
            .write(to: state.results + "/pilot")
        return Cost(
            wallSeconds: Clock.now() - begunWall, processorSeconds: Clock.cpu() - begun, byteCount: meter.stop())
    }

    /// The job whose tasks are all done.
    private func snapshot(of submission: FitSubmission) throws -> JobSnapshot {
        var machine = Coordinator(
            settings: CoordinatorSettings(), ledger: 1, epoch: 1, build: Build.version,
            kernels: Build.kernelFingerprint, replaying: [])
        _ = machine.handle(.submitted(submission.job(), again: false, request: 1), at: 0)
        guard var snapshot = machine.snapshot(of: JobID(1)) else {
            throw CoordinatorError(description: "the fit is refused")
        }
        for (index, task) in FitPlan(submission.settings).tasks.enumerated() {
            let bytes = records(of: task, in: FitPlan(submission.settings))
            let digest = Digest(hashing: bytes)
            try blobs.put(Blob(digest: digest, bytes: bytes))
            snapshot.tasks[index].blocks = [digest]
        }
        return snapshot
    }

    /// Bytes of so many draws, the same again and again where the pilot has fewer.
    private func records(of task: FitTask, in plan: FitPlan) -> [UInt8] {
        switch task {
        case .chain(let index):
            let own = draws.chains[index % draws.chains.count]
            return (0..<plan.settings.draws).flatMap { own[$0 % own.count] }
        case .resample(let index): return draws.resamples[index % draws.resamples.count]
        case .resampleBatch(let index):
            // The last one of the fit may have fewer resamples.
            let own = draws.resamples[index % draws.resamples.count]
            let each = own.count / FitPlan(settings).resamples(of: .resampleBatch(0)).count
            return Array(own.prefix(each * plan.resamples(of: task).count))
        case .scout(let index): return draws.scouts[index]
        case .replication, .slice, .alternative, .placebo: preconditionFailure("a study has no forecast")
        }
    }
}

/// The most memory that this process holds while this lasts.
private final class MemoryMeter: Sendable {
    private let highest = Mutex(0)
    private let stopped = DispatchSemaphore(value: 0)

    init() {
        Thread.detachNewThread { [self] in
            repeat { read() } while stopped.wait(timeout: .now() + 0.005) == .timedOut
        }
    }

    func stop() -> Int {
        stopped.signal()
        read()
        return highest.withLock { $0 }
    }

    private func read() {
        let now = ProcessMemory.resident(of: getpid()) ?? 0
        highest.withLock { $0 = max($0, now) }
    }
}
