import Analysis

/// The CSV files that `tutti optimize` leaves beside the results of a fit.
package enum PlanTables {
    private static let command = "tutti optimize"
    private static let money = "money"
    private static let returns = "KPI money per money"

    package static let allocation = ResultTable<AllocationRow>(
        "allocation.csv", of: command,
        "What is proposed for each channel over the planned periods ([Allocation](Allocation.md)): a record a channel with "
            + "spend. Returns are empty for a channel without money in the plan that they are about.",
        columns: [
            .text("channel", "Its name.") { $0.channel },
            .number("spend", unit: money, "What it has now: its spend in as many periods before the planned ones.") {
                $0.spend
            },
            .number("proposed", unit: money, "What it has in the plan.") { $0.proposed },
            .boolean("fixed", "Whether its money was not for choice.") { $0.isFixed },
            .estimate(
                "roi", unit: returns, "the revenue of its current money, in the planned periods and after ÷ that money"
            ) { $0.roi },
            .estimate("proposed_roi", unit: returns, "the same of the plan") { $0.proposedROI },
            .estimate(
                "mroi", unit: returns, "what one per cent more than its current money would return, per further money"
            ) { $0.marginalROI },
            .estimate("proposed_mroi", unit: returns, "the same of the plan") { $0.proposedMarginalROI },
            .estimate("optimum", unit: money, "the money that would be best were the draw the truth") { $0.optimum },
            .number(
                "chance", unit: "share",
                "Draws at which it would be best to move its money in the direction that is proposed; empty where none is moved, "
                    + "and where bounds leave no other way."
            ) { $0.chance },
            .number(
                "information_value", unit: money,
                "What it would be worth to know its response before choosing: the most that a test of it can bring."
            ) { $0.informationValue },
            .boolean(
                "extrapolates",
                "Whether in some geo and period the plan has more than 1.2 times the most that was ever spent there."
            ) { $0.extrapolates },
        ])

    package static let plan = ResultTable<PlannedSpend>(
        "plan.csv", of: command,
        "The plan in full: a record a geo, planned period and channel. `tutti optimize --plan` reads such a file.",
        columns: [
            .text("date", "First day of the period.") { $0.date },
            .text("geo", "The geo; `national` in a single series.") { $0.geo ?? "national" },
            .text("channel", "The channel's name.") { $0.channel },
            .number("current", unit: money, "What it has now: its spend so many periods before.") { $0.spend },
            .number("spend", unit: money, "What it has in the plan.") { $0.proposed },
        ])

    package static let forecast = ResultTable<ForecastRow>(
        "forecast.csv", of: command,
        "The KPI that is expected in the planned periods, the scatter of single periods included: a record a geo and period. "
            + "What is not media is taken to be as in the same periods of the year before, on the trend where it ended.",
        columns: [
            .text("date", "First day of the period.") { $0.date },
            .text("geo", "The geo; `national` in a single series.") { $0.geo ?? "national" },
            .estimate("kpi", [.mean, .sd, .q05, .q50, .q95], unit: "KPI units", "the KPI with the plan") { $0.kpi },
            .estimate(
                "current_kpi", [.mean, .sd, .q05, .q50, .q95], unit: "KPI units",
                "the KPI were what is spent now spent again"
            ) { $0.currentKPI },
        ])
}
