import ModelDefinition

/// One entry of `data.sources`.
package struct ReadSource: Sendable {
    /// Of a file, or the database of a query, as the model file gives it.
    package var path: String
    package var line: Int?
    /// Of a transaction file.
    package var aggregation: Aggregation?
    package var isQuery = false

    /// Under which a bundle holds what the source, at this place of the list, gives.
    func bundlePath(index: Int) -> String {
        if aggregation != nil { return Aggregation.bundlePath(path, source: index) }
        return isQuery ? DatabaseSource.bundlePath(path, source: index) : path
    }
}

/// What the model file says about itself, before any data is read.
package struct ReadSpecification: Sendable {
    package var specification: ModelSpecification
    package var sources: [ReadSource]
    package var dateColumn: String
    /// The column that names the geos of a panel.
    package var geoColumn: String?
    package var frequency: Frequency
    /// An absent value of media or controls counts as 0.
    package var missingIsZero: Bool
    package var kpiColumn: String
    package var kpiLine: Int?
    package var revenuePerKPIColumn: String?
    package var populationColumn: String?
    /// Columns by channel, with the line of the channel.
    /// The exposure of a channel with reach and frequency is its reach.
    package var channelColumns: [(spend: String?, exposure: String?, frequency: String?, line: Int?)]
    package var treatmentColumns: [(name: String, line: Int?)]
    /// The first periods, as many as media carry over, serve as history.
    package var burnsIn: Bool
    package var controlLines: [Int?]
    package var eventLines: [Int?]
    package var experimentLines: [Int?]
    /// Those that are priors of their channels' returns; they are no part of the specification.
    package var priorExperiments: [ReadExperiment]
    package var holidayLine: Int?
    package var seasonalityLines: [Int?]

    /// The columns whose numbers the model takes.
    var usedColumns: Set<String> {
        let channels = channelColumns.flatMap { [$0.spend, $0.exposure, $0.frequency] }
        return Set(
            ([kpiColumn, revenuePerKPIColumn, populationColumn] + channels).compactMap(\.self)
                + specification.controls + treatmentColumns.map(\.name))
    }
}
