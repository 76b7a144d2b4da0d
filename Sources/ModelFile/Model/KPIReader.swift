import ModelDefinition

/// Reads `kpi`: what is explained.
struct KPIReader {
    let top: YAMLSection

    func read() -> Located<ReadKPI>? {
        guard let section = top.section("kpi") else { return nil }
        section.require("column", mend: "name the KPI's column: `kpi: {column: revenue}`.")
        let kind = section.choice("kind", KPI.Kind.self) ?? .revenue
        let margin = MarginReader(kpi: section).read()
        let price = price(section)
        if price != nil, kind == .revenue {
            section.problem(
                "revenue_per_kpi", "'kpi.revenue_per_kpi' has no meaning when the KPI is revenue.",
                mend: "remove it, or write `kind: units`.")
        }
        if margin != nil, kind == .units, price == nil {
            section.problem(
                "margin", "'kpi.margin' is a share of revenue, and nothing says what a unit of the KPI is worth.",
                mend: "give that, or name its column, as `kpi.revenue_per_kpi`, or remove `margin`.")
        }
        guard let column = section.text("column") else { return nil }
        var constant: Double?
        if case .constant(let value)? = margin { constant = value }
        var kpi = KPI(kind: kind, currency: section.text("currency") ?? "", margin: constant)
        kpi.vat = section.choice("vat", KPI.VAT.self)
        kpi.ledgerTotal = section.number(
            "ledger_total", mend: "write what the books say of all periods, as 96240000.")
        return Located(
            ReadKPI(
                kpi: kpi, column: column, price: price, margin: margin,
                populationColumn: section.text("population")), line: section.line("column"))
    }

    /// What a unit of the KPI is worth: a number, or the name of a column.
    private func price(_ section: YAMLSection) -> ReadPrice? {
        guard let text = section.text("revenue_per_kpi") else { return nil }
        guard let value = Double(text) else { return .column(text) }
        guard value > 0, value < 1e12 else {
            section.problem(
                "revenue_per_kpi", "'kpi.revenue_per_kpi' must be above 0, and below 1e12.",
                mend: "write what a unit of the KPI is worth, as 49.9.")
            return nil
        }
        return .constant(value)
    }
}
