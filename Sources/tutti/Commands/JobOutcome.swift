import Cluster
import Foundation
import Results

/// How a job that is at rest has ended, as `tutti fit` would have.
struct JobOutcome {
    let job: JobSummary
    /// Nil for a job that did not succeed.
    let verdict: Manifest.Verdict?

    init(of job: JobSummary, client: APIClient) async throws {
        self.job = job
        guard job.state == "succeeded" else {
            verdict = nil
            return
        }
        let manifest = try await client.result(ResultsFolder.manifestName, of: job.id)
        guard let verdict = try? JSONDecoder().decode(Manifest.self, from: manifest).verdict else {
            throw UserError.failed("the results of job \(job.id) are of another version.")
        }
        self.verdict = verdict
    }

    var exitCode: Int32 {
        guard let verdict else { return 1 }
        return verdict.passed ? 0 : 3
    }

    /// Work that failed is worse than a gate that was not passed.
    static func severity(_ exitCode: Int32) -> Int { [0, 3].firstIndex(of: exitCode) ?? 2 }

    /// In a table.
    var words: String {
        guard let verdict else { return String(job.text.split(separator: "\n").first ?? "") }
        return verdict.passed ? "passed its convergence gate" : "did NOT pass its convergence gate"
    }
}
