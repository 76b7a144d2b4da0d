import ModelDefinition

/// Reads `data`: where the data lie, and what their periods are.
struct DataSectionReader {
    let top: YAMLSection

    func read() -> ReadData? {
        guard let data = top.section("data") else { return nil }
        data.require("sources", mend: "write `sources: [{file: data.csv}]`.")
        data.require("date", mend: "name the date column, for example `date: week`.")
        let frequency = data.choice("frequency", Frequency.self) ?? .week
        let sections = data.sections("sources")
        let sources = (sections ?? []).compactMap { source($0, of: data, frequency: frequency) }
        if let sections, sections.isEmpty {
            data.problem("sources", "'data.sources' names no file.", mend: "write `sources: [{file: data.csv}]`.")
        }
        let missing = data.text("missing")
        if let missing, !["error", "zero"].contains(missing) {
            data.problem(
                "missing", "'data.missing' cannot be '\(missing)'.",
                mend: NearestKey.mend(for: missing, among: ["error", "zero"]))
        }
        let history = data.text("history")
        if let history, history != "burn_in" {
            data.problem(
                "history", "'data.history' cannot be '\(history)'.",
                mend: "write burn_in, or remove it: media before the first KPI are used where the data have them.")
        }
        guard !sources.isEmpty, let date = data.text("date") else { return nil }
        return ReadData(
            sources: sources, dateColumn: date, geoColumn: data.text("geo"), frequency: frequency,
            missingIsZero: missing == "zero", burnsIn: history == "burn_in")
    }

    private func source(_ section: YAMLSection, of data: YAMLSection, frequency: Frequency) -> Located<ReadSource>? {
        if let database = ["sqlite", "postgres"].first(where: { section.node($0) != nil }) {
            return query(section, on: database)
        }
        section.require("file", mend: "name the CSV file: `{file: data.csv}`.")
        if section.node("query") != nil {
            section.problem(
                "query", "'\(section.name("query"))' has no database to run on.",
                mend: "name it, as `sqlite: crm.db` or `postgres: ...` in the place of `file`, or remove it.")
        }
        let aggregation = aggregation(section, frequency: frequency, geo: data.text("geo"))
        guard aggregation != nil || section.node("aggregate") == nil else { return nil }
        return section.text("file").map {
            Located(ReadSource(path: $0, aggregation: aggregation), line: section.line("file"))
        }
    }

    /// A source that a query gives; `database` is the key that names where it runs.
    private func query(_ section: YAMLSection, on database: String) -> Located<ReadSource>? {
        section.require("query", mend: "write the query: `query: select week, spend from media`.")
        for key in section.keys where ![database, "query"].contains(key) {
            section.problem(
                key, "'\(section.name(key))' has no meaning with a query on '\(database)'.", mend: "remove it.")
        }
        guard let name = section.text(database) else { return nil }
        if database == "postgres", PostgreSQLConnection.holdsPassword(name) {
            section.problem(
                database, "'\(section.name(database))' holds a password, which would travel with the model.",
                mend: "remove it; set PGPASSWORD, or write it into ~/.pgpass.")
            return nil
        }
        return Located(ReadSource(path: name, isQuery: true), line: section.line(database))
    }

    /// How the records of a transaction file are taken together; nil for a file of the model's periods.
    private func aggregation(_ source: YAMLSection, frequency: Frequency, geo: String?) -> Aggregation? {
        guard let section = source.section("aggregate") else { return nil }
        section.require("date", mend: "name the file's column of days: `date: order_date`.")
        let form = "write for example `columns: {orders: count, returns: sum, basket: {mean: amount}}`."
        section.require("columns", mend: form)
        if let to = section.choice("to", Frequency.self), to != frequency {
            section.problem(
                "to",
                "'\(section.name("to"))' is \(to.rawValue), and the model has periods of one \(frequency.rawValue).",
                mend: "write \(frequency.rawValue), or remove it.")
        }
        guard section.text("date") != nil, section.node("columns") != nil else { return nil }
        guard let node = source.node("aggregate"), let aggregation = Aggregation(node, geo: geo) else {
            let rules = Aggregation.Rule.allCases.map(\.rawValue).joined(separator: ", ")
            section.problem(
                "columns", "'\(section.name("columns"))' must give every column one of the rules \(rules).", mend: form)
            return nil
        }
        return aggregation
    }
}
