import ModelDefinition

/// What is explained, and from which data.
extension ModelFileReference {
    static let head = [
        ModelFileKey(
            "tutti", .words(["1"]), .required, example: "1", "The version of the format; it begins the file."),
        ModelFileKey(
            "name", .text, .value("model"), example: "acme-france", "The model's name in results and reports."),
        ModelFileKey(
            "preset", ModelFileKey.words(Preset.self), .value(Preset.tutti.rawValue), example: "tutti",
            "The model whose defaults fill in what the file leaves out: our own, or a peer's to the last constant."),
        ModelFileKey("data", .mapping, .required, example: "{sources: [{file: data.csv}], date: week}", "The data."),
        ModelFileKey("kpi", .mapping, .required, example: "{column: revenue}", "What is explained."),
        ModelFileKey(
            "channels", .mappings, .required, example: "[{name: tv, spend: tv_spend}]",
            "The media, 1 to 200 of them."),
    ]

    static let data = [
        ModelFileKey(
            "data.sources", .mappings, .required, example: "[{file: sales.csv}, {file: media.csv}]",
            "Files and queries, joined on date and geo; the one with the KPI gives the calendar."),
        ModelFileKey(
            "data.sources[].file", .text, example: "data/sales.csv",
            "A CSV file, by its path relative to the model file. Every source has this, or a database with a query."),
        ModelFileKey(
            "data.sources[].aggregate", .mapping,
            example: "{date: ordered_at, columns: {orders: count, revenue: {sum: amount}}}",
            "Makes periods of a file with one record a transaction."),
        ModelFileKey(
            "data.sources[].aggregate.date", .column, .required, example: "ordered_at",
            "The column of the day or time of a record."),
        ModelFileKey(
            "data.sources[].aggregate.to", ModelFileKey.words(Frequency.self), .value("data.frequency"),
            example: "week", "The length of a period, which is that of the model."),
        ModelFileKey(
            "data.sources[].aggregate.columns",
            .either("column: rule, or column: {rule: source}; rules " + Self.rules), .required,
            example: "{orders: count, basket: {mean: amount}}", "The columns that it makes, and how."),
        ModelFileKey(
            "data.sources[].sqlite", .text, example: "crm.db", "An SQLite file, which is opened for reading only."),
        ModelFileKey(
            "data.sources[].postgres", .text, example: "\"host=erp dbname=finance\"",
            "A connection string of libpq without a password."),
        ModelFileKey(
            "data.sources[].query", .text, example: "\"select week, sum(cost) as tv from media group by week\"",
            "What is asked of the database; needed with one."),
        ModelFileKey("data.date", .column, .required, example: "week", "The column of the first day of each period."),
        ModelFileKey(
            "data.geo", .column, example: "region", "The column of geos, which makes the data a panel."),
        ModelFileKey(
            "data.frequency", ModelFileKey.words(Frequency.self), .value(Frequency.week.rawValue), example: "week",
            "The length of a period."),
        ModelFileKey(
            "data.missing", .words(["error", "zero"]), .value("error"), example: "zero",
            "What an absent record of media or controls means; an absent KPI is never 0."),
        ModelFileKey(
            "data.history", .words(["burn_in"]), example: "burn_in",
            "Takes the first periods, as many as media carry over, as history instead of media of 0 before them."),
    ]

    private static let rules = Aggregation.Rule.allCases.map(\.rawValue).joined(separator: ", ")

    static let kpi = [
        ModelFileKey("kpi.column", .column, .required, example: "revenue", "The column of the KPI."),
        ModelFileKey(
            "kpi.kind", ModelFileKey.words(KPI.Kind.self), .value(KPI.Kind.revenue.rawValue), example: "units",
            "Whether it is money, or counts something."),
        ModelFileKey(
            "kpi.revenue_per_kpi", .either("a column, or a number above 0"), unit: "money per unit", example: "price",
            "What a unit of the KPI is worth; for `kind: units`."),
        ModelFileKey(
            "kpi.population", .column, unit: "people", example: "inhabitants",
            "The column that makes geos comparable; without it the size of their KPI does."),
        ModelFileKey(
            "kpi.currency", .text, .none, example: "EUR", "The currency of spend and revenue, for the reports."),
        ModelFileKey(
            "kpi.vat", ModelFileKey.words(KPI.VAT.self), example: "excluded",
            "Whether money of the KPI holds value-added tax: it is said wherever money is told."),
        ModelFileKey(
            "kpi.margin", .either("0 to 1, a column, or a list by date"), unit: "share of revenue", example: "0.38",
            "What is left of revenue before media: profit and payback need it. A column has it by period, or by geo and "
                + "period; a list from day to day."),
        ModelFileKey(
            "kpi.margin[].from", .date, .required, example: "2024-01-01",
            "The day from which it holds, the first not after the data begin. Of a period it is the mean of its days'."),
        ModelFileKey(
            "kpi.margin[].margin", .number(0...1), unit: "share of revenue", .required, example: "0.38",
            "The margin from that day on."),
        ModelFileKey(
            "kpi.ledger_total", .number(0...1e15), unit: "KPI", example: "96240000",
            "What the books say of all periods, against which the data are compared."),
    ]
}
