import MarketingMix

/// From components to the KPI of the data, and on to the books: a sum whose printed lines add up.
struct Reconciliation {
    enum Line: Equatable {
        /// A component by its name.
        case component(String)
        /// Sum of the components.
        case fitted
        /// What is fitted in periods that have no KPI.
        case unknownPeriods
        /// What the components do not explain.
        case unexplained
        /// The KPI of the data.
        case observed
        /// What the books have and the data has not.
        case notInData
        case ledger
    }

    /// What the lines come to in units of the last printed digit.
    let lines: [(line: Line, units: Int)]
    /// Printed decimals.
    let digits: Int
    /// What the last of them is worth.
    let unit: Double

    /// Nil where a number is not finite.
    ///
    /// - Parameter decimals: as a page prints them unless said: none where cents say nothing beside the sum, more than two
    ///   where they are too coarse for it.
    init?(_ content: ReportContent, decimals: Int? = nil) {
        let count = content.components.count
        let window = 0..<content.windowPeriodCount
        let sums = content.components.indices.map { index in
            window.reduce(0.0) { $0 + content.contributions[$1 * count + index] }
        }
        let known = window.filter { content.observed[$0].isFinite }
        let observed = known.reduce(0.0) { $0 + content.observed[$1] }
        let fitted = sums.reduce(0, +)
        let unknown = window.reduce(0.0) { content.observed[$1].isFinite ? $0 : $0 + content.fitted[$1].mean }
        digits = decimals ?? Self.digits(of: fitted)
        unit = 1 / (0..<digits).reduce(1.0) { scale, _ in 10 * scale }
        guard let components = LargestRemainder.units(sums, unit: unit),
            let rest = LargestRemainder.units([-unknown, observed - (fitted - unknown)], unit: unit)
        else { return nil }
        var lines = zip(content.components, components.cells).map { (line: Line.component($0.name), units: $1) }
        lines.append((.fitted, components.total))
        if known.count < window.count { lines.append((.unknownPeriods, rest.cells[0])) }
        let total = components.total + rest.total
        lines.append((.unexplained, total - components.total - (known.count < window.count ? rest.cells[0] : 0)))
        lines.append((.observed, total))
        if let ledger = content.ledgerTotal, content.kpiIsRevenue, abs(ledger) < 9e15 {
            let books = Int((ledger / unit).rounded())
            lines.append((.notInData, books - total))
            lines.append((.ledger, books))
        }
        self.lines = lines
    }

    /// Cents say nothing beside ten thousand units; of sums in millions or thousands of millions they may say too little, and
    /// shares are of what is printed.
    private static func digits(of sum: Double) -> Int {
        guard abs(sum) < 10_000 else { return 0 }
        var (digits, scaled) = (2, abs(sum) * 100)
        while scaled > 0, scaled < 10_000, digits < 9 {
            digits += 1
            scaled *= 10
        }
        return digits
    }
}
