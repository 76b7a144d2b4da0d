import Foundation
import Report
import Testing
import Wording

@Suite("sheets for finance")
struct FinanceSheetsTests {
    /// The amount of a place such as `B7`, in cents.
    private func cents(_ place: String, in sheet: Sheet) throws -> Int {
        let letters = place.prefix { $0.isLetter }
        let column = letters.reduce(0) { 26 * $0 + Int($1.asciiValue! - 64) } - 1
        let line = try #require(Int(place.dropFirst(letters.count)))
        switch sheet.rows[line - 2][column] {
        case .amount(let value), .formula(_, let value): return Int((100 * value).rounded())
        default: return 0
        }
    }

    /// What `SUM(B2:B9)` comes to, in cents.
    private func sum(_ formula: String, in sheet: Sheet) throws -> Int {
        let bounds = formula.dropFirst("SUM(".count).dropLast().split(separator: ":").map(String.init)
        func parts(_ place: String) throws -> (column: Int, line: Int) {
            let letters = place.prefix { $0.isLetter }
            return (
                letters.reduce(0) { 26 * $0 + Int($1.asciiValue! - 64) } - 1,
                try #require(Int(place.dropFirst(letters.count)))
            )
        }
        let (first, last) = (try parts(bounds[0]), try parts(bounds[1]))
        var sum = 0
        for column in first.column...last.column {
            let letters = UnicodeScalar(UInt8(65 + column))
            for line in first.line...last.line { sum += try cents("\(letters)\(line)", in: sheet) }
        }
        return sum
    }

    @Test("every formula comes to the amount that stands beside it, to the cent", arguments: Language.allCases)
    func sums(_ language: Language) throws {
        var content = ShopReport.content(periods: 60, resamples: 0)
        content.ledgerTotal = 40_123_456.78
        let sheets = try #require(FinanceSheets.sheets(of: content, in: language))
        #expect(sheets.count == 3 && Set(sheets.map(\.name)).count == 3)
        var formulas = 0
        for sheet in sheets {
            #expect(sheet.name.count <= 31 && sheet.widths.count == sheet.header.count)
            for row in sheet.rows {
                #expect(row.count <= sheet.header.count)
                for case .formula(let text, let value) in row {
                    formulas += 1
                    #expect(try sum(text, in: sheet) == Int((100 * value).rounded()), "\(sheet.name): \(text)")
                }
            }
        }
        // Two of channels, three of the reconciliation, one a period and one a column of the periods.
        #expect(formulas == 2 + 3 + 60 + content.components.count + 1)
        let channels = sheets[0].rows.dropLast()
        #expect(channels.count == content.channels.count)
    }

    @Test("what is no number has no sheets")
    func notFinite() {
        var content = ShopReport.content(periods: 10, resamples: 0)
        content.contributions[3] = .nan
        #expect(FinanceSheets.sheets(of: content, in: .english) == nil)
    }
}
