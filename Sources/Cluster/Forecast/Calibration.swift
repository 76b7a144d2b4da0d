import Coordination
import Fitting
import Foundation
import MarketingMix
import ModelDefinition
import ModelFile

/// A short trial of a fit on this machine: some of its tasks, results of more and more draws, and a start.
package struct Calibration: Sendable {
    package let measurement: FitMeasurement
    /// Parameters that are sampled.
    package let dimension: Int
    /// Tasks that ran side by side.
    package let threads: Int
    /// Draws of all chains together of which results were put together.
    package let assembledDraws: [Int]
    /// Resamples that were among them.
    package let assembledResamples: Int

    /// Draws of all chains together in the first trial of putting results together: enough for all that is asked of them.
    private static let drawsMin = 500
    /// How many times as many each further trial has.
    private static let growth = 4
    /// Resamples that are put together at most.
    private static let resamplesMax = 400
    /// Draws from a start without warm-up, where the trial of a chain has come to none.
    private static let strayDraws = 8

    /// - Parameters:
    ///   - workers: that the fit will have; as many tasks run side by side as there are processors for them.
    ///   - seconds: of processor time that the trial of tasks takes at most on each of these, and about as many again for
    ///     that of results.
    package init(
        bundle: ModelBundle, read: ReadModel, settings: FitSettings, workers: Int, seconds: Double
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tutti-plan-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let model = MarketingMixModel(specification: read.specification, dataset: read.dataset)
        dimension = model.posterior(weights: nil).dimension
        threads = min(workers, ProcessInfo.processInfo.activeProcessorCount)

        var pilot = PilotTasks(model: model, settings: settings, threads: threads)
        let trial = try TaskTrial(&pilot, seconds: seconds)
        let share = pilot.wallSeconds > 0 ? min(1, pilot.processorSeconds / pilot.wallSeconds) : 1

        let start = try await PilotStart(
            bundle: bundle, read: read, settings: settings, workers: threads, folder: folder, share: share)

        var whole = settings
        // Scouts that were not run to their end have no draws to put together.
        if !trial.hasScouts { whole.start = .independent }
        let chains = try Self.draws(trial.chains.map(\.records), model: model, settings: settings)
        let assembly = try PilotAssembly(
            bundle: bundle, read: read, model: model, settings: whole, chains: chains,
            resamples: trial.finishedResamples.map(\.records), scouts: trial.scouts.map(\.records), folder: folder)
        let resamples = trial.finishedResamples.isEmpty ? 0 : min(settings.resamples, Self.resamplesMax)
        let trials = try Self.assemble(assembly, settings: settings, resamples: resamples, seconds: seconds)
        assembledDraws = trials.map(\.size)
        assembledResamples = resamples
        var resampled: FitMeasurement.Assembly?
        if resamples > 0, resamples < settings.resamples {
            let few = trials[0].size / settings.chains
            let fewer = try assembly.run(draws: few, resamples: resamples / 2)
            resampled = Self.costs([(resamples / 2, fewer), (resamples, trials[0].cost)])
        }
        measurement = FitMeasurement(
            scouts: trial.scouts.map(\.trace), chains: trial.chains.map(\.trace),
            resamples: trial.resamples.map(\.trace), processorShare: share,
            draws: Self.costs(trials), resampled: resampled,
            startWallSeconds: start.wallSeconds, startProcessorSeconds: start.processorSeconds,
            slotByteCount: start.slotByteCount + trial.blockByteCount)
    }

    private typealias Trial = (size: Int, cost: PilotAssembly.Cost)

    /// Results of more and more draws, up to all of them or as many as there is time for; two sizes at least, where there
    /// are more draws than the smallest has.
    private static func assemble(
        _ assembly: PilotAssembly, settings: FitSettings, resamples: Int, seconds: Double
    ) throws -> [Trial] {
        var draws = min(settings.draws, (drawsMin + settings.chains - 1) / settings.chains)
        var trials: [Trial] = [(settings.chains * draws, try assembly.run(draws: draws, resamples: resamples))]
        while draws < settings.draws {
            let spent = trials.reduce(0) { $0 + $1.cost.processorSeconds }
            // Of a size alone nobody knows how much of it is the same at every size.
            if trials.count == 1 {
                draws = min(settings.draws, spent * Double(growth) < seconds ? growth * draws : 2 * draws)
            } else {
                // Where there is no time for so many more, as many as there is time for: memory grows by steps, and a step
                // below what was tried says little of it.
                let affordable = costs(trials).processorSeconds.size(for: seconds - spent) / settings.chains
                let next = min(settings.draws, growth * draws, affordable)
                guard next == settings.draws || next >= 2 * draws else { break }
                draws = next
            }
            trials.append((settings.chains * draws, try assembly.run(draws: draws, resamples: resamples)))
        }
        return trials
    }

    private static func costs(_ trials: [Trial]) -> FitMeasurement.Assembly {
        func cost(_ value: (PilotAssembly.Cost) -> Double) -> MeasuredCost {
            MeasuredCost(trials.map { ($0.size, value($0.cost)) })
        }
        return FitMeasurement.Assembly(
            wallSeconds: cost(\.wallSeconds), processorSeconds: cost(\.processorSeconds),
            byteCount: cost { Double($0.byteCount) })
    }

    /// Draws of the chains that have some; a few from where a chain begins, where none has.
    private static func draws(
        _ chains: [[UInt8]], model: MarketingMixModel, settings: FitSettings
    ) throws -> [[UInt8]] {
        let drawn = chains.filter { !$0.isEmpty }
        guard drawn.isEmpty else { return drawn }
        var short = settings
        (short.warmup, short.draws, short.start) = (0, strayDraws, .independent)
        var run = try TaskRun(model: model, settings: short, task: .chain(0))
        while !run.isFinished { try run.step() }
        return [run.takeRecords()]
    }
}

