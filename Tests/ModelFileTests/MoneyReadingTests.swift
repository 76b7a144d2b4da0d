import Foundation
import ModelDefinition
import ModelFile
import Testing

/// What turns a KPI into money: price, margin, tax, and the groups that are told together.
@Suite("money of a model file")
struct MoneyReadingTests {
    private static func read(_ kpi: String, columns: String = "", channels: String = "[{name: tv, spend: tv}]") throws
        -> ReadModel
    {
        let model = """
            tutti: 1
            data: {sources: [{file: data.csv}], date: week}
            kpi: {column: sales, \(kpi)}
            channels: \(channels)
            """
        var rows = ["week,sales,tv,radio" + (columns.isEmpty ? "" : ",\(columns)")]
        for week in 0..<60 {
            let date = CalendarDate(year: 2024, month: 1, day: 1)!.advanced(by: 7 * week)
            let more = columns.isEmpty ? "" : ",\(column[week])"
            rows.append("\(date),\(100 + (week * week) % 17),\(week % 5),\(week % 7)\(more)")
        }
        return try ModelFileReader.read(
            ModelBundle(
                modelName: "model.yaml", model: Array(model.utf8),
                files: [("data.csv", Array((rows.joined(separator: "\n") + "\n").utf8))]))
    }

    /// What the further column holds.
    private static let column: [Double] = (0..<60).map { week in Double(week % 10 + 1) / 20 }

    @Test("a margin is one number, a column, or a list by date")
    func margins() throws {
        let one = try Self.read("margin: 0.38")
        #expect(one.specification.kpi.margin == 0.38 && one.dataset.margins.isEmpty)
        let none = try Self.read("currency: EUR")
        #expect(none.specification.kpi.margin == nil && none.dataset.margins.isEmpty)
        let column = try Self.read("margin: rate", columns: "rate")
        #expect(column.specification.kpi.margin == nil)
        #expect(column.dataset.margins == Self.column)
    }

    @Test("of a list each period has the mean of its days' margins")
    func dated() throws {
        // 2024-04-01 is a Monday; 2024-07-05 a Friday, so that the week before has four days of the old margin and three of the
        // new one.
        let margins = try Self.read(
            "margin: [{from: 2023-06-01, margin: 0.4}, {from: 2024-04-01, margin: 0.3}, {from: 2024-07-05, margin: 0.5}]"
        ).dataset.margins
        #expect(margins[..<13].allSatisfy { $0 == 0.4 } && margins[13..<26].allSatisfy { $0 == 0.3 })
        #expect(abs(margins[26] - (4 * 0.3 + 3 * 0.5) / 7) < 1e-14)
        #expect(margins[27...].allSatisfy { $0 == 0.5 } && margins.count == 60)
        let beyond = try Self.read("margin: [{from: 2024-01-01, margin: 0.4}, {from: 2030-01-01, margin: 0.1}]")
        #expect(beyond.dataset.margins == [Double](repeating: 0.4, count: 60))
    }

    @Test("a price is a number or a column, and makes money of units")
    func prices() throws {
        let one = try Self.read("kind: units, revenue_per_kpi: 49.9, margin: 0.4")
        #expect(one.dataset.revenuePerKPI == [Double](repeating: 49.9, count: 60))
        let column = try Self.read("kind: units, revenue_per_kpi: price", columns: "price")
        #expect(column.dataset.revenuePerKPI == Self.column)
    }

    @Test("tax and groups are kept")
    func words() throws {
        let model = try Self.read(
            "vat: excluded",
            channels: "[{name: tv, spend: tv, group: air}, {name: radio, spend: radio, group: air}]")
        #expect(model.specification.kpi.vat == .excluded)
        let groups = model.specification.groups
        #expect(groups.map(\.name) == ["air"] && groups.map(\.channels) == [[0, 1]])
        #expect(try Self.read("currency: EUR").specification.groups.isEmpty)
    }
}
