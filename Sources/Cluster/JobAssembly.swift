import Coordination
import Fitting
import Foundation
import MarketingMix
import ModelDefinition
import ModelFile
import Posterior
import Report
import Results
import Storage
import Wire

/// Tasks whose stored draws cannot be read.
package struct LostDraws: Error {
    package let tasks: [TaskID]

    package init(tasks: [TaskID]) {
        self.tasks = tasks
    }
}

/// Puts the results of a job together from its stored draws: a function of the blobs, in task order.
struct JobAssembly {
    private let snapshot: JobSnapshot
    private let blobStore: BlobStore
    private let predicts: Bool?

    /// - Parameter predicts: whether each cell is predicted; nil: as the number of draws says.
    init(snapshot: JobSnapshot, blobStore: BlobStore, predicts: Bool? = nil) {
        self.snapshot = snapshot
        self.blobStore = blobStore
        self.predicts = predicts
    }

    /// Writes the results folder, whole or not at all; returns the verdict in a sentence.
    /// - Throws: `LostDraws` with every task whose draws are missing or damaged.
    func write(to directory: String) throws -> String {
        let (bundle, read, model, settings) = try fit()
        if settings.study != nil {
            let submission = try FitSubmission(bundle: bundle, read: read, settings: settings)
            return try readingDraws {
                try StudyAssembly(snapshot: snapshot, model: model, submission: submission).write(to: directory) {
                    try records(of: snapshot.tasks[$0])
                }
            }
        }
        let settled = snapshot.settled.map { iteration in
            SettledDraws(at: iteration, settings, dimension: model.posterior(weights: nil).dimension)
        }
        let result = try readingDraws {
            try FitAssembly.assemble(
                model: model, settings: settled?.settings(settings) ?? settings, by: ProcessorMap(),
                predicts: predicts
            ) { index in
                let bytes = try records(of: snapshot.tasks[index])
                return try settled?.records(bytes, of: index, in: snapshot) ?? bytes
            }
        }
        let told = try settled?.told(snapshot) { try records(of: snapshot.tasks[$0]) } ?? snapshot
        let submission = try FitSubmission(bundle: bundle, read: read, settings: settings)
        let manifest = manifest(
            of: result, snapshot: told, submission: submission,
            warnings: result.warnings.map(\.sentence) + snapshot.warnings)
        var content = ResultsContent(
            manifest: manifest, groups: InferenceData.groups(of: result), summaries: result.summaries,
            contributions: result.analysis.contributions, geoContributions: result.analysis.geoContributions,
            channels: result.analysis.channels, leaveOneOut: Self.leaveOneOut(of: result),
            sensitivity: result.sensitivity,
            responseCurves: result.analysis.responseCurves, bootstrap: result.bootstrap,
            report: ReportPage.render(ReportContent(result, submission: submission, warnings: snapshot.warnings)))
        content.mediation = result.mediation
        content.bundle = String(decoding: try BundleArchive(bundle).encoded(), as: UTF8.self)
        try ResultsFolder.write(content, to: directory) { Digest(hashing: $0).description }
        return result.verdict.passed ? "converged" : result.verdict.reasons.joined(separator: " ")
    }

    /// Whether the draws of the job's chains up to this iteration are enough.
    /// - Throws: `LostDraws` with every task whose draws are missing or damaged.
    func isEnough(at iteration: Int) throws -> Bool {
        let (_, _, model, settings) = try fit()
        let settled = SettledDraws(
            at: iteration, settings, dimension: model.posterior(weights: nil).dimension)
        let first = FitPlan(settings).scoutCount
        return try readingDraws {
            let chains = try (first..<first + settings.chains).map { index in
                try settled.records(records(of: snapshot.tasks[index]), of: index, in: snapshot)
            }
            return try RoundJudgement.isEnough(
                model: model, settings: settled.settings(settings), chains: chains, by: ProcessorMap())
        }
    }

    /// The fit that the job is.
    private func fit() throws -> (
        bundle: ModelBundle, read: ReadModel, model: MarketingMixModel, settings: FitSettings
    ) {
        let bundle = try BundleArchive(decoding: try bytes(snapshot.bundle)).bundle
        let read = try ModelFileReader.read(bundle)
        guard let first = snapshot.tasks.first,
            let settings = TaskPayload(
                decoding: first.specification.payload, base: FitSettings(read.specification))?.settings
        else { throw CoordinatorError(description: "the job's tasks are of another version") }
        let model = MarketingMixModel(specification: read.specification, dataset: read.dataset)
        return (bundle, read, model, settings)
    }

    private func records(of task: JobSnapshot.Task) throws -> [UInt8] {
        try task.blocks.flatMap { try bytes($0) }
    }

