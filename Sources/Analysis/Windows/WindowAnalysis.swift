import Kernels
import MarketingMix
import ModelDefinition

/// What every component brought in the windows of the company's calendar.
struct WindowAnalysis {
    /// By window, then component in the model's order, then group of channels, then `media`, `baseline` and `total`.
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
                    media: media.figures(of: [channel], window: index, model))
            }
            let groups = model.specification.groups.enumerated().map { place, group in
                WindowRow(
                    window: windows[index], component: group.name, figure: fold.groupFigures[place][index],
                    media: media.figures(of: group.channels, window: index, model))
            }
            let sums = [
                ("media", fold.mediaFigures), ("baseline", fold.baselineFigures), ("total", fold.fittedFigures),
            ]
            return components + groups
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

    private let windows: [ReportingWindow]
    /// By draw, channel and window.
    private let responses: [[[WindowedResponse]]]

    init(
        model: MarketingMixModel, constrained: [[Double]], windows: [ReportingWindow], by processors: some ParallelMap
    ) {
        self.windows = windows
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

    /// Of some channels together.
    func figures(of channels: [Int], window: Int, _ model: MarketingMixModel) -> WindowMedia {
        let spends = channels.map { model.spend(channel: $0, within: windows[window]) }
        let paid = zip(channels, spends).filter { $0.1 > 0 }.map(\.0)
        // The slow component of a channel comes with its spend.
        let quick = zip(channels, spends).filter { model.specification.channels[$0.0].longTermOf == nil }
        let spend = channels.count == 1 ? spends[0] : quick.reduce(0) { $0 + $1.1 }
        func sums(_ members: [Int], _ value: (WindowedResponse) -> Double) -> [Double] {
            responses.map { draw in
                members.dropFirst().reduce(members.first.map { value(draw[$0][window]) } ?? 0) {
                    $0 + value(draw[$1][window])
                }
            }
        }
        return WindowMedia(
            spend: spend, own: Estimate(draws: sums(channels, \.kpiInWindow)),
            carriedInMean: Estimate.mean(sums(channels, \.kpiCarriedIn)),
            carriedOutMean: Estimate.mean(sums(channels, \.kpiAfter)),
            roi: spend > 0 ? Estimate(draws: sums(paid, \.revenueInWindow).map { $0 / spend }) : nil,
            marginROI: spend > 0 && model.hasMargin
                ? Estimate(draws: sums(paid) { model.grossProfit(of: $0) ?? 0 }.map { $0 / spend }) : nil)
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
