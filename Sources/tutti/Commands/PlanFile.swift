import Foundation
import MarketingMix
import ModelFile

/// A plan that somebody wrote: `channel,spend`, and `date` and `geo` where its money is told apart by them.
struct PlanFile {
    /// By cell of the layout.
    let money: [Double]

    /// What stands in a file.
    static func text(of path: String) throws -> Data {
        guard let text = FileManager.default.contents(atPath: path) else {
            throw UserError.unusable("\(path): the plan cannot be read. Mend: check the path and its permissions.")
        }
        return text
    }

    /// - Parameters:
    ///   - text: what stands in it.
    ///   - path: what it is called in complaints.
    ///   - names: of the plan's channels.
    init(_ text: Data, file path: String, layout: MediaPlanLayout, names: [String], model: MarketingMixModel) throws {
        var problems: [Problem] = []
        guard let table = CSVTable(Array(text), file: path, problems: &problems), problems.isEmpty else {
            throw UserError.unusable(ModelInput.describe(problems.map(\.description)))
        }
        let places = Dictionary(uniqueKeysWithValues: table.columns.enumerated().map { ($1, $0) })
        guard let channelColumn = places["channel"], let spendColumn = places["spend"] else {
            throw UserError.unusable(
                "\(path): a plan has the columns channel and spend. Mend: name them in the first line.")
        }
        let geos = model.dataset.geos
        let dates = layout.dates.map(\.description)
        var money = [Double](repeating: 0, count: layout.cellCount)
        var named: Set<String> = []
        for (record, line) in zip(table.records, table.lines) {
            func refuse(_ field: String, _ message: String, _ mend: String) -> UserError {
                UserError.unusable("\(path):\(line): \(field): \(message). Mend: \(mend).")
            }
            guard let channel = names.firstIndex(of: record[channelColumn]) else {
                throw refuse(
                    "channel", "'\(record[channelColumn])' is no channel with spend",
                    "name one of \(names.joined(separator: ", "))")
            }
            guard let spend = Double(record[spendColumn]), spend >= 0, spend.isFinite else {
                throw refuse(
                    "spend", "'\(record[spendColumn])' is no money", "a number of 0 or more, with a decimal point")
            }
            var periods = Array(dates.indices)
            if let column = places["date"] {
                guard let period = dates.firstIndex(of: record[column]) else {
                    throw refuse(
                        "date", "'\(record[column])' is no planned period",
                        "the first day of one, from \(dates[0]) to \(dates[dates.count - 1])")
                }
                periods = [period]
            }
            var ofGeos = Array(0..<layout.geoCount)
            if let column = places["geo"], !geos.isEmpty {
                guard let geo = geos.firstIndex(of: record[column]) else {
                    throw refuse("geo", "'\(record[column])' is no geo", "name one of \(geos.joined(separator: ", "))")
                }
                ofGeos = [geo]
            }
            named.insert(names[channel])
            let cells = ofGeos.flatMap { geo in
                periods.map { layout.cells(channel: channel, geo: geo).lowerBound + $0 }
            }
            let total = cells.reduce(0) { $0 + layout.current[$1] }
            for cell in cells {
                money[cell] += spend * (total > 0 ? layout.current[cell] / total : 1 / Double(cells.count))
            }
        }
        if let missing = names.first(where: { !named.contains($0) }) {
            throw UserError.unusable(
                "\(path): it says nothing of '\(missing)'. Mend: give it a line, with 0 where nothing is spent.")
        }
        self.money = money
    }
}
