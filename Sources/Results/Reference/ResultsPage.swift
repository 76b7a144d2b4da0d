/// The reference of result files as Markdown, made from the tables that their writers use.
package enum ResultsPage {
    /// The files of fits and of studies.
    package static let files: [ResultFile] =
        [
            ResultFile(
                ResultsFolder.reportName, of: ["tutti fit"],
                "One page for people, with everything it shows in it; no file beside it."),
            ResultFile(
                ResultsFolder.archiveName, of: ["tutti fit"],
                "What that page says, before it is worded: what `tutti report` writes it again from. Its form may change from "
                    + "version to version; read the tables instead."),
            Tables.channels.file, Tables.contributions.file, Tables.geoContributions.file, Tables.geoPeriods.file,
            Tables.geoChannels.file, Tables.groups.file, Tables.finance.file, Tables.windows.file,
            Tables.mediation.file,
            Tables.responseCurves.file, Tables.bootstrap.file, Tables.stability.file, Tables.influence.file,
            Tables.summary.file, Tables.leaveOneOut.file, Tables.sensitivity.file,
            PlanTables.allocation.file, PlanTables.plan.file, PlanTables.forecast.file,
        ] + PosteriorFile.groups + [
            bundle,
            Manifest.file, StudyTables.ranks.file, StudyTables.recovery.file, CalibrationSummary.file,
            ResultFile("sbc.html", of: ["tutti check --sbc"], "The ranks of a calibration study as a page for people."),
            StudyTables.slices.file, StudyTables.scores.file, StudyTables.returns.file, CurveSummary.file,
            ResultFile("curves.html", of: ["tutti check --curves"], "The alternatives as a page for people."),
            StudyTables.placebos.file, PlaceboSummary.file,
        ]

    private static let bundle = ResultFile(
        ResultsFolder.bundleName, of: ["tutti fit"],
        "The model file and its data as they were fitted, as one JSON document: what reads results later has all that it needs.",
        fields: [
            ResultField("name", .text, "Name of the model file."), ResultField("model", .text, "Its text."),
            ResultField("data", .mapping, "Files of data."),
            ResultField("data.*", .text, "A file in base64, by the path that the model names it by."),
        ])

    /// - Parameter others: what other commands write or print.
    package static func markdown(with others: [ResultFile]) -> String {
        (head + (files + others).flatMap(section)).joined(separator: "\n") + "\n"
    }

    private static let head = [
        "# Reference of result files", "",
        "Every file, with every column, key and variable in it. This page is what `tutti reference --results` prints. "
            + "Its files are those of `tutti fit`, of the studies of `tutti check`, and of other commands; what is printed "
            + "with `--json` follows.",
        "",
        "KPI units are money of the KPI's currency, or pieces where `kpi.kind` is `units`; KPI money is the KPI times "
            + "`kpi.revenue_per_kpi`, or the KPI itself without that. Every figure is computed for each draw and then "
            + "summarised. The window is the periods of the data without those held out; a cell is a period, of a panel a "
            + "period of a geo. A field that does not exist is empty; numbers are written so that they read back to the "
            + "bit.",
        "",
        "In JSON, `[]` stands for an entry of a list and `*` for a name. `posterior.nc` is NetCDF-4 in the groups of ArviZ's "
            + "InferenceData, with a coordinate for each of its dimensions.", "",
    ]

    private static func section(_ file: ResultFile) -> [String] {
        let title = [
            "## `\(file.name)`", "", "Of \(file.commands.map { "`\($0)`" }.joined(separator: ", ")). \(file.meaning)",
            "",
        ]
        guard !file.fields.isEmpty else { return title }
        return title + [row(["name", "type", "unit", "meaning"]), row([String](repeating: "---", count: 4))]
            + file.fields.map { row(["`\($0.name)`", $0.kind.rawValue, $0.unit, $0.meaning]) } + [""]
    }

    private static func row(_ cells: [String]) -> String {
        "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |"
    }
}
