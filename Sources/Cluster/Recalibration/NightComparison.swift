import Allocation
import Analysis
import Fitting
import Foundation
import MarketingMix
import ModelDefinition
import ModelFile
import Posterior
import Recalibration
import Report
import Results
import Wording

/// A night's result beside the accepted one: what each gate looks at.
struct NightComparison {
    let accepted: AcceptedResult
    let new: AcceptedResult
    let change: DataChange
    /// By the accepted model; nil where that cannot be asked of the new data.
    let evidence: AcceptedEvidence?
    /// Of the accepted draws after the new and restated periods.
    let provisional: ProvisionalPosterior?
    let modelChanged: Bool
    /// By reported quantity: its draws in the accepted result.
    let oldQuantities: [(name: String, draws: [Double])]
    /// By reported quantity: its draws in the new result.
    let newQuantities: [(name: String, draws: [Double])]

    init(
        accepted: AcceptedResult, new: AcceptedResult, change: DataChange, evidence: AcceptedEvidence?,
        modelChanged: Bool
    ) {
        self.modelChanged = modelChanged
        oldQuantities =
            evidence.map { evidence in
                zip(evidence.accepted.names, evidence.accepted.quantities).map { (name: $0, draws: $1) }
            } ?? Self.quantities(of: accepted)
        self.accepted = accepted
        self.new = new
        self.change = change
        self.evidence = evidence
        provisional = evidence.map {
            ProvisionalPosterior(newRows: $0.current.logRatios, chainCount: accepted.chainCount)
        }
        newQuantities = Self.quantities(of: new)
    }

    static func quantities(of result: AcceptedResult) -> [(name: String, draws: [Double])] {
        let told = PosteriorAnalysis.quantities(model: result.model, constrained: result.constrained)
        return told.map { ($0.name, $0.draws) }
    }

    /// Returns of channels that both results have: what a decision rests on.
    var returns: [String] {
        let known = Set(newQuantities.map(\.name))
        return oldQuantities.map(\.name).filter { $0.hasPrefix("roi[") && known.contains($0) }
    }

    private func draws(_ name: String, of stage: AcceptedEvidence.Stage) -> [Double]? {
        stage.names.firstIndex(of: name).map { stage.quantities[$0] }
    }

    private func oldDraws(_ name: String) -> [Double]? { oldQuantities.first { $0.name == name }?.draws }

    private func newDraws(_ name: String) -> WeightedDraws? {
        newQuantities.first { $0.name == name }.map { WeightedDraws($0.draws, chainCount: new.chainCount) }
    }

    // MARK: Gates

    func outcomes(
        data: DataFindings, convergence: ConvergenceFindings, _ bounds: GateBounds
    ) -> [GateOutcome] {
        [
            data.outcome(bounds), convergence.outcome(bounds),
            predictive.outcome(bounds, weeks: weeks),
            calibration.outcome(bounds), DriftFindings(quantities: drift, cause: cause).outcome(bounds),
            ExpectedDriftFindings(quantities: expectedDrift, missing: missing).outcome(bounds),
            Self.robustness(of: new.folder).outcome(bounds),
        ] + [decision?.outcome(bounds)].compactMap(\.self)
    }

    /// - Parameter folder: the results folder of the manifest, whose report words reasons in all languages.
    static func convergence(_ manifest: Manifest, in folder: String) -> ConvergenceFindings {
        func extreme(_ extreme: Manifest.Extreme?) -> ConvergenceVerdict.Extreme? {
            extreme.map { ConvergenceVerdict.Extreme(name: $0.name, value: $0.value ?? .nan) }
        }
        let verdict = manifest.verdict
        let worst = verdict.quantities
        return ConvergenceFindings(
            highestRHat: extreme(worst?.highestRHat), lowestBulkESS: extreme(worst?.lowestBulkESS),
            lowestTailESS: extreme(worst?.lowestTailESS),
            divergentShare: Double(verdict.divergences) / Double(max(1, verdict.draws)),
            reasons: verdict.outcome == ConvergenceVerdict.Outcome.failed.rawValue
                ? reasons(verdict.reasons, in: folder) : [])
    }

    private static func reasons(_ reasons: [String], in folder: String) -> [Sentence] {
        let told = FileManager.default.contents(atPath: "\(folder)/\(ResultsFolder.archiveName)")
            .flatMap { try? ReportArchive(decoding: Array($0)) }?.content.verdict.reasons
        guard let told, told.map(\.english) == reasons else { return reasons.map(Sentence.init(untranslated:)) }
        return told
    }

    private var weeks: [String] { (evidence?.predicted ?? []).map(\.date.description) }

    private var predictive: PredictiveScore {
        let predicted = evidence?.predicted ?? []
        return PredictiveScore(draws: predicted.map(\.draws), actual: predicted.map(\.actual))
    }

