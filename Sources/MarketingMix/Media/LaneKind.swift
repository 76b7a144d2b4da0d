import ModelDefinition

/// What eight lanes share, so that one loop serves them.
struct LaneKind: Sendable, Hashable {
    enum Curve: String, Sendable, Hashable, CaseIterable {
        case hill
        /// The Hill curve with its exponent fixed at 1.
        case concaveHill
        case logistic
        case none
        case sigmoid
        case root
        case log

        /// Number of saturation parameters with a derivative.
        var parameterCount: Int {
            switch self {
            case .hill, .sigmoid: 2
            case .concaveHill, .logistic, .root: 1
            case .none, .log: 0
            }
        }
    }

    enum CarryOver: Sendable, Hashable {
        /// Geometric adstock, or none, of the exposure, at a cost that does not depend on the window.
        case recurrence
        /// A sum over lags of the exposure.
        case convolution(Adstock.Kind)
        /// A sum over lags of the saturated exposure.
        case convolutionOfSaturated(Adstock.Kind)

        static let allCases: [CarryOver] =
            [.recurrence] + Adstock.Kind.allCases.map(CarryOver.convolution)
            + Adstock.Kind.allCases.map(CarryOver.convolutionOfSaturated)

        /// Whether the adstock has a second parameter.
        var hasSecondParameter: Bool {
            switch self {
            case .recurrence: false
            case .convolution(let kind), .convolutionOfSaturated(let kind):
                [.delayed, .weibullDensity, .weibullSurvival].contains(kind)
            }
        }
    }

    let carryOver: CarryOver
    let curve: Curve

    var order: TransformOrder {
        if case .convolutionOfSaturated = carryOver { .saturationFirst } else { .adstockFirst }
    }

    /// Whether the streams keep A and dA/dα for the slopes of S, which lack the rise of the curve.
    var leavesRise: Bool { carryOver == .recurrence && curve == .logistic }

    static let allCases = CarryOver.allCases.flatMap { carryOver in
        Curve.allCases.map { LaneKind(carryOver: carryOver, curve: $0) }
    }

    init(carryOver: CarryOver, curve: Curve) {
        self.carryOver = carryOver
        self.curve = curve
    }

    init(_ channel: Channel) {
        let isRecurrence = [.geometric, .none].contains(channel.adstock.kind)
        carryOver =
            switch channel.effectiveOrder {
            case .adstockFirst: isRecurrence ? .recurrence : .convolution(channel.adstock.kind)
            case .saturationFirst: .convolutionOfSaturated(channel.adstock.kind)
            }
        curve =
            switch channel.saturation {
            case .hill: channel.priors[.slope] == .point(1) ? .concaveHill : .hill
            case .michaelisMenten: .concaveHill
            case .logistic, .inverseLogistic, .tanh, .baselinedTanh: .logistic
            case .sigmoid: .sigmoid
            case .root: .root
            case .log: .log
            case .none: .none
            }
    }
}

extension Channel {
    /// The curve of a channel with reach and frequency acts on the frequency, so carry-over comes second.
    var effectiveOrder: TransformOrder { medium.hasFrequency ? .saturationFirst : order }

    /// L, the number of adstock weights.
    var weightCount: Int {
        adstock.kind == .none ? 1 : adstock.maximumLag + 1
    }
}
