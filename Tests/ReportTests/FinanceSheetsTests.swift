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

    @Test("what a component comes to is the same amount in every sheet, and a period's is off by less than a cent")
    func sameAmounts() throws {
        var content = ShopReport.content(periods: 60, resamples: 0)
        let count = content.components.count
        // Fractions of a cent whose roundings, each by itself, would be 18 cents off in 60 periods.
        for index in content.contributions.indices { content.contributions[index] += 0.003 }
        for index in content.channels.indices {
            let column = try #require(content.components.firstIndex { $0.name == content.channels[index].channel })
            content.channels[index].contribution.mean = (0..<60).reduce(0) {
                $0 + content.contributions[$1 * count + column]
            }
        }
        let sheets = try #require(FinanceSheets.sheets(of: content, in: .english))
        for column in 1...count {
            let letters = UnicodeScalar(UInt8(65 + column))
            #expect(try cents("\(letters)62", in: sheets[2]) == cents("B\(column + 1)", in: sheets[1]))
            let sum = try (2...61).reduce(0) { try $0 + cents("\(letters)\($1)", in: sheets[2]) }
            #expect(try sum == cents("B\(column + 1)", in: sheets[1]))
            for period in 0..<60 {
                let exact = 100 * content.contributions[period * count + column - 1]
                #expect(try abs(Double(cents("\(letters)\(period + 2)", in: sheets[2])) - exact) <= 1 + 1e-6)
            }
        }
        for (index, channel) in content.channels.enumerated() {
            let line = try #require(content.components.firstIndex { $0.name == channel.channel }) + 2
            #expect(try cents("C\(index + 2)", in: sheets[0]) == cents("B\(line)", in: sheets[1]))
        }
    }

    @Test("what is no number has no sheets")
    func notFinite() {
        var content = ShopReport.content(periods: 10, resamples: 0)
        content.contributions[3] = .nan
        #expect(FinanceSheets.sheets(of: content, in: .english) == nil)
    }
}
