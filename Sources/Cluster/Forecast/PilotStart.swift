import Coordination
import Fitting
import Foundation
import Glibc
import Logging
import ModelFile
import Results

/// A fit of a few draws in all its parts, for what every fit costs beside its tasks and its results: coordinator, workers
/// and slots are started, handed a model, and stopped.
struct PilotStart {
    private(set) var wallSeconds: Double
    private(set) var processorSeconds: Double
    /// The most that a slot held of memory of its own.
    private(set) var slotByteCount: Int

    private static let warmup = 10
    private static let draws = 20

    /// - Parameters:
    ///   - folder: where the fit may write.
    ///   - share: of a processor, what a running task has.
    init(
        bundle: ModelBundle, read: ReadModel, settings: FitSettings, workers: Int, folder: String, share: Double
    ) async throws {
        var settings = settings
        settings.chains = 1
        (settings.warmup, settings.draws) = (Self.warmup, Self.draws)
        settings.until = .draws
        settings.start = .independent
        settings.resamples = 0
        let begun = Moment()
        // The program's own digest is a part of all results; it is computed once.
        _ = Build.binaryDigest
        let fit = LocalFit(
            submission: try FitSubmission(bundle: bundle, read: read, settings: settings), directory: folder + "/fit",
            workers: workers, force: true,
            settings: CoordinatorSettings(workersDieWithCoordinator: true))
        var assembling: Moment?
        var isOver: Moment?
        var slotByteCount = 0
        try await fit.run(logger: Logger(label: "tutti") { _ in SwiftLogNoOpLogHandler() }, resuming: { _ in }) {
            progress in
            for slot in ProcessMemory.children(of: getpid()).flatMap(ProcessMemory.children) {
                slotByteCount = max(slotByteCount, ProcessMemory.own(of: slot) ?? 0)
            }
            if progress.state == JobState.assembling.rawValue || progress.isOver, assembling == nil {
                assembling = Moment()
            }
            if progress.isOver { isOver = Moment() }
        }
        let end = Moment()
        let tasks = try ResultsFolder.readManifest(in: fit.directory)?.cpuSeconds ?? 0
        self.slotByteCount = slotByteCount
        // Putting results together is measured for itself.
        let assembly: (wall: Double, processor: Double) =
            if let assembling, let isOver { isOver - assembling } else { (0, 0) }
        let all = end - begun
        wallSeconds = max(0, all.wall - assembly.wall - tasks / max(share, 0.01))
        processorSeconds = max(0, all.processor - assembly.processor)
    }

    /// A reading of the clocks.
    private struct Moment {
        let wall = Clock.now()
        let processor = Clock.cpu() + Clock.reaped()

        static func - (later: Moment, earlier: Moment) -> (wall: Double, processor: Double) {
            (later.wall - earlier.wall, later.processor - earlier.processor)
        }
    }
}
