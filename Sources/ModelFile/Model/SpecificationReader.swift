import Densities
import ModelDefinition
import Yams

/// Reads the YAML of a model file into a specification with the preset's defaults filled in.
struct SpecificationReader {
    static let remove = "remove it; this version fits the blocks that `tutti validate` lists."

    /// Keys of the format that this version does not read yet.
    private static let unsupportedTop: [String: String] = [
        "scaling": remove,
        "likelihood_weights": remove,
    ]
    private static let controlsMax = 500

    let problems: YAMLProblems

    func read(_ root: Node) -> ReadSpecification? {
        guard
            let top = YAMLSection(
                root, path: "", reference: "", unsupported: Self.unsupportedTop, problems: problems)
        else { return nil }

        top.require("tutti", mend: "begin the file with `tutti: 1`.")
        if top.node("tutti") != nil, top.text("tutti") != "1" {
            top.problem("tutti", "this version reads files of version 1.", mend: "write `tutti: 1`.")
        }
        let preset = top.choice("preset", Preset.self) ?? .tutti
        let data = readData(top)
        let kpi = readKPI(top)
        let likelihood = readLikelihood(top, preset: preset)
        let channels = readChannels(
            top, preset: preset, likelihood: likelihood, frequency: data?.frequency ?? .week)
        let controls = readNames(top, "controls", max: Self.controlsMax)
        let treatments = readTreatments(top, preset: preset, likelihood: likelihood)
        let events = readEvents(top)
        let experiments = readExperiments(top, channels: channels?.map(\.channel.name) ?? [], hasGeos: data?.geo != nil)
        checkPriors(experiments, channels: channels ?? [])
        let holidays = top.section("holidays")
        holidays?.require("country", mend: "write for example `holidays: {country: DE}`.")
        let trend =
            readTrend(top, frequency: data?.frequency ?? .week)
            ?? preset.defaults.trend(hasGeos: data?.geo != nil)
        let seasonality = readSeasonality(top)
        let priors = readBaselinePriors(top, preset: preset)
        let hierarchy = readHierarchy(
            top, preset: preset, channels: channels?.map(\.channel) ?? [], hasGeos: data?.geo != nil, priors: priors)
        let holdout = top.section("holdout")
        holdout?.require("last", mend: "give the number of periods to predict, as `holdout: {last: 8}`.")
        let sampling = readSampling(
            top,
            target: SamplingSpecification.targetAcceptance(
                hierarchy.blocks, pooling: hierarchy.pooling, hasGeos: data?.geo != nil))
        let resampling = readResampling(top)
        let seed = readSeed(top)
        top.require(
            "data", mend: "name the data files: `data: {sources: [{file: data.csv}], date: DATE, frequency: week}`.")
        top.require("kpi", mend: "name what is explained: `kpi: {column: revenue}`.")
        top.require("channels", mend: "list the channels: `channels: [{name: tv, spend: tv_spend}]`.")
        guard let data, let kpi, let channels else { return nil }

        var specification = ModelSpecification(
            name: top.text("name") ?? "model", preset: preset, kpi: kpi.kpi, channels: channels.map(\.channel),
            controls: controls.map(\.name), events: events.map(\.event),
            experiments: experiments.filter { $0.use == .likelihood }.map(\.experiment),
            holidayCountry: holidays?.text("country"),
            intercept: top.boolean("intercept") ?? preset.defaults.hasIntercept(hasGeos: data.geo != nil),
            trend: trend, seasonality: seasonality.map(\.season), pooling: hierarchy.pooling,
            hierarchy: hierarchy.blocks,
            likelihood: likelihood, holdout: holdout?.integer("last") ?? 0, priors: priors,
            sampling: sampling,
            resampling: resampling, seed: seed)
        specification.treatments = treatments.map(\.treatment)
        checkNames(specification, channels, controls: controls, treatments: treatments, events: events)
        specification.errors = readErrors(top, likelihood: likelihood)
        specification.mediaEffectiveness = readEffectiveness(top, preset: preset)
        checkMediators(top, specification)
        checkStatedPriors(top, specification, hasGeos: data.geo != nil)
        specification.families = readFamilies(top, specification.channels) { name in
            data.geo == nil || specification.hierarchy(of: name) == .complete
        }
        return ReadSpecification(
            specification: specification, sources: data.sources, dateColumn: data.date, geoColumn: data.geo,
            frequency: data.frequency,
            missingIsZero: data.missingIsZero, kpiColumn: kpi.column, kpiLine: kpi.line,
            revenuePerKPIColumn: kpi.revenuePerKPI, populationColumn: kpi.population,
            channelColumns: channels.map { ($0.spend, $0.exposure, $0.frequency, $0.line) },
            treatmentColumns: treatments.map { ($0.column, $0.line) }, burnsIn: data.burnsIn,
            controlLines: controls.map(\.line),
            eventLines: events.map(\.line),
            experimentLines: experiments.filter { $0.use == .likelihood }.map(\.line),
            priorExperiments: experiments.filter { $0.use == .prior }, holidayLine: holidays?.line,
            seasonalityLines: seasonality.map(\.line))
    }