    private var calibration: CalibrationFindings {
        let (old, new) = (Self.leaveOneOut(accepted.folder), Self.leaveOneOut(self.new.folder))
        let common = new.keys.filter { old[$0] != nil }.sorted()
        let differences = common.map { new[$0]!.score - old[$0]!.score }
        let mean = differences.reduce(0, +) / Double(max(1, differences.count))
        let square = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        // Of a sum of n differences that go their own ways (Vehtari, Gelman and Gabry 2017, eq. 23).
        let error = (Double(differences.count) * square / Double(max(1, differences.count - 1))).squareRoot()
        let limit = self.new.manifest.crossValidation?.shapeLimit ?? 0.7
        return CalibrationFindings(
            weeks: new.keys.sorted().map { date in
                CalibrationFindings.Week(
                    name: date, shape: new[date]!.shape, wasDoubtful: (old[date]?.shape ?? 0) >= limit)
            }, shapeLimit: limit, difference: common.count > 1 ? mean * Double(common.count) : nil,
            differenceError: common.count > 1 ? error : nil)
    }

    /// By date, over its geos: the score, and the highest k̂.
    private static func leaveOneOut(_ folder: String) -> [String: (score: Double, shape: Double)] {
        let table = ResultsFolder.readTable(Tables.leaveOneOut.name, in: folder) ?? []
        var scores: [String: (score: Double, shape: Double)] = [:]
        for record in table.dropFirst() where record.count >= 4 {
            guard let score = Double(record[2]), let shape = Double(record[3]) else { continue }
            let known = scores[record[0]] ?? (0, -.infinity)
            scores[record[0]] = (known.score + score, max(known.shape, shape))
        }
        return scores
    }

    /// What in the data lets one expect that the answer moves.
    private var cause: Sentence? {
        let count = Set(change.restatements.map { "\($0.date) \($0.geo)" }).count
        return switch count {
        case 0: nil
        case 1:
            Sentence("one period of history was restated", french: "une période de l’historique a été retraitée")
        default:
            Sentence(
                "\(count) periods of history were restated",
                french: "\(count) périodes de l’historique ont été retraitées")
        }
    }

    private var drift: [DriftFindings.Quantity] {
        returns.compactMap { name in
            guard let old = oldDraws(name), let new = newDraws(name) else { return nil }
            return DriftFindings.Quantity(
                name: QuantityName(name),
                drift: DriftMeasure(old: WeightedDraws(old, chainCount: accepted.chainCount), new: new))
        }
    }

    private var missing: ExpectedDriftFindings.Missing? {
        guard let provisional, !modelChanged else { return .modelChanged }
        return provisional.isUsable ? nil : .weightsUnusable
    }

    private var expectedDrift: [ExpectedDriftFindings.Quantity] {
        guard let evidence, let provisional else { return [] }
        return returns.compactMap { name in
            guard let old = oldDraws(name), let current = draws(name, of: evidence.current),
                let new = newDraws(name)
            else { return nil }
            let before = WeightedDraws(old, chainCount: accepted.chainCount)
            // The window grows, so that a draw has another return in the new one.
            let expected = provisional.draws(of: current)
            let sd = before.sd
            let error = (expected.meanError * expected.meanError + new.meanError * new.meanError).squareRoot()
            return ExpectedDriftFindings.Quantity(
                name: QuantityName(name), shift: (new.mean - before.mean) / sd,
                expected: (expected.mean - before.mean) / sd, error: error / sd)
        }
    }

    static func robustness(of folder: String) -> RobustnessFindings {
        let table = ResultsFolder.readTable(Tables.bootstrap.name, in: folder) ?? []
        guard let header = table.first, let column = header.firstIndex(of: "mismatch_index") else {
            return RobustnessFindings(channels: [])
        }
        return RobustnessFindings(
            channels: table.dropFirst().filter { $0[0].hasPrefix("roi[") }.map {
                RobustnessFindings.Channel(name: QuantityName($0[0]), mismatch: Double($0[column]))
            })
    }
}

extension NightComparison {
    /// How far the recommended split of the spend has moved; nil where there is no split to compare.
    private var decision: DecisionFindings? {
        guard let old = Self.split(accepted.folder), let new = Self.split(self.new.folder) else { return nil }
        return DecisionFindings(
            moved: RecommendedSplit.moved(from: old.shares, to: new.shares),
            largest: RecommendedSplit.largestChange(from: old.shares, to: new.shares))
    }

    /// By the mean curves of a results folder.
    private static func split(_ folder: String) -> RecommendedSplit? {
        let table = ResultsFolder.readTable(Tables.responseCurves.name, in: folder) ?? []
        let records = table.dropFirst().compactMap { record -> (channel: String, point: ResponseCurve.Point)? in
            guard record.count >= 3, let spend = Double(record[1]), let contribution = Double(record[2]) else {
                return nil
            }
            return (record[0], ResponseCurve.Point(spend: spend, contribution: contribution))
        }
        let byChannel = Dictionary(grouping: records, by: \.channel)
        let curves = byChannel.keys.sorted().compactMap { channel -> ResponseCurve? in
            let points = byChannel[channel]!.map(\.point)
            // The curve goes to twice the spend.
            return ResponseCurve(
                channel: channel, currentSpend: (points.map(\.spend).max() ?? 0) / 2, points: points)
        }
        return RecommendedSplit(curves)
    }
}
