import Densities
import MarketingMix
import Yams

/// What the model file says about itself, before any data is read.
struct ReadSpecification {
    var specification: ModelSpecification
    var sources: [(path: String, line: Int?)]
    var dateColumn: String
    /// The column that names the geos of a panel.
    var geoColumn: String?
    var frequency: Frequency
    /// An absent value of media or controls counts as 0.
    var missingIsZero: Bool
    var kpiColumn: String
    var kpiLine: Int?
    var revenuePerKPIColumn: String?
    var populationColumn: String?
    /// Spend and exposure columns by channel, with the line of the channel.
    var channelColumns: [(spend: String?, exposure: String?, line: Int?)]
    var controlLines: [Int?]
    var eventLines: [Int?]
    var experimentLines: [Int?]
    var holidayLine: Int?
}

/// Reads the YAML of a model file into a specification with the preset's defaults filled in.
struct SpecificationReader {
    private static let remove = "remove it; this version fits the blocks that `tutti validate` lists."

    /// Keys of the format that this version does not read yet.
    private static let unsupportedTop: [String: String] = [
        "treatments": "give the column as a control.", "scaling": remove,
        "likelihood_weights": remove,
    ]
    private static let unsupportedChannel: [String: String] = [
        "reach": "give the channel's exposure instead.", "frequency": "give the channel's exposure instead.",
        "drives": remove,
    ]
    private static let adstockKeys = ["kind", "max_lag", "normalize", "half_life", "prior"]
    private static let saturationKeys = ["kind", "order", "prior"]
    private static let effectKeys = ["kind", "calibration_window", "prior"]
    private static let channelsMax = 200
    private static let controlsMax = 500

    let problems: YAMLProblems

    func read(_ root: Node) -> ReadSpecification? {
        guard
            let top = YAMLSection(
                root, path: "",
                allowed: [
                    "tutti", "name", "preset", "data", "kpi", "channels", "adstock", "saturation", "effect", "prior",
                    "controls", "events", "experiments", "holdout", "holidays", "intercept", "trend", "seasonality",
                    "hierarchy",
                    "likelihood",
                    "sampling", "resampling", "seed",
                ], unsupported: Self.unsupportedTop, problems: problems)
        else { return nil }

        top.require("tutti", mend: "begin the file with `tutti: 1`.")
        if top.node("tutti") != nil, top.text("tutti") != "1" {
            top.problem("tutti", "this version reads files of version 1.", mend: "write `tutti: 1`.")
        }
        let preset = top.choice("preset", Preset.self, unsupported: ["meridian"]) ?? .tutti
        let data = readData(top)
        let kpi = readKPI(top)
        let channels = readChannels(top, preset: preset)
        let controls = readNames(top, "controls", max: Self.controlsMax)
        let events = readEvents(top)
        let experiments = readExperiments(top, channels: channels?.map(\.channel.name) ?? [], hasGeos: data?.geo != nil)
        let holidays = top.section("holidays", allowed: ["country"])
        holidays?.require("country", mend: "write for example `holidays: {country: DE}`.")
        let trend = readTrend(top)
        let seasonality = readSeasonality(top)
        let hierarchy = top.section(
            "hierarchy", allowed: ["pooling"],
            unsupported: [
                "deviations":
                    "remove it: effects differ between geos by log-normal factors, intercepts by normal ones.",
                "centering": "remove it: intercepts are centred, effects are not.",
            ])
        let pooling = hierarchy?.choice("pooling", Pooling.self) ?? PresetDefaults.pooling(preset)
        readLikelihood(top)
        let holdout = top.section("holdout", allowed: ["last"])
        holdout?.require("last", mend: "give the number of periods to predict, as `holdout: {last: 8}`.")
        let sampling = readSampling(top)
        let resampling = readResampling(top)
        let seed = readSeed(top)
        let priors = readBaselinePriors(top, preset: preset)
        top.require(
            "data", mend: "name the data files: `data: {sources: [{file: data.csv}], date: DATE, frequency: week}`.")
        top.require("kpi", mend: "name what is explained: `kpi: {column: revenue}`.")
        top.require("channels", mend: "list the channels: `channels: [{name: tv, spend: tv_spend}]`.")
        guard let data, let kpi, let channels else { return nil }

        let specification = ModelSpecification(
            name: top.text("name") ?? "model", preset: preset, kpi: kpi.kpi, channels: channels.map(\.channel),
            controls: controls.map(\.name), events: events.map(\.event),
            experiments: experiments.map(\.experiment), holidayCountry: holidays?.text("country"),
            intercept: top.boolean("intercept") ?? true, trend: trend, seasonality: seasonality, pooling: pooling,
            holdout: holdout?.integer("last", in: 1...10_000) ?? 0, priors: priors, sampling: sampling,
            resampling: resampling, seed: seed)
        return ReadSpecification(
            specification: specification, sources: data.sources, dateColumn: data.date, geoColumn: data.geo,
            frequency: data.frequency,
            missingIsZero: data.missingIsZero, kpiColumn: kpi.column, kpiLine: kpi.line,
            revenuePerKPIColumn: kpi.revenuePerKPI, populationColumn: kpi.population,
            channelColumns: channels.map { ($0.spend, $0.exposure, $0.line) }, controlLines: controls.map(\.line),
            eventLines: events.map(\.line), experimentLines: experiments.map(\.line), holidayLine: holidays?.line)
    }

