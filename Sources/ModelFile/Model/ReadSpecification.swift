import ModelDefinition

/// One entry of `data.sources`.
package struct ReadSource: Sendable {
    /// Of a file, or the database of a query, as the model file gives it.
    package var path: String
    /// Of a transaction file.
    package var aggregation: Aggregation?
    package var isQuery = false

    /// Under which a bundle holds what the source, at this place of the list, gives.
    func bundlePath(index: Int) -> String {
        if aggregation != nil { return Aggregation.bundlePath(path, source: index) }
        return isQuery ? DatabaseSource.bundlePath(path, source: index) : path
    }
}

/// Where the data lie, and what their periods are.
struct ReadData: Sendable {
    var sources: [Located<ReadSource>]
    var dateColumn: String
    var geoColumn: String?
    var frequency: Frequency
    var missingIsZero: Bool
    var burnsIn: Bool
}

/// What a unit of the KPI is worth, as a model file states it.
package enum ReadPrice: Sendable, Hashable {
    case constant(Double)
    case column(String)
}

/// The KPI with what makes its money.
package struct ReadKPI: Sendable {
    var kpi: KPI
    package var column: String
    /// Nil where the KPI is money, or has none.
    package var price: ReadPrice?
    var margin: ReadMargin?
    package var populationColumn: String?

    package var revenuePerKPIColumn: String? {
        if case .column(let column)? = price { column } else { nil }
    }

    var marginColumn: String? {
        if case .column(let column)? = margin { column } else { nil }
    }
}

/// A channel, or the slow component of one, with its columns.
package struct ReadChannel: Sendable {
    package var channel: Channel
    package var spend: String?
    /// Of a channel with reach and frequency, its reach.
    package var exposure: String?
    package var frequency: String?
    /// Whether the channel states a prior of its return itself.
    var statesReturn: Bool
}

/// A treatment with its column.
package struct ReadTreatment: Sendable {
    package var treatment: Treatment
    package var column: String
}

/// What the model file says about itself, before any data is read.
package struct ReadSpecification: Sendable {
    /// What is asked for, without places. Its lists are those below, entry by entry.
    package private(set) var specification: ModelSpecification
    package let sources: [Located<ReadSource>]
    package let dateColumn: String
    /// The column that names the geos of a panel.
    package let geoColumn: String?
    package let frequency: Frequency
    /// An absent value of media or controls counts as 0.
    package let missingIsZero: Bool
    /// The first periods, as many as media carry over, serve as history.
    package let burnsIn: Bool
    /// Placed where its column is named.
    package let kpi: Located<ReadKPI>
    /// Slow components follow after all that have columns of their own.
    package internal(set) var channels: [Located<ReadChannel>] {
        didSet { specification.channels = channels.map(\.channel) }
    }
    package let controls: [Located<String>]
    package let treatments: [Located<ReadTreatment>]
    package let events: [Located<Event>]
    package let experiments: [Located<ReadExperiment>]
    package let holidayCountry: Located<String>?
    package let seasonality: [Located<Seasonality>]
    /// They are known when the channels and their hierarchy are.
    var families: [ChannelFamily] = [] {
        didSet { specification.families = families }
    }
    /// The file of an accepted fit.
    package let accepted: Located<String>?
    /// It is known when that file has been read.
    var acceptedFit: AcceptedFit? {
        didSet { specification.accepted = acceptedFit }
    }
    /// They are known when the data are.
    var measuredReturns: [MeasuredReturn] = [] {
        didSet { specification.measuredReturns = measuredReturns }
    }

    /// - Parameter rest: all that is asked for and stands in no list with places; such lists of it are not used.
    init(
        _ rest: ModelSpecification, data: ReadData, kpi: Located<ReadKPI>, channels: [Located<ReadChannel>],
        controls: [Located<String>], treatments: [Located<ReadTreatment>], events: [Located<Event>],
        experiments: [Located<ReadExperiment>], holidayCountry: Located<String>?, seasonality: [Located<Seasonality>],
        accepted: Located<String>? = nil
    ) {
        self.accepted = accepted
        sources = data.sources
        dateColumn = data.dateColumn
        geoColumn = data.geoColumn
        frequency = data.frequency
        missingIsZero = data.missingIsZero
        burnsIn = data.burnsIn
        self.kpi = kpi
        self.channels = channels
        self.controls = controls
        self.treatments = treatments
        self.events = events
        self.experiments = experiments
        self.holidayCountry = holidayCountry
        self.seasonality = seasonality
        specification = rest
        specification.kpi = kpi.kpi
        specification.channels = channels.map(\.channel)
        specification.controls = controls.map(\.value)
        specification.treatments = treatments.map(\.treatment)
        specification.events = events.map(\.value)
        specification.experiments = experiments.filter { $0.use == .likelihood }.map(\.experiment)
        specification.holidayCountry = holidayCountry?.value
        specification.seasonality = seasonality.map(\.value)
    }

    /// The lift tests of one use, in the order of the file.
    package func experiments(_ use: ReadExperiment.Use) -> [Located<ReadExperiment>] {
        experiments.filter { $0.use == use }
    }

    /// The lift tests whose changes of media the data must show.
    package var experimentsInData: [Located<ReadExperiment>] {
        experiments(.likelihood) + experiments(.prior).filter { $0.spend == nil }
    }

    /// The columns whose numbers the model takes.
    var usedColumns: Set<String> {
        let media = channels.flatMap { [$0.spend, $0.exposure, $0.frequency] }
        return Set(
            ([kpi.column, kpi.revenuePerKPIColumn, kpi.marginColumn, kpi.populationColumn] + media).compactMap(\.self)
                + controls.map(\.value) + treatments.map(\.column))
    }
}