/// Some tasks of each kind.
private struct TaskTrial {
    var scouts: [PilotTasks.Outcome] = []
    var chains: [PilotTasks.Outcome] = []
    var resamples: [PilotTasks.Outcome] = []
    /// Whether all scouts there are were run to their end.
    let hasScouts: Bool

    init(_ pilot: inout PilotTasks, seconds: Double) throws {
        let settings = pilot.settings
        let plan = FitPlan(settings)
        let kinds = (plan.scoutCount > 0 ? 1 : 0) + 1 + (settings.resamples > 0 ? 1 : 0)
        let each = seconds / Double(kinds)
        scouts = try pilot.run((0..<plan.scoutCount).map(FitTask.scout), seconds: each)
        hasScouts = scouts.count == plan.scoutCount && scouts.allSatisfy(\.isFinished)
        let all = (0..<settings.chains).map(FitTask.chain)
        if hasScouts || !settings.isPooled {
            chains = try pilot.run(all, seconds: each, scouts: scouts.flatMap(\.records))
        } else {
            // What chains begin with is not known yet; what they do then is what the scouts did last.
            chains = scouts.map { scout in
                PilotTasks.Outcome(
                    trace: scout.trace.leading(to: .chain(0), of: plan),
                    records: scout.records, isFinished: false)
            }
        }
        if hasScouts {
            resamples = try pilot.run(plan.resampleTasks, seconds: each, scouts: scouts.flatMap(\.records))
        } else {
            resamples = scouts.map { scout in
                PilotTasks.Outcome(
                    trace: scout.trace.leading(to: plan.resampleTasks.first ?? .resample(0), of: plan), records: [],
                    isFinished: false)
            }
        }
    }

    /// Draws in a slot's hands before they are cut off as a block, and the bytes of the block itself: more than the fit of a
    /// few draws has.
    var blockByteCount: Int {
        2 * min((chains + resamples).map(\.records.count).max() ?? 0, CheckpointRhythm.blockByteCountMin)
    }

    /// Those that came to their end, but for a last batch that is smaller than others.
    var finishedResamples: [PilotTasks.Outcome] {
        let finished = resamples.filter(\.isFinished)
        let most = finished.map(\.records.count).max() ?? 0
        return finished.filter { $0.records.count == most }
    }
}