    // MARK: Data and KPI

    private func readData(
        _ top: YAMLSection
    ) -> (
        sources: [(path: String, line: Int?)], date: String, geo: String?, frequency: Frequency, missingIsZero: Bool
    )? {
        guard
            let data = top.section(
                "data", allowed: ["sources", "date", "geo", "frequency", "missing"],
                unsupported: [
                    "history": "begin the data with the first period that has a KPI."
                ])
        else { return nil }
        data.require("sources", mend: "write `sources: [{file: data.csv}]`.")
        data.require("date", mend: "name the date column, for example `date: week`.")
        let sections = data.sections(
            "sources", allowed: ["file"], unsupported: ["aggregate": "aggregate the file to the model's periods first."]
        )
        let sources = (sections ?? []).compactMap { section -> (String, Int?)? in
            section.require("file", mend: "name the CSV file: `{file: data.csv}`.")
            return section.text("file").map { ($0, section.line("file")) }
        }
        if let sections, sections.isEmpty {
            data.problem("sources", "'data.sources' names no file.", mend: "write `sources: [{file: data.csv}]`.")
        }
        let frequency = data.choice("frequency", Frequency.self) ?? .week
        let missing = data.text("missing")
        if let missing, !["error", "zero"].contains(missing) {
            data.problem(
                "missing", "'data.missing' cannot be '\(missing)'.",
                mend: NearestKey.mend(for: missing, among: ["error", "zero"]))
        }
        guard !sources.isEmpty, let date = data.text("date") else { return nil }
        return (sources, date, data.text("geo"), frequency, missing == "zero")
    }

    private func readKPI(
        _ top: YAMLSection
    ) -> (kpi: KPI, column: String, line: Int?, revenuePerKPI: String?, population: String?)? {
        guard
            let section = top.section(
                "kpi", allowed: ["column", "kind", "revenue_per_kpi", "population", "currency", "vat", "margin"],
                unsupported: ["ledger_total": Self.remove])
        else { return nil }
        section.require("column", mend: "name the KPI's column: `kpi: {column: revenue}`.")
        let kind = section.choice("kind", KPI.Kind.self) ?? .revenue
        if let vat = section.text("vat"), !["included", "excluded"].contains(vat) {
            section.problem("vat", "'kpi.vat' cannot be '\(vat)'.", mend: "write included or excluded.")
        }
        let margin = section.number("margin", in: 0...1, mend: "write the margin as a share of revenue, as 0.38.")
        if margin == 0 {
            section.problem("margin", "'kpi.margin' is 0: no channel could ever pay.", mend: "remove it or correct it.")
        }
        let revenuePerKPI = section.text("revenue_per_kpi")
        if revenuePerKPI != nil, kind == .revenue {
            section.problem(
                "revenue_per_kpi", "'kpi.revenue_per_kpi' has no meaning when the KPI is revenue.",
                mend: "remove it, or write `kind: units`.")
        }
        guard let column = section.text("column") else { return nil }
        let kpi = KPI(kind: kind, currency: section.text("currency") ?? "", margin: margin)
        return (kpi, column, section.line("column"), revenuePerKPI, section.text("population"))
    }

