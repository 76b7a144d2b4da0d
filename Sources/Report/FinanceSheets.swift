import Wording

/// What finance asks of a fit, as sheets of a workbook: what channels brought, from components to the books, and every period.
///
/// Amounts are rounded to the cent so that they add up, and every total is a formula over them. What a component comes to is
/// rounded once (`Reconciliation`) and is the same amount in every sheet.
package enum FinanceSheets {
    /// - Returns: nil where a number is not finite, or too large to be told to the cent.
    package static func sheets(of content: ReportContent, in language: Language) -> [Sheet]? {
        let phrases = Phrases(language)
        guard let books = Reconciliation(content, decimals: 2), let channels = channels(content, books, phrases),
            let periods = periods(content, books, phrases)
        else { return nil }
        return [channels, reconciliation(books, phrases), periods]
    }

    /// What each component comes to, in cents, in their order.
    private static func cents(_ books: Reconciliation) -> [(component: String, cents: Int)] {
        books.lines.compactMap { entry in
            if case .component(let name) = entry.line { (name, entry.units) } else { nil }
        }
    }

    private static func sum(column: Int, lines: ClosedRange<Int>, cents: Int) -> Sheet.Cell {
        let (first, last) = (
            Sheet.place(column: column, line: lines.lowerBound), Sheet.place(column: column, line: lines.upperBound)
        )
        return .formula("SUM(\(first):\(last))", Double(cents) / 100)
    }

    private static func channels(_ content: ReportContent, _ books: Reconciliation, _ phrases: Phrases) -> Sheet? {
        let rows = content.channels
        guard let spend = LargestRemainder.units(rows.map(\.spend), unit: 0.01),
            rows.allSatisfy({ abs($0.contribution.mean) < 9e13 })
        else { return nil }
        let components = Dictionary(
            cents(books).map { ($0.component, $0.cents) }, uniquingKeysWith: { first, _ in first })
        let contributions = rows.map { row in
            // Its component's cents; its own where it brings more than its component, by what it drives.
            let own = Int((100 * row.contribution.mean).rounded())
            return components[row.channel].flatMap { abs($0 - own) <= 1 ? $0 : nil } ?? own
        }
        func ratio(_ value: Double?) -> Sheet.Cell { value.map(Sheet.Cell.ratio) ?? .empty }
        var cells: [[Sheet.Cell]] = rows.enumerated().map { index, row in
            [
                .text(row.channel), .amount(cents: spend.cells[index]), .amount(cents: contributions[index]),
                row.share.map { .share($0.mean) } ?? .empty, ratio(row.roi?.mean), ratio(row.roi?.q05),
                ratio(row.roi?.q95), ratio(row.marginalROI?.mean), ratio(row.marginROI?.mean),
            ]
        }
        if !rows.isEmpty {
            let lines = 2...rows.count + 1
            cells.append([
                .text(phrases.total), sum(column: 1, lines: lines, cents: spend.total),
                sum(column: 2, lines: lines, cents: contributions.reduce(0, +)),
            ])
        }
        return Sheet(
            name: phrases.channel,
            header: [
                phrases.channel, phrases.spend, phrases.contributionName(content), phrases.share, phrases.roi,
                "\(phrases.roi) 5 %",
                "\(phrases.roi) 95 %", phrases.marginalROI, phrases.marginROI,
            ], rows: cells, widths: [22, 16, 16, 10, 10, 10, 10, 14, 14])
    }

    private static func reconciliation(_ books: Reconciliation, _ phrases: Phrases) -> Sheet {
        var rows: [[Sheet.Cell]] = []
        // The line of the last total, to which the lines after it are added.
        var total: Int?
        for (index, entry) in books.lines.enumerated() {
            let line = index + 2
            let cell: Sheet.Cell =
                switch entry.line {
                case .fitted where index > 0: sum(column: 1, lines: 2...line - 1, cents: entry.units)
                case .observed, .ledger:
                    total.map { sum(column: 1, lines: $0...line - 1, cents: entry.units) }
                        ?? .amount(cents: entry.units)
                default: .amount(cents: entry.units)
                }
            if case .formula = cell { total = line }
            rows.append([.text(phrases.name(of: entry.line)), cell])
        }
        return Sheet(
            name: phrases.component, header: [phrases.component, phrases.total], rows: rows, widths: [32, 18])
    }

    private static func periods(_ content: ReportContent, _ books: Reconciliation, _ phrases: Phrases) -> Sheet? {
        let totals = cents(books).map(\.cents)
        let count = totals.count
        let dates = content.dates.prefix(content.windowPeriodCount)
        var sums = [Double](repeating: 0, count: count)
        var shown = [Int](repeating: 0, count: count)
        var rows: [[Sheet.Cell]] = []
        for (period, date) in dates.enumerated() {
            // Each cell takes what the rounded sum so far has grown by: it is off by less than a cent, and the last makes
            // the column come to what its component comes to.
            let cells = (0..<count).map { index in
                sums[index] += content.contributions[period * count + index]
                let sum = period == dates.count - 1 ? totals[index] : Int((100 * sums[index]).rounded())
                defer { shown[index] = sum }
                return sum - shown[index]
            }
            let line = period + 2
            let (first, last) = (Sheet.place(column: 1, line: line), Sheet.place(column: count, line: line))
            rows.append(
                [.text(date.description)] + cells.map { .amount(cents: $0) }
                    + [.formula("SUM(\(first):\(last))", Double(cells.reduce(0, +)) / 100)])
        }
        if !rows.isEmpty {
            let lines = 2...rows.count + 1
            rows.append(
                [.text(phrases.total)]
                    + (totals + [totals.reduce(0, +)]).enumerated().map {
                        sum(column: $0 + 1, lines: lines, cents: $1)
                    })
        }
        return Sheet(
            name: phrases.date,
            header: [phrases.date] + content.components.map { phrases.componentName($0.name) } + [phrases.fitted],
            rows: rows, widths: [12] + [Double](repeating: 16, count: count + 1))
    }
}

extension Sheet.Cell {
    fileprivate static func amount(cents: Int) -> Sheet.Cell { .amount(Double(cents) / 100) }
}
