import ModelDefinition

/// What is left of revenue before media, as a model file states it.
package enum ReadMargin: Sendable, Hashable {
    case constant(Double)
    /// By period, or geo and period.
    case column(String)
    /// Each from its day on, in the order of time.
    case dated([DatedMargin])
}

package struct DatedMargin: Sendable, Hashable {
    package var from: CalendarDate
    package var margin: Double
}

/// Reads `kpi.margin`: a number, the name of a column, or a list by date.
struct MarginReader {
    let kpi: YAMLSection

    func read() -> ReadMargin? {
        guard let node = kpi.node("margin") else { return nil }
        if node.sequence != nil { return dated() }
        guard let text = kpi.text("margin") else { return nil }
        guard let value = Double(text) else {
            guard text.hasSuffix("%") else { return .column(text) }
            kpi.problem("margin", "'kpi.margin' is a share, not '\(text)'.", mend: "write it as 0.38.")
            return nil
        }
        guard (0...1).contains(value) else {
            kpi.problem(
                "margin", "'kpi.margin' must be a number from 0.0 to 1.0.",
                mend: "write the margin as a share of revenue, as 0.38.")
            return nil
        }
        if value == 0 {
            kpi.problem("margin", "'kpi.margin' is 0: no channel could ever pay.", mend: "remove it or correct it.")
        }
        return .constant(value)
    }

    private func dated() -> ReadMargin? {
        var margins: [DatedMargin] = []
        var isOrdered = true
        for section in kpi.sections("margin") ?? [] {
            section.require("from", mend: "give the day from which it holds, as YYYY-MM-DD.")
            section.require("margin", mend: "give the margin as a share of revenue, as 0.38.")
            guard let from = section.date("from"),
                let margin = section.number("margin", mend: "write the margin as a share of revenue, as 0.38.")
            else { continue }
            if let last = margins.last, from <= last.from {
                isOrdered = false
                section.problem(
                    "from", "the margin of \(from) stands after that of \(last.from).",
                    mend: "list margins in the order of time, one a day.")
            }
            margins.append(DatedMargin(from: from, margin: margin))
        }
        if kpi.node("margin")?.sequence?.isEmpty == true {
            kpi.problem("margin", "'kpi.margin' is an empty list.", mend: "write a share of revenue, as 0.38.")
        }
        return margins.isEmpty || !isOrdered ? nil : .dated(margins)
    }
}
