import Kernels
import ModelDefinition

/// What a lift test compares, in lanes: the tested channels of its geos with the exposures of the data and with those of
/// the test.
///
/// Δ = Σ_c Σ_g β_gc s_g Σ_t p_t [S(tested) − S(actual)]_gct over the periods that the test touched, s_g KPI units of one unit
/// on the model's scale and p_t the share of the period's days on which it ran: on them the response was that of a period
/// tested throughout. What was on before the test still carries over into it, on both sides; from a period that was tested
/// in part, a little too much does. The slow component of a channel changes with it.
struct ExperimentLanes: Sendable {
    /// Channels of one kind in one geo.
    struct Part: Sendable {
        let actual: ChannelLanes
        let tested: ChannelLanes
        /// By channel of the lanes, where β stands: the group of lanes of the `MediaLayout`, and the first lane in it.
        let effects: [(group: Int, lane: Int)]
    }

    let experiment: Experiment
    let parts: [Part]

    /// - Parameters:
    ///   - lanes: of the `MediaLayout`.
    ///   - order: of those lanes.
    init(_ experiment: Experiment, model: MarketingMixModel, lanes: [ChannelLanes], order: PeriodOrder) {
        self.experiment = experiment
        let dataset = model.dataset
        let shares = dataset.testedShares(of: experiment)
        let testedChannels = model.specification.testedChannels(of: experiment)
        let geos = Set(dataset.geos(of: experiment))
        parts = lanes.enumerated().compactMap { group, all -> Part? in
            let channels = all.channels.filter(testedChannels.contains)
            guard !channels.isEmpty, geos.contains(all.geo) else { return nil }
            let own = PeriodOrder(periods: dataset.periodCount, channels: channels.count)
            let weight = model.scale(of: all.geo)
            let actual = channels.map { model.media[$0][all.geo] }
            func make(_ series: [MediaSeries]) -> ChannelLanes {
                ChannelLanes(
                    kind: all.kind, channels: channels, geo: all.geo, order: own, model: model, series: series,
                    reference: shares.map { $0 * weight }, hasReference: false)
            }
            let tested = actual.map { $0.changed { shares[$0] > 0 ? experiment.factor * $1 : $1 } }
            return Part(
                actual: make(actual), tested: make(tested),
                effects: channels.compactMap { channel in
                    all.channels.firstIndex(of: channel).map { (group, $0 * order.segments) }
                })
        }
    }
}
