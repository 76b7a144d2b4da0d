import Assistant
import Cluster
import Foundation
import Results

/// Results of finished jobs, fetched when they are first asked about and gone when the conversation ends.
actor JobResults {
    private let client: APIClient
    private let folder: String
    private var fetched: [String: ServedFolder] = [:]

    init(_ client: APIClient) {
        self.client = client
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tutti-mcp-\(UUID().uuidString)").path
    }

    /// The files are the coordinator's, each of the digest that it names.
    func results(of job: String) async throws -> ServedFolder {
        if let known = fetched[job] { return known }
        let files = try await client.results(of: job).files
        guard files.contains(where: { $0.name == ResultsFolder.manifestName }) else {
            throw ToolRefusal("Job \(job) has no results yet. Mend: ask the tool job how far it is.")
        }
        let path = "\(folder)/job-\(job)"
        try await client.fetch(files, of: job, into: path)
        let results = ServedFolder(name: "job \(job)", folder: path, ofJob: job)
        fetched[job] = results
        return results
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
