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
import Wording

/// Tasks whose stored draws cannot be read.
package struct LostDraws: Error {
    package let tasks: [TaskID]

    package init(tasks: [TaskID]) {
        self.tasks = tasks
    }
}

extension JobSnapshot {
    /// What the front door had to say of the model, in all languages.
    fileprivate var sentences: [Sentence] {
        warnings.enumerated().map { index, warning in
            var sentence = Sentence(untranslated: warning)
            if frenchWarnings.indices.contains(index) { sentence.french = frenchWarnings[index] }
            return sentence
        }
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
        let manifest = Manifest(
            result, run: Manifest.Run(told, submission: submission), warnings: snapshot.warnings)
        let report = ReportContent(
            result, identity: FitIdentity(snapshot, submission), version: Build.version,
            warnings: snapshot.sentences,
            proposal: BudgetProposal(result, by: ProcessorMap()))
        let page = ReportPage.render(report, as: read.specification.report)
        let archive = String(
            decoding: try ReportArchive(report, as: read.specification.report).encoded(), as: UTF8.self)
        let document = String(decoding: try BundleArchive(bundle).encoded(), as: UTF8.self)
        try ResultsFolder.write(
            ResultsContent(result, manifest: manifest, report: page, archive: archive, bundle: document),
            to: directory
        ) { Digest(hashing: $0).description }
        return result.verdict.passed ? "converged" : result.verdict.reasons.map(\.english).joined(separator: " ")
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

    /// What the draws that its chains have so far say; nil where there are too few, and of studies, whose chains are of
    /// many fits.
    func forming() throws -> FormingFit? {
        let (_, _, model, settings) = try fit()
        guard settings.study == nil else { return nil }
        let first = FitPlan(settings).scoutCount
        let chains = try snapshot.tasks[first..<first + settings.chains].map(records)
        return try FormingFit(model: model, settings: settings, chains: chains)
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
}
