import Foundation
import Kernels
import Report
import Testing

/// Printed lines add up to printed sums.
@Suite("reconciliation with the books")
struct ReconciliationTests {
    @Test("of 1,000 random tables the printed cells add up to the rounded total, and none is off by a unit or more")
    func tables() throws {
        for table in 0..<1000 {
            var stream = RandomStream(
                key: StreamKey(seed: 5, kind: 1, index: UInt32(table)), iteration: 0, site: 0)
            let count = 1 + Int(stream.uniform() * 40)
            let scale = Elementary.exp(12 * stream.uniform())
            let values = (0..<count).map { _ in scale * stream.normal() }
            let (cells, total) = try #require(LargestRemainder.units(values, unit: 0.01))
            #expect(cells.reduce(0, +) == total)
            #expect(abs(Double(total) - values.reduce(0, +) / 0.01) <= 0.5 + 1e-6)
            for (cell, value) in zip(cells, values) { #expect(abs(Double(cell) - value / 0.01) < 1 + 1e-6) }
        }
    }

    @Test("the largest remainders are rounded up, and what is no number has no cells")
    func remainders() throws {
        // Thirds of 100 print as 33.34, 33.33 and 33.33; by rounding alone a cent would be lost.
        #expect(
            try #require(LargestRemainder.units([100.0 / 3, 100.0 / 3, 100.0 / 3], unit: 0.01)).cells == [
                3334, 3333, 3333,
            ])
        #expect(try #require(LargestRemainder.units([0.006, -0.004, 0.008], unit: 0.01)).cells == [1, -1, 1])
        #expect(LargestRemainder.units([.nan], unit: 1) == nil && LargestRemainder.units([1e300], unit: 1) == nil)
    }

    /// The numbers of the table's lines, by their names.
    private func lines(_ page: String) throws -> [(name: String, value: Double)] {
        let start = try #require(page.range(of: "From components to the total"))
        let table = page[start.upperBound...].prefix(
            through: try #require(page[start.upperBound...].range(of: "</table>")).lowerBound)
        return table.components(separatedBy: "<tr").dropFirst(2).map { row in
            let name = row.components(separatedBy: "<th scope=\"row\">")[1].components(separatedBy: "</th>")[0]
            let cell = row.components(separatedBy: "<td>")[1].components(separatedBy: "</td>")[0]
            let digits = cell.replacingOccurrences(of: "−", with: "-").filter { "0123456789.-".contains($0) }
            return (name, Double(digits) ?? .nan)
        }
    }

    @Test("the report's lines add up to what is fitted, to the KPI, and with the books' total to the books")
    func report() throws {
        var content = ShopReport.content(periods: 52, resamples: 0)
        content.ledgerTotal = 40_123_456.78
        let kpi = content.observed.reduce(0, +)
        content.observed[7] = .nan
        let lines = try lines(ReportPage.render(content))
        func value(_ name: String) throws -> Double { try #require(lines.first { $0.name == name }).value }
        let components = lines.prefix { $0.name != "modelled total" }
        #expect(components.count == content.components.count)
        #expect(components.reduce(0) { $0 + $1.value } == (try value("modelled total")))
        let unknown = try value("less periods without a KPI")
        #expect(abs(unknown + content.fitted[7].mean) <= 1)
        #expect(try value("modelled total") + unknown + value("unexplained") == value("total in the data"))
        #expect(
            abs(try value("total in the data") - (kpi - ShopReport.content(periods: 52, resamples: 0).observed[7])) <= 1
        )
        #expect(try value("total in the data") + value("in the ledger, not in the data") == value("ledger total"))
        #expect(try value("ledger total") == 40_123_457)
        #expect(!ReportPage.render(ShopReport.content(periods: 52, resamples: 0)).contains(">ledger total<"))
    }

    @Test("told in thousands of millions, the components have the shares that they have in ones, and add up")
    func largeUnits() throws {
        var content = ShopReport.content(periods: 52, resamples: 0)
        let shares = try self.shares(ReportPage.render(content))
        func scaled(_ values: [Double]) -> [Double] { values.map { 1e-9 * $0 } }
        content.contributions = scaled(content.contributions)
        content.observed = scaled(content.observed)
        content.fitted = content.fitted.map { $0.scaled(by: 1e-9) }
        content.totals.fitted = content.totals.fitted.scaled(by: 1e-9)
        let page = ReportPage.render(content)
        // A last digit may be rounded otherwise.
        for (small, share) in zip(try self.shares(page), shares) { #expect(abs(small - share) < 0.11) }
        let lines = try lines(page)
        let sum = lines.prefix { $0.name != "modelled total" }.reduce(0) { $0 + $1.value }
        #expect(abs(sum - (lines.first { $0.name == "modelled total" }?.value ?? .nan)) < 1e-12)
    }

    /// Share of the modelled total, in per cent, of each component's line.
    private func shares(_ page: String) throws -> [Double] {
        let start = try #require(page.range(of: "From components to the total"))
        return page[start.upperBound...].components(separatedBy: "<tr").dropFirst(2)
            .map { $0.components(separatedBy: "<th scope=\"row\">").last ?? "" }.prefix { !$0.hasPrefix("modelled") }
            .map { row in
                let share = row.components(separatedBy: "<td>")[2].components(separatedBy: "%")[0]
                return Double(share.replacingOccurrences(of: "−", with: "-")) ?? .nan
            }
    }
}
