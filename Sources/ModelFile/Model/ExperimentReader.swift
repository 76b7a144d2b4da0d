import ModelDefinition

/// Reads `experiments`: lift tests.
struct ExperimentReader {
    /// What a test did.
    enum Design: String, CaseIterable {
        /// The channels went dark.
        case goDark = "go_dark"
        /// Their exposure was multiplied by `scale`.
        case scale
        /// They went dark in some of the geos.
        case holdout
    }

    let context: SectionContext

    func read(channels: [Located<ReadChannel>]) -> [Located<ReadExperiment>] {
        let names = channels.map(\.channel.name)
        var known: Set<String> = []
        return (context.top.sections("experiments") ?? []).compactMap { section in
            requireKeys(section)
            if let name = section.text("name"), !known.insert(name).inserted {
                section.problem("name", "two experiments are named '\(name)'.", mend: "rename one of them.")
            }
            return experiment(section, channelNames: names)
        }
    }

    private func requireKeys(_ section: YAMLSection) {
        section.require("name", mend: "give the experiment a name.")
        section.require("channels", mend: "name the channels that were changed: `channels: [tv]`.")
        section.require("start", mend: "give its first day as YYYY-MM-DD.")
        section.require("end", mend: "give its last day as YYYY-MM-DD.")
        section.require("design", mend: "write `design: go_dark`, `scale` or `holdout`.")
        section.require("lift", mend: "give the KPI with the test less the KPI without it, below 0 for `go_dark`.")
        section.require("se", mend: "give the standard error of the lift; without one it says nothing.")
    }

    private func experiment(_ section: YAMLSection, channelNames: [String]) -> Located<ReadExperiment>? {
        let design = section.choice("design", Design.self)
        let channels = channels(section, names: channelNames)
        let geos = geos(section, design: design)
        let factor = factor(section, design: design)
        let use = section.choice("use", ReadExperiment.Use.self) ?? .likelihood
        let spend = section.number(
            "spend", mend: "write the money that the test changed, above 0.")
        if section.node("spend") != nil, use == .likelihood {
            section.problem(
                "spend", "only an experiment that is a prior has 'spend'.",
                mend: "write `use: prior`, or remove it.")
        }
        guard let name = section.text("name"), !channels.isEmpty, design != nil, let factor,
            let start = section.date("start"), let end = section.date("end"),
            let lift = section.number("lift", mend: "write a number in KPI units."),
            let error = section.number("se", mend: "write a standard error above 0.")
        else { return nil }
        guard start <= end else {
            section.problem("end", "the experiment ends before it begins.", mend: "put the dates in order.")
            return nil
        }
        let experiment = Experiment(
            name: name, channels: Set(channels).sorted(), geos: geos, days: start...end, factor: factor,
            lift: lift, standardError: error)
        return Located(ReadExperiment(experiment: experiment, use: use, spend: spend), line: section.line)
    }

    /// Indices of the channels that the test changed.
    private func channels(_ section: YAMLSection, names: [String]) -> [Int] {
        let stated = section.texts("channels")
        if stated?.isEmpty == true {
            section.problem(
                "channels", "the experiment names no channel.",
                mend: "name the channels that were changed: `channels: [tv]`.")
        }
        return (stated ?? []).compactMap { name in
            guard let index = names.firstIndex(of: name) else {
                section.problem(
                    "channels", "there is no channel '\(name)'.", mend: NearestKey.mend(for: name, among: names))
                return nil
            }
            return index
        }
    }

    private func geos(_ section: YAMLSection, design: Design?) -> [String] {
        let geos = section.texts("geos") ?? []
        if section.node("geos") != nil, !context.hasGeos {
            section.problem(
                "geos", "the data have no geos.", mend: "name their column in `data.geo`, or remove it.")
        }
        if design == .holdout, geos.isEmpty {
            section.problem("geos", "a holdout needs the geos that were held out.", mend: "write `geos: [north]`.")
        }
        return geos
    }

    /// What the exposure was multiplied by; nil where it should be said and is not.
    private func factor(_ section: YAMLSection, design: Design?) -> Double? {
        let factor = design == .scale ? section.number("scale", mend: "write a factor, as 1.5.") : 0
        if design == .scale, section.node("scale") == nil || factor == 1 {
            section.problem(
                "scale", "the design 'scale' needs a factor other than 1.", mend: "write for example `scale: 1.5`.")
        } else if design != .scale, design != nil, section.node("scale") != nil {
            section.problem("scale", "only the design 'scale' has a factor.", mend: "remove it.")
        }
        return factor
    }
}