    // MARK: Channels

    private struct ReadChannel {
        var channel: Channel
        var spend: String?
        var exposure: String?
        var line: Int?
    }

    private func readChannels(_ top: YAMLSection, preset: Preset) -> [ReadChannel]? {
        let adstock = top.section("adstock", allowed: Self.adstockKeys)
        let saturation = top.section("saturation", allowed: Self.saturationKeys)
        let effect = top.section("effect", allowed: Self.effectKeys)
        guard
            let sections = top.sections(
                "channels",
                allowed: [
                    "name", "kind", "spend", "exposure", "organic", "adstock", "saturation", "effect", "prior",
                ], unsupported: Self.unsupportedChannel)
        else { return nil }
        if sections.isEmpty || sections.count > Self.channelsMax {
            top.problem(
                "channels", "a model has 1 to \(Self.channelsMax) channels, this one has \(sections.count).",
                mend: "list the channels: `channels: [{name: tv, spend: tv_spend}]`.")
            return nil
        }
        var names: Set<String> = []
        var channels: [ReadChannel] = []
        for section in sections {
            section.require("name", mend: "give the channel a name.")
            let name = section.text("name")
            if let name, !names.insert(name).inserted {
                section.problem("name", "two channels are named '\(name)'.", mend: "rename one of them.")
            }
            let spend = section.text("spend")
            let exposure = section.text("exposure")
            let isOrganic = section.boolean("organic") ?? false
            if isOrganic, spend != nil {
                section.problem(
                    "organic", "the channel is organic and has spend.", mend: "remove `spend`, or `organic: true`.")
            }
            if isOrganic, exposure == nil {
                section.problem(
                    "organic", "an organic channel needs its exposure.", mend: "name the column: `exposure`.")
            } else if spend == nil, exposure == nil {
                section.problem(
                    "name", "the channel has neither 'spend' nor 'exposure'.", mend: "name the column of its spend.")
            }
            let own = ChannelSections(
                adstock: section.section("adstock", allowed: Self.adstockKeys),
                saturation: section.section("saturation", allowed: Self.saturationKeys),
                effect: section.section("effect", allowed: Self.effectKeys))
            let shared = ChannelSections(adstock: adstock, saturation: saturation, effect: effect)
            let channel = readChannel(
                section, own: own, shared: shared, top: top, preset: preset, name: name ?? "",
                hasSpend: spend != nil, isOrganic: isOrganic)
            channels.append(ReadChannel(channel: channel, spend: spend, exposure: exposure, line: section.line))
        }
        return channels
    }

    private struct ChannelSections {
        var adstock: YAMLSection?
        var saturation: YAMLSection?
        var effect: YAMLSection?
    }