    // MARK: Data and KPI

    private func readData(
        _ top: YAMLSection
    ) -> (
        sources: [ReadSource], date: String, geo: String?, frequency: Frequency, missingIsZero: Bool,
        burnsIn: Bool
    )? {
        guard
            let data = top.section("data")
        else { return nil }
        data.require("sources", mend: "write `sources: [{file: data.csv}]`.")
        data.require("date", mend: "name the date column, for example `date: week`.")
        let frequency = data.choice("frequency", Frequency.self) ?? .week
        let sections = data.sections("sources")
        let sources = (sections ?? []).compactMap { section -> ReadSource? in
            if let database = ["sqlite", "postgres"].first(where: { section.node($0) != nil }) {
                return readQuery(section, on: database)
            }
            section.require("file", mend: "name the CSV file: `{file: data.csv}`.")
            if section.node("query") != nil {
                section.problem(
                    "query", "'\(section.name("query"))' has no database to run on.",
                    mend: "name it, as `sqlite: crm.db` or `postgres: ...` in the place of `file`, or remove it.")
            }
            let aggregation = readAggregation(section, frequency: frequency, geo: data.text("geo"))
            guard aggregation != nil || section.node("aggregate") == nil else { return nil }
            return section.text("file").map {
                ReadSource(path: $0, line: section.line("file"), aggregation: aggregation)
            }
        }
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
        return (sources, date, data.text("geo"), frequency, missing == "zero", history == "burn_in")
    }

    /// A source that a query gives; `database` is the key that names where it runs.
    private func readQuery(_ section: YAMLSection, on database: String) -> ReadSource? {
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
        return ReadSource(path: name, line: section.line(database), isQuery: true)
    }

