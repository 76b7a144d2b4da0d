import Coordination
import Fitting
import Foundation
import Logging
import ModelFile
import Results

/// Where the fits of a night are run.
package protocol NightEngine: Sendable {
    /// Fits, and returns when the results lie in `directory`. The same call goes on with a fit that was interrupted.
    func fit(_ bundle: BundleArchive, settings: FitSettings, into directory: String) async throws
}

extension NightEngine {
    /// The fit of a bundle, judged by the front door.
    package static func submission(_ bundle: BundleArchive, settings: FitSettings) throws -> FitSubmission {
        let read = try ModelFileReader.read(bundle.bundle).judged()
        return try FitSubmission(bundle: bundle.bundle, read: read, settings: settings)
    }
}

/// On this machine, as `tutti fit` does.
package struct LocalEngine: NightEngine {
    private let workers: Int
    private let settings: CoordinatorSettings
    private let logger: Logger

    package init(workers: Int, settings: CoordinatorSettings, logger: Logger) {
        self.workers = workers
        self.settings = settings
        self.logger = logger
    }

    package func fit(_ bundle: BundleArchive, settings: FitSettings, into directory: String) async throws {
        // What lies there is of an earlier try of the same night, of these inputs or of others.
        let fit = LocalFit(
            submission: try Self.submission(bundle, settings: settings), directory: directory, workers: workers,
            force: true, settings: self.settings)
        if let manifest = try ResultsFolder.readManifest(in: directory),
            manifest.fit == fit.submission.digest.description,
            manifest.binarySHA256 == Build.binaryDigest.description
        {
            return
        }
        try await fit.run(logger: logger, resuming: { _ in }, progress: { _ in })
    }
}
