import Kernels
import MarketingMix
import ModelDefinition
import Posterior

/// Everything the business asks, from a model and its posterior draws.
///
/// Every figure is computed per draw and then summarised, never from means (a ratio of means is not the mean of
/// ratios). The window is the periods of the data, but those held out: figures of returns do not see them either.
package struct PosteriorAnalysis: Sendable {
    /// By date, then component in the model's order; for every draw the components add up to the fitted KPI.
    package let contributions: [ContributionRow]
    /// By geo of a panel, then component; empty for a single series.
    package let geoContributions: [GeoContributionRow]
    /// By date, geo of a panel and component; empty for a single series, and for a panel too large for it.
    package let geoPeriods: [GeoPeriodRow]
    /// By channel and geo of a panel; empty for a single series.
    package let geoChannels: [GeoChannelRow]
    /// By year, quarter and month of the company's calendar, then component.
    package let windows: [WindowRow]
    /// In the model's order.
    package let channels: [ChannelRow]
    /// In the order in which channels name them; empty without groups.
    package let groups: [GroupRow]
    /// Channels with spend in the model's order.
    package let finance: [FinanceRow]
    /// Channels with spend in the model's order, each 0 to 2 times its spend.
    package let responseCurves: [ResponseCurvePoint]
    /// The fitted KPI by period.
    package let fitted: [Estimate]
    package let totals: Totals
    /// Whether there are shares of the KPI: not of a total that is 0 or less, or near 0.
    package let hasShares: Bool
    /// `contribution[c]` of every channel, `roi[c]` and then `mroi[c]` of every channel with spend, `baseline` and
    /// `total`; chain-major.
    package let quantities: [Quantity]

    /// - Parameters:
    ///   - constrained: one vector of parameter values, in layout order, a draw; chain-major, not empty.
    ///   - chainCount: chains of equal length.
    ///   - processors: share the work.
    package init(
        model: MarketingMixModel, constrained: [[Double]], chainCount: Int,
        by processors: some ParallelMap = SerialMap()
    ) {
        precondition(!constrained.isEmpty && constrained.count % chainCount == 0, "draws do not fill their chains")
        let names = model.specification.channels.map(\.name)
        let windows = ReportingWindow.all(
            model.specification.reporting, frequency: model.dataset.frequency, dates: model.dataset.dates,
            count: model.windowPeriodCount)
        let fold = ComponentFold(model: model, constrained: constrained, windows: windows, by: processors)
        let (responses, lifts) = Self.responses(model: model, constrained: constrained, by: processors)
        let economics = responses.map(\.economics)
        contributions = model.dataset.dates.enumerated().flatMap { period, date in
            model.components.enumerated().map { index, component in
                ContributionRow(date: date, component: component.name, estimate: fold.estimates[index][period])
            }
        }
        geoContributions = model.dataset.geos.enumerated().flatMap { geo, name in
            model.components.enumerated().map { index, component in
                GeoContributionRow(geo: name, component: component.name, estimate: fold.geoEstimates[index][geo])
            }
        }
        geoPeriods = GeoPeriodRow.all(
            model,
            GeoPeriodFold(model: model, constrained: constrained, means: fold.cellMeans, by: processors))
        geoChannels = GeoChannelRow.all(model, constrained: constrained, by: processors)
        fitted = fold.fitted
        self.windows =
            WindowAnalysis(
                model: model, constrained: constrained, windows: windows, fold: fold, by: processors
            ).rows

        let hasShares = Self.hasShares(fold, window: model.windowPeriodCount)
        self.hasShares = hasShares
        channels = names.indices.map { channel in
            ChannelRow(
                channel: names[channel], economics: economics[channel], contribution: fold.totals[channel],
                fittedTotal: hasShares ? fold.fittedTotal : nil, frequency: model.dataset.frequency)
        }
        groups = model.specification.groups.map { group in
            GroupRow(
                group, specification: model.specification, economics: economics, contributions: fold.totals,
                fittedTotal: hasShares ? fold.fittedTotal : nil)
        }
        responseCurves = responses.flatMap(\.curve)
        finance = responses.compactMap(\.finance)

        var media = [Double](repeating: 0, count: constrained.count)
        var baseline = media
        for (component, total) in zip(model.components, fold.totals) {
            for draw in total.indices {
                if component.isChannel { media[draw] += total[draw] } else { baseline[draw] += total[draw] }
            }
        }
        totals = Totals(
            fittedTotal: fold.fittedTotal, hasShares: hasShares, baseline: baseline, media: media, economics: economics,
            isLongTerm: model.specification.channels.map { $0.longTermOf != nil },
            margin: model.specification.kpi.margin)

        let values =
            fold.totals.prefix(names.count) + economics.compactMap(\.roi) + economics.compactMap(\.marginalROI) + lifts
            + [baseline, fold.fittedTotal]
        quantities = zip(ReportedQuantities(model).names, values).map { Quantity(name: $0, draws: $1) }
    }

    private typealias ChannelResponse = (
        economics: ChannelEconomics, curve: [ResponseCurvePoint], finance: FinanceRow?
    )

    /// Draws whose responses are one processor's at a time.
    static let blockLength = 50

    /// By channel. Responses at all multipliers come from one pass over the draws, in blocks; those of the curve at the draws
    /// that `Thinning` keeps.
    private static func responses(
        model: MarketingMixModel, constrained: [[Double]], by processors: some ParallelMap
    ) -> (channels: [ChannelResponse], lifts: [[Double]]) {
        let channels = model.specification.channels.indices
        let experiments = model.specification.experiments
        // Without spend there is no money to scale.
        let hasCurve = channels.map { model.spend(channel: $0) > 0 }
        let thinning = Thinning(drawCount: constrained.count)
        let blocks = processors.mapBlocks(of: constrained.count, size: blockLength) { draws in
            draws.map { index in
                let draw = ModelDraw(model, constrained[index])
                let media = channels.map {
                    MediaAnswer(draw, channel: $0, hasCurve: hasCurve[$0] && thinning.keeps(index))
                }
                return (media: media, lifts: experiments.map { draw.lift($0) })
            }
        }
        let responses = processors.map(channels.count) { channel -> ChannelResponse in
            let draws = blocks.flatMap { $0.map { $0.media[channel] } }
            let economics = ChannelEconomics(model: model, channel: channel, draws: draws)
            return (
                economics,
                ResponseCurves.points(model: model, channel: channel, spend: economics.spend, draws: draws),
                FinanceRow(model: model, channel: channel, draws: draws, economics: economics)
            )
        }
        return (responses, experiments.indices.map { index in blocks.flatMap { $0.map { $0.lifts[index] } } })
    }

    /// The least total of the KPI ÷ the sum of its sizes by period: less is what positive and negative periods leave of
    /// each other.
    private static let netShareMin = 0.2

    private static func hasShares(_ fold: ComponentFold, window: Int) -> Bool {
        let sizes = fold.fitted.prefix(window).reduce(0.0) { $0 + abs($1.mean) }
        let total = Estimate(draws: fold.fittedTotal)
        return total.q05 > 0 && total.mean > netShareMin * sizes
    }
}

