import Coordination
import Foundation
import Glibc
import Logging
import ModelFile
import Results
import Storage

/// A fit on this machine: an embedded coordinator, worker processes, and the results folder at the end. What is
/// durable lies in `DIRECTORY.state` until the fit has succeeded, so the same call goes on after any interruption.
package struct LocalFit: Sendable {
    /// Why a fit was not begun or did not succeed.
    package enum Failure: Error, CustomStringConvertible {
        /// The results folder, or the state beside it, is another fit's.
        case occupied(String)
        /// The work failed.
        case failed(String)

        package var description: String {
            switch self {
            case .occupied(let text), .failed(let text): text
            }
        }
    }

    package var submission: FitSubmission
    package var directory: String
    package var workers: Int
    /// Replace a results folder, or an unfinished state, of another fit.
    package var force: Bool
    package var settings: CoordinatorSettings

    package init(
        submission: FitSubmission, directory: String, workers: Int, force: Bool, settings: CoordinatorSettings
    ) {
        self.submission = submission
        var directory = directory
        while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
        self.directory = directory
        self.workers = workers
        self.force = force
        self.settings = settings
    }

    /// The folder of what is durable until the fit has succeeded.
    package var state: String { directory + ".state" }

    /// True when the folder holds the finished results of this very fit.
    package func isDone() throws -> Bool {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: directory, isDirectory: &isFolder) else { return false }
        guard isFolder.boolValue else { throw Failure.occupied("\(directory) is a file. Mend: name another folder.") }
        let names = try manager.contentsOfDirectory(atPath: directory)
        if names.isEmpty { return false }
        guard let manifest = try ResultsFolder.readManifest(in: directory) else {
            throw Failure.occupied(
                "\(directory) exists and holds no results of Tutti. Mend: name another folder, or empty it.")
        }
        if manifest.fit == submission.digest.description, manifest.binarySHA256 == Build.binaryDigest.description {
            return !force
        }
        if manifest.fit == submission.digest.description || force { return false }
        throw Failure.occupied(
            "\(directory) holds the results of another fit ('\(manifest.name)'). "
                + "Mend: name another folder, or replace them with --force.")
    }

    /// Runs the fit, or goes on with it.
    ///
    /// - Parameters:
    ///   - resuming: called once, with where an interrupted fit was, when this goes on with one.
    ///   - progress: called several times a second.
    package func run(
        logger: Logger, resuming: (JobProgress) -> Void, progress: (JobProgress) -> Void
    ) async throws {
        let coordinator = try await start(logger: logger)
        defer { removeSocketFolder(of: coordinator) }
        let interrupted = coordinator.earlierJobs.first { $0.digest == submission.digest && !$0.state.isOver }
        if let interrupted { resuming(JobProgress(interrupted)) }
        let receipt = try await coordinator.submit(submission)
        let cluster = LocalCluster(workers: workers, endpoint: coordinator.endpoint) { processID in
            coordinator.workerEnded(WorkerService.name(processID: processID))
        }
        var last: JobProgress?
        while true {
            try? await Task.sleep(for: .milliseconds(50))
            if let failure = coordinator.failureText {
                cluster.stop(patience: .seconds(1))
                throw Failure.failed(failure)
            }
            guard let snapshot = coordinator.job(receipt.job) else { continue }
            let now = JobProgress(snapshot)
            last = now
            progress(now)
            if now.isOver { break }
            // To put results together takes no worker.
            if let failure = cluster.failureText, now.state != JobState.assembling.rawValue {
                cluster.stop(patience: .zero)
                coordinator.stop()
                throw Failure.failed(failure)
            }
        }
        // The job is over: no worker has anything left to lose.
        cluster.stop(patience: .zero)
        coordinator.stop()
        guard let last, last.state == "succeeded" else {
            throw Failure.failed(last?.text ?? "the fit ended without a result")
        }
        try install(from: coordinator.resultsFolder(of: receipt.job))
        do {
            try FileManager.default.removeItem(atPath: state)
        } catch {
            // The results are in place, so the fit has succeeded; the next one of this folder copes with what is left.
            logger.error("the state of a finished fit is left over: remove \(state)", metadata: ["error": "\(error)"])
        }
    }

    /// Opens the state, after removing what another fit left there if that is allowed, or this one after its results
    /// were moved to their place.
    private func start(logger: Logger) async throws -> CoordinatorService {
        try? FileManager.default.createDirectory(
            atPath: (URL(fileURLWithPath: directory).deletingLastPathComponent()).path,
            withIntermediateDirectories: true)
        let coordinator = try open(logger: logger)
        let others = coordinator.earlierJobs.filter {
            $0.digest != submission.digest || $0.state == .failed || $0.state == .cancelled
                || $0.state == .succeeded
                    && !FileManager.default.fileExists(atPath: coordinator.resultsFolder(of: $0.id))
        }
        guard !others.isEmpty else { return coordinator }
        coordinator.stop()
        removeSocketFolder(of: coordinator)
        if others.contains(where: { !$0.state.isOver }), !force {
            throw Failure.occupied(
                "\(state) holds an unfinished fit of something else ('\(others[0].name)'). "
                    + "Mend: finish it with its own command, or discard it with --force.")
        }
        try FileManager.default.removeItem(atPath: state)
        return try open(logger: logger)
    }

    private func open(logger: Logger) throws -> CoordinatorService {
        let configuration = CoordinatorConfiguration(
            state: state, endpoint: "ipc://" + (try socketPath()), settings: settings)
        do {
            return try CoordinatorService(configuration, logger: logger)
        } catch let foreign as ForeignState {
            guard force else {
                throw Failure.occupied(
                    "\(foreign.problem) Mend: finish it with that version, or begin anew with --force.")
            }
            try FileManager.default.removeItem(atPath: state)
            return try CoordinatorService(configuration, logger: logger)
        }
    }

    /// In the state folder; in a private folder of the system's own where that path is too long for a Unix socket.
    private func socketPath() throws -> String {
        let path = URL(fileURLWithPath: state).path + "/socket"
        if path.utf8.count <= 100 {
            try? FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            return path
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tutti-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        return folder + "/socket"
    }

    /// Removes the folder that `socketPath` made outside the state.
    private func removeSocketFolder(of coordinator: CoordinatorService) {
        let folder = URL(fileURLWithPath: String(coordinator.endpoint.dropFirst("ipc://".count)))
            .deletingLastPathComponent()
        if folder.path != URL(fileURLWithPath: state).path { try? FileManager.default.removeItem(at: folder) }
    }

    /// Moves the results to their place.
    private func install(from source: String) throws {
        let manager = FileManager.default
        if manager.fileExists(atPath: directory) { try manager.removeItem(atPath: directory) }
        try manager.moveItem(atPath: source, toPath: directory)
        try DurableFile.syncFolder(URL(fileURLWithPath: directory).deletingLastPathComponent().path)
    }
}
