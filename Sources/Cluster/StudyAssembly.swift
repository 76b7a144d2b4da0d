import Analysis
import Coordination
import Fitting
import Foundation
import MarketingMix
import ModelDefinition
import Report
import Results
import Wire

/// Puts the folder of a study together from the stored draws of its tasks.
struct StudyAssembly {
    let snapshot: JobSnapshot
    let model: MarketingMixModel
    let submission: FitSubmission

    /// Writes the folder, whole or not at all; returns the verdict in a sentence.
    /// - Parameter records: the bytes of a task's draws by its index.
    func write(to directory: String, records: (Int) throws -> [UInt8]) throws -> String {
        let content: ResultsContent
        switch submission.settings.study {
        case .calibration: content = try calibration(records)
        case .timeSlices: content = try timeSlices(records)
        case .alternatives: content = try alternatives(records)
        case .placebo: content = try placebos(records)
        case nil: preconditionFailure("a fit is no study")
        }
        try ResultsFolder.write(content, to: directory) { Digest(hashing: $0).description }
        let verdict = content.manifest.verdict
        return verdict.passed ? "passed" : verdict.reasons.joined(separator: " ")
    }

    private func calibration(_ records: (Int) throws -> [UInt8]) throws -> ResultsContent {
        let result = try CalibrationAssembly.assemble(model: model, settings: submission.settings, records: records)
        let study = result.study
        let summary = CalibrationSummary(
            study, thinning: result.thinning, divergences: result.divergences, reasons: reasons(study),
            warnings: remarks(result))
        return ResultsContent(
            manifest: manifest(
                passed: study.passed, divergences: result.divergences, draws: result.draws, reasons: summary.reasons,
                remarks: summary.warnings),
            files: [
                StudyTables.ranks.written(StudyTables.ranks(of: study)),
                StudyTables.recovery.written(study.recovery),
                (CalibrationSummary.fileName, try summary.text()),
                (
                    "sbc.html",
                    CalibrationPage.render(
                        study, name: snapshot.name, reasons: summary.reasons, warnings: summary.warnings)
                ),
            ])
    }

    private func reasons(_ study: CalibrationStudy) -> [String] {
        let ranks = study.failures.map { row in
            "The ranks of \(row.quantity) leave the band of a calibrated model: p = \(row.pValue), mean rank "
                + "\(row.meanRank)."
        }
        let coverages = study.missedCoverages.map { row in
            "Intervals of \(row.quantity) hold the truth in \(row.coverage50.observed) (50 %) and "
                + "\(row.coverage90.observed) (90 %) of the worlds."
        }
        return ranks + coverages
    }

    private func remarks(_ result: CalibrationResult) -> [String] {
        var remarks: [String] = []
        if result.dependentShare > 0.1 {
            let percent = Int((100 * result.dependentShare).rounded())
            remarks.append(
                "In \(percent) % of the replications some parameter's draws are worth fewer than "
                    + "\(CalibrationStudy.drawCount) independent ones, which crowds ranks at both ends: take more --draws."
            )
        }
        if result.divergences > 0 {
            remarks.append("\(result.divergences) of \(result.draws) draws diverged.")
        }
        return remarks
    }

    private func timeSlices(_ records: (Int) throws -> [UInt8]) throws -> ResultsContent {
        let slices = try TimeSliceAssembly.assemble(model: model, settings: submission.settings, records: records)
        let rows = slices.map { slice in
            SliceRow(
                slice: slice.slice, trainingPeriods: slice.trainingPeriods, first: slice.dates.lowerBound.description,
                last: slice.dates.upperBound.description, cells: slice.score?.cellCount ?? 0,
                expectedLogDensity: slice.score?.logDensity, crps: slice.score?.crps, coverage: slice.score?.coverage,
                absolutePercentageError: slice.score?.absolutePercentageError, divergences: slice.divergences)
        }
        let divergences = rows.reduce(0) { $0 + $1.divergences }
        let draws = rows.count * submission.settings.chains * submission.settings.draws
        return ResultsContent(
            manifest: manifest(passed: true, divergences: divergences, draws: draws, reasons: [], remarks: []),
            files: [StudyTables.slices.written(rows)])
    }

    private func alternatives(_ records: (Int) throws -> [UInt8]) throws -> ResultsContent {
        let settings = submission.settings
        let study = try AlternativeAssembly.assemble(model: model, settings: settings, records: records)
        let summary = CurveSummary(study)
        return ResultsContent(
            manifest: manifest(
                passed: true, divergences: study.fits.reduce(0) { $0 + $1.divergences },
                draws: study.fits.count * settings.chains * settings.draws, reasons: [], remarks: summary.findings),
            files: [
                StudyTables.scores.written(summary.alternatives),
                StudyTables.returns.written(StudyTables.returns(of: summary)),
                (CurveSummary.fileName, try summary.text()),
                ("curves.html", AlternativesPage.render(study, name: snapshot.name)),
            ])
    }

    private func placebos(_ records: (Int) throws -> [UInt8]) throws -> ResultsContent {
        let study = try PlaceboAssembly.assemble(model: model, settings: submission.settings, records: records)
        return ResultsContent(
            manifest: manifest(
                passed: study.passed, divergences: study.divergences, draws: study.draws, reasons: study.reasons,
                remarks: study.remarks),
            files: [
                StudyTables.placebos.written(study.rows),
                (PlaceboSummary.fileName, try PlaceboSummary(study).text()),
            ])
    }

    private func manifest(
        passed: Bool, divergences: Int, draws: Int, reasons: [String], remarks: [String]
    ) -> Manifest {
        Manifest(
            run: Manifest.Run(snapshot, submission: submission), seed: submission.settings.seed,
            plan: Manifest.Plan(submission.settings),
            verdict: Manifest.Verdict(
                passed: passed, divergences: divergences, draws: draws, reasons: reasons, warnings: remarks),
            warnings: snapshot.warnings)
    }
}
