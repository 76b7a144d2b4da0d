import ModelDefinition
import Wording

/// What geos and channels share, what experiments say, and how the fit runs.
extension ModelFileReference {
    static let panels = [
        ModelFileKey("hierarchy", .mapping, example: "{pooling: partial}", "What the geos of a panel share."),
        ModelFileKey(
            "hierarchy.pooling", ModelFileKey.words(Pooling.self),
            .byPreset(Preset.allCases.map { $0.defaults.pooling.rawValue }), example: "complete",
            "One value for all geos, one for each, or values that scatter around a common one."),
        ModelFileKey(
            "hierarchy.deviations", ModelFileKey.words(GeoDeviations.Form.self),
            .value(GeoDeviations.Form.logNormal.rawValue), example: "normal",
            "How the effects of geos scatter under partial pooling."),
        ModelFileKey(
            "hierarchy.parameters", .either("sections by the names of parameters"),
            example: "{control: {pooling: complete}}", "Blocks that differ from the rest."),
        ModelFileKey(
            "hierarchy.parameters.*.pooling", ModelFileKey.words(Pooling.self), .required, example: "complete",
            "As above, of this parameter."),
        ModelFileKey(
            "hierarchy.parameters.*.baseline", ModelFileKey.words(HierarchyReader.GeoBaseline.self),
            example: "largest", "The geo whose intercept is 0; for `pooling: none`."),
        ModelFileKey(
            "hierarchy.parameters.*.deviations", ModelFileKey.words(GeoDeviations.Form.self),
            .value("lognormal where values are positive"), example: "normal", "As above, of this parameter."),
        ModelFileKey(
            "hierarchy.parameters.*.mean", .prior, .value("the parameter's own prior"), example: "{normal: [0, 1]}",
            "Prior of the mean of the geos, of the logarithm where deviations are lognormal."),
        ModelFileKey(
            "hierarchy.parameters.*.sd", .prior, .value("half_normal 0.5"), example: "{half_normal: [0.3]}",
            "Prior of the standard deviation between geos."),
        ModelFileKey(
            "hierarchy.parameters.*.sd_per", ModelFileKey.words(GeoDeviations.Scope.self),
            .value(GeoDeviations.Scope.element.rawValue), example: "block",
            "Whether every element of the block has a standard deviation of its own."),
        ModelFileKey(
            "families", .mappings, .value("[]"), example: "[{name: video, channels: [tv, online], parameters: [roi]}]",
            "Channels that are alike, and what they share."),
        ModelFileKey("families[].name", .text, .required, example: "video", "The family's name."),
        ModelFileKey("families[].channels", .names, .required, example: "[tv, online]", "Two channels or more."),
        ModelFileKey(
            "families[].parameters", .either("names, or sections by name"), .required, example: "[roi, alpha]",
            "Parameters that scatter around a common value."),
        ModelFileKey(
            "families[].parameters.*.mean", .prior, .value("that of the first channel"), example: "{normal: [0, 1]}",
            "Prior of the mean, of the logarithm or the logit."),
        ModelFileKey(
            "families[].parameters.*.sd", .prior, .value("half_normal 0.3"), example: "{half_normal: [0.3]}",
            "Prior of the standard deviation between channels."),
    ]

    static let experiments = [
        ModelFileKey(
            "experiments", .mappings, .value("[]"),
            example:
                "[{name: dark, channels: [tv], start: 2024-05-06, end: 2024-06-02, design: go_dark, lift: -9, se: 3}]",
            "Lift tests."),
        ModelFileKey("experiments[].name", .text, .required, example: "dark", "The test's name."),
        ModelFileKey("experiments[].channels", .names, .required, example: "[tv]", "The channels that were changed."),
        ModelFileKey("experiments[].geos", .names, .value("all"), example: "[north]", "The geos where they were."),
        ModelFileKey("experiments[].start", .date, .required, example: "2024-05-06", "The first day of the test."),
        ModelFileKey("experiments[].end", .date, .required, example: "2024-06-02", "The last day of the test."),
        ModelFileKey(
            "experiments[].design", ModelFileKey.words(ExperimentReader.Design.self), .required,
            example: "go_dark", "Whether media went dark, ran at another scale, or went dark in some geos."),
        ModelFileKey(
            "experiments[].scale", .number(0...100), unit: "factor of exposure", example: "1.5",
            "What exposure was multiplied by; for `design: scale`."),
        ModelFileKey(
            "experiments[].lift", .number(-1e15...1e15), unit: "KPI", .required, example: "-1310000",
            "KPI with the test less KPI without it, over its days and geos; below 0 where media were cut."),
        ModelFileKey(
            "experiments[].se", .number(1e-12...1e15), unit: "KPI", .required, example: "400000",
            "The standard error of the lift."),
        ModelFileKey(
            "experiments[].use", ModelFileKey.words(ReadExperiment.Use.self),
            .value(ReadExperiment.Use.likelihood.rawValue), example: "prior",
            "A term of the likelihood, or the prior of the channel's return."),
        ModelFileKey(
            "experiments[].spend", .number(1e-9...1e15), unit: "money", example: "250000",
            "The money by which the test changed the spend, where the data do not show it; for `use: prior`."),
    ]