    private func readChannel(
        _ section: YAMLSection, own: ChannelSections, shared: ChannelSections, top: YAMLSection, preset: Preset,
        name: String, hasSpend: Bool, isOrganic: Bool
    ) -> Channel {
        let kind = section.choice("kind", ChannelKind.self) ?? .performance
        let adstock = readAdstock(own.adstock, shared.adstock, preset: preset, kind: kind)
        func saturationChoice<Value: RawRepresentable & CaseIterable>(_ key: String, _ type: Value.Type) -> Value?
        where Value.RawValue == String {
            own.saturation?.choice(key, type) ?? shared.saturation?.choice(key, type)
        }
        let saturation = saturationChoice("kind", Saturation.self) ?? PresetDefaults.saturation(preset)
        let order = saturationChoice("order", TransformOrder.self) ?? .adstockFirst

        // What a shared block says of returns does not mean organic channels.
        let sharedEffect = isOrganic ? nil : shared.effect
        var effect =
            effectKind(own.effect, hasSpend: hasSpend) ?? effectKind(sharedEffect, hasSpend: hasSpend)
            ?? PresetDefaults.effect(preset, hasSpend: hasSpend, isOrganic: isOrganic, saturation: saturation)
        if effect != .coefficient, saturation.bindsHeight {
            section.problem(
                "effect", "the height of '\(saturation.rawValue)' is bound to its shape: no return can be set for it.",
                mend: "write `effect: {kind: coefficient}`, or choose the saturation logistic.")
        }
        let window = readWindow(
            own.effect?.node("kind") == nil ? own.effect ?? sharedEffect : own.effect, effect: effect)
        if window != nil { effect = .windowROI }

        let parameters = Channel.parameterNames(adstock: adstock, saturation: saturation, effect: effect)
        var priors: [String: Prior] = [:]
        for parameter in parameters {
            priors[parameter] = PresetDefaults.prior(
                preset, channelParameter: parameter, kind: kind, adstock: adstock.kind, saturation: saturation)
        }
        // The nearer statement wins: top-level `prior`, the shared block's, the channel's own, its block's own.
        let names = ParameterNames(preset, saturations: [saturation])
        apply(top.node("prior"), path: "prior", to: &priors, named: names)
        for (block, owned, symbols) in [
            (shared.adstock, adstock.parameterNames, Self.symbols(adstock.kind)),
            (shared.saturation, saturation.parameterNames + ["beta"], Self.symbols(saturation)),
            (own.adstock, adstock.parameterNames, Self.symbols(adstock.kind)),
            (own.saturation, saturation.parameterNames + ["beta"], Self.symbols(saturation)),
        ] {
            guard let node = block?.node("prior") else { continue }
            let path = block?.name("prior") ?? "prior"
            // A shared block may hold priors for the kinds that other channels have.
            let isShared = block?.path == "adstock" || block?.path == "saturation"
            check(
                node, path: path, names: isShared ? Channel.allParameterNames : owned, named: names, symbols: symbols)
            apply(node, path: path, to: &priors, named: names, symbols: symbols)
        }
        for block in [shared.adstock, own.adstock] {
            guard adstock.hasHalfLife, let node = block?.node("half_life"), node.mapping != nil else { continue }
            let path = block?.name("half_life") ?? "half_life"
            if let prior = PriorReader.read(node, of: "half_life", path: path, problems: problems) {
                priors["half_life"] = prior
            }
        }
        for block in [sharedEffect, own.effect] {
            guard let node = block?.node("prior") else { continue }
            let parameter = effect.parameterName
            let path = block?.name("prior") ?? "prior"
            if let prior = PriorReader.read(node, of: parameter, path: path, problems: problems) {
                priors[parameter] = prior
            }
        }
        if let node = section.node("prior") {
            check(node, path: section.name("prior"), names: parameters, named: names)
            apply(node, path: section.name("prior"), to: &priors, named: names)
        }
        return Channel(
            name: name, kind: kind, adstock: adstock, saturation: saturation, order: order, effect: effect,
            calibrationWindow: window, priors: priors)
    }

    /// What carries the prior of an effect, as the file names it.
    private enum EffectKind: String, CaseIterable {
        case roi
        case mroi
        case contribution
        case coefficient
    }

    private func effectKind(_ section: YAMLSection?, hasSpend: Bool) -> Effect? {
        guard let section, let kind = section.choice("kind", EffectKind.self) else { return nil }
        let effect: Effect =
            switch kind {
            case .roi: .roi
            case .mroi: .marginalROI
            case .contribution: .contribution
            case .coefficient: .coefficient
            }
        if effect.needsSpend, !hasSpend {
            section.problem(
                "kind", "the channel has no spend, so its effect cannot be a return on it.",
                mend: "name its spend column, or write `effect: {kind: contribution}`.")
        }
        return effect
    }

    /// The days whose spend and response the return is about.
    private func readWindow(_ section: YAMLSection?, effect: Effect) -> ClosedRange<CalendarDate>? {
        guard let section, section.node("calibration_window") != nil else { return nil }
        let form = "write `calibration_window: {start: 2024-01-01, end: 2024-03-31}`."
        guard let window = section.section("calibration_window", allowed: ["start", "end"]) else { return nil }
        window.require("start", mend: form)
        window.require("end", mend: form)
        if effect != .roi {
            section.problem(
                "calibration_window", "only a return on investment has a calibration window.",
                mend: "write `kind: roi`, or remove it.")
        }
        guard let start = date(window, "start"), let end = date(window, "end"), effect == .roi else { return nil }
        guard start <= end else {
            window.problem("end", "the window ends before it begins.", mend: "put the dates in order.")
            return nil
        }
        return start...end
    }

