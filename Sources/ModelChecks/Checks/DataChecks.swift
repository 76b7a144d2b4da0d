import ModelDefinition
import ModelFile
import Wording

/// What can be said about a fit before it is made, from a model and data that are each well formed.
///
/// Thresholds are such that sound data pass without a word: a warning that is usually wrong is not read.
struct DataChecks {
    let read: ReadSpecification
    let data: Dataset
    let modelFile: String
    let columns: [CheckedColumn]
    /// The cells whose KPI is known, geo after geo.
    let knownCells: [Int]

    init(_ read: ReadSpecification, data: Dataset, modelFile: String) {
        self.read = read
        self.data = data
        self.modelFile = modelFile
        let measured = read.channels.enumerated().filter { $0.element.channel.longTermOf == nil }
        let channels = measured.map { index, stated in
            CheckedColumn(
                kind: .channel(index), name: stated.channel.name, column: stated.exposure ?? stated.spend,
                line: stated.line, values: data.exposure[index])
        }
        let controls = zip(read.controls, data.controls).map { stated, regressor in
            CheckedColumn(
                kind: .control, name: stated.value, column: stated.value, line: stated.line, values: regressor.values)
        }
        let treatments = zip(read.treatments, data.treatments).map { stated, regressor in
            CheckedColumn(
                kind: .treatment, name: stated.treatment.name, column: stated.column, line: stated.line,
                values: regressor.values)
        }
        columns = channels + controls + treatments
        knownCells = data.knownCells
    }

    /// The column of a channel's media; a slow component has that of its channel.
    func column(ofChannel index: Int) -> CheckedColumn {
        let measured = read.specification.channels[index].longTermOf ?? index
        guard let column = columns.first(where: { $0.kind == .channel(measured) }) else {
            preconditionFailure("channel \(index) has no column")
        }
        return column
    }

    /// With these a fit would mean nothing.
    var errors: [Problem] {
        answersInDisguise + absentMedia + unpaidMedia + kpiBelowLikelihood + testsInsideData + sharesOfNothing
    }

    /// Worth knowing, and no obstacle.
    var warnings: [Problem] {
        columnRemarks + mediaRemarks + kpiRemarks + priorRemarks
    }

    private var columnRemarks: [Problem] {
        constantControls + followersOfTheKPI + collinearColumns + undeclaredMediators
            + drivenControls
    }

    private var mediaRemarks: [Problem] {
        weakChannels + channelsBesideTheKPI + residualSpend + oddlyPaidMedia + exposurePrices
    }

    /// What columns look like by themselves: units, totals, values that stand still.
    private var kpiRemarks: [Problem] {
        scaleSurprises + oddControlRecords + recordSlips + levelChanges + repeatedValues + runningTotals + zeroRuns
            + smoothedKPI + geoSums
            + geoUnits + nationalSpend + ledgerDifference
    }

    private var priorRemarks: [Problem] {
        impossiblePriors + tooManyParameters + experimentsOnDrivers + repeatedTests + testsPerhapsInsideData
            + surprisingLifts
            + oddSeasons + fewGeosToWeigh
    }

    // MARK: Words

    func problem(
        _ column: CheckedColumn, _ message: String, mend: String, french: FrenchText? = nil
    ) -> Problem {
        Problem(
            file: modelFile, line: column.line, column: column.column, message: message, mend: mend,
            french: french.map { "\(column.frenchWords) : " + $0 })
    }

    func kpiProblem(_ message: String, mend: String, french: FrenchText? = nil) -> Problem {
        Problem(
            file: modelFile, line: read.kpi.line, column: read.kpi.column, message: message, mend: mend, french: french)
    }

    /// `on 2024-01-01`, or `in 'north' on 2024-01-01` in a panel.
    func words(cell: Int) -> String {
        let date = data.dates[cell % data.periodCount].description
        return data.geos.isEmpty ? "on \(date)" : "in '\(data.geos[cell / data.periodCount])' on \(date)"
    }

    /// `le 01/01/2024`, or `dans la zone « nord » le 01/01/2024` in a panel.
    func frenchWords(cell: Int) -> FrenchText {
        let date = data.dates[cell % data.periodCount]
        return data.geos.isEmpty
            ? "le \(date)" : "dans la zone « \(code: data.geos[cell / data.periodCount]) » le \(date)"
    }

    /// ` of 'north'`, or nothing for a single series.
    func words(geo: Int) -> String { data.geos.isEmpty ? "" : " of '\(data.geos[geo])'" }

    /// A whole number, or three decimals: enough to see what is meant.
    static func words(_ value: Double) -> String {
        let rounded = abs(value) >= 100 ? value.rounded() : (value * 1000).rounded() / 1000
        return Int(exactly: rounded).map(String.init) ?? String(rounded)
    }

    /// Known cells of one geo.
    func knownCells(of geo: Int) -> [Int] { data.cells(of: geo).filter { !data.kpi[$0].isNaN } }
}

/// A column of media or controls, with its place in the model file.
struct CheckedColumn {
    enum Kind: Hashable {
        /// Index of the channel, whose exposure it is, or spend where it has none.
        case channel(Int)
        case control
        case treatment
    }

    var kind: Kind
    var name: String
    var column: String?
    var line: Int?
    /// One value a cell.
    var values: [Double]

    /// `channel 'tv'`.
    var words: String {
        switch kind {
        case .channel: "channel '\(name)'"
        case .control: "control '\(name)'"
        case .treatment: "treatment '\(name)'"
        }
    }

    /// `canal « tv »`.
    var frenchWords: FrenchText {
        switch kind {
        case .channel: "canal « \(code: name) »"
        case .control: "variable de contrôle « \(code: name) »"
        case .treatment: "traitement « \(code: name) »"
        }
    }

    /// The key of the model file under which it stands.
    var block: String {
        switch kind {
        case .channel: "channels"
        case .control: "controls"
        case .treatment: "treatments"
        }
    }

    /// Whether it acts in proportion, as controls and treatments do.
    var isLinear: Bool { kind == .control || kind == .treatment }
}
