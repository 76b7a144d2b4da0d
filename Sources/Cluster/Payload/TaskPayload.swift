import Fitting
import Foundation
import SwiftProtobuf

/// A task with the settings of its fit, as the bytes that travel to a worker: protobuf (`payload.proto`). The model travels
/// by digest beside it.
package struct TaskPayload: Sendable, Hashable {
    package var task: FitTask
    package var settings: FitSettings

    package init(task: FitTask, settings: FitSettings) {
        self.task = task
        self.settings = settings
        self.settings.start = settings.resolvedStart
    }

    /// The same for the same task and settings, since tasks are named by it.
    package var encoded: [UInt8] {
        var message = Tutti_Payload_Task()
        message.settings = Tutti_Payload_Settings(settings)
        message.kind =
            switch task {
            case .chain(let index): .chain(UInt32(index))
            case .resample(let index): .resample(UInt32(index))
            case .resampleBatch(let index): .resampleBatch(UInt32(index))
            case .scout(let index): .scout(UInt32(index))
            case .replication(let index): .replication(UInt32(index))
            case .slice(let index, let chain): .slice(Tutti_Payload_StudyChain(index, chain: chain))
            case .alternative(let index, let chain): .alternative(Tutti_Payload_StudyChain(index, chain: chain))
            case .placebo(let fit, let chain): .placebo(Tutti_Payload_StudyChain(fit, chain: chain))
            }
        guard let bytes: [UInt8] = try? message.serializedBytes() else {
            preconditionFailure("a message without required fields and text can be written")
        }
        return bytes
    }

    /// - Parameter base: what is not said of settings is as there.
    /// - Returns: nil where `bytes` are not a payload as `encoded` writes it, or state what no plan contains.
    package init?(decoding bytes: [UInt8], base: FitSettings) {
        guard let message = try? Tutti_Payload_Task(serializedBytes: bytes), message.hasSettings,
            let kind = message.kind, let settings = message.settings.applied(to: base)
        else { return nil }
        self.settings = settings
        switch (kind, settings.study) {
        case (.chain(let index), nil) where index < settings.chains:
            task = .chain(Int(index))
        case (.resample(let index), nil) where FitPlan(settings).has(.resample(Int(index))):
            task = .resample(Int(index))
        case (.resampleBatch(let index), nil) where FitPlan(settings).has(.resampleBatch(Int(index))):
            task = .resampleBatch(Int(index))
        case (.scout(let index), nil) where index < FitPlan(settings).scoutCount:
            task = .scout(Int(index))
        case (.replication(let index), .calibration(let replications)) where index < replications:
            task = .replication(Int(index))
        case (.slice(let run), .timeSlices(let count, _)) where run.index < count && run.chain < settings.chains:
            task = .slice(Int(run.index), chain: Int(run.chain))
        case (.alternative(let run), .alternatives(let count)) where run.index < count && run.chain < settings.chains:
            task = .alternative(Int(run.index), chain: Int(run.chain))
        case (.placebo(let run), .placebo(let fits, _)) where run.index < fits && run.chain < settings.chains:
            task = .placebo(Int(run.index), chain: Int(run.chain))
        default:
            return nil
        }
        // There are other ways to write the same, and unknown fields would be lost: a task has one name.
        guard encoded == bytes else { return nil }
    }
}

extension Tutti_Payload_StudyChain {
    fileprivate init(_ index: Int, chain: Int) {
        self.init()
        self.index = UInt32(index)
        self.chain = UInt32(chain)
    }
}

extension Tutti_Payload_Settings {
    fileprivate init(_ settings: FitSettings) {
        self.init()
        seed = settings.seed
        chains = UInt32(settings.chains)
        warmup = UInt32(settings.warmup)
        draws = UInt32(settings.draws)
        targetAcceptance = settings.targetAcceptance
        resamples = UInt32(settings.resamples)
        blockLength = UInt32(settings.blockLength ?? 0)
        mapsResamples = settings.resampleMethod == .map
        resamplesPerTask = UInt32(settings.resamplesPerTask ?? 0)
        endsByEss = settings.until == .ess
        start =
            switch settings.resolvedStart {
            case .independent, .automatic: .independent
            case .pooled: .pooled
            case .warm: .warm
            }
        study = settings.study.map { study in
            switch study {
            case .calibration(let replications):
                return .replications(UInt32(replications))
            case .timeSlices(let count, let horizon):
                var slices = Tutti_Payload_TimeSlices()
                slices.count = UInt32(count)
                slices.horizon = UInt32(horizon)
                return .timeSlices(slices)
            case .alternatives(let count):
                return .alternatives(UInt32(count))
            case .placebo(let fits, let count):
                var placebos = Tutti_Payload_Placebos()
                placebos.fits = UInt32(fits)
                placebos.count = UInt32(count)
                return .placebos(placebos)
            }
        }
    }

    /// Nil where they say what no fit has.
    fileprivate func applied(to base: FitSettings) -> FitSettings? {
        // A third of this is beyond every plan, and products of two are no overflow.
        let limit = UInt32(Int32.max)
        guard targetAcceptance > 0, targetAcceptance < 1, draws >= 1,
            [chains, warmup, draws, resamples, blockLength, resamplesPerTask].allSatisfy({ $0 < limit })
        else { return nil }
        var settings = base
        settings.seed = seed
        settings.chains = Int(chains)
        settings.warmup = Int(warmup)
        settings.draws = Int(draws)
        settings.targetAcceptance = targetAcceptance
        settings.resamples = Int(resamples)
        settings.blockLength = blockLength == 0 ? nil : Int(blockLength)
        settings.resampleMethod = mapsResamples ? .map : .sampled
        settings.resamplesPerTask = resamplesPerTask == 0 ? nil : Int(resamplesPerTask)
        settings.until = endsByEss ? .ess : .draws
        switch start {
        case .independent: settings.start = .independent
        case .pooled: settings.start = .pooled
        case .warm: settings.start = .warm
        case .UNRECOGNIZED: return nil
        }
        switch study {
        case nil:
            settings.study = nil
        case .replications(let count):
            settings.study = .calibration(replications: Int(count))
        case .timeSlices(let slices):
            guard slices.horizon > 0 else { return nil }
            settings.study = .timeSlices(count: Int(slices.count), horizon: Int(slices.horizon))
        case .alternatives(let count):
            settings.study = .alternatives(count: Int(count))
        case .placebos(let placebos):
            // Every fit has some, and products of the two are no overflow.
            guard placebos.fits > 0, placebos.fits <= placebos.count, placebos.count < limit else { return nil }
            settings.study = .placebo(fits: Int(placebos.fits), count: Int(placebos.count))
        }
        return settings
    }
}
