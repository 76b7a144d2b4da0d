import Kernels
import MarketingMix
import ModelDefinition

/// What a channel brings by itself and through one of the channels that it drives, within the window of the data.
package struct MediationRow: Sendable, Hashable, Codable {
    package var channel: String
    package var mediator: String
    /// Share of the mediator's exposure that the channel drives.
    package var exposureShare: Estimate
    /// KPI units that the channel brings by itself; the same in every row of the channel.
    package var direct: Estimate
    /// KPI units that it brings through this mediator.
    package var through: Estimate
    /// KPI units that it brings by itself and through all its mediators; the same in every row of the channel.
    package var total: Estimate
    /// Revenue of `direct` and of `total` ÷ spend of the channel; nil for a channel without spend.
    package var directROI: Estimate?
    package var totalROI: Estimate?

    package init(
        channel: String, mediator: String, exposureShare: Estimate, direct: Estimate, through: Estimate,
        total: Estimate, directROI: Estimate?, totalROI: Estimate?
    ) {
        self.channel = channel
        self.mediator = mediator
        self.exposureShare = exposureShare
        self.direct = direct
        self.through = through
        self.total = total
        self.directROI = directROI
        self.totalROI = totalROI
    }
}

extension MediationRow {
    /// One row for each channel and each mediator that it reaches, in the order of channels; empty where nothing is driven.
    ///
    /// - Parameters:
    ///   - constrained: posterior draws in layout order, chain-major.
    ///   - key: of the strengths: the draw is the stream's iteration, the mediator its site.
    ///   - processors: share the draws.
    package static func rows(
        model: MarketingMixModel, constrained: [[Double]], key: StreamKey, by processors: some ParallelMap = SerialMap()
    ) -> [MediationRow] {
        let equations = model.mediatorEquations
        guard !equations.isEmpty else { return [] }
        let responses = processors.map(constrained.count) { index in
            let draw = ModelDraw(model, constrained[index])
            let strengths = equations.map { equation in
                var stream = RandomStream(key: key, iteration: UInt64(index), site: UInt32(equation.mediator))
                return equation.strengths(at: draw, from: &stream)
            }
            return MediatedResponse.all(at: draw, equations: equations, strengths: strengths)
        }
        return responses[0].enumerated().flatMap { index, first in
            rows(model: model, responses.map { $0[index] }, channel: first.channel)
        }
    }

    /// Those of one channel, from its response at every draw.
    private static func rows(
        model: MarketingMixModel, _ responses: [MediatedResponse], channel: Int
    ) -> [MediationRow] {
        let names = model.specification.channels.map(\.name)
        let spend = model.dataset.spend[channel].reduce(0, +)
        func estimate(_ value: (MediatedResponse) -> Double) -> Estimate { Estimate(draws: responses.map(value)) }
        func roi(_ revenue: (MediatedResponse) -> Double) -> Estimate? {
            spend > 0 ? estimate { revenue($0) / spend } : nil
        }
        return responses[0].paths.enumerated().map { index, path in
            MediationRow(
                channel: names[channel], mediator: names[path.mediator],
                exposureShare: estimate { $0.paths[index].exposureShare }, direct: estimate(\.kpi),
                through: estimate { $0.paths[index].kpi }, total: estimate(\.totalKPI), directROI: roi(\.revenue),
                totalROI: roi(\.totalRevenue))
        }
    }
}
