import Kernels
import ModelDefinition

/// Channels of one kind in one geo, side by side in the lanes of a vector, with their inputs by row of a `PeriodOrder`.
///
/// With S segments, lane c S + g holds segment g of channel c. Segments begin with `warmUpRows` rows that bring the
/// adstock to the state that the periods before it leave. Empty lanes carry no input, effect 0 and harmless parameters,
/// so they yield 0 and never NaN. A class, so that passing it on counts one reference and not one an array.
final class ChannelLanes: Sendable {
    let kind: LaneKind
    let geo: Int
    let order: PeriodOrder
    /// The user's channel index of each occupied run of lanes.
    let channels: [Int]
    /// Places of the parameters by lane: two of the adstock, two of the curve.
    let retentionPlaces: [Int]
    let delayPlaces: [Int]
    let firstPlaces: [Int]
    let secondPlaces: [Int]
    /// L by lane, and the largest of them.
    let weightCounts: SIMD8<Double>
    let largestWeightCount: Int
    /// Lanes whose weights are divided by their sum.
    let isNormalized: LaneMask
    let warmUpRows: Int
    /// Scaled exposure x_t, or the frequency of a channel with reach, by row: L rows of zeros, the warm-up, then the
    /// periods.
    let inputs: [SIMD8<Double>]
    /// Scaled reach by row of `inputs`, 1 in lanes without; empty where no lane has one.
    let reaches: [SIMD8<Double>]
    /// x_(t-L) with each lane's own L, by row of warm-up and periods. Where all lanes share L it is `inputs` itself,
    /// whose first L rows are zeros.
    let lagged: [SIMD8<Double>]
    /// Rows after which adstock is exactly 0 in some lanes, since their last L inputs are all 0, and 0 in those lanes.
    let resets: [(row: Int, keep: SIMD8<Double>)]
    /// v_t by value of `order`, with which Σ v_t S_t scales effects: mostly revenue per KPI times the geo's population.
    let reference: [Double]
    /// Whether any effect is scaled so.
    let hasReference: Bool

    /// - Parameters:
    ///   - series: by channel.
    ///   - reference: v_t by period.
    init(
        kind: LaneKind, channels: [Int], geo: Int, order: PeriodOrder, model: MarketingMixModel, series: [MediaSeries],
        reference: [Double], hasReference: Bool
    ) {
        self.kind = kind
        self.geo = geo
        self.order = order
        self.channels = channels
        self.hasReference = hasReference
        let parameters = model.parameters
        let segments = order.segments
        let places = channels.map { parameters.channels[geo][$0] }
        func spread(_ values: [Int], else constant: Int) -> [Int] {
            (0..<8).map { $0 / segments < values.count ? values[$0 / segments] : constant }
        }
        // 1 is harmless to every kind of adstock.
        let idle = kind.carryOver == .recurrence ? parameters.zero : parameters.one
        retentionPlaces = spread(places.map(\.retention), else: idle)
        delayPlaces = spread(places.map(\.delay), else: parameters.one)
        firstPlaces = spread(places.map(\.first), else: parameters.one)
        secondPlaces = spread(places.map(\.second), else: parameters.one)

        let weightCounts = channels.map { model.specification.channels[$0].weightCount }
        let largest = weightCounts.max() ?? 1
        let warmUpRows = segments == 1 && series.allSatisfy { $0.historyCount == 0 } ? 0 : largest - 1
        var counts = SIMD8<Double>(repeating: 1)
        var isNormalized = LaneMask(repeating: true)
        let rows = warmUpRows + order.rows
        var inputs = [SIMD8<Double>](repeating: .zero, count: largest + rows)
        let hasReach = series.contains { !$0.frequencies.isEmpty }
        var reaches = [SIMD8<Double>](repeating: SIMD8(repeating: 1), count: hasReach ? inputs.count : 0)
        var lagged = [SIMD8<Double>](repeating: .zero, count: rows)
        var resets: [Int: SIMD8<Double>] = [:]
        for (index, channel) in channels.enumerated() {
            let weightCount = weightCounts[index]
            let own = series[index]
            let exposure = own.frequencies.isEmpty ? own.exposures : own.frequencies
            for segment in 0..<segments {
                let lane = index * segments + segment
                counts[lane] = Double(weightCount)
                isNormalized[lane] = model.specification.channels[channel].adstock.isNormalized
                let first = segment * order.rows - warmUpRows
                var lastNonZero = -weightCount - 1
                for row in 0..<rows {
                    let period = own.historyCount + first + row
                    let isKnown = exposure.indices.contains(period)
                    let value = isKnown ? exposure[period] : 0
                    if !own.frequencies.isEmpty {
                        reaches[largest + row][lane] = isKnown ? own.exposures[period] : 0
                    }
                    inputs[largest + row][lane] = value
                    if row >= weightCount { lagged[row][lane] = inputs[largest + row - weightCount][lane] }
                    if value != 0 { lastNonZero = row }
                    if row - lastNonZero == weightCount {
                        resets[row, default: SIMD8(repeating: 1)][lane] = 0
                    }
                }
            }
        }
        self.weightCounts = counts
        self.isNormalized = isNormalized
        largestWeightCount = largest
        self.warmUpRows = warmUpRows
        self.inputs = inputs
        self.reaches = reaches
        self.lagged = weightCounts.allSatisfy { $0 == largest } ? inputs : lagged
        self.resets = resets.sorted { $0.key < $1.key }.map { (row: $0.key, keep: $0.value) }
        self.reference = order.arranged(reference)
    }
}
