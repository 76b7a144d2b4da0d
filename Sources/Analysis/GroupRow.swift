import MarketingMix
import ModelDefinition

/// What the channels of a group cost and brought together over the window of the data.
///
/// Every figure is that of their sum at each draw. Money figures are nil where none of them has spend, and those about margin
/// also where no margin is known.
package struct GroupRow: Sendable, Hashable, Codable {
    package let group: String
    /// Without slow components, which come with theirs.
    package let channels: [String]
    /// Money, over the window.
    package let spend: Double
    /// KPI units within the window.
    package let contribution: Estimate
    /// Contribution ÷ total fitted KPI of the same draw; nil where the total is none of which there are shares.
    package let share: Estimate?
    /// Revenue of their contributions within the window.
    package let incrementalRevenue: Estimate
    /// Revenue of the channels with spend ÷ their spend, as all returns.
    package let roi: Estimate?
    /// What one per cent more of all their money would return.
    package let marginalROI: Estimate?
    package let marginROI: Estimate?
    /// Mean revenue that falls after the window.
    package let carryoverMean: Double
    /// Gross profit − spend.
    package let profit: Estimate?
    /// Share of draws with a profit above 0.
    package let probabilityOfProfit: Double?
}

extension GroupRow {
    /// - Parameters:
    ///   - economics: by channel.
    ///   - contributions: KPI units within the window, by channel, then draw.
    ///   - fittedTotal: by draw; nil where there are no shares of it.
    init(
        _ group: ChannelGroup, specification: ModelSpecification, economics: [ChannelEconomics],
        contributions: [[Double]], fittedTotal: [Double]?
    ) {
        let own = group.channels.map { economics[$0] }
        let contribution = Self.sum(group.channels.map { contributions[$0] })
        self.group = group.name
        channels = group.channels.map { specification.channels[$0] }.filter { $0.longTermOf == nil }.map(\.name)
        // The slow component of a channel comes with its spend.
        let spend = group.channels.reduce(0) {
            specification.channels[$1].longTermOf == nil ? $0 + economics[$1].spend : $0
        }
        self.spend = spend
        self.contribution = Estimate(draws: contribution)
        share = fittedTotal.map { Estimate(draws: zip(contribution, $0).map { $0 / $1 }) }
        incrementalRevenue = Estimate(draws: Self.sum(own.map(\.revenue)))
        carryoverMean = Estimate.mean(Self.sum(own.map(\.revenueAfter)))
        let paid = own.filter { $0.spend > 0 }
        func perSpend(_ values: [[Double]]) -> Estimate? {
            values.isEmpty || spend == 0 ? nil : Estimate(draws: Self.sum(values).map { $0 / spend })
        }
        roi = perSpend(paid.map(\.revenue))
        marginalROI = perSpend(paid.compactMap { channel in channel.marginalROI?.map { $0 * channel.spend } })
        marginROI = perSpend(paid.compactMap(\.grossProfit))
        let grossProfit = paid.compactMap(\.grossProfit)
        let profits = grossProfit.isEmpty || spend == 0 ? nil : Self.sum(grossProfit).map { $0 - spend }
        profit = profits.map(Estimate.init(draws:))
        probabilityOfProfit = profits.map { Double($0.count { $0 > 0 }) / Double($0.count) }
    }

    /// By draw, of what is by channel and draw.
    private static func sum(_ values: [[Double]]) -> [Double] {
        guard var sum = values.first else { return [] }
        for next in values.dropFirst() { for draw in sum.indices { sum[draw] += next[draw] } }
        return sum
    }
}