extension ChannelRow {
    init(
        channel: String, economics: ChannelEconomics, contribution: [Double], fittedTotal: [Double]?,
        frequency: Frequency
    ) {
        self.init(
            channel: channel, spend: economics.spend, contribution: Estimate(draws: contribution),
            share: fittedTotal.map { Estimate(draws: zip(contribution, $0).map { $0 / $1 }) },
            roi: economics.roi.map(Estimate.init(draws:)),
            marginalROI: economics.marginalROI.map(Estimate.init(draws:)),
            marginROI: economics.marginROI.map(Estimate.init(draws:)),
            carryoverMean: Estimate.mean(economics.revenueAfter), profitMean: economics.profit.map(Estimate.mean),
            paybackWeeksQ50: economics.paybackPeriods.flatMap { periods in
                Payback.median(periods.map { Payback.weeks(periods: $0, frequency) })
            })
    }
}

extension Totals {
    init(
        fittedTotal: [Double], hasShares: Bool, baseline: [Double], media: [Double], economics: [ChannelEconomics],
        isLongTerm: [Bool], margin: Double?
    ) {
        var spend = 0.0
        var revenue = [Double](repeating: 0, count: media.count)
        var grossProfit: [Double]?
        for (channel, isLongTerm) in zip(economics, isLongTerm) where channel.spend > 0 {
            // The slow component of a channel comes with its spend.
            spend += isLongTerm ? 0 : channel.spend
            for draw in revenue.indices { revenue[draw] += channel.revenue[draw] }
            if let own = channel.grossProfit {
                grossProfit = grossProfit.map { zip($0, own).map { $0 + $1 } } ?? own
            }
        }
        let roi = spend > 0 ? revenue.map { $0 / spend } : nil
        let marginROI =
            margin.flatMap { margin in roi.map { $0.map { margin * $0 } } }
            ?? (spend > 0 ? grossProfit?.map { $0 / spend } : nil)
        self.init(
            fitted: Estimate(draws: fittedTotal), baseline: Estimate(draws: baseline), media: Estimate(draws: media),
            mediaShare: hasShares ? Estimate(draws: zip(media, fittedTotal).map { $0 / $1 }) : nil, spend: spend,
            roi: roi.map(Estimate.init(draws:)),
            marginROI: marginROI.map(Estimate.init(draws:)))
    }
}
