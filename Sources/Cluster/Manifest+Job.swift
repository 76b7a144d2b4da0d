import Coordination
import Fitting
import Foundation
import Results
import Wire

extension Manifest.Run {
    /// A job that ends now.
    init(_ job: JobSnapshot, submission: FitSubmission) {
        let finished = Date().timeIntervalSince1970
        self.init(
            name: job.name, version: Build.version, identity: FitIdentity(job, submission),
            startedAt: Self.text(job.submittedAt), finishedAt: Self.text(finished),
            wallSeconds: finished - job.submittedAt, cpuSeconds: Self.cpuSeconds(of: job),
            tasks: job.tasks.map(Manifest.Task.init))
    }

    /// Nil where a task was let go before its end, which says nothing of its time.
    private static func cpuSeconds(of job: JobSnapshot) -> Double? {
        let costs = job.tasks.compactMap(\.cost)
        guard costs.count == job.tasks.count else { return nil }
        return costs.reduce(0) { $0 + Double($1.cpuNanoseconds) / 1e9 }
    }

    private static func text(_ seconds: Double) -> String {
        ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: seconds))
    }
}

extension FitIdentity {
    init(_ job: JobSnapshot, _ submission: FitSubmission) {
        self.init(
            fit: job.digest.description, model: submission.modelDigest.description,
            data: submission.dataDigest.description, binary: Build.binaryDigest.description)
    }
}

extension Manifest.Task {
    init(_ task: JobSnapshot.Task) {
        self.init(
            label: task.specification.label, iterations: task.iterations,
            attempts: task.attempts.map {
                Manifest.Attempt(
                    epoch: $0.epoch, worker: $0.worker, startIteration: $0.startIteration,
                    lastIteration: $0.lastIteration, outcome: $0.outcome)
            },
            recomputedIterations: task.recomputedIterations, gradientEvaluations: task.cost?.gradientEvaluations,
            divergences: task.cost?.divergences, result: task.result?.description ?? "")
    }
}
