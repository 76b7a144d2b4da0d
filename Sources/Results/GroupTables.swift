import Analysis

/// What is told of channels together.
extension Tables {
    package static let groups = ResultTable<GroupRow>(
        "groups.csv", of: fit,
        "What the channels of each group (`channels[].group`) cost and brought together within the window: a record a group, in "
            + "the order in which channels name them. Figures are of the sum at each draw: means are the sums of those of "
            + "channels.csv, quantiles are not. Only with groups.",
        columns: [
            .text("group", "Its name.") { $0.group },
            .text("channels", "Its channels, as `tutti optimize --group` takes them: `tv+video`.") {
                $0.channels.joined(separator: "+")
            },
            .number("spend", unit: money, "Spend within the window.") { $0.spend },
            .estimate("contribution", unit: kpi, "what its channels brought within the window") { $0.contribution },
            .estimate(
                "share", [.mean, .q05, .q95], unit: "share",
                "contribution ÷ total of the fitted KPI; empty where that total is near 0 or below"
            ) { $0.share },
            .estimate(
                "incremental_revenue", unit: "KPI money",
                "the revenue of that contribution"
            ) { $0.incrementalRevenue },
            .estimate("roi", unit: returns, "the revenue of its channels with spend ÷ their spend") { $0.roi },
            .estimate("mroi", unit: returns, "what one per cent more on each of them would return") {
                $0.marginalROI
            },
            .number("carryover_mean", unit: "KPI money", "Mean over draws of the revenue that falls after the window.")
            {
                $0.carryoverMean
            },
            .estimate(
                "margin_roi", unit: "gross profit per money", "gross profit of their revenue ÷ their spend"
            ) { $0.marginROI },
            .estimate("profit", unit: money, "that gross profit − spend") { $0.profit },
            .number("probability_of_profit", unit: "share", "Share of draws with a profit above 0.") {
                $0.probabilityOfProfit
            },
        ])
}
