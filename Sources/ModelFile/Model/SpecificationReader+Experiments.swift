import ModelDefinition

/// A lift test as the file states it.
package struct ReadExperiment: Sendable {
    /// What becomes of it.
    package enum Use: String, Sendable, CaseIterable {
        /// A term of the likelihood.
        case likelihood
        /// The prior of its channel's return.
        case prior
    }

    package var experiment: Experiment
    package var use: Use
    /// Money by which the test changed the spend; nil where the data tell.
    package var spend: Double?
    package var line: Int?
}

/// Lift tests.
extension SpecificationReader {
    /// What a test did.
    enum Design: String, CaseIterable {
        /// The channels went dark.
        case goDark = "go_dark"
        /// Their exposure was multiplied by `scale`.
        case scale
        /// They went dark in some of the geos.
        case holdout
    }

    func readExperiments(_ top: YAMLSection, channels: [String], hasGeos: Bool) -> [ReadExperiment] {
        var names: Set<String> = []
        return (top.sections("experiments") ?? []).compactMap { section in
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
            if section.texts("channels")?.isEmpty == true {
                section.problem(
                    "channels", "the experiment names no channel.",
                    mend: "name the channels that were changed: `channels: [tv]`.")
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
            let factor = design == .scale ? section.number("scale", mend: "write a factor, as 1.5.") : 0
            if design == .scale, section.node("scale") == nil || factor == 1 {
                section.problem(
                    "scale", "the design 'scale' needs a factor other than 1.", mend: "write for example `scale: 1.5`.")
            } else if design != .scale, design != nil, section.node("scale") != nil {
                section.problem("scale", "only the design 'scale' has a factor.", mend: "remove it.")
            }
            let use = section.choice("use", ReadExperiment.Use.self) ?? .likelihood
            let spend = section.number(
                "spend", mend: "write the money that the test changed, above 0.")
            if section.node("spend") != nil, use == .likelihood {
                section.problem(
                    "spend", "only an experiment that is a prior has 'spend'.",
                    mend: "write `use: prior`, or remove it.")
            }
            guard let name = section.text("name"), !indices.isEmpty, design != nil, let factor,
                let start = section.date("start"), let end = section.date("end"),
                let lift = section.number("lift", mend: number),
                let error = section.number("se", mend: "write a standard error above 0.")
            else { return nil }
            guard start <= end else {
                section.problem("end", "the experiment ends before it begins.", mend: "put the dates in order.")
                return nil
            }
            return ReadExperiment(
                experiment: Experiment(
                    name: name, channels: Set(indices).sorted(), geos: geos, days: start...end, factor: factor,
                    lift: lift, standardError: error), use: use, spend: spend, line: section.line)
        }
    }
}