    static let running = [
        ModelFileKey(
            "accepted", .text, example: "accepted.json",
            "A file that `tutti recalibrate` makes of an accepted fit: constants and knots that stay, and where chains "
                + "begin."),
        ModelFileKey(
            "reporting", .mapping, example: "{months: 4-4-5, first_month: 2}",
            "The company's years, by whose quarters and months `windows.csv` tells what was brought."),
        ModelFileKey(
            "reporting.months", ModelFileKey.words(ReportingCalendar.Months.self),
            .value(ReportingCalendar().months.rawValue), example: "4-4-5",
            "Months of the calendar, or of whole weeks: the year then begins with the week that begins nearest to its first "
                + "day, and a 53rd week goes to its last month."),
        ModelFileKey(
            "reporting.first_month", .integer(1...12), .value("\(ReportingCalendar().firstMonth)"), example: "4",
            "The month with which a year begins. Years that are not the calendar's are named `FY2024` by the year in which "
                + "they begin."),
        ModelFileKey(
            "report", .mapping, example: "{lang: fr, audience: finance}",
            "How `report.html` and the page of a night are written, and for whom."),
        ModelFileKey(
            "report.lang", ModelFileKey.words(Language.self), .value(ReportSpecification().language.rawValue),
            example: "fr", "English or French, with the numbers, dates and money of that language."),
        ModelFileKey(
            "report.audience", ModelFileKey.words(ReportSpecification.Audience.self),
            .value(ReportSpecification().audience.rawValue), example: "finance",
            "How much there is: the answer and the decision; with returns, reconciliation and trust; or all, with the "
                + "appendix."),
        ModelFileKey("holdout", .mapping, example: "{last: 8}", "Periods that are predicted, not fitted."),
        ModelFileKey(
            "holdout.last", .integer(1...10_000), unit: "periods", .required, example: "8",
            "How many at the end of the data."),
        ModelFileKey("sampling", .mapping, example: "{chains: 4, draws: 1000}", "How the posterior is sampled."),
        ModelFileKey(
            "sampling.chains", .integer(SamplingSpecification.chainCounts), .value("\(SamplingSpecification().chains)"),
            example: "4",
            "The number of chains."),
        ModelFileKey(
            "sampling.warmup", .integer(SamplingSpecification.warmupCounts), unit: "iterations a chain",
            .value("\(SamplingSpecification().warmup)"), example: "1000", "Iterations that adapt and are not kept."),
        ModelFileKey(
            "sampling.draws", .integer(SamplingSpecification.drawCounts), unit: "iterations a chain",
            .value(
                "\(SamplingSpecification().draws), \(StoppingRule.ess.drawsByDefault) at most under `until: ess`"),
            example: "1000", "Iterations that are kept; the most of them under `until: ess`."),
        ModelFileKey(
            "sampling.until", ModelFileKey.words(StoppingRule.self), .value(SamplingSpecification().until.rawValue),
            example: "ess",
            "Whether chains end after `draws`, or after the first round (250 draws, 500, 1,000 and so on, doubling) in "
                + "which every reported quantity has a bulk and tail ESS of 800 and an R-hat below 1.01."),
        ModelFileKey(
            "sampling.start", ModelFileKey.words(ChainStart.self), .value(SamplingSpecification().start.rawValue),
            example: "independent",
            "Whether each chain warms up by itself, four scouts find starts and a metric for all, or an accepted fit "
                + "gives them; `auto` is warm where `accepted` names one, otherwise independent up to 8 chains and pooled "
                + "above."),
        ModelFileKey(
            "sampling.target_accept", .number(0.1...0.999), unit: "share",
            .value(
                "\(SamplingSpecification().targetAcceptance), 0.97 for panels under partial pooling and with lognormal blocks that have a mean"
            ),
            example: "0.95", "The acceptance that step sizes are adapted to; higher is slower and more careful."),
        ModelFileKey(
            "sampling.form", ModelFileKey.words(PosteriorForm.self), .value(SamplingSpecification().form.rawValue),
            example: "joint", "Which coefficients are integrated out; the posterior is the same."),
        ModelFileKey(
            "sampling.metric", ModelFileKey.words(SamplerMetric.self), .value(SamplingSpecification().metric.rawValue),
            example: "dense", "How the sampler learns scales and directions."),
        ModelFileKey("resampling", .mapping, example: "{resamples: 20}", "Bootstrap resamples of the fit."),
        ModelFileKey(
            "resampling.resamples", .integer(ResamplingSpecification.resampleCounts), .value("0"), example: "20",
            "How many."),
        ModelFileKey(
            "resampling.scheme", ModelFileKey.words(ResampleScheme.self),
            .value(ResamplingSpecification().scheme.rawValue), example: "counts",
            "What each resample has anew: weights of blocks of periods, all positive or as often as blocks are drawn; of single "
                + "periods; of geos; of geos times blocks of periods; or a KPI of what is fitted plus blocks of errors, "
                + "or plus errors times random numbers."),
        ModelFileKey(
            "resampling.block_length", .either("auto, or 1 to 10,000"), unit: "periods", .value("auto"), example: "8",
            "Periods that are taken together, where the scheme has blocks; `auto` is as long as residuals and their products "
                + "with contributions hang together, from a month of weeks to an eighth of the series."),
        ModelFileKey(
            "resampling.method", ModelFileKey.words(ResampleMethod.self),
            .value(ResamplingSpecification().method.rawValue), example: "map",
            "What is told of each resample: draws of its posterior, or the figures at its maximum (MAP), which takes a "
                + "fraction of the time and says nothing of the spread within a resample."),
        ModelFileKey(
            "resampling.per_task", .either("auto, or 1 to 10,000"), .value("auto"), example: "50",
            "Resamples in one task, which does not move their results; `auto` is one of sampled ones, and of maxima as many as "
                + "leave fifty tasks, up to a hundred."),
        ModelFileKey(
            "seed", .either("a whole number from 0 to 2^64 − 1"), .value("1"), example: "7",
            "Makes the random numbers; the same seed gives the same results to the bit."),
    ]
}
