import Densities
import Kernels
import ModelDefinition

/// What makes β of an effect.
enum EffectCoordinate: Sendable, Hashable {
    /// β itself.
    case coefficient
    /// η, the logarithm of the mean contribution: β = e^η Σ v ÷ Σ v S over the cells of the effect.
    case contribution
    /// β = (parameter · amount − Σ_g o_g Σ v D_g) ÷ Σ_g m_g Σ v D_g, as `EffectAmount` says.
    case amount
}

/// One effect parameter with the geos that share it: in geo g it acts as β m_g + a_g, where one of m_g and
/// a_g varies. A class for the reason of `ChannelLanes`.
final class ChannelEffect: Sendable {
    /// A channel's lanes in one geo.
    struct Member: Sendable {
        /// Index of the `ChannelLanes`, and the first of its lanes.
        var group: Int
        var lane: Int
        /// Places of m_g and a_g.
        var multiplier: Int
        var addend: Int
    }

    let channel: Int
    let coordinate: EffectCoordinate
    /// Place of the parameter, and the model's coordinate of it, −1 where it is a constant.
    let place: Int
    let modelCoordinate: Int
    /// Σ v over its cells.
    let referenceTotal: Double
    /// The money that the parameter multiplies, over its cells ÷ KPI scale.
    let amount: Double
    /// Whether there are a_g. β is then (parameter · amount − Σ a_g v D) ÷ Σ v D.
    let hasAddends: Bool
    let members: [Member]

    init(
        channel: Int, coordinate: EffectCoordinate, place: Int, modelCoordinate: Int, referenceTotal: Double,
        amount: Double, hasAddends: Bool, members: [Member]
    ) {
        self.channel = channel
        self.coordinate = coordinate
        self.place = place
        self.modelCoordinate = modelCoordinate
        self.referenceTotal = referenceTotal
        self.amount = amount
        self.hasAddends = hasAddends
        self.members = members
    }
}

/// All channels of a model in lanes, geo after geo: grouped by kind in the order of `LaneKind`, eight at a time in the
/// user's order; and their effects, by such a run of channels.
struct MediaLayout: Sendable {
    let order: PeriodOrder
    let lanes: [ChannelLanes]
    /// By group of lanes; nil where no channel's effect compares responses.
    let comparisons: [ComparisonLanes?]
    let experiments: [ExperimentLanes]
    /// By run, then in the order of channels and geos.
    let effects: [[ChannelEffect]]

    /// - Parameter hasContributionCoordinates: whether channels with a coefficient that is sampled on the log scale, and
    ///   that ever ran, have η as their coordinate.
    init(_ model: MarketingMixModel, hasContributionCoordinates: Bool) {
        let specification = model.specification
        let runs = LaneKind.allCases.flatMap { kind -> [(LaneKind, [Int])] in
            let members = specification.channels.indices.filter { model.laneKinds[$0] == kind }
            return stride(from: 0, to: members.count, by: 8).map { start in
                (kind, Array(members[start..<min(start + 8, members.count)]))
            }
        }
        let geoCount = model.dataset.geoCount
        let order = PeriodOrder(periods: model.dataset.periodCount, channels: runs.map(\.1.count).max() ?? 1)
        self.order = order
        /// Geos with one place of an effect share it.
        func sharers(_ channel: Int) -> [[Int]] {
            let places = (0..<geoCount).map { model.parameters.channels[$0][channel].effect }
            return places.allSatisfy { $0 == places[0] } ? [Array(0..<geoCount)] : (0..<geoCount).map { [$0] }
        }
        effects = runs.enumerated().map { run, entry in
            entry.1.enumerated().flatMap { index, channel in
                sharers(channel).map { geos in
                    Self.effect(
                        of: channel, geos: geos, model: model, hasContributionCoordinates: hasContributionCoordinates,
                        members: geos.map { geo in
                            ChannelEffect.Member(
                                group: geo * runs.count + run, lane: index * order.segments,
                                multiplier: model.parameters.channels[geo][channel].multiplier,
                                addend: model.parameters.channels[geo][channel].addend)
                        })
                }
            }
        }
        let references = effects.map { $0.contains { $0.coordinate != .coefficient } }
        let lanes = (0..<geoCount).flatMap { geo in
            runs.enumerated().map { run, entry in
                ChannelLanes(
                    kind: entry.0, channels: entry.1, geo: geo, order: order, model: model,
                    series: entry.1.map { model.media[$0][geo] },
                    reference: Array(model.revenueWeights[model.dataset.cells(of: geo)]), hasReference: references[run])
            }
        }
        self.lanes = lanes
        comparisons = lanes.map { ComparisonLanes($0, model: model) }
        experiments = specification.experiments.map { ExperimentLanes($0, model: model, lanes: lanes, order: order) }
    }

