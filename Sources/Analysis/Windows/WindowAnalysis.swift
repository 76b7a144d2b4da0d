import Kernels
import MarketingMix
import ModelDefinition

/// What every component brought in the windows of the company's calendar.
struct WindowAnalysis {
    /// By window, then component in the model's order, then `media`, `baseline` and `total`.
    let rows: [WindowRow]

    init(
        model: MarketingMixModel, constrained: [[Double]], windows: [ReportingWindow], fold: ComponentFold,
        by processors: some ParallelMap
    ) {
        let media = ChannelMedia(model: model, constrained: constrained, windows: windows, by: processors)
        rows = windows.indices.flatMap { index in
            let components = model.components.enumerated().map { place, component in
                let figure = fold.windowFigures[place][index]
                guard case .channel(let channel) = component.kind else {
                    return WindowRow(window: windows[index], component: component.name, figure: figure, media: nil)
                }
                return WindowRow(
                    window: windows[index], component: component.name, figure: figure,
                    media: WindowMedia(
                        media.responses(channel: channel, window: index),
                        spend: model.spend(channel: channel, within: windows[index])))
            }
            let sums = [
                ("media", fold.mediaFigures), ("baseline", fold.baselineFigures), ("total", fold.fittedFigures),
            ]
            return components
                + sums.map { name, figures in
                    WindowRow(window: windows[index], component: name, figure: figures[index], media: nil)
                }
        }
    }
}

/// What the media of every window bring, at some of the draws.
private struct ChannelMedia: Sendable {
    /// Draws of which it is asked, at the most; and questions in all, though not for fewer draws than the least: each
    /// takes a channel's response in one geo for every window.
    private static let drawCountMax = 400
    private static let questionCountMax = 20_000
    private static let drawCountMin = 100
    /// Draws that are one processor's at a time.
    private static let blockLength = 10

    /// By draw, channel and window.
    private let responses: [[[WindowedResponse]]]

    init(
        model: MarketingMixModel, constrained: [[Double]], windows: [ReportingWindow], by processors: some ParallelMap
    ) {
        let channels = model.specification.channels.indices
        let questions = max(1, channels.count * model.dataset.geoCount)
        let most = max(Self.drawCountMin, min(Self.drawCountMax, Self.questionCountMax / questions))
        let step = (constrained.count + most - 1) / most
        let draws = Array(stride(from: 0, to: constrained.count, by: step))
        let stretches = windows.map { WeightedPeriods(periods: $0.periods, shares: $0.shares) }
        responses = processors.mapBlocks(of: draws.count, size: Self.blockLength) { block in
            block.map { index in
                let draw = ModelDraw(model, constrained[draws[index]])
                return channels.map { draw.windowedResponses(channel: $0, stretches: stretches) }
            }
        }.flatMap(\.self)
    }

    func responses(channel: Int, window: Int) -> [WindowedResponse] { responses.map { $0[channel][window] } }
}

extension WindowMedia {
    fileprivate init(_ responses: [WindowedResponse], spend: Double) {
        self.init(
            spend: spend, own: Estimate(draws: responses.map(\.kpiInWindow)),
            carriedInMean: Estimate.mean(responses.map(\.kpiCarriedIn)),
            carriedOutMean: Estimate.mean(responses.map(\.kpiAfter)),
            roi: spend > 0 ? Estimate(draws: responses.map { $0.revenueInWindow / spend }) : nil)
    }
}

extension MarketingMixModel {
    /// Money of the days of a window, in all geos.
    fileprivate func spend(channel: Int, within window: ReportingWindow) -> Double {
        var sum = 0.0
        for geo in 0..<dataset.geoCount {
            let first = dataset.cells(of: geo).lowerBound
            for (period, share) in zip(window.periods, window.shares) {
                sum += share * dataset.spend[channel][first + period]
            }
        }
        return sum
    }
}
