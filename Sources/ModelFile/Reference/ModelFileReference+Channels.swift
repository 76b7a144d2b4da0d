import ModelDefinition

/// Channels, and blocks that hold for all of them.
extension ModelFileReference {
    static let channels =
        [
            ModelFileKey("channels[].name", .text, .required, example: "tv", "The channel's name in all results."),
            ModelFileKey(
                "channels[].kind", ModelFileKey.words(ChannelKind.self), .value(ChannelKind.performance.rawValue),
                example: "brand", "What the channel is for; it sets how long its effect lasts by default."),
            ModelFileKey(
                "channels[].spend", .column, unit: "money a period", example: "tv_spend",
                "The column of what was spent; a channel has this, or an exposure, or both."),
            ModelFileKey(
                "channels[].exposure", .column, unit: "any, a period", .value("spend"), example: "tv_grp",
                "The column of impressions, clicks or contacts that the response follows."),
            ModelFileKey(
                "channels[].reach", .column, unit: "people a period", example: "video_reach",
                "The column of people reached; together with `frequency`, in the place of `exposure`."),
            ModelFileKey(
                "channels[].frequency", .column, unit: "contacts a person reached", example: "video_frequency",
                "The column of contacts, 1 or more where people were reached."),
            ModelFileKey(
                "channels[].organic", .boolean, .value("false"), example: "true", "Whether no money buys the channel."),
            ModelFileKey(
                "channels[].group", .text, .none, example: "video",
                "The name of channels that are told together too, in `groups.csv` and `windows.csv`."),
            ModelFileKey(
                "channels[].drives", .names, example: "[branded_search]",
                "Channels whose exposure this one drives; direct and total effect are reported."),
            ModelFileKey(
                "channels[].long_term", .either("true, or a mapping"), .value("false"), example: "true",
                "A slow component beside the quick one, for `kind: brand` in `preset: tutti`."),
            ModelFileKey(
                "channels[].long_term.max_lag", .integer(1...1040), unit: "periods", .value("2 years"), example: "104",
                "How long the slow component works at the most."),
            ModelFileKey(
                "channels[].long_term.prior", .priors, .value("half-life of a quarter to a year"),
                example: "{half_life: {lognormal: [3.2, 0.3]}}",
                "Priors of the slow component's half-life, in periods, and of its effect."),
            ModelFileKey(
                "channels[].prior", .priors, .value("that of the preset"), example: "{alpha: {beta: [1, 3]}}",
                "Priors of the channel's parameters by name; the nearest statement wins."),
        ] + media(in: "channels[].")

    static let sharedBlocks = media(in: "")

    /// The blocks of carry-over, saturation and effect, of one channel or of all.
    private static func media(in prefix: String) -> [ModelFileKey] {
        adstock(prefix) + saturation(prefix) + effect(prefix)
    }

    private static func byPreset(_ value: (Preset) -> String) -> ModelFileKey.Default {
        .byPreset(Preset.allCases.map(value))
    }

    private static func adstock(_ prefix: String) -> [ModelFileKey] {
        let scope = prefix.isEmpty ? "of all channels; a channel's own entry wins" : "of this channel"
        return [
            ModelFileKey("\(prefix)adstock", .mapping, example: "{kind: delayed}", "Carry-over \(scope)."),
            ModelFileKey(
                "\(prefix)adstock.kind", ModelFileKey.words(Adstock.Kind.self),
                byPreset { $0.defaults.adstock(kind: .performance, frequency: .week).kind.rawValue },
                example: "delayed",
                "How exposure carries over to later periods; Media.md has the formulas."),
            ModelFileKey(
                "\(prefix)adstock.max_lag", .integer(0...1040), unit: "periods",
                byPreset { preset in
                    let (brand, performance) = (
                        preset.defaults.adstock(kind: .brand, frequency: .week).maximumLag,
                        preset.defaults.adstock(kind: .performance, frequency: .week).maximumLag
                    )
                    return brand == performance
                        ? "\(brand) weeks" : "brand \(brand) weeks, performance \(performance) weeks"
                }, example: "26", "The largest lag with an effect."),
            ModelFileKey(
                "\(prefix)adstock.normalize", .boolean, .value("true"), example: "false",
                "Whether weights are divided by their sum."),
            ModelFileKey(
                "\(prefix)adstock.half_life", .either("true, or its prior in periods"), .value("false"),
                example: "{inverse_gamma: [2.6, 1]}",
                "Gives geometric or delayed carry-over by its half-life instead of its retention."),
            ModelFileKey(
                "\(prefix)adstock.prior", .priors, .value("that of the preset"), example: "{alpha: {beta: [3, 3]}}",
                "Priors of the carry-over's parameters."),
        ]
    }

    private static func saturation(_ prefix: String) -> [ModelFileKey] {
        let scope = prefix.isEmpty ? "of all channels; a channel's own entry wins" : "of this channel"
        return [
            ModelFileKey("\(prefix)saturation", .mapping, example: "{kind: logistic}", "Saturation \(scope)."),
            ModelFileKey(
                "\(prefix)saturation.kind", ModelFileKey.words(Saturation.self),
                byPreset { $0.defaults.saturation.rawValue }, example: "logistic",
                "How the response flattens; Media.md has the formulas."),
            ModelFileKey(
                "\(prefix)saturation.order", ModelFileKey.words(TransformOrder.self),
                .value(TransformOrder.adstockFirst.rawValue), example: "saturation_first",
                "Which of carry-over and saturation comes first."),
            ModelFileKey(
                "\(prefix)saturation.prior", .priors, .value("that of the preset"),
                example: "{ec: {truncated_normal: [0.8, 0.8, 0.1, 10]}}",
                "Priors of the curve's parameters, on exposure divided by the channel's scale."),
        ]
    }

    private static func effect(_ prefix: String) -> [ModelFileKey] {
        let scope = prefix.isEmpty ? "of all paid channels; a channel's own entry wins" : "of this channel"
        return [
            ModelFileKey(
                "\(prefix)effect", .mapping, example: "{kind: roi}", "What carries the prior of the effect \(scope)."),
            ModelFileKey(
                "\(prefix)effect.kind", ModelFileKey.words(EffectReader.EffectKind.self),
                byPreset {
                    $0.defaults.effect(hasSpend: true, saturation: $0.defaults.saturation).rawValue
                }, example: "contribution",
                "Return, marginal return, share of the KPI (the default of organic channels), or the coefficient."),
            ModelFileKey(
                "\(prefix)effect.calibration_window", .mapping, example: "{start: 2024-01-01, end: 2024-03-31}",
                "The days whose spend the return is about; for `kind: roi`."),
            ModelFileKey(
                "\(prefix)effect.calibration_window.start", .date, .required, example: "2024-01-01", "Its first day."),
            ModelFileKey(
                "\(prefix)effect.calibration_window.end", .date, .required, example: "2024-03-31", "Its last day."),
            ModelFileKey(
                "\(prefix)effect.prior", .prior, unit: "of the kind", .value("that of the preset"),
                example: "{lognormal: [0.2, 0.9]}", "The prior of the effect."),
        ]
    }
}
