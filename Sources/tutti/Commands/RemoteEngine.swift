import Cluster
import Fitting
import Foundation
import Results

/// Fits through a coordinator's queue.
struct RemoteEngine: NightEngine {
    let client: APIClient
    /// How the jobs stand in the queue.
    let queue: QueueRequest?

    /// Seconds between two questions how far a job is.
    private static let pause: Double = 1
    /// Seconds for which a coordinator that does not answer is waited for.
    private static let patience: Double = 600

    func fit(_ bundle: BundleArchive, settings: FitSettings, into directory: String) async throws {
        // The same content is the same job, so that a night that was interrupted asks for what it has.
        let request = SubmissionRequest(archive: bundle, settings: SubmissionSettings(settings), queue: queue)
        let job = try await patiently { try await client.submit(request) }
        while true {
            let detail = try await patiently { try await client.job(job.id) }
            if detail.summary.isAtRest {
                guard detail.summary.state == "succeeded" else {
                    throw UserError.failed("job \(job.id) has \(detail.summary.state): \(detail.summary.text)")
                }
                break
            }
            try await Task.sleep(for: .seconds(Self.pause))
        }
        try await patiently { try await client.fetch(client.results(of: job.id).files, of: job.id, into: directory) }
    }

    /// Asks again while the coordinator is away.
    private func patiently<Value>(_ ask: () async throws -> Value) async throws -> Value {
        let end = Date().addingTimeInterval(Self.patience)
        while true {
            do {
                return try await ask()
            } catch let error as UserError {
                guard error.isPassing, Date() < end else { throw error }
            }
            try await Task.sleep(for: .seconds(Self.pause))
        }
    }
}
