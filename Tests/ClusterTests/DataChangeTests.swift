import Cluster
import ModelDefinition
import ModelFile
import Recalibration
import Testing

@Suite("what new data have that the accepted fit's had not")
struct DataChangeTests {
    private func change(_ edit: (inout Dataset) -> Void, from: Int = 6, to: Int = 8) throws -> DataChange {
        let (_, read) = try smallModel(named: "change")
        let old = read.dataset.first(from)
        var new = read.dataset.first(to)
        edit(&new)
        return DataChange(from: old, of: read.specification, to: new, of: read.specification)
    }

    @Test("are new periods alone where nothing else is other than it was")
    func added() throws {
        let change = try change { _ in }
        #expect(change.newDates.count == 2 && change.lostDates.isEmpty && change.restatements.isEmpty)
        #expect(change.restatedKPIShare == 0 && !change.isEmpty)
        #expect(try self.change({ _ in }, to: 6).isEmpty)
        #expect(try self.change({ _ in }, from: 8, to: 6).lostDates.count == 2)
    }

    @Test("are restated values with what they were, by date and column")
    func restated() throws {
        var before = (kpi: 0.0, spend: 0.0, total: 0.0)
        let change = try change { data in
            before = (data.kpi[2], data.spend[0][4], data.kpi[..<6].map(abs).reduce(0, +))
            data.kpi[2] += 5
            data.spend[0][4] += 1
            // A new period is not restated, whatever it holds.
            data.kpi[7] += 100
        }
        #expect(
            change.restatements.contains { $0.column == "the KPI" && $0.old == before.kpi && $0.new == before.kpi + 5 })
        #expect(change.restatements.contains { $0.column.hasPrefix("spend of") && $0.new == before.spend + 1 })
        #expect(change.restatements.first?.column == "the KPI")
        #expect(change.restatedKPIShare == 5 / before.total)
    }

    @Test("are held where one row alone was restated by more than all rows may be")
    func largeRestatement() throws {
        let (_, read) = try smallModel(named: "change")
        // One row of 29 is more than the share of rows that may be; of 200 it would not be.
        let bounds = try #require(GateBounds().setting(.restatedShare, promote: 0.05, hold: 1))
        func verdict(_ factor: Double) -> Verdict {
            var (old, new) = (read, read)
            old.dataset = read.dataset.first(29)
            new.dataset.kpi[3] *= factor
            let change = DataChange(
                from: old.dataset, of: read.specification, to: new.dataset, of: read.specification)
            return DataFindings(change, accepted: old, new: new, bounds).outcome(bounds).verdict
        }
        #expect(verdict(1) == .promote && verdict(1.5) == .promote && verdict(10) == .hold)
    }
}
