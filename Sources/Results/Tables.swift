import Analysis
import Posterior

/// The CSV files of a results folder.
package enum Tables {
    /// All geos of a panel, or the one of a single series.
    static let geo = "national"
    static let fit = "tutti fit"
    static let money = "money"
    static let kpi = "KPI units"
    static let returns = "KPI money per money"

    package static let channels = ResultTable<ChannelRow>(
        "channels.csv", of: fit,
        "What each channel cost and brought within the window: a record a channel, in the order of the model file. Money "
            + "figures are empty for a channel without spend, those about margin also without `kpi.margin`. A contribution is what "
            + "there would not be without the channel, or under `lognormal` its share of what there would not be without "
            + "media ([Panels](Panels.md)).",
        columns: [
            .text("channel", "Its name.") { $0.channel },
            .number("spend", unit: money, "Spend within the window.") { $0.spend },
            .estimate("contribution", unit: kpi, "what the channel brought within the window") { $0.contribution },
            .estimate(
                "share", [.mean, .q05, .q95], unit: "share",
                "contribution ÷ total of the fitted KPI; empty where that total is near 0 or below"
            ) { $0.share },
            .estimate("roi", unit: returns, "the revenue of the contribution ÷ spend") { $0.roi },
            .estimate(
                "mroi", unit: returns,
                "what one per cent more would return: [revenue(1.01 × exposure) − revenue] ÷ (0.01 × spend)"
            ) { $0.marginalROI },
            .number(
                "carryover_mean", unit: "KPI money",
                "Mean over draws of the revenue that falls after the window, by carry-over."
            ) { $0.carryoverMean },
            .estimate(
                "margin_roi", unit: "gross profit per money",
                "gross profit of the revenue ÷ spend, above 1 the channel pays"
            ) {
                $0.marginROI
            },
            .number("profit_mean", unit: money, "Mean over draws of that gross profit − spend.") { $0.profitMean },
            .number(
                "payback_weeks_q50", unit: "weeks",
                "Median week in which the spend is earned back, 1 being the week of spending; empty for \"never\"."
            ) { $0.paybackWeeksQ50 },
        ])

    package static let contributions = ResultTable<ContributionRow>(
        "contributions.csv", of: fit,
        "What each component brought in each period, all geos together: a record a period and component. In every draw "
            + "the components of a period add up to the fitted KPI. Of more than 4,000 draws standard deviations and "
            + "quantiles are those of at most 4,000, evenly taken; means are of all.",
        columns: [
            .text("date", "First day of the period.") { $0.date.description },
            .text("geo", "Always `national`; by geo see geo_contributions.csv.") { _ in geo },
            .text(
                "component",
                "A channel, control, treatment or event by its name; `intercept`, `trend`, `seasonality`, `holidays`."
            ) { $0.component },
            .estimate("", [.mean, .sd, .q05, .q50, .q95], unit: kpi, "what the component brought in the period") {
                $0.estimate
            },
        ])

    package static let geoContributions = ResultTable<GeoContributionRow>(
        "geo_contributions.csv", of: fit,
        "What each component brought in each geo within the window: a record a geo and component. Of panels alone. "
            + "Of many draws as in contributions.csv.",
        columns: [
            .text("geo", "The geo.") { $0.geo },
            .text("component", "As in contributions.csv.") { $0.component },
            .estimate("", [.mean, .sd, .q05, .q50, .q95], unit: kpi, "what the component brought in the geo") {
                $0.estimate
            },
        ])

    package static let finance = ResultTable<FinanceRow>(
        "finance.csv", of: fit,
        "What each channel's money did within the window: a record a channel with spend, in the order of the model file. "
            + "Figures of profit are empty without `kpi.margin`, and quantiles of what never happens are empty.",
        columns: [
            .text("channel", "Its name.") { $0.channel },
            .number("spend", unit: money, "Spend within the window.") { $0.spend },
            .estimate(
                "incremental_revenue", unit: "KPI money",
                "the revenue of its contribution in channels.csv"
            ) { $0.incrementalRevenue },
            .estimate("gross_profit", unit: money, "margin × that, by the margin of each period") { $0.grossProfit },
            .estimate("profit", unit: money, "gross profit − spend") { $0.profit },
            .number("probability_of_profit", unit: "share", "Share of draws with a profit above 0.") {
                $0.probabilityOfProfit
            },
            .estimate(
                "marginal_margin_roi", unit: "gross profit per money",
                "gross profit of one per cent more, as mroi of channels.csv; above 1 one more unit of money pays"
            ) { $0.marginalMarginROI },
        ]
            + Columns.quantiles("cost_per_kpi", unit: "money per KPI unit", "spend ÷ incremental KPI") { $0.costPerKPI }
            + [
                .estimate(
                    "elasticity", unit: "per cent per per cent",
                    "mroi ÷ roi: 1 where nothing saturates, towards 0 where more money brings no more"
                ) { $0.elasticity },
                .estimate(
                    "carryover_share", [.mean, .q05, .q95], unit: "share",
                    "the part of the effect that comes after the period of spending"
                ) { $0.carryOverShare },
            ]
            + Columns.quantiles(
                "break_even_spend", unit: money,
                "the spend at which one more unit of money brings one unit of gross profit; empty beyond twice the spend"
            ) { $0.breakEvenSpend }
            + Columns.quantiles(
                "payback_weeks", unit: "weeks",
                "the week in which gross profit has earned the spend back, 1 being its own"
            ) { $0.paybackWeeks }
            + [
                .number(
                    "probability_of_payback_13_weeks", unit: "share", "Share of draws in which that is within 13 weeks."
                ) {
                    $0.probabilityOfQuickPayback
                },
                .estimate(
                    "saturation_position", unit: "share",
                    "the exposure that the curve sees ÷ that at half of the most it comes to, mean over the periods in which "
                        + "the channel ran: 1 at half saturation; empty for a curve that grows without end"
                ) { $0.saturationPosition },
                .text("currency", "`kpi.currency`, of all money.") { $0.currency },
                .text("vat", "`kpi.vat`: whether money of the KPI holds value-added tax; empty where nobody says.") {
                    $0.vat?.rawValue ?? ""
                },
            ])

    package static let windows = ResultTable<WindowRow>(
        "windows.csv", of: fit,
        "What each component brought in each year, quarter and month of the company's calendar (`reporting` of the model "
            + "file), all geos together: a record a window and component. Of a period that lies in two windows each has as "
            + "much as it has days. In every draw the windows of a kind add up to the whole, and the components to the total. "
            + "Of more than 4,000 draws quantiles are those of at most 4,000, evenly taken; means are of all.",
        columns: [
            .text("kind", "`year`, `quarter` or `month`.") { $0.window.kind.rawValue },
            .text(
                "window",
                "`2024`, `2024-Q1`, `2024-01`; of years that are not the calendar's `FY2024`, `FY2024-Q1`, `FY2024-P01`."
            ) { $0.window.name },
            .text("from", "Its first day.") { $0.window.days.lowerBound.description },
            .text("to", "Its last day.") { $0.window.days.upperBound.description },
            .boolean("complete", "Whether the data has every day of it.") { $0.window.isComplete },
            .text(
                "component",
                "As in contributions.csv; then groups of channels (`channels[].group`), `media`, all channels, `baseline`, all "
                    + "others, and `total`."
            ) { $0.component },
            .number("spend", unit: money, "Spend of a channel, or of a group, in the window.") { $0.media?.spend },
            .estimate("contribution", unit: kpi, "what it brought in the window") { $0.figure.contribution },
            .estimate(
                "change", unit: kpi,
                "that less the contribution a year earlier; empty where the data does not have all of both windows"
            ) { $0.figure.change },
            .estimate(
                "revenue", unit: "KPI money", "that contribution times `kpi.revenue_per_kpi` of each period and geo"
            ) { $0.figure.revenue },
            .estimate(
                "revenue_change", unit: "KPI money",
                "that revenue less the revenue a year earlier, empty as `change`; in every draw those of components add up to "
                    + "that of the total"
            ) { $0.figure.revenueChange?.total },
            .estimate(
                "revenue_change_units", unit: "KPI money",
                "the part of `revenue_change` that is due to units: `change` times the mean price of a unit in the earlier "
                    + "window"
            ) { $0.figure.revenueChange?.byUnits },
            .estimate(
                "revenue_change_price", unit: "KPI money",
                "the rest of `revenue_change`, which is due to prices: 0 of a KPI that is money or has one price"
            ) { $0.figure.revenueChange?.byPrice },
            .estimate(
                "own", unit: kpi,
                "what a channel's media of the window brought in it: the KPI with them less the KPI without (this and "
                    + "what follows from 400 draws at most)"
            ) { $0.media?.own },
            .number(
                "carried_in_mean", unit: kpi,
                "Mean of what its media before the window brought in it; with `own` the contribution of the same draws."
            ) { $0.media?.carriedInMean },
            .number(
                "carried_out_mean", unit: kpi, "Mean of what its media of the window brought after it."
            ) { $0.media?.carriedOutMean },
            .estimate("roi", unit: returns, "the revenue of `own` ÷ spend; empty without spend") { $0.media?.roi },
            .estimate(
                "margin_roi", unit: "gross profit per money",
                "the gross profit of that revenue ÷ spend, by the margin of the window's periods; empty without a margin"
            ) { $0.media?.marginROI },
        ])

    package static let mediation = ResultTable<MediationRow>(
        "mediation.csv", of: fit,
        "What channels bring by themselves and through those that they drive ([Mediators](Mediators.md)): a record a "
            + "channel and mediator. Only where a channel `drives` another.",
        columns: [
            .text("channel", "The channel that drives.") { $0.channel },
            .text("mediator", "The channel that is driven.") { $0.mediator },
            .estimate("exposure_share", unit: "share", "the part of the mediator's exposure that the channel drives") {
                $0.exposureShare
            },
            .estimate("direct", unit: kpi, "what the channel brings by itself; the same in all its records") {
                $0.direct
            },
            .estimate("through", unit: kpi, "what it brings through this mediator") { $0.through },
            .estimate(
                "total", unit: kpi,
                "what it brings by itself and through all its mediators; the same in all its records"
            ) { $0.total },
            .estimate("direct_roi", unit: returns, "the revenue of `direct` ÷ the channel's spend") { $0.directROI },
            .estimate("total_roi", unit: returns, "the revenue of `total` ÷ the channel's spend") { $0.totalROI },
        ])

    package static let responseCurves = ResultTable<ResponseCurvePoint>(
        "response_curves.csv", of: fit,
        "What a channel would have brought at 0 to 2 times its spend, every period scaled alike: a record a channel with "
            + "spend and tenth of its spend, from at most 4,000 draws, evenly taken. How curves are formed: "
            + "[Media](Media.md).",
        columns: [
            .text("channel", "Its name.") { $0.channel },
            .number("spend", unit: money, "The spend within the window that is asked about.") { $0.spend },
            .estimate("contribution", unit: kpi, "what the channel would have brought within the window") {
                $0.contribution
            },
        ])

    package static let bootstrap = ResultTable<BootstrapRow>(
        "bootstrap.csv", of: fit,
        "The posterior beside those of resamples, whose draws together are the bagged posterior (Huggins and Miller, "
            + "arXiv:1912.07104): a record a reported quantity. Only with `resampling`. Units are those of the quantity. Where `method` is "
            + "`map` resamples have no spread of their own: figures are of their maxima, and others are empty.",
        columns: [
            .text(
                "quantity",
                "`contribution[CHANNEL]`, `roi[CHANNEL]`, `mroi[CHANNEL]`, `lift[TEST]`, `baseline` or `total`."
            ) { $0.quantity },
            .number("posterior_mean", "Mean of the posterior.") { $0.posteriorMean },
            .number("posterior_sd", "Standard deviation of the posterior.") { $0.posteriorSD },
            .number("bagged_mean", "Mean of the bagged posterior, or of the maxima.") { $0.baggedMean },
            .number("bagged_sd", "Its standard deviation, √(within_sd² + between_sd²).") { $0.baggedSD },
            .number("bagged_q05", "Its 5 % quantile.") { $0.baggedQ05 },
            .number("bagged_q50", "Its median.") { $0.baggedQ50 },
            .number("bagged_q95", "Its 95 % quantile.") { $0.baggedQ95 },
            .number("within_sd", "Root of the mean variance within a resample.") { $0.withinSD },
            .number("between_sd", "Standard deviation of resamples' means, less what their draws explain.") {
                $0.betweenSD
            },
            .number(
                "robust_sd",
                "The spread to plan with: the larger of posterior_sd and of that of prior and data with the data as uncertain "
                    + "as resamples show, which is between_sd where the prior says nothing."
            ) { $0.robustSD },
            .number(
                "mismatch_index",
                "1 − 2 posterior_sd² ÷ bagged_sd²: near 0 or below for a model that fits, towards 1 for one that does not; "
                    + "empty where bagged_sd is not above posterior_sd."
            ) { $0.mismatchIndex },
            .whole("resamples", "Their number.") { $0.resamples },
            .text("method", "What is told of each: `sampled`, draws; `map`, its maximum.") { $0.method.rawValue },
        ])

    package static let summary = ResultTable<(name: String, summary: Summary)>(
        "summary.csv", of: fit,
        "Every parameter: a record an element. Names and units are those of [Reference](Reference.md), with the geo, "
            + "channel or other label in brackets; `preset: pymc-marketing` and `preset: meridian` name parameters as "
            + "those programs do.",
        columns: [
            .text("parameter", "`alpha[tv]`; the plain name of a single number.") { $0.name },
            .number("mean", "Mean over draws.") { $0.summary.mean },
            .number("sd", "Standard deviation over draws.") { $0.summary.sd },
            .number("mcse_mean", "Monte Carlo standard error of the mean.") { $0.summary.mcseMean },
            .number("q05", "5 % quantile.") { $0.summary.q05 },
            .number("q50", "Median.") { $0.summary.q50 },
            .number("q95", "95 % quantile.") { $0.summary.q95 },
            .number("ess_bulk", unit: "draws", "Effective sample size of the bulk, from rank-normalised draws.") {
                $0.summary.essBulk
            },
            .number("ess_tail", unit: "draws", "The smaller effective sample size of the 5 % and 95 % quantiles.") {
                $0.summary.essTail
            },
            .number("r_hat", "Rank-normalised split R-hat; empty, as the sizes are, where it does not exist.") {
                $0.summary.rHat
            },
        ])

    package static let leaveOneOut = ResultTable<LeaveOneOutRow>(
        "loo.csv", of: fit,
        "The leave-one-out score of each cell with a KPI (PSIS-LOO; Vehtari, Gelman and Gabry 2017): a record a cell. "
            + "`tutti compare` ranks fits by it. Not for fits too large for it.",
        columns: [
            .text("date", "First day of the period.") { $0.date },
            .text("geo", "The geo, `national` for a single series.") { $0.geo ?? geo },
            .number(
                "elpd_loo", unit: "log density per KPI unit", "Log predictive density of the KPI given all other cells."
            ) { $0.expectedLogDensity },
            .number(
                "pareto_k", "Shape of the importance weights; above `loo.pareto_k_limit` of run.json do not trust it."
            ) { $0.shape },
            .number("kpi", unit: kpi, "The KPI of the cell, by which `tutti compare` knows fits of another KPI.") {
                $0.kpi
            },
        ])

    package static let sensitivity = ResultTable<SensitivityRow>(
        "sensitivity.csv", of: fit,
        "What each parameter and reported quantity owes to the prior and to the data, by power scaling (Kallioinen and "
            + "others 2024): a record each. From 0.05 on it matters. Not for fits too large for it.",
        columns: [
            .text("quantity", "A parameter of summary.csv or a quantity as in bootstrap.csv.") { $0.name },
            .number("prior", "Distance that the posterior moves as the prior is raised to a power near 1.") {
                $0.prior
            },
            .number("likelihood", "The same of the likelihood.") { $0.likelihood },
            .number(
                "conflict", unit: "standard deviations",
                "How far what the data say lies from what the prior said, in standard deviations of what the prior foretells "
                    + "of it (Evans and Moshonov 2006); empty where the data say too little."
            ) { $0.conflict },
            .text(
                "diagnosis",
                "What it owes: `data`, `prior`, `prior and data`, or `neither` where it moves with none of them; "
                    + "`prior-data conflict` where both matter and lie 2.5 standard deviations or more apart."
            ) { $0.diagnosis.rawValue },
        ])

    package static let stability = ResultTable<EvidenceRow>(
        "stability.csv", of: fit,
        "What each reported quantity stands on: a record each. Grades are given by the columns after `grade`; how often they "
            + "are right on simulated data is in Deploy/evidence/results.md. Not for fits too large for it.",
        columns: [
            .text("quantity", "As in bootstrap.csv.") { $0.quantity },
            .text(
                "grade",
                "`lift-tested`: a lift test says more of it than the prior; `data-driven`; `mixed`: data and prior, each in "
                    + "part; `prior-driven`: the data say little; `misspecified`: the data do not do what the model says, and "
                    + "its interval is too narrow."
            ) { $0.grade.rawValue },
            .number(
                "data_share", unit: "share",
                "The data's part of what is known: evidence_ratio ÷ (evidence_ratio + "
                    + "variance_share, at most 1)."
            ) { $0.figures.dataShare },
            .number(
                "evidence_ratio",
                "Variance of the posterior mean between resamples, by the infinitesimal jackknife (Giordano and Broderick, "
                    + "arXiv:2305.06466), ÷ posterior variance; of logarithms where prior and posterior are above 0, as in "
                    + "the columns that follow."
            ) { $0.figures.evidenceRatio },
            .number("variance_share", "Posterior variance ÷ prior variance, by 90 % intervals.") {
                $0.figures.prior?.varianceShare
            },
            .number("prior_shift", unit: "prior standard deviations", "Posterior less prior median.") {
                $0.figures.prior?.shift
            },
            .number("interval_share", "Width of the 90 % interval ÷ that of the prior, on the quantity's own scale.") {
                $0.figures.prior?.intervalShare
            },
            .number(
                "mismatch_index",
                "The mismatch index of bootstrap.csv by the infinitesimal jackknife, with the prior's part taken out; empty "
                    + "where the data say too little."
            ) { $0.figures.mismatchIndex },
            .number("refit_mismatch_index", "The same by the refits of the resamples; empty without them.") {
                $0.refitMismatchIndex
            },
            .number(
                "residual_correlation",
                "Correlation of successive residuals; empty where the model has its own, or it may be chance."
            ) { $0.figures.residualCorrelation },
            .number(
                "decision_stability", unit: "share",
                "Of a channel's figures: the share of resamples that advise the same as the fit, to spend more on it or less "
                    + "in the same budget; empty without resamples, or where there is nothing to decide."
            ) { $0.decisionStability },
            .number("posterior_sd", "Standard deviation of the posterior, in the quantity's unit.") { $0.posteriorSD },
            .number("ij_sd", "Standard deviation of resamples' means, by the infinitesimal jackknife.") {
                $0.jackknifeSD
            },
            .number("refit_sd", "The same by the refits, as between_sd of bootstrap.csv; empty without resamples.") {
                $0.refitSD
            },
            .text("refit_method", "`sampled`, or `map` where it is of maxima; empty without resamples.") {
                $0.refitMethod?.rawValue ?? ""
            },
        ])

    package static let influence = ResultTable<InfluenceRow>(
        "influence.csv", of: fit,
        "The ten periods that carry each channel's figures most (infinitesimal jackknife): a record a channel and period. Not "
            + "for fits too large for it.",
        columns: [
            .text("channel", "Its name.") { $0.channel },
            .whole("rank", "From 1, the period that moves the contribution most.") { $0.rank },
            .text("date", "First day of the period.") { $0.date.description },
            .number(
                "contribution", unit: "posterior standard deviations",
                "What the mean of the contribution gains, to first order, if the period is counted twice, and loses if it is "
                    + "left out."
            ) { $0.contribution },
            .number("roi", unit: "posterior standard deviations", "The same of the ROI; empty without spend.") {
                $0.roi
            },
            .text("sign", "`raises` or `lowers`: what the period does to the contribution.") {
                $0.contribution < 0 ? "lowers" : "raises"
            },
        ])
}