    private static func effect(
        of channel: Int, geos: [Int], model: MarketingMixModel, hasContributionCoordinates: Bool,
        members: [ChannelEffect.Member]
    ) -> ChannelEffect {
        let place = model.parameters.channels[geos[0]][channel].effect
        let isRunning = geos.contains { model.media[channel][$0].isRunning }
        let hasAddends = members.contains { $0.addend != model.parameters.zero }
        let coordinate: EffectCoordinate =
            model.specification.channels[channel].effect != .coefficient
            ? .amount
            : (hasContributionCoordinates && isRunning && !hasAddends
                && model.isSampledOnLogScale(channel, place: place)
                ? .contribution : .coefficient)
        let totals = geos.map { Reductions.sum(Array(model.revenueWeights[model.dataset.cells(of: $0)])) }
        let amounts = geos.map { model.effectAmounts[channel].amounts[$0] }
        return ChannelEffect(
            channel: channel, coordinate: coordinate, place: place,
            modelCoordinate: model.parameters.table.coordinates[place] ?? -1,
            referenceTotal: totals.dropFirst().reduce(totals[0], +),
            amount: amounts.dropFirst().reduce(amounts[0], +), hasAddends: hasAddends, members: members)
    }
}

/// The lanes of a group once more, with the exposures to which the effects of some channels compare their response.
struct ComparisonLanes: Sendable {
    let lanes: ChannelLanes
    /// By lane, the factors of the response and of what it is compared to: D = `own` S + `other` S(compared).
    let own: SIMD8<Double>
    let other: SIMD8<Double>

    /// Nil where no channel of the lanes compares.
    init?(_ actual: ChannelLanes, model: MarketingMixModel) {
        let comparisons = actual.channels.map { model.effectAmounts[$0].comparison }
        guard comparisons.contains(where: { $0 != nil }) else { return nil }
        let cells = model.dataset.cells(of: actual.geo)
        lanes = ChannelLanes(
            kind: actual.kind, channels: actual.channels, geo: actual.geo, order: actual.order, model: model,
            series: zip(actual.channels, comparisons).map { channel, comparison in
                (comparison?.series ?? model.media[channel])[actual.geo]
            }, reference: Array(model.revenueWeights[cells]), hasReference: true)
        var own = SIMD8<Double>(repeating: 1)
        var other = SIMD8<Double>.zero
        for (index, comparison) in comparisons.enumerated() {
            guard let comparison else { continue }
            for lane in index * actual.order.segments..<(index + 1) * actual.order.segments {
                own[lane] = 0 - comparison.sign
                other[lane] = comparison.sign
            }
        }
        self.own = own
        self.other = other
    }
}

extension MarketingMixModel {
    /// Whether a channel's coefficient is sampled as log β and no other parameter is bound to it: then it may be sampled
    /// as its mean contribution.
    fileprivate func isSampledOnLogScale(_ channel: Int, place: Int) -> Bool {
        guard !specification.channels[channel].saturation.bindsHeight,
            let coordinate = parameters.table.coordinates[place]
        else { return false }
        return parameters.table.priors[coordinate].transform == .log
    }
}
