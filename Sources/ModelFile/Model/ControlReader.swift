import Yams

/// Reads `controls`: columns that enter in proportion.
struct ControlReader {
    private static let controlsMax = 500

    let context: SectionContext

    func read() -> [Located<String>] {
        var names: [Located<String>] = []
        for node in context.top.list("controls") ?? [] {
            guard let name = node.scalar?.string, !name.isEmpty else {
                context.problems.add(
                    line: node.mark?.line, "an entry of 'controls' must be a column's name.", mend: "write the name.")
                continue
            }
            if names.contains(where: { $0.value == name }) {
                context.problems.add(
                    line: node.mark?.line, "'\(name)' stands twice in 'controls'.", mend: "remove one.")
            } else {
                names.append(Located(name, line: node.mark?.line))
            }
        }
        if names.count > Self.controlsMax {
            context.top.problem(
                "controls", "more than \(Self.controlsMax) entries in 'controls'.", mend: "choose fewer.")
        }
        return names
    }
}
