import ModelDefinition

/// Whatever becomes a row of results has a name of its own, beyond case and spaces.
struct NameCheck {
    let context: SectionContext

    func check(
        _ channels: [Located<ReadChannel>], controls: [Located<String>], treatments: [Located<ReadTreatment>],
        events: [Located<Event>], hasTrend: Bool, hasSeasonality: Bool, hasHolidays: Bool
    ) {
        var known: [String: (name: String, kind: String)] = [:]
        let parts = [("trend", hasTrend), ("seasonality", hasSeasonality), ("holidays", hasHolidays)]
        let rows = Set(["intercept", "baseline", "total"] + parts.filter(\.1).map(\.0))
        func check(_ name: String, _ kind: String, _ line: Int?) {
            let folded = Spelling.folded(name)
            if folded.isEmpty || name.contains(where: \.isNewline) {
                context.problems.add(
                    line: line, "the name of a \(kind) must be text on one line.", mend: "give it one.")
            } else if rows.contains(folded) {
                context.problems.add(
                    line: line, "\(kind) '\(name)' has the name that the \(folded) has in results.", mend: "rename it.")
            } else if let other = known[folded], other.name != name || other.kind != kind {
                let manner =
                    other.name == name
                    ? "have the same name" : "have names that differ only in \(Spelling.difference(other.name, name))"
                context.problems.add(
                    line: line,
                    "\(other.kind) '\(other.name)' and \(kind) '\(name)' \(manner): results could not tell "
                        + "them apart.", mend: "rename one of them.")
            } else {
                known[folded] = (name, kind)
            }
        }
        for read in channels where !read.channel.name.isEmpty && read.channel.longTermOf == nil {
            check(read.channel.name, "channel", read.line)
        }
        for read in channels where read.channel.longTermOf != nil {
            let name = read.channel.name
            if known[Spelling.folded(name)] == nil { known[Spelling.folded(name)] = (name, "slow component") }
        }
        var groups: Set<String> = []
        for read in channels {
            guard let group = read.channel.group, groups.insert(group).inserted else { continue }
            if Spelling.folded(group) == "media" {
                context.problems.add(
                    line: read.line, "group '\(group)' has the name that all channels have in results.",
                    mend: "rename it.")
            } else {
                check(group, "group", read.line)
            }
        }
        for control in controls { check(control.value, "control", control.line) }
        for treatment in treatments { check(treatment.treatment.name, "treatment", treatment.line) }
        for event in events { check(event.name, "event", event.line) }
    }
}
