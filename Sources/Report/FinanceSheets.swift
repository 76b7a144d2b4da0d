import Wording

/// What finance asks of a fit, as sheets of a workbook: what channels brought, from components to the books, and every period.
///
/// Amounts are rounded to the cent so that they add up (`LargestRemainder`), and every total is a formula over them.
package enum FinanceSheets {
    /// - Returns: nil where a number is not finite, or too large to be told to the cent.
    package static func sheets(of content: ReportContent, in language: Language) -> [Sheet]? {
        let phrases = Phrases(language)
        guard let channels = channels(content, phrases), let reconciliation = reconciliation(content, phrases),
            let periods = periods(content, phrases)
        else { return nil }
        return [channels, reconciliation, periods]
    }

    private static let cent = 0.01

    private static func amounts(_ values: [Double]) -> (cells: [Double], total: Double)? {
        LargestRemainder.units(values, unit: cent).map { units in
            (units.cells.map { Double($0) / 100 }, Double(units.total) / 100)
        }
    }

    private static func sum(column: Int, lines: ClosedRange<Int>, _ value: Double) -> Sheet.Cell {
        let (first, last) = (
            Sheet.place(column: column, line: lines.lowerBound), Sheet.place(column: column, line: lines.upperBound)
        )
        return .formula("SUM(\(first):\(last))", value)
    }

    private static func channels(_ content: ReportContent, _ phrases: Phrases) -> Sheet? {
        let rows = content.channels
        guard let spend = amounts(rows.map(\.spend)), let contribution = amounts(rows.map(\.contribution.mean)) else {
            return nil
        }
        func ratio(_ value: Double?) -> Sheet.Cell { value.map(Sheet.Cell.ratio) ?? .empty }
        var cells: [[Sheet.Cell]] = rows.enumerated().map { index, row in
            [
                .text(row.channel), .amount(spend.cells[index]), .amount(contribution.cells[index]),
                row.share.map { .share($0.mean) } ?? .empty, ratio(row.roi?.mean), ratio(row.roi?.q05),
                ratio(row.roi?.q95), ratio(row.marginalROI?.mean), ratio(row.marginROI?.mean),
            ]
        }
        if !rows.isEmpty {
            let lines = 2...rows.count + 1
            cells.append([
                .text(phrases.total), sum(column: 1, lines: lines, spend.total),
                sum(column: 2, lines: lines, contribution.total),
            ])
        }
        return Sheet(
            name: phrases.channel,
            header: [
                phrases.channel, phrases.spend, phrases.contribution, phrases.share, phrases.roi, "\(phrases.roi) 5 %",
                "\(phrases.roi) 95 %", phrases.marginalROI, phrases.marginROI,
            ], rows: cells, widths: [22, 16, 16, 10, 10, 10, 10, 14, 14])
    }

    private static func reconciliation(_ content: ReportContent, _ phrases: Phrases) -> Sheet? {
        guard let reconciliation = Reconciliation(content) else { return nil }
        var rows: [[Sheet.Cell]] = []
        // The line of the last total, to which the lines after it are added.
        var total: Int?
        for (index, entry) in reconciliation.lines.enumerated() {
            let line = index + 2
            let amount = reconciliation.digits == 0 ? Double(entry.units) : Double(entry.units) / 100
            let cell: Sheet.Cell =
                switch entry.line {
                case .fitted where index > 0: sum(column: 1, lines: 2...line - 1, amount)
                case .observed, .ledger:
                    total.map { sum(column: 1, lines: $0...line - 1, amount) } ?? .amount(amount)
                default: .amount(amount)
                }
            if case .formula = cell { total = line }
            rows.append([.text(phrases.name(of: entry.line)), cell])
        }
        return Sheet(
            name: phrases.component, header: [phrases.component, phrases.total], rows: rows, widths: [32, 18])
    }

    private static func periods(_ content: ReportContent, _ phrases: Phrases) -> Sheet? {
        let count = content.components.count
        var rows: [[Sheet.Cell]] = []
        var totals = [Int](repeating: 0, count: count + 1)
        for (period, date) in content.dates.prefix(content.windowPeriodCount).enumerated() {
            let own = Array(content.contributions[period * count..<(period + 1) * count])
            guard let units = LargestRemainder.units(own, unit: cent) else { return nil }
            for (index, cell) in units.cells.enumerated() { totals[index] += cell }
            totals[count] += units.total
            let line = period + 2
            let cells = units.cells.map { Sheet.Cell.amount(Double($0) / 100) }
            let (first, last) = (Sheet.place(column: 1, line: line), Sheet.place(column: count, line: line))
            rows.append(
                [.text(date.description)] + cells + [.formula("SUM(\(first):\(last))", Double(units.total) / 100)])
        }
        if !rows.isEmpty {
            let lines = 2...rows.count + 1
            rows.append(
                [.text(phrases.total)]
                    + totals.enumerated().map { sum(column: $0 + 1, lines: lines, Double($1) / 100) })
        }
        return Sheet(
            name: phrases.date,
            header: [phrases.date] + content.components.map { phrases.componentName($0.name) } + [phrases.fitted],
            rows: rows, widths: [12] + [Double](repeating: 16, count: count + 1))
    }
}
