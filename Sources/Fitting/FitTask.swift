import Kernels

/// One unit of work of a fit. Its result is a function of the model, the data, the settings and the task alone.
package enum FitTask: Sendable, Hashable {
    /// A chain of the full posterior, counted from 0.
    case chain(Int)
    /// A resample, counted from 0: the posterior under that resample's likelihood weights.
    case resample(Int)
    /// Several resamples, one after the other; batches count from 0.
    case resampleBatch(Int)
    /// A chain, counted from 0, of the full posterior that goes before the others to find starts and a metric for them.
    case scout(Int)
    /// A world drawn from the prior, counted from 0: its simulation, and one chain on it.
    case replication(Int)
    /// A chain, counted from 0, of the fit of one window of the data, counted from 0.
    case slice(Int, chain: Int)
    /// A chain, counted from 0, of the fit of an alternative, counted from 0: the model as given.
    case alternative(Int, chain: Int)
    /// A chain, counted from 0, of a fit, counted from 0, of the model with placebos.
    case placebo(Int, chain: Int)

    /// Names the task to people; counts from 1.
    package var label: String {
        switch self {
        case .chain(let index): "chain \(index + 1)"
        case .resample(let index): "resample \(index + 1)"
        case .resampleBatch(let index): "resample batch \(index + 1)"
        case .scout(let index): "scout \(index + 1)"
        case .replication(let index): "replication \(index + 1)"
        case .slice(let index, let chain): "slice \(index + 1), chain \(chain + 1)"
        case .alternative(let index, let chain): "alternative \(index), chain \(chain + 1)"
        case .placebo(let fit, let chain): "placebo fit \(fit + 1), chain \(chain + 1)"
        }
    }
}

/// The kinds of random streams of a fit. A raw value is part of every result: it is never changed or reused.
package enum StreamKind: UInt32 {
    case chain = 1
    case resampleWeights = 2
    case posteriorPredictive = 3
    case prior = 4
    /// Parameters that are integrated out; chain and resample index it.
    case recovery = 5
    case resampleRecovery = 6
    /// The worlds of replications, one an index: parameters, noise, and the order of equal ranks.
    case world = 8
    case replicationChain = 9
    case replicationRecovery = 10
    /// Chain c of slice k has index k · chains + c.
    case sliceChain = 11
    case sliceRecovery = 12
    case slicePrediction = 13
    /// How far channels drive their mediators; the draw is the iteration, the mediator the site.
    case mediation = 14
    /// Chain j of a resample, counted over both tries, uses `resampleChain + j`.
    case resampleChain = 16
    /// Chain c of alternative k has index k · chains + c.
    case alternativeChain = 20
    case alternativeRecovery = 21
    case scout = 22
    /// What an accepted fit predicts of new periods; the draw is the iteration.
    case nightPrediction = 23
    /// Which of a scout's draws a chain of a resample begins at; the chain is the iteration.
    case resampleStart = 24
    /// Parameters that are integrated out, at the scouts' draws; the draw is the iteration.
    case scoutRecovery = 25
    case resampleErrors = 26
    /// The KPI of planned periods; the draw is the iteration.
    case planForecast = 40
    /// Chain c of a fit to half h of the periods has index 2 c + h.
    case halfChain = 41
    case halfRecovery = 42
    /// Chain c of placebo fit k has index k · chains + c.
    case placeboChain = 43
    case placeboRecovery = 44
    /// In which order a placebo has the media of its channel; placebos index it.
    case placeboBlocks = 45
    /// Draws of the prior of a fit with placebos; the draw is the iteration.
    case placeboPrior = 46
}

extension StreamKey {
    init(_ settings: FitSettings, _ kind: StreamKind, offset: Int = 0, index: Int) {
        self.init(seed: settings.seed, kind: kind.rawValue + UInt32(offset), index: UInt32(index))
    }
}