    private func date(_ section: YAMLSection, _ key: String) -> CalendarDate? {
        guard let text = section.text(key) else { return nil }
        if let date = CalendarDate(text) { return date }
        section.problem(key, "'\(text)' is not a date.", mend: "write it as YYYY-MM-DD.")
        return nil
    }

    private func readAdstock(
        _ own: YAMLSection?, _ shared: YAMLSection?, preset: Preset, kind: ChannelKind
    ) -> Adstock {
        var adstock = PresetDefaults.adstock(preset, kind: kind)
        adstock.kind =
            own?.choice("kind", Adstock.Kind.self) ?? shared?.choice("kind", Adstock.Kind.self) ?? adstock.kind
        let lags = 0...1040
        adstock.maximumLag =
            own?.integer("max_lag", in: lags) ?? shared?.integer("max_lag", in: lags) ?? adstock.maximumLag
        adstock.isNormalized = own?.boolean("normalize") ?? shared?.boolean("normalize") ?? true
        if adstock.kind == .none { adstock.maximumLag = 0 }
        guard let section = own?.node("half_life") != nil ? own : shared, let node = section.node("half_life") else {
            return adstock
        }
        // A prior of it says as much as `true`.
        let isWanted = node.mapping != nil || section.boolean("half_life") == true
        if isWanted, [.geometric, .delayed].contains(adstock.kind) {
            adstock.hasHalfLife = true
        } else if isWanted, section.path == own?.path {
            section.problem(
                "half_life", "an adstock of kind '\(adstock.kind.rawValue)' has no half-life.",
                mend: "choose geometric or delayed, or remove it.")
        }
        return adstock
    }

    // MARK: Priors

    /// Our name of a parameter by the name in a file: the preset's, or the symbol that a block's kind has for it.
    private static func ownName(_ name: String, named names: ParameterNames, symbols: [String: String]) -> String {
        symbols[name] ?? names.parameter(named: name)
    }

    /// Symbols of the literature for parameters of these kinds.
    private static func symbols(_ adstock: Adstock.Kind) -> [String: String] {
        switch adstock {
        case .weibullDensity, .weibullSurvival: ["lam": "weibull_scale", "k": "weibull_shape"]
        case .geometric, .delayed, .binomial, .none: [:]
        }
    }

    private static func symbols(_ saturation: Saturation) -> [String: String] {
        switch saturation {
        case .tanh: ["b": "beta"]
        case .michaelisMenten: ["a": "beta"]
        case .sigmoid: ["a": "beta", "b": "rate"]
        case .root: ["a": "exponent"]
        case .hill: ["kappa": "ec"]
        case .logistic, .inverseLogistic, .baselinedTanh, .log, .none: [:]
        }
    }

    /// Complains about names in a `prior` mapping that the block does not have.
    private func check(
        _ node: Node, path: String, names allowed: [String], named names: ParameterNames,
        symbols: [String: String] = [:]
    ) {
        guard let mapping = node.mapping else {
            problems.add(
                line: node.mark?.line, "'\(path)' must map parameters to distributions.",
                mend: "write for example {\(allowed.first ?? "alpha"): {beta: [1, 3]}}.")
            return
        }
        for (keyNode, _) in mapping {
            let name = keyNode.scalar?.string ?? ""
            if !allowed.contains(Self.ownName(name, named: names, symbols: symbols)) {
                problems.add(
                    line: keyNode.mark?.line, "unknown parameter '\(path).\(name)'.",
                    mend: NearestKey.mend(for: name, among: allowed))
            }
        }
    }

    /// Overrides the priors that are there already.
    private func apply(
        _ node: Node?, path: String, to priors: inout [String: Prior], named names: ParameterNames,
        symbols: [String: String] = [:]
    ) {
        guard let mapping = node?.mapping else { return }
        for (keyNode, value) in mapping {
            guard let given = keyNode.scalar?.string else { continue }
            let name = Self.ownName(given, named: names, symbols: symbols)
            guard priors[name] != nil else { continue }
            if let prior = PriorReader.read(value, of: name, path: "\(path).\(given)", problems: problems) {
                priors[name] = prior
            }
        }
    }

