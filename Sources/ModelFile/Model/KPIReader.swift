import ModelDefinition

/// Reads `kpi`: what is explained.
struct KPIReader {
    let top: YAMLSection

    func read() -> Located<ReadKPI>? {
        guard let section = top.section("kpi") else { return nil }
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
        return Located(
            ReadKPI(
                kpi: kpi, column: column, revenuePerKPIColumn: revenuePerKPI,
                populationColumn: section.text("population")), line: section.line("column"))
    }
}