    /// Runs what reads draws; where some cannot be read, looks which else are lost.
    private func readingDraws<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch is UnreadableBlob {
            let lost = try snapshot.tasks.indices.filter { index in
                do {
                    for block in snapshot.tasks[index].blocks { _ = try bytes(block) }
                    return false
                } catch is UnreadableBlob {
                    return true
                }
            }
            throw LostDraws(tasks: lost.map { TaskID(job: snapshot.id, index: UInt32($0)) })
        }
    }

    /// A blob that is missing or damaged.
    private struct UnreadableBlob: Error, CustomStringConvertible {
        let description: String
    }

    private func bytes(_ digest: Digest) throws -> [UInt8] {
        let bytes: [UInt8]?
        do {
            bytes = try blobStore.bytes(of: digest)
        } catch StorageError.damagedBlob(let path) {
            throw UnreadableBlob(description: "\(StorageError.damagedBlob(path: path))")
        }
        guard let bytes else { throw UnreadableBlob(description: "the blob \(digest) is missing") }
        return bytes
    }

    private func manifest(
        of result: FitResult, snapshot: JobSnapshot, submission: FitSubmission, warnings: [String]
    ) -> Manifest {
        var manifest = Self.manifest(
            of: snapshot, submission: submission, settings: result.settings, verdict: Manifest.Verdict(result.verdict),
            warnings: warnings)
        manifest.scouts = result.scouts.map { Manifest.Scouts(highestRHat: $0.highestRHat, areUsed: $0.areUsed) }
        let units = ResultUnits(result)
        manifest.units = ["contribution": units.kpi, "roi": units.returns]
        manifest.crossValidation = result.leaveOneOut.map { Self.crossValidation($0, data: result.model.dataset) }
        manifest.holdout = Self.holdout(of: result)
        let experiments = Self.experiments(of: result)
        manifest.experiments = experiments.isEmpty ? nil : experiments
        manifest.mediation = result.mediation.isEmpty ? nil : result.mediation.map(Manifest.Mediation.init)
        return manifest
    }

    /// What the manifests of fits and of studies have in common.
    /// - Parameter settings: with the draws that the chains had.
    static func manifest(
        of snapshot: JobSnapshot, submission: FitSubmission, settings: FitSettings, verdict: Manifest.Verdict,
        warnings: [String]
    ) -> Manifest {
        let finished = Date().timeIntervalSince1970
        return Manifest(
            status: "succeeded", name: snapshot.name, tutti: Build.version, fit: snapshot.digest.description,
            modelSHA256: submission.modelDigest.description, dataSHA256: submission.dataDigest.description,
            binarySHA256: Build.binaryDigest.description, seed: settings.seed,
            plan: Manifest.Plan(
                chains: settings.chains, warmup: settings.warmup, draws: settings.draws,
                targetAccept: settings.targetAcceptance, resamples: settings.resamples,
                blockLength: settings.blockLength, until: settings.until.rawValue,
                start: settings.resolvedStart.rawValue),
            startedAt: text(snapshot.submittedAt), finishedAt: text(finished),
            wallSeconds: finished - snapshot.submittedAt,
            cpuSeconds: cpuSeconds(of: snapshot),
            tasks: snapshot.tasks.map(manifestTask), verdict: verdict, warnings: warnings)
    }

    /// Nil where a task was let go before its end, which says nothing of its time.
    private static func cpuSeconds(of snapshot: JobSnapshot) -> Double? {
        let costs = snapshot.tasks.compactMap(\.cost)
        guard costs.count == snapshot.tasks.count else { return nil }
        return costs.reduce(0) { $0 + Double($1.cpuNanoseconds) / 1e9 }
    }

    private static func leaveOneOut(of result: FitResult) -> [LeaveOneOutRow] {
        let data = result.model.dataset
        let known = data.knownCells
        guard let loo = result.leaveOneOut else { return [] }
        return zip(known, zip(loo.pointwise, loo.shapes)).map { cell, score in
            LeaveOneOutRow(
                date: data.dates[cell % data.periodCount].description,
                geo: data.geos.isEmpty ? nil : data.geos[cell / data.periodCount], expectedLogDensity: score.0,
                shape: score.1, kpi: data.kpi[cell])
        }
    }

    private static func holdout(of result: FitResult) -> Manifest.Holdout? {
        result.holdout.map {
            Manifest.Holdout(
                periods: result.model.specification.holdout, cells: $0.cellCount, logDensity: $0.logDensity,
                crps: $0.crps, coverage: $0.coverage, absolutePercentageError: $0.absolutePercentageError)
        }
    }

    private static func experiments(of result: FitResult) -> [Manifest.Experiment] {
        result.model.specification.experiments.compactMap { experiment in
            guard let quantity = result.quantitySummaries.first(where: { $0.name == experiment.quantityName }) else {
                return nil
            }
            return Manifest.Experiment(
                name: experiment.name, lift: experiment.lift, standardError: experiment.standardError,
                modelMean: quantity.summary.mean, modelQ05: quantity.summary.q05, modelQ95: quantity.summary.q95)
        }
    }

    private static func crossValidation(_ loo: LeaveOneOut, data: Dataset) -> Manifest.CrossValidation {
        let known = data.knownCells
        let doubtful = loo.doubtful.map { index in
            let cell = known[index]
            let date = data.dates[cell % data.periodCount].description
            return data.geos.isEmpty ? date : "\(data.geos[cell / data.periodCount]), \(date)"
        }
        return Manifest.CrossValidation(
            expectedLogDensity: loo.expectedLogDensity, standardError: loo.standardError,
            parameterCount: loo.parameterCount, shapeLimit: loo.shapeLimit, doubtful: doubtful)
    }

    static func manifestTask(_ task: JobSnapshot.Task) -> Manifest.Task {
        Manifest.Task(
            label: task.specification.label, iterations: task.iterations,
            attempts: task.attempts.map {
                Manifest.Attempt(
                    epoch: $0.epoch, worker: $0.worker, startIteration: $0.startIteration,
                    lastIteration: $0.lastIteration, outcome: $0.outcome)
            },
            recomputedIterations: task.recomputedIterations, gradientEvaluations: task.cost?.gradientEvaluations,
            divergences: task.cost?.divergences, result: task.result?.description ?? "")
    }

    static func text(_ seconds: Double) -> String {
        ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: seconds))
    }
}
