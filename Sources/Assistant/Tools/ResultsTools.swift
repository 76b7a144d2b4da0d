import JSON
import Results

/// The tools that answer from the files of a results folder.
package enum ResultsTools {
    /// In the order in which they are offered.
    package static let all: [ResultsTool] =
        [
            diagnostics, provenance, channels, finance, contributions, explainChange, periods, geos, geoPeriods, groups,
            mediation, response, evidence, resamples, influence, sensitivity, parameters, experiments, forecast,
            whatMoved,
            nights,
        ]

    private static let channel = ToolParameter("channel", .texts, "Only these channels.")
    private static let component = ToolParameter(
        "component", .texts,
        "Only these: a channel, control, treatment or event by its name; intercept, trend, seasonality, holidays.")
    private static let quantity = ToolParameter(
        "quantity", .texts,
        "Only these: contribution[CHANNEL], roi[CHANNEL], mroi[CHANNEL], lift[TEST], baseline, total.")
    private static let geo = ToolParameter("geo", .texts, "Only these geos.")

    private static let refit = "fit the model again with this version of Tutti."
    private static let tooLarge =
        "a fit too large for it has no such file; ask what else is told, with the tool provenance."

    // MARK: Documents

    private static let diagnostics = document(
        "diagnostics", title: "Did the fit converge?",
        """
        The verdict of the convergence gate with its reasons and advice, the worst R-hat and effective sample sizes and who has \
        them, divergences, E-BFMI, leave-one-out and hold-out scores, and all warnings. Ask it before any figure is passed on.
        """, ["verdict", "scouts", "loo", "holdout", "warnings"])

    private static let provenance = document(
        "provenance", title: "From what, by what, when",
        """
        Digests of fit, model, data and program, the seed and the plan of the chains, when it ran, money and margin, and \
        SHA-256 of every file.
        """,
        [
            "status", "name", "tutti", "fit", "model_sha256", "data_sha256", "binary_sha256", "seed", "plan",
            "started_at",
            "finished_at", "wall_seconds", "cpu_seconds", "recomputed_iterations", "money",
        ], adding: ["files", "units"])

    private static let experiments = ResultsTool(
        Tool(
            "experiments", title: "Lift tests beside the model",
            "Each lift test as it was measured, with its standard error, beside what the model says of it.",
            parameters: [ToolParameter("name", .texts, "Only these tests.")])
    ) { (arguments, results) throws(ToolRefusal) in
        var answer = results.answer()
        guard results.manifest["experiments"] != nil else {
            answer.notes.append("The model has no experiments.")
            return answer.value
        }
        try results.run(of: Manifest.file).add(
            list: "experiments", key: "name", wanted: arguments.texts("name"), to: &answer)
        return answer.value
    }

    /// Keys of `run.json`, those below them with them.
    private static func document(
        _ name: String, title: String, _ text: String, _ keys: [String], adding facts: [String] = []
    ) -> ResultsTool {
        ResultsTool(Tool(name, title: title, text, parameters: [])) { (_, results) throws(ToolRefusal) in
            var answer = results.answer()
            try results.run(of: Manifest.file).add(keys, to: &answer)
            if !answer.records.isEmpty {
                for fact in facts { answer.records[0].facts[fact] = results.manifest[fact] }
            }
            return answer.value
        }
    }

    // MARK: Tables

    private static let channels = TableView(
        file: Tables.channels.file, key: ["channel"], filters: [(channel, "channel")], mend: refit
    ).tool(
        "channels", title: "What channels cost and brought",
        """
        Spend, contribution, share, ROI, marginal ROI, carry-over, margin ROI and profit of each channel within the window of \
        the data.
        """)

    private static let finance = TableView(
        file: Tables.finance.file, key: ["channel"], filters: [(channel, "channel")], mend: refit
    ).tool(
        "finance", title: "Profit, cost and payback of channels",
        """
        Incremental revenue, gross profit, profit and its probability, marginal return on margin, cost per unit of the KPI, \
        elasticity, break-even spend, payback and position on the curve, of each channel with spend.
        """)

    private static let windowFilters: [(parameter: ToolParameter, column: String)] = [
        (ToolParameter("kind", .choice(["year", "quarter", "month"]), "Only windows of this kind."), "kind"),
        (
            ToolParameter("window", .texts, "Only these windows: 2024, 2024-Q1, 2024-01; of fiscal years FY2024-Q1."),
            "window"
        ),
        (
            ToolParameter(
                "component", .texts,
                "Only these: a channel, a control, a group, intercept, trend, seasonality, holidays, media, baseline, total."
            ),
            "component"
        ),
    ]

    private static let contributions = TableView(
        file: Tables.windows.file, key: ["kind", "window", "component"], filters: windowFilters,
        mend: refit
    ).tool(
        "contributions", title: "Contributions by year, quarter and month",
        """
        What each channel, control, group, all media, the baseline and the total brought in each window of the company's \
        calendar, with spend, ROI of the window's own money, and the change from a year earlier.
        """)

    private static let explainChange = TableView(
        file: Tables.windows.file, key: ["kind", "window", "component"], filters: windowFilters,
        figures: ["change", "contribution", "spend"], order: "change", mend: refit,
        notes: [
            "Each change is the contribution in the window less that a year earlier, at each draw; components without both "
                + "windows are left out. The largest come first; total is the change of the fitted KPI."
        ]
    ).tool(
        "explain_change", title: "Why the KPI changed from a year earlier",
        """
        The change of each component's contribution from the same window a year earlier, the largest first: what explains why \
        the KPI rose or fell. Name a window.
        """)

    private static let periods = TableView(
        file: Tables.contributions.file, key: ["date", "component"], filters: [(component, "component")], dates: "date",
        plainName: "contribution", mend: refit
    ).tool(
        "periods", title: "Contributions by period",
        "What each component brought in each period of the data, all geos together. Name components and days.")

    private static let geos = TableView(
        file: Tables.geoChannels.file, key: ["channel", "geo"], filters: [(channel, "channel"), (geo, "geo")],
        mend: "only fits of panels have it; ask the tool channels."
    ).tool(
        "geos", title: "Channels by geo",
        "Spend, incremental revenue, ROI, marginal ROI and profit of each channel in each geo of a panel.")

    private static let geoPeriods = TableView(
        file: Tables.geoPeriods.file, key: ["date", "geo", "component"],
        filters: [(geo, "geo"), (component, "component")], dates: "date", plainName: "contribution",
        mend: "only fits of panels up to 400,000 records have it; ask the tools geos and periods."
    ).tool(
        "geo_periods", title: "Contributions by geo and period",
        "What each component brought in each period of each geo of a panel. Name geos, components and days.")

    private static let groups = TableView(
        file: Tables.groups.file, key: ["group"],
        filters: [(ToolParameter("group", .texts, "Only these groups."), "group")],
        mend: "the model has no groups of channels; ask the tool channels."
    ).tool(
        "groups", title: "Groups of channels",
        "What the channels of each group cost and brought together; their intervals are those of the sums.")

    private static let mediation = TableView(
        file: Tables.mediation.file, key: ["channel", "mediator"], filters: [(channel, "channel")],
        mend: "no channel of the model drives another; ask the tool channels."
    ).tool(
        "mediation", title: "What channels bring through others",
        "What a channel brings by itself, and through each channel that it drives.")

    private static let response = CurveView.tool

    private static let evidence = TableView(
        file: Tables.stability.file, key: ["quantity"], filters: [(quantity, "quantity")],
        ofQuantity: ["posterior_sd", "ij_sd", "refit_sd"], mend: tooLarge
    ).tool(
        "evidence", title: "What figures stand on",
        """
        The grade of each reported quantity (lift-tested, data-driven, mixed, prior-driven, misspecified) and what it is given \
        by: the data's part, shift from the prior, mismatch, stability of the decision.
        """)

    private static let resamples = TableView(
        file: Tables.bootstrap.file, key: ["quantity"], filters: [(quantity, "quantity")],
        ofQuantity: ["posterior", "bagged", "within_sd", "between_sd", "robust_sd"],
        mend: "the fit has no resamples; fit with `resampling` in the model file."
    ).tool(
        "resamples", title: "Figures over resamples of the data",
        "The posterior of each reported quantity beside that of resamples of the data, and the spread to plan with.")

    private static let influence = TableView(
        file: Tables.influence.file, key: ["channel", "rank"], filters: [(channel, "channel")], mend: tooLarge
    ).tool(
        "influence", title: "The periods that carry a channel's figures",
        "The ten periods that move each channel's contribution and ROI most, were they counted twice or left out.")

    private static let sensitivity = TableView(
        file: Tables.sensitivity.file, key: ["quantity"],
        filters: [
            (
                ToolParameter("quantity", .texts, "Only these: a reported quantity, as roi[tv], or a parameter."),
                "quantity"
            )
        ],
        mend: tooLarge
    ).tool(
        "sensitivity", title: "What prior and data say",
        "How far each figure and parameter moves with the prior and with the data, and whether the two conflict.")

    private static let parameters = TableView(
        file: Tables.summary.file, key: ["parameter"],
        filters: [(ToolParameter("parameter", .texts, "Only these, as alpha[tv]."), "parameter")],
        plainName: "parameter", ofQuantity: ["parameter", "mcse_mean"], mend: refit
    ).tool(
        "parameters", title: "Parameters",
        "Every parameter of the model: mean, standard deviation, quantiles, effective sample sizes and R-hat.")

    private static let forecast = TableView(
        file: PlanTables.forecast.file, key: ["date", "geo"], filters: [(geo, "geo")], dates: "date",
        mend: "run `tutti optimize` on the folder, which writes it; or ask the tool optimise."
    ).tool(
        "forecast", title: "The KPI of the periods to come",
        "The KPI that is expected in the planned periods, with the last plan of `tutti optimize` and with what is spent now."
    )

    // MARK: Nights

    private static let whatMoved = ResultsTool(
        Tool(
            "what_moved", title: "What moved since the accepted result",
            """
            Of a night of `tutti recalibrate`: by how much each channel's contribution and ROI moved from the accepted \
            result, split into new weeks, restated history, changed model and Monte Carlo error.
            """, parameters: [quantity])
    ) { (arguments, results) throws(ToolRefusal) in
        guard let file = try results.file(NightFiles.moved.name), let document = JSONValue(parsing: file.bytes) else {
            throw ToolRefusal(
                "There is no moved.json beside \(results.results.path). Mend: serve the folder of a model of "
                    + "`tutti recalibrate`, or the results of one of its nights; of a fit alone ask explain_change.")
        }
        var answer = results.answer()
        try DocumentReading(
            document, of: NightFiles.moved, source: file.source(isTable: false), unit: { results.unit($0) }
        ).add(
            list: "rows", key: "quantity", wanted: arguments.texts("quantity"),
            unit: { _, quantity in results.unit(ofQuantity: quantity) }, to: &answer)
        return answer.value
    }

    private static let nights = ResultsTool(
        Tool(
            "nights", title: "The nights of a model",
            "The audit trail of `tutti recalibrate`: what each night came to, why, by which gates, and who overrode it.",
            parameters: [ToolParameter("night", .texts, "Only these nights.")])
    ) { (arguments, results) throws(ToolRefusal) in
        guard let file = try results.file(NightFiles.trail) else {
            throw ToolRefusal(
                "\(results.results.path) is not of `tutti recalibrate`. Mend: serve the folder of one of its models.")
        }
        var answer = results.answer()
        let wanted = arguments.texts("night")
        for line in file.text.split(separator: "\n") {
            guard let entry = JSONValue(parsing: line.utf8), let night = entry["night"]?.text,
                wanted?.contains(night) != false
            else { continue }
            var facts = (entry.mapping ?? [:]).filter { name, _ in
                [
                    "kind", "folder", "at", "verdict", "accepts", "sentence", "start", "provisional", "basis", "by",
                    "why",
                ]
                .contains(name)
            }
            facts["gates"] = .list((entry["gates"]?.list ?? []).compactMap { $0["sentence"] })
            answer.records.append(
                FigureRecord(
                    key: [("night", night)], facts: facts, figures: [], empty: [], source: file.source(isTable: false)))
        }
        if answer.records.isEmpty { answer.notes.append("There was no such night.") }
        return answer.value
    }
}

extension OpenedResults {
    /// `run.json` as the reference explains it.
    func run(of file: ResultFile) -> DocumentReading {
        DocumentReading(manifest, of: file, source: run.source(isTable: false), unit: { unit($0) })
    }
}
