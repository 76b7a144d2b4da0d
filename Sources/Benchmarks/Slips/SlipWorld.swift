import Foundation
import Kernels
import MarketingMix
import ModelChecks
import ModelDefinition
import ModelFile

/// A model file and its data file, with a KPI of a simulated world, in a form in which slips can be planted.
struct SlipWorld {
    var model: String
    var columns: [String]
    /// By record, in the order of the file.
    var records: [[String]]
    /// Numbers of the records of each geo, by date.
    let geos: [[Int]]
    /// Further files, by the name that the model file gives them.
    var others: [String: String] = [:]
    /// How the data file is written where a slip asks for something else.
    var format = TableFormat()
    /// The same world as it should be read, where a slip is one of form only.
    var meant: [SlipWorld] = []
    let read: ReadModel

    /// The file's name in `data.sources`.
    static let dataFile = "data/data.csv"

    /// Draws of a prior among which one of sales is looked for.
    private static let triesMax = 20

    /// The world of a seed, drawn from the prior: the first draw whose KPI is above 0 throughout, or else the last one with
    /// another level.
    init(_ bundle: ModelBundle, read: ReadModel, model: MarketingMixModel, seed: UInt64) {
        precondition(bundle.files.count == 1, "the shipped models have one data file")
        var drawn: [Double] = []
        for number in 0..<Self.triesMax where (drawn.min() ?? 0) <= 0 {
            let key = StreamKey(seed: seed, kind: SlipStream.world, index: UInt32(number))
            drawn = model.simulate(.asModelled, key: key).series.kpi
        }
        let kpi = (0..<read.dataset.geoCount).flatMap { Self.asSales(drawn[read.dataset.cells(of: $0)]) }
        self.read = read
        let made = bundle.replacingKPI(of: read, with: kpi).files[0]
        self.model = String(decoding: bundle.model, as: UTF8.self).replacing(made.path, with: Self.dataFile)
        let lines = String(decoding: made.bytes, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        columns = lines[0]
        records = Array(lines.dropFirst())
        let geo = read.stated.geoColumn.flatMap(columns.firstIndex)
        let names = geo.map { column in lines.dropFirst().map { $0[column] } } ?? lines.dropFirst().map { _ in "" }
        geos = Set(names).sorted().map { name in names.indices.filter { names[$0] == name } }
    }

    /// Sales are never below 0, as a draw from a wide prior may be: the level of a geo is then raised, until its lowest
    /// week is a quarter of the mean.
    private static func asSales(_ kpi: ArraySlice<Double>) -> [Double] {
        let mean = kpi.reduce(0, +) / Double(kpi.count)
        guard let least = kpi.min(), least <= 0 else { return Array(kpi) }
        return kpi.map { $0 + (mean / 4 - least) / 0.75 }
    }

    // MARK: Reading

    /// What is said of the world as it is now, and its data where it is not refused.
    func reading(in folder: URL) throws -> (words: [String], dataset: Dataset?) {
        let file = folder.appendingPathComponent("model.yaml")
        try Data(model.utf8).write(to: file)
        for (name, text) in others { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        try format.bytes(columns: columns, records: records)
            .write(to: folder.appendingPathComponent(Self.dataFile))
        do throws(ProblemList) {
            let read = try ModelFileReader.read(ModelFileReader.bundle(at: file.path)).judged()
            return (read.warnings.map(\.description), read.dataset)
        } catch {
            return (error.problems.map(\.description), nil)
        }
    }

    // MARK: Columns

    var kpi: String { read.stated.kpi.column }

    func numbers(_ column: String) -> [Double] {
        let index = place(column)
        return records.map { Double($0[index]) ?? 0 }
    }

    mutating func set(_ column: String, _ values: [Double]) {
        let index = place(column)
        for (record, value) in values.enumerated() { records[record][index] = "\(value)" }
    }

    mutating func write(_ text: String, in column: String, at record: Int) {
        let index = place(column)
        records[record][index] = text
    }

    /// Adds a column to the data alone.
    mutating func add(_ column: String, _ values: [String]) {
        columns.append(column)
        for (record, value) in values.enumerated() { records[record].append(value) }
    }

    private func place(_ column: String) -> Int {
        guard let index = columns.firstIndex(of: column) else { preconditionFailure("there is no column \(column)") }
        return index
    }

    // MARK: Media

    /// Columns of spend by channel, in the order of the file; every channel of the shipped models has one.
    var spendColumns: [String] { read.stated.channels.compactMap(\.spend) }

    /// Channels with an exposure beside their spend.
    var exposedChannels: [(exposure: String, spend: String)] {
        read.stated.channels.compactMap { columns in
            guard let exposure = columns.exposure, let spend = columns.spend else { return nil }
            return (exposure, spend)
        }
    }

    /// What the responses of the channels are of.
    var mediaColumns: [String] { read.stated.channels.compactMap { $0.exposure ?? $0.spend } }

    /// Whether the model has priors of returns on spend.
    var hasReturns: Bool { read.specification.channels.contains { $0.effect == .roi } }

    /// The column that drives the responses of a channel; that of its spend where it has no other.
    func exposure(ofSpend column: String) -> String {
        exposedChannels.first { $0.spend == column }?.exposure ?? column
    }

    func channelName(ofSpend column: String) -> String {
        read.specification.channels[spendColumns.firstIndex(of: column) ?? 0].name
    }

    // MARK: Dates

    var dates: [CalendarDate] {
        let index = place(read.stated.dateColumn)
        return records.map { CalendarDate($0[index]) ?? CalendarDate(dayNumber: 0) }
    }

    func geoName(_ record: Int) -> String { read.stated.geoColumn.map { records[record][place($0)] } ?? "" }
}

/// How a table is written.
struct TableFormat {
    var separator = ","
    var hasDecimalComma = false
    var hasSeparatorLine = false
    var hasMark = false

    func bytes(columns: [String], records: [[String]]) -> Data {
        let lines = [columns] + records.map { hasDecimalComma ? $0.map { $0.replacing(".", with: ",") } : $0 }
        let text =
            (hasSeparatorLine ? "sep=\(separator)\n" : "")
            + lines.map { $0.joined(separator: separator) + "\n" }.joined()
        return (hasMark ? Data([0xEF, 0xBB, 0xBF]) : Data()) + Data(text.utf8)
    }
}

/// Kinds of the streams of this study.
enum SlipStream {
    static let world: UInt32 = 7
    static let slip: UInt32 = 8
}

extension RandomStream {
    /// A whole number below `count`.
    mutating func whole(_ count: Int) -> Int { min(count - 1, Int(uniform() * Double(count))) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[whole(elements.count)] }
}
