import Kernels
import ModelDefinition

/// The model's media at one draw, by track of a plan.
struct PlanDraw: Sendable {
    /// The term of the mean that a response of 1 gives: KPI units, or with a log link of the logarithm.
    let heights: [Double]
    let weights: [[Double]]
    let curves: [any SaturationCurve]
    /// With a log link KPI at a term of 0, by geo and then by period from the first planned one to the last in which media
    /// of the plan work; empty without.
    let levels: [[Double]]

    /// - Parameter trailing: periods after the plan in which its media work.
    init(_ layout: MediaPlanLayout, model: MarketingMixModel, constrained: [Double], trailing: Int) {
        let parameters = ParameterValues(model, constrained)
        let channels = model.specification.channels.indices.map {
            ChannelDraw.mediaAndCoefficients(parameters, channel: $0)
        }
        heights = layout.tracks.map { track in
            model.termUnit(of: track.geo) * channels[track.channel].coefficients[track.geo]
        }
        curves = layout.tracks.map { channels[$0.channel].media[$0.geo].curve }
        var weights: [[Double]] = []
        for (index, track) in layout.tracks.enumerated() {
            let places = model.parameters.channels[track.geo][track.channel]
            let before = index - model.specification.channels.count
            // Most models have one carry-over in all geos.
            if before >= 0 {
                let other = model.parameters.channels[track.geo - 1][track.channel]
                if other.retention == places.retention, other.delay == places.delay {
                    weights.append(weights[before])
                    continue
                }
            }
            weights.append(channels[track.channel].media[track.geo].filter.weights)
        }
        self.weights = weights
        guard model.scaling.hasLogLink else {
            levels = []
            return
        }
        let baseline = parameters.baselineOutlook(periodCount: layout.periodCount + trailing)
        levels = baseline.enumerated().map { geo, terms in
            let unit = parameters.fittedUnit(of: geo)
            return terms.map { unit * Elementary.exp($0) }
        }
    }
}

extension ParameterValues {
    /// What is not media in periods that follow the data, by geo: a term of the mean by period, in KPI units or of the
    /// logarithm.
    ///
    /// The trend stays where it ended, events do not come again, and all else is what it was in the same periods of the year
    /// before; with less than a year of data, what it was in the mean. A year of days is of whole weeks, and a mean of days that
    /// of the same weekday, so that weekdays stay what they are.
    func baselineOutlook(periodCount: Int) -> [[Double]] {
        let (dataset, components) = (model.dataset, model.components)
        let known = dataset.periodCount
        let perYear = dataset.frequency == .day ? 7 * 52 : dataset.frequency.periodsPerYear
        let cycle = dataset.frequency == .day && known >= 7 ? 7 : 1
        var outlook = [[Double]](
            repeating: [Double](repeating: 0, count: periodCount), count: dataset.geoCount)
        for component in components {
            switch component.kind {
            case .channel, .event: continue
            default: break
            }
            let series = self.series(of: component, channels: [])
            for geo in 0..<dataset.geoCount {
                let own = Array(series[dataset.cells(of: geo)])
                let lastCycle =
                    known >= perYear
                    ? Array(own.suffix(perYear))
                    : (known..<known + cycle).map { period in
                        let same = stride(from: period % cycle, to: known, by: cycle).map { own[$0] }
                        return Reductions.sum(same) / Double(same.count)
                    }
                for period in 0..<periodCount {
                    switch component.kind {
                    case .intercept, .trend: outlook[geo][period] += own[model.windowPeriodCount - 1]
                    default: outlook[geo][period] += lastCycle[period % lastCycle.count]
                    }
                }
            }
        }
        return outlook
    }
}
