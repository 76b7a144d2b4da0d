import Coordination
import Fitting
import Foundation
import MarketingMix
import ModelChecks
import ModelFile
import Storage
import Wire
import Wording

/// A fit as it is handed to a coordinator: the bundle's bytes, the settings, and the digests that name them.
package struct FitSubmission: Sendable {
    package let name: String
    /// The archive of model and data.
    package let bundle: [UInt8]
    package let bundleDigest: Digest
    /// SHA-256 of the model file's bytes.
    package let modelDigest: Digest
    /// SHA-256 over the data files, each as path, length and bytes, in the order of their paths.
    package let dataDigest: Digest
    package let settings: FitSettings
    /// Whose work it is.
    package let project: String
    /// What is to be said of the model, a sentence each; no part of the names.
    private let warnings: [Sentence]
    /// What the kernels compute that its tasks are for.
    private let kernels: Digest

    /// - Parameter read: what the bundle says, judged by the front door.
    /// - Throws: `SubmissionRefusal` where a job cannot hold so many tasks.
    package init(
        bundle: ModelBundle, read: ReadModel, settings: FitSettings, project: String = Project.fallback,
        kernels: Digest = Build.kernelFingerprint
    ) throws {
        let taskCount = FitPlan(settings).tasks.count
        guard taskCount <= Limits.tasksMax else {
            throw SubmissionRefusal(
                description: "a fit has at most \(Limits.tasksMax) tasks, and this one \(taskCount), for its "
                    + "\(settings.chains) chains, \(settings.resamples) resamples and the runs of a study. Mend: ask for "
                    + "fewer resamples or runs.")
        }
        guard settings.start != .warm || settings.hasAcceptedDraws else {
            throw SubmissionRefusal(
                description: "chains cannot begin warm: the model names no accepted fit. Mend: leave 'start' out, or "
                    + "name the file of one in the model file, as `accepted: accepted.json`.")
        }
        name = read.specification.name
        // Results name the model file as the bundle does, so that they do not depend on where it lay.
        warnings = read.warnings.map { warning in
            var warning = warning
            if warning.file == read.modelFile { warning.file = bundle.modelName }
            return warning.sentence
        }
        self.settings = settings
        self.project = project
        self.kernels = kernels
        self.bundle = try BundleArchive(bundle).encoded()
        bundleDigest = Digest(hashing: self.bundle)
        modelDigest = Digest(hashing: bundle.model)
        var data = DigestBuilder()
        for file in bundle.files {
            data.append("\(file.path)\0\(file.bytes.count)\0".utf8)
            data.append(file.bytes)
        }
        dataDigest = data.digest
    }

    /// Names the fit: project, bundle, settings, and what the kernels compute. The same content in two projects is two
    /// fits, or one project would learn what the other has; their tasks have the same names and the same results.
    package var digest: Digest {
        var named = settings
        // How resamples are split into tasks is no part of what is found.
        named.resamplesPerTask = nil
        let payload = TaskPayload(
            task: named.study == nil ? .chain(0) : FitPlan(named).tasks[0], settings: named
        )
        .encoded
        let owner = project == Project.fallback ? "" : " of \(project)"
        return Digest(hashing: Array("fit \(kernels)\(owner)".utf8) + bundleDigest.bytes + payload)
    }

    /// The job of this fit: its tasks in plan order.
    package func job(_ wishes: QueueWishes = QueueWishes()) -> JobSpecification {
        let plan = FitPlan(settings)
        return JobSpecification(
            digest: digest, name: name, priority: wishes.priority, project: project, after: wishes.after,
            deadline: wishes.deadline, needs: wishes.needs, portfolio: wishes.portfolio, bundle: bundleDigest,
            submittedAt: Date().timeIntervalSince1970, kernels: kernels, warnings: warnings.map(\.english),
            frenchWarnings: warnings.map(\.french), schedule: schedule(plan),
            tasks: plan.tasks.map { task in
                let payload = TaskPayload(task: task, settings: settings).encoded
                return TaskSpecification(
                    digest: Digest(hashing: Array("task \(kernels)".utf8) + bundleDigest.bytes + payload),
                    payload: payload, inputs: [bundleDigest], label: task.label,
                    iterations: plan.iterationCount(of: task))
            })
    }
}

extension FitSubmission {
    /// Nil where every task is for itself and runs to its end.
    private func schedule(_ plan: FitPlan) -> ChainSchedule? {
        guard settings.study == nil, plan.scoutCount > 0 || plan.rounds.count > 1 else { return nil }
        return ChainSchedule(
            chains: plan.scoutCount..<plan.scoutCount + settings.chains,
            scouted: plan.scoutCount > 0 ? plan.scouted : nil,
            rounds: plan.rounds.count > 1 ? plan.rounds.map { settings.warmup + $0 } : [])
    }
}

/// Why a submission is not taken: every problem, a line each.
package struct SubmissionRefusal: Error, CustomStringConvertible {
    package let description: String
}

extension FitSubmission {
    /// A submission from outside, read and checked as `tutti fit` would.
    package static func checked(
        _ request: SubmissionRequest, project: String = Project.fallback
    ) -> Result<FitSubmission, SubmissionRefusal> {
        do {
            let bundle = request.archive.bundle
            let read = try ModelFileReader.read(bundle).judged()
            let base = FitSettings(read.specification)
            let settings = try request.settings?.applied(to: base) ?? base
            return .success(
                try FitSubmission(bundle: bundle, read: read, settings: settings, project: project))
        } catch let error as ProblemList {
            return .failure(
                SubmissionRefusal(description: error.problems.map(\.description).joined(separator: "\n")))
        } catch let refusal as SubmissionRefusal {
            return .failure(refusal)
        } catch {
            return .failure(SubmissionRefusal(description: String(describing: error)))
        }
    }
}