    private func readBaselinePriors(_ top: YAMLSection, preset: Preset) -> [String: Prior] {
        guard let node = top.node("prior") else { return [:] }
        let allowed = BaselineParameter.allCases.map(\.rawValue)
        let names = ParameterNames(preset, saturations: [])
        check(node, path: "prior", names: allowed + Channel.allParameterNames, named: names)
        var priors: [String: Prior] = [:]
        for (keyNode, value) in node.mapping ?? [:] {
            guard let given = keyNode.scalar?.string else { continue }
            let name = names.parameter(named: given)
            guard allowed.contains(name) else { continue }
            priors[name] = PriorReader.read(value, of: name, path: "prior.\(given)", problems: problems)
        }
        return priors
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
        for section in top.sections("events", allowed: ["name", "date"]) ?? [] {
            section.require("name", mend: "give the event a name.")
            section.require("date", mend: "give the event's date as YYYY-MM-DD.")
            guard let name = section.text("name"), let text = section.text("date") else { continue }
            guard let date = CalendarDate(text) else {
                section.problem("date", "'\(text)' is not a date.", mend: "write it as YYYY-MM-DD.")
                continue
            }
            if events.contains(where: { $0.0.name == name }) {
                section.problem("name", "two events are named '\(name)'.", mend: "rename one of them.")
            }
            events.append((Event(name: name, date: date), section.line))
        }
        return events
    }

    private enum Design: String, CaseIterable {
        /// The channels went dark.
        case goDark = "go_dark"
        /// Their exposure was multiplied by `scale`.
        case scale
        /// They went dark in some of the geos.
        case holdout
    }

    private func readExperiments(
        _ top: YAMLSection, channels: [String], hasGeos: Bool
    ) -> [(experiment: Experiment, line: Int?)] {
        let keys = ["name", "channels", "geos", "start", "end", "design", "scale", "lift", "se"]
        var names: Set<String> = []
        return (top.sections("experiments", allowed: keys) ?? []).compactMap { section in
            section.require("name", mend: "give the experiment a name.")
            section.require("channels", mend: "name the channels that were changed: `channels: [tv]`.")
            section.require("start", mend: "give its first day as YYYY-MM-DD.")
            section.require("end", mend: "give its last day as YYYY-MM-DD.")
            section.require("design", mend: "write `design: go_dark`, `scale` or `holdout`.")
            section.require("lift", mend: "give the KPI with the test less the KPI without it, below 0 for `go_dark`.")
            section.require("se", mend: "give the standard error of the lift; without one it says nothing.")
            if let name = section.text("name"), !names.insert(name).inserted {
                section.problem("name", "two experiments are named '\(name)'.", mend: "rename one of them.")
            }
            let design = section.choice("design", Design.self)
            let indices = (section.texts("channels") ?? []).compactMap { name -> Int? in
                guard let index = channels.firstIndex(of: name) else {
                    section.problem(
                        "channels", "there is no channel '\(name)'.", mend: NearestKey.mend(for: name, among: channels))
                    return nil
                }
                return index
            }
            let geos = section.texts("geos") ?? []
            if section.node("geos") != nil, !hasGeos {
                section.problem(
                    "geos", "the data have no geos.", mend: "name their column in `data.geo`, or remove it.")
            }
            if design == .holdout, geos.isEmpty {
                section.problem("geos", "a holdout needs the geos that were held out.", mend: "write `geos: [north]`.")
            }
            let number = "write a number in KPI units."
            let factor = design == .scale ? section.number("scale", in: 0...100, mend: "write a factor, as 1.5.") : 0
            if design == .scale, section.node("scale") == nil || factor == 1 {
                section.problem(
                    "scale", "the design 'scale' needs a factor other than 1.", mend: "write for example `scale: 1.5`.")
            } else if design != .scale, design != nil, section.node("scale") != nil {
                section.problem("scale", "only the design 'scale' has a factor.", mend: "remove it.")
            }
            let limit = 1e15
            guard let name = section.text("name"), !indices.isEmpty, design != nil, let factor,
                let start = date(section, "start"), let end = date(section, "end"),
                let lift = section.number("lift", in: -limit...limit, mend: number),
                let error = section.number("se", in: 1e-12...limit, mend: "write a standard error above 0.")
            else { return nil }
            guard start <= end else {
                section.problem("end", "the experiment ends before it begins.", mend: "put the dates in order.")
                return nil
            }
            return (
                Experiment(
                    name: name, channels: Set(indices).sorted(), geos: geos, days: start...end, factor: factor,
                    lift: lift, standardError: error), section.line
            )
        }
    }

