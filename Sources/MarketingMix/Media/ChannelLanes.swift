import Kernels

/// Which saturation eight lanes share.
enum LaneKind: Sendable, Hashable, CaseIterable {
    case hill
    /// The Hill curve with its exponent fixed at 1.
    case concaveHill
    case logistic
    case none

    /// Number of saturation parameters with a derivative.
    var parameterCount: Int {
        switch self {
        case .hill: 2
        case .concaveHill, .logistic: 1
        case .none: 0
        }
    }
}

/// Up to eight channels of one saturation kind, side by side in the lanes of a vector, with their inputs by period.
///
/// Empty lanes carry no input, effect 0 and harmless parameters, so they yield 0 and never NaN.
struct ChannelLanes: Sendable {
    let kind: LaneKind
    /// The user's channel index of each occupied lane.
    let channels: [Int]
    /// Places of the parameters, eight each: retention, `ec` or `lam`, `slope`, effect.
    let alphaPlaces: [Int]
    let firstPlaces: [Int]
    let secondPlaces: [Int]
    let effectPlaces: [Int]
    /// L by lane, and the largest of them.
    let weightCounts: SIMD8<Double>
    let largestWeightCount: Int
    /// Scaled exposure x_t by period.
    let inputs: [SIMD8<Double>]
    /// x_(t-L) with each lane's own L, and 0 where `keep` is.
    let lagged: [SIMD8<Double>]
    /// 1 where any of the last L inputs is not 0, else 0.
    let keep: [SIMD8<Double>]
    /// Whether any lane carries its prior on the return on investment.
    let hasROI: Bool
    /// 1 in lanes whose effect is a return on investment.
    let isROI: SIMD8<Double>
    /// Spend over KPI scale, total spend/s_y, in those lanes.
    let scaledSpend: SIMD8<Double>

    init(
        kind: LaneKind, channels: [Int], specification: ModelSpecification, parameters: ModelParameters,
        exposures: [[Double]], spends: [Double], kpiScale: Double
    ) {
        self.kind = kind
        self.channels = channels
        let places = channels.map { parameters.channels[$0] }
        func padded(_ values: [Int], with constant: Int) -> [Int] {
            values + [Int](repeating: constant, count: 8 - values.count)
        }
        alphaPlaces = padded(places.map(\.alpha), with: parameters.zero)
        firstPlaces = padded(places.map { kind == .logistic ? $0.lam : $0.ec }, with: parameters.one)
        secondPlaces = padded(places.map(\.slope), with: parameters.one)
        effectPlaces = padded(places.map(\.effect), with: parameters.zero)

        var counts = SIMD8<Double>(repeating: 1)
        var roi = SIMD8<Double>.zero
        var spend = SIMD8<Double>.zero
        var largest = 1
        let periods = exposures.first?.count ?? 0
        var inputs = [SIMD8<Double>](repeating: .zero, count: periods)
        var lagged = inputs
        var keep = inputs
        for (lane, channel) in channels.enumerated() {
            let weightCount = specification.channels[channel].weightCount
            counts[lane] = Double(weightCount)
            largest = max(largest, weightCount)
            if specification.channels[channel].effect == .roi {
                roi[lane] = 1
                spend[lane] = kpiScale == 0 ? 0 : spends[channel] / kpiScale
            }
            var lastNonZero = -weightCount
            for t in 0..<periods {
                inputs[t][lane] = exposures[channel][t]
                if exposures[channel][t] != 0 { lastNonZero = t }
                guard t - lastNonZero < weightCount else { continue }
                keep[t][lane] = 1
                if t >= weightCount { lagged[t][lane] = exposures[channel][t - weightCount] }
            }
        }
        weightCounts = counts
        largestWeightCount = largest
        isROI = roi
        hasROI = roi != .zero
        scaledSpend = spend
        self.inputs = inputs
        self.lagged = lagged
        self.keep = keep
    }

    /// All channels of a model in lanes: grouped by kind in the order of `LaneKind`, eight at a time in the user's
    /// order.
    static func groups(
        specification: ModelSpecification, parameters: ModelParameters, exposures: [[Double]], spends: [Double],
        kpiScale: Double
    ) -> [ChannelLanes] {
        LaneKind.allCases.flatMap { kind -> [ChannelLanes] in
            let members = specification.channels.indices.filter { specification.channels[$0].laneKind == kind }
            return stride(from: 0, to: members.count, by: 8).map { start in
                ChannelLanes(
                    kind: kind, channels: Array(members[start..<min(start + 8, members.count)]),
                    specification: specification, parameters: parameters, exposures: exposures, spends: spends,
                    kpiScale: kpiScale)
            }
        }
    }
}

extension Channel {
    /// L, the number of adstock weights.
    var weightCount: Int {
        adstock.kind == .geometric ? adstock.maximumLag + 1 : 1
    }

    var laneKind: LaneKind {
        switch saturation {
        case .hill: priors["slope"] == .point(1) ? .concaveHill : .hill
        case .logistic: .logistic
        case .none: .none
        }
    }
}
