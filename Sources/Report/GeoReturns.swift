import Analysis

/// What channels' money returned in the geos of a panel where most of it went.
package struct GeoReturns: Sendable, Hashable, Codable {
    package struct Row: Sendable, Hashable, Codable {
        package var geo: String
        /// Money of all channels.
        package var spend: Double
        /// By channel; nil where it spends nothing in the geo.
        package var roi: [Estimate?]
    }

    /// Those that spend money, in the model's order.
    package var channels: [String]
    /// By spend, most first; of equal ones the first of the data.
    package var rows: [Row]
    /// Of the panel, those without a row included.
    package var geoCount: Int
    /// Part of all money that the geos of `rows` have.
    package var spendShare: Double

    /// Geos that a reader can take in; the others are in the table of the results folder.
    private static let rowCountMax = 20

    /// Nil without money in a geo.
    ///
    /// - Parameters:
    ///   - table: by channel, then geo; without a return where nothing is spent.
    ///   - slow: channels that are the slow component of another, with whose money they come.
    package init?(
        _ table: [(channel: String, geo: String, spend: Double, roi: Estimate?)], slow: Set<String> = []
    ) {
        var (geos, channels): ([String], [String]) = ([], [])
        var (spends, returns): ([String: Double], [String: [String: Estimate]]) = ([:], [:])
        for row in table {
            if spends[row.geo] == nil { geos.append(row.geo) }
            spends[row.geo, default: 0] += slow.contains(row.channel) ? 0 : row.spend
            guard let roi = row.roi else { continue }
            if channels.last != row.channel { channels.append(row.channel) }
            returns[row.geo, default: [:]][row.channel] = roi
        }
        let ranked = geos.enumerated().map { (place: $0, geo: $1, spend: spends[$1] ?? 0) }
            .sorted { ($1.spend, $0.place) < ($0.spend, $1.place) }
        let total = ranked.reduce(0) { $0 + $1.spend }
        guard total > 0 else { return nil }
        self.channels = channels
        rows = ranked.prefix(Self.rowCountMax).map { place in
            Row(geo: place.geo, spend: place.spend, roi: channels.map { returns[place.geo]?[$0] })
        }
        geoCount = geos.count
        spendShare = rows.reduce(0) { $0 + $1.spend } / total
    }
}
