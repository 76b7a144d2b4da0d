import Analysis

/// Tables of panels alone.
extension Tables {
    package static let geoPeriods = ResultTable<GeoPeriodRow>(
        "geo_periods.csv", of: fit,
        "What each component brought in each period of each geo: a record a period, geo and component. Of panels alone, up to "
            + "400,000 records. In every draw the components of a period and geo add up to its fitted KPI, and the geos of a "
            + "period to the whole of contributions.csv. Means are those of all draws; what else there is, of a large panel, "
            + "is from 200 to 1,000 of them.",
        columns: [
            .text("date", "First day of the period.") { $0.date.description },
            .text("geo", "The geo.") { $0.geo },
            .text("component", "As in contributions.csv.") { $0.component },
            .estimate("", [.mean, .sd, .q05, .q50, .q95], unit: kpi, "what the component brought") {
                $0.contribution
            },
            .estimate(
                "revenue", [.mean, .q05, .q50, .q95], unit: "KPI money",
                "that times `kpi.revenue_per_kpi` of the period and geo"
            ) { $0.revenue },
        ])

    package static let geoChannels = ResultTable<GeoChannelRow>(
        "geo_channels.csv", of: fit,
        "What each channel cost and brought in each geo within the window: a record a channel and geo, in the order of the "
            + "model file. Of panels alone. Returns are empty where a channel spends nothing in the geo, those about margin "
            + "also without `kpi.margin`.",
        columns: [
            .text("channel", "Its name.") { $0.channel },
            .text("geo", "The geo.") { $0.geo },
            .number("spend", unit: money, "Spend in the geo within the window.") { $0.spend },
            .estimate("contribution", unit: kpi, "what the channel brought in the geo") { $0.contribution },
            .estimate(
                "incremental_revenue", unit: "KPI money",
                "the revenue of that contribution"
            ) { $0.incrementalRevenue },
            .estimate("roi", unit: returns, "that ÷ spend") { $0.roi },
            .estimate(
                "mroi", unit: returns,
                "what one per cent more in the geo would return: [revenue(1.01 × exposure) − revenue] ÷ (0.01 × spend)"
            ) { $0.marginalROI },
            .estimate("margin_roi", unit: "gross profit per money", "gross profit of the revenue ÷ spend") {
                $0.marginROI
            },
            .number("profit_mean", unit: money, "Mean over draws of that gross profit − spend.") { $0.profitMean },
        ])
}