    private func readTrend(_ top: YAMLSection) -> Trend {
        guard let section = top.section("trend", allowed: ["kind", "every", "knots"]) else { return .none }
        enum Kind: String, CaseIterable {
            case none
            case linear
            case piecewise = "piecewise_linear"
            case knots
        }
        section.require("kind", mend: "write `kind: piecewise_linear`, `knots`, `linear` or `none`.")
        let kind = section.choice("kind", Kind.self)
        if section.node("knots") != nil, kind != .knots {
            section.problem("knots", "'trend.knots' needs `kind: knots`.", mend: "write `kind: knots`, or remove it.")
        }
        switch kind {
        case .linear: return .linear
        case .piecewise: return .piecewiseLinear(every: section.integer("every", in: 1...10_000) ?? 26)
        case .knots: return .knots(readKnots(section))
        case .some(.none), nil: return .none
        }
    }

    private func readKnots(_ section: YAMLSection) -> Knots {
        let every = section.integer("every", in: 1...10_000)
        guard let texts = section.texts("knots") else { return .every(every ?? 13) }
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

    private func readSeasonality(_ top: YAMLSection) -> [Seasonality] {
        (top.sections("seasonality", allowed: ["period", "harmonics"]) ?? []).compactMap { section in
            section.require("period", mend: "give the length of the season in days, as 365.25.")
            section.require("harmonics", mend: "give the number of harmonics, as 3.")
            guard
                let period = section.number("period", in: 1...36_525, mend: "write days, as 365.25."),
                let harmonics = section.integer("harmonics", in: 1...50)
            else { return nil }
            return Seasonality(periodDays: period, harmonics: harmonics)
        }
    }

    private func readLikelihood(_ top: YAMLSection) {
        guard let section = top.section("likelihood", allowed: ["family", "sigma"]) else { return }
        for (key, supported, others) in [
            ("family", "normal", ["student_t", "lognormal", "truncated_normal"]), ("sigma", "shared", ["per_geo"]),
        ] {
            guard let text = section.text(key), text != supported else { continue }
            if others.contains(text) {
                section.problem(
                    key, "'likelihood.\(key): \(text)' is not supported yet.", mend: "write \(supported).")
            } else {
                section.problem(
                    key, "'likelihood.\(key)' cannot be '\(text)'.",
                    mend: NearestKey.mend(for: text, among: [supported]))
            }
        }
    }

    private func readSampling(_ top: YAMLSection) -> SamplingSpecification {
        var sampling = SamplingSpecification()
        guard
            let section = top.section(
                "sampling", allowed: ["chains", "warmup", "draws", "target_accept", "form", "metric"],
                unsupported: ["until": "give the number of draws."])
        else { return sampling }
        sampling.chains = section.integer("chains", in: 1...1024) ?? sampling.chains
        sampling.warmup = section.integer("warmup", in: 20...1_000_000) ?? sampling.warmup
        sampling.draws = section.integer("draws", in: 4...1_000_000) ?? sampling.draws
        let target = section.number("target_accept", in: 0.1...0.999, mend: "write a share, as 0.8.")
        sampling.targetAcceptance = target ?? sampling.targetAcceptance
        sampling.metric = section.choice("metric", SamplerMetric.self) ?? sampling.metric
        sampling.form = section.choice("form", PosteriorForm.self) ?? sampling.form
        return sampling
    }

    private func readResampling(_ top: YAMLSection) -> ResamplingSpecification {
        var resampling = ResamplingSpecification()
        guard let section = top.section("resampling", allowed: ["resamples", "scheme", "block_length"]) else {
            return resampling
        }
        resampling.resamples = section.integer("resamples", in: 0...100_000) ?? 0
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
