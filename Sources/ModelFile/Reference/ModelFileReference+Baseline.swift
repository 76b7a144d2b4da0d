import ModelDefinition

/// What moves the KPI beside media.
extension ModelFileReference {
    static let baseline = [
        ModelFileKey(
            "intercept", .boolean,
            .byPreset(
                Preset.allCases.map {
                    $0.defaults.hasIntercept(hasGeos: false) ? "true" : "false (true in a panel)"
                }), example: "false", "Whether the model has a level."),
        ModelFileKey(
            "controls", .columns, .value("[]"), example: "[price, competitor_sales]",
            "Columns that enter in proportion and are no media, 500 at the most."),
        ModelFileKey(
            "treatments", .mappings, .value("[]"), example: "[{name: promotion, column: promo_depth}]",
            "What else the company does, with a level at which it does nothing."),
        ModelFileKey("treatments[].name", .text, .required, example: "promotion", "Its name in all results."),
        ModelFileKey(
            "treatments[].column", .column, .value("name"), example: "promo_depth", "The column of its amount."),
        ModelFileKey(
            "treatments[].baseline", .either("min, max, or a number"), .value("min"), example: "0",
            "The level at which it brings nothing."),
        ModelFileKey(
            "treatments[].effect", ModelFileKey.words(TreatmentReader.TreatmentEffect.self),
            .byPreset(
                Preset.allCases.map {
                    $0.defaults.treatmentHasContribution ? "contribution" : "coefficient"
                }), example: "contribution", "What carries its prior."),
        ModelFileKey(
            "treatments[].prior", .prior, .value("that of the preset"), example: "{normal: [0, 1]}", "Its prior."),
        ModelFileKey(
            "events", .mappings, .value("[]"), example: "[{name: opening, date: 2024-03-18}]", "Single days."),
        ModelFileKey("events[].name", .text, .required, example: "opening", "The event's name."),
        ModelFileKey("events[].date", .date, .required, example: "2024-03-18", "Its day, within the data."),
        ModelFileKey("holidays", .mapping, example: "{country: DE}", "Public holidays, one effect a name."),
        ModelFileKey(
            "holidays.country", .words(HolidayCalendar.countries), .required, example: "DE",
            "ISO 3166 code of the country."),
        ModelFileKey(
            "trend", .mapping,
            .byPreset(
                Preset.allCases.map { preset in
                    preset == .meridian ? "knots (one for a series, one a period for a panel)" : "none"
                }), example: "{kind: piecewise_linear, every: 26}", "The slow course of the level."),
        ModelFileKey(
            "trend.kind", ModelFileKey.words(TrendReader.TrendKind.self), .required,
            example: "piecewise_linear", "A line, a line with joints, a line between knots, or a smooth curve."),
        ModelFileKey(
            "trend.every", .integer(1...10_000), unit: "periods", .value("26 weeks between joints, 13 between knots"),
            example: "13", "The distance of joints or knots."),
        ModelFileKey(
            "trend.knots", .dates, example: "[2022-01-03, 2023-01-02]", "Dates of the knots; for `kind: knots`."),
        ModelFileKey(
            "trend.count", .integer(1...10_000), example: "8", "The number of knots; for `kind: knots`."),
        ModelFileKey(
            "seasonality", .mappings, .value("[]"), example: "[{period: 365.25, harmonics: 3}]",
            "Seasons as sums of sines and cosines."),
        ModelFileKey(
            "seasonality[].period", .number(1...36_525), unit: "days", .required, example: "year",
            "The length of the season in days, also in weekly data, or year, half_year, quarter, month or week."),
        ModelFileKey(
            "seasonality[].harmonics", .integer(1...50), .required, example: "3", "How many sines and cosines."),
        ModelFileKey(
            "media_effectiveness", .mapping, example: "{kind: gaussian_process}",
            "Whether media work more or less as time goes by."),
        ModelFileKey(
            "media_effectiveness.kind", ModelFileKey.words(MediaEffectiveness.self), .required,
            example: "gaussian_process", "Constant, or a smooth process that multiplies all media."),
        ModelFileKey(
            "likelihood", .mapping, example: "{family: student_t}", "How the KPI scatters around its mean."),
        ModelFileKey(
            "likelihood.family", ModelFileKey.words(LikelihoodFamily.self), .value(LikelihoodFamily.normal.rawValue),
            example: "student_t", "The distribution; with lognormal the parts of the KPI multiply."),
        ModelFileKey(
            "likelihood.errors", ModelFileKey.words(ErrorProcess.self), .value(ErrorProcess.independent.rawValue),
            example: "ar1", "Whether an error follows on the one before."),
        ModelFileKey(
            "likelihood.sigma", ModelFileKey.words(LikelihoodReader.SigmaScope.self), .value("shared"),
            example: "per_geo", "Whether all geos scatter alike."),
        ModelFileKey(
            "prior", .priors, .value("those of the preset"), example: "{sigma: {half_normal: [1]}}",
            "Priors by the names of parameters, of the baseline and of channels."),
    ]
}
