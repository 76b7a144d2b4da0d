import Kernels

/// One unit of work of a fit. Its result is a function of the model, the data, the settings and the task alone.
package enum FitTask: Sendable, Hashable {
    /// A chain of the full posterior, counted from 0.
    case chain(Int)
    /// A resample, counted from 0: the posterior under that resample's likelihood weights.
    case resample(Int)

    /// Names the task to people; counts from 1.
    package var label: String {
        switch self {
        case .chain(let index): "chain \(index + 1)"
        case .resample(let index): "resample \(index + 1)"
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
    /// Chain j of a resample uses `resampleChain + j`.
    case resampleChain = 16
}

extension StreamKey {
    init(_ settings: FitSettings, _ kind: StreamKind, offset: Int = 0, index: Int) {
        self.init(seed: settings.seed, kind: kind.rawValue + UInt32(offset), index: UInt32(index))
    }
}
