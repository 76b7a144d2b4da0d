import ModelDefinition

/// Names that stand in results.
extension SpecificationReader {
    /// Whatever becomes a row of results has a name of its own, beyond case and spaces.
    func checkNames(
        _ specification: ModelSpecification, _ channels: [ReadChannel], controls: [(name: String, line: Int?)],
        treatments: [(treatment: Treatment, column: String, line: Int?)], events: [(event: Event, line: Int?)]
    ) {
        var known: [String: (name: String, kind: String)] = [:]
        let parts = [
            ("trend", specification.trend != .none), ("seasonality", !specification.seasonality.isEmpty),
            ("holidays", specification.holidayCountry != nil),
        ]
        let rows = Set(["intercept", "baseline", "total"] + parts.filter(\.1).map(\.0))
        func check(_ name: String, _ kind: String, _ line: Int?) {
            let folded = Spelling.folded(name)
            if rows.contains(folded) {
                problems.add(
                    line: line, "\(kind) '\(name)' has the name that the \(folded) has in results.", mend: "rename it.")
            } else if let other = known[folded], other.name != name || other.kind != kind {
                let manner =
                    other.name == name
                    ? "have the same name" : "have names that differ only in \(Spelling.difference(other.name, name))"
                problems.add(
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
        for control in controls { check(control.name, "control", control.line) }
        for (treatment, _, line) in treatments { check(treatment.name, "treatment", line) }
        for (event, line) in events { check(event.name, "event", line) }
    }
}