    /// How the records of a transaction file are taken together; nil for a file of the model's periods.
    private func readAggregation(_ source: YAMLSection, frequency: Frequency, geo: String?) -> Aggregation? {
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

    private func readKPI(
        _ top: YAMLSection
    ) -> (kpi: KPI, column: String, line: Int?, revenuePerKPI: String?, population: String?)? {
        guard
            let section = top.section("kpi")
        else { return nil }
        section.require("column", mend: "name the KPI's column: `kpi: {column: revenue}`.")
        let kind = section.choice("kind", KPI.Kind.self) ?? .revenue
        if let vat = section.text("vat"), !["included", "excluded"].contains(vat) {
            section.problem("vat", "'kpi.vat' cannot be '\(vat)'.", mend: "write included or excluded.")
        }
        let margin = section.number("margin", mend: "write the margin as a share of revenue, as 0.38.")
        if margin == 0 {
            section.problem("margin", "'kpi.margin' is 0: no channel could ever pay.", mend: "remove it or correct it.")
        }
        let revenuePerKPI = section.text("revenue_per_kpi")
        if revenuePerKPI != nil, kind == .revenue {
            section.problem(
                "revenue_per_kpi", "'kpi.revenue_per_kpi' has no meaning when the KPI is revenue.",
                mend: "remove it, or write `kind: units`.")
        }
        if margin != nil, kind == .units, revenuePerKPI == nil {
            section.problem(
                "margin", "'kpi.margin' is a share of revenue, and nothing says what a unit of the KPI is worth.",
                mend: "name the column of that as `kpi.revenue_per_kpi`, or remove `margin`.")
        }
        guard let column = section.text("column") else { return nil }
        var kpi = KPI(kind: kind, currency: section.text("currency") ?? "", margin: margin)
        kpi.ledgerTotal = section.number(
            "ledger_total", mend: "write what the books say of all periods, as 96240000.")
        return (kpi, column, section.line("column"), revenuePerKPI, section.text("population"))
    }

    // MARK: Baseline and running

    private func readNames(_ top: YAMLSection, _ key: String, max: Int) -> [(name: String, line: Int?)] {
        var names: [(String, Int?)] = []
        for node in top.list(key) ?? [] {
            guard let name = node.scalar?.string, !name.isEmpty else {
                problems.add(
                    line: node.mark?.line, "an entry of '\(key)' must be a column's name.", mend: "write the name.")
                continue
            }
            if names.contains(where: { $0.0 == name }) {
                problems.add(line: node.mark?.line, "'\(name)' stands twice in '\(key)'.", mend: "remove one.")
            } else {
                names.append((name, node.mark?.line))
            }
        }
        if names.count > max { top.problem(key, "more than \(max) entries in '\(key)'.", mend: "choose fewer.") }
        return names
    }

    private func readEvents(_ top: YAMLSection) -> [(event: Event, line: Int?)] {
        var events: [(Event, Int?)] = []
        for section in top.sections("events") ?? [] {
            section.require("name", mend: "give the event a name.")
            section.require("date", mend: "give the event's date as YYYY-MM-DD.")
            guard let name = section.text("name"), let date = section.date("date") else { continue }
            if events.contains(where: { $0.0.name == name }) {
                section.problem("name", "two events are named '\(name)'.", mend: "rename one of them.")
            }
            events.append((Event(name: name, date: date), section.line))
        }
        return events
    }

    /// How the level moves.
    enum TrendKind: String, CaseIterable {
        case none
        case linear
        case piecewise = "piecewise_linear"
        case knots
        case smooth = "gaussian_process"
    }

    private func readTrend(_ top: YAMLSection, frequency: Frequency) -> Trend? {
        guard let section = top.section("trend") else { return nil }
        section.require(
            "kind", mend: "write `kind: piecewise_linear`, `knots`, `gaussian_process`, `linear` or `none`.")
        let kind = section.choice("kind", TrendKind.self)
        if section.node("knots") != nil, kind != .knots {
            section.problem("knots", "'trend.knots' needs `kind: knots`.", mend: "write `kind: knots`, or remove it.")
        }
        switch kind {
        case .linear: return .linear
        case .smooth: return .gaussianProcess
        case .piecewise:
            return .piecewiseLinear(
                every: section.integer("every") ?? Trend.jointDistance(frequency))
        case .knots: return .knots(readKnots(section, frequency: frequency))
        case .some(.none), nil: return Trend.none
        }
    }

    private func readKnots(_ section: YAMLSection, frequency: Frequency) -> Knots {
        let every = section.integer("every")
        if let count = section.integer("count") {
            if every != nil || section.node("knots") != nil {
                section.problem("count", "'trend' says twice where its knots are.", mend: "keep one of the keys.")
            }
            return .count(count)
        }
        guard let texts = section.texts("knots") else { return .every(every ?? Trend.knotDistance(frequency)) }
        if every != nil {
            section.problem("every", "'trend' has both 'every' and 'knots'.", mend: "remove one of them.")
        }
        var dates: [CalendarDate] = []
        for text in texts {
            guard let date = CalendarDate(text) else {
                section.problem("knots", "'\(text)' is not a date.", mend: "write it as YYYY-MM-DD.")
                continue
            }
            if let last = dates.last, date <= last {
                section.problem("knots", "the knot \(date) does not come after \(last).", mend: "put them in order.")
            }
            dates.append(date)
        }
        if texts.count < 2 {
            section.problem("knots", "'trend.knots' needs two dates or more.", mend: "add a date.")
        }
        return .dates(dates)
    }

    /// Seasons that a calendar has, in days.
    private static let namedSeasons: [String: Double] = [
        "year": 365.25, "half_year": 182.625, "quarter": 91.3125, "month": 30.4375, "week": 7,
    ]

    private func readSeasonality(_ top: YAMLSection) -> [(season: Seasonality, line: Int?)] {
        (top.sections("seasonality") ?? []).compactMap { section in
            section.require("period", mend: "write `period: year`, or the length of the season in days, as 365.25.")
            section.require("harmonics", mend: "give the number of harmonics, as 3.")
            let named = section.node("period")?.scalar.flatMap { Self.namedSeasons[$0.string] }
            guard
                let period = named
                    ?? section.number(
                        "period",
                        mend: "write `year`, `half_year`, `quarter`, `month` or `week`, or days, as 365.25."),
                let harmonics = section.integer("harmonics")
            else { return nil }
            return (Seasonality(periodDays: period, harmonics: harmonics), section.line("period"))
        }
    }

    private func readSampling(
        _ top: YAMLSection, target: Double
    ) -> SamplingSpecification {
        var sampling = SamplingSpecification(targetAcceptance: target)
        guard
            let section = top.section(
                "sampling",
                unsupported: ["until": "give the number of draws."])
        else { return sampling }
        sampling.chains = section.integer("chains") ?? sampling.chains
        sampling.warmup = section.integer("warmup") ?? sampling.warmup
        sampling.draws = section.integer("draws") ?? sampling.draws
        sampling.targetAcceptance = section.number("target_accept", mend: "write a share, as 0.8.") ?? target
        sampling.metric = section.choice("metric", SamplerMetric.self) ?? sampling.metric
        sampling.form = section.choice("form", PosteriorForm.self) ?? sampling.form
        return sampling
    }

    private func readResampling(_ top: YAMLSection) -> ResamplingSpecification {
        var resampling = ResamplingSpecification()
        guard let section = top.section("resampling") else {
            return resampling
        }
        resampling.resamples = section.integer("resamples") ?? 0
        if let scheme = section.text("scheme"), scheme != "block_gamma" {
            let others = ["counts", "dirichlet", "residual", "wild", "geo", "map"]
            section.problem(
                "scheme",
                others.contains(scheme)
                    ? "'resampling.scheme: \(scheme)' is not supported yet."
                    : "'resampling.scheme' cannot be '\(scheme)'.", mend: "write block_gamma.")
        }
        if section.text("block_length") != "auto" {
            resampling.blockLength = section.integer("block_length", in: 1...10_000)
        }
        return resampling
    }

    private func readSeed(_ top: YAMLSection) -> UInt64 {
        guard top.node("seed") != nil else { return 1 }
        guard let text = top.text("seed"), let seed = UInt64(text) else {
            top.problem("seed", "'seed' must be a whole number from 0 to 2^64 − 1.", mend: "write such a number.")
            return 1
        }
        return seed
    }
}
