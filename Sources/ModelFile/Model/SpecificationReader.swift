import ModelDefinition
import Yams

/// Reads the YAML of a model file into a specification with the preset's defaults filled in: each section by a reader of
/// its own, which this puts together.
struct SpecificationReader {
    private static let remove = "remove it; this version fits the blocks that `tutti validate` lists."

    /// Keys of the format that this version does not read yet.
    private static let unsupportedTop: [String: String] = [
        "scaling": remove,
        "likelihood_weights": remove,
    ]

    let problems: YAMLProblems

    func read(_ root: Node) -> ReadSpecification? {
        guard
            let top = YAMLSection(
                root, path: "", reference: "", unsupported: Self.unsupportedTop, problems: problems)
        else { return nil }
        checkVersion(top)
        let preset = top.choice("preset", Preset.self) ?? .tutti
        let data = DataSectionReader(top: top).read()
        let kpi = KPIReader(top: top).read()
        let context = SectionContext(
            top: top, problems: problems, preset: preset, likelihood: LikelihoodReader.family(top, preset: preset),
            frequency: data?.frequency ?? .week, hasGeos: data?.geoColumn != nil)
        let channels = ChannelReader(context).read()
        let controls = ControlReader(context: context).read()
        let treatments = TreatmentReader(context: context).read()
        let events = CalendarReader(context: context).events()
        let experiments = ExperimentReader(context: context).read(channels: channels ?? [])
        ExperimentPriorCheck(context: context).check(experiments, channels: channels ?? [])
        let holidays = HolidayReader(context)
        let trend = TrendReader(context: context).read()
        let seasonality = CalendarReader(context: context).seasonality()
        let priors = BaselinePriorReader(context: context).read()
        let hierarchy = HierarchyReader(context: context, priors: priors).read(channels: channels ?? [])
        let running = RunningReader(context)
        let sampling = running.sampling(hierarchy)
        let resampling = running.resampling()
        let seed = running.seed()
        requireSections(top)
        guard let data, let kpi, let channels else { return nil }

        let name = top.text("name") ?? "model"
        let country = holidays.country()
        var rest = ModelSpecification(
            name: name, preset: preset, kpi: kpi.kpi, channels: [], controls: [], events: [], holidayCountry: nil,
            intercept: top.boolean("intercept") ?? preset.defaults.hasIntercept(hasGeos: context.hasGeos),
            trend: trend, seasonality: [], pooling: hierarchy.pooling, hierarchy: hierarchy.blocks,
            likelihood: context.likelihood, holdout: running.holdout(), priors: priors, sampling: sampling,
            resampling: resampling, seed: seed)
        NameCheck(context: context).check(
            channels, controls: controls, treatments: treatments, events: events, hasTrend: trend != .none,
            hasSeasonality: !seasonality.isEmpty, hasHolidays: country != nil)
        rest.reporting = running.reporting()
        rest.report = running.report()
        rest.errors = LikelihoodReader(context: context).errors()
        rest.mediaEffectiveness = EffectivenessReader(context: context).read()
        var read = ReadSpecification(
            rest, data: data, kpi: kpi, channels: channels, controls: controls, treatments: treatments, events: events,
            experiments: experiments, holidayCountry: country, seasonality: seasonality,
            accepted: top.text("accepted").map { Located($0, line: top.line("accepted")) })
        MediatorReader(context: context).check(read.specification)
        StatedPriorCheck(context: context).check(read.specification)
        read.families = FamilyReader(context: context, specification: read.specification).read()
        return read
    }

    private func checkVersion(_ top: YAMLSection) {
        top.require("tutti", mend: "begin the file with `tutti: 1`.")
        if top.node("tutti") != nil, top.text("tutti") != "1" {
            top.problem("tutti", "this version reads files of version 1.", mend: "write `tutti: 1`.")
        }
    }

    private func requireSections(_ top: YAMLSection) {
        top.require(
            "data", mend: "name the data files: `data: {sources: [{file: data.csv}], date: DATE, frequency: week}`.")
        top.require("kpi", mend: "name what is explained: `kpi: {column: revenue}`.")
        top.require("channels", mend: "list the channels: `channels: [{name: tv, spend: tv_spend}]`.")
    }
}
