import ModelDefinition

/// What a plan comes to where channels multiply each other, at each draw, without the model.
///
/// Of a channel with money its exposures are the same at all draws, and a draw has of it the weights of its carry-over, the
/// parameters of its curve and its height: a few numbers, whatever the number of periods. All else is a factor of the KPI, which
/// no money moves. What many geos have in common is kept once.
package struct PlanGrowth: Sendable, Hashable {
    /// What money of a channel does in one geo.
    package struct Track: Sendable, Hashable {
        /// Of the plan.
        package var channel: Int
        package var geo: Int
        /// The name of the formula in `SaturationCurve`.
        package var curve: String
        package var saturatesFirst: Bool
        /// Contacts of a person reached; nil for a channel without.
        package var frequency: Double?
        /// Exposures of the periods before the plan in which media still work, and in those of the plan, as of today's money.
        package var history: [Double]
        package var planned: [Double]
        /// Which series are the heights by draw, the curve's parameters by draw, and the weights by draw and lag.
        package var heights: Int
        package var parameters: Int
        package var weights: Int
    }

    package let names: [String]
    /// Money of the plan's periods that each channel has now.
    package let spend: [Double]
    package let drawCount: Int
    package let geoCount: Int
    /// Periods from the first planned one to the last in which media of the plan work.
    package let periodCount: Int
    package let tracks: [Track]
    package let series: [[Double]]
    /// Which series is revenue without any term of media that money drives, by draw, geo and period.
    package let rest: Int

    /// Numbers of all series.
    package var numberCount: Int { series.reduce(0) { $0 + $1.count } }

    /// Nil where what channels bring adds up, and where the price of exposure rises with money.
    package init?(_ media: PlannedMedia) {
        let layout = media.layout
        guard media.model.scaling.hasLogLink, layout.priceRises.allSatisfy({ $0 == 0 }) else { return nil }
        names = layout.channels.map { media.model.specification.channels[$0].name }
        spend = layout.channels.indices.map { channel in
            (0..<layout.geoCount).reduce(0) { sum, geo in
                layout.current[layout.cells(channel: channel, geo: geo)].reduce(sum, +)
            }
        }
        drawCount = media.drawCount
        geoCount = layout.geoCount
        periodCount = layout.periodCount + layout.weightCountMax - 1
        let now = layout.purchase(layout.current)
        var pool = SeriesPool()
        var run = PlanRun(media)
        rest = pool.place(
            of: media.draws.indices.flatMap { draw in
                run.undriven(now, draw: draw).enumerated().flatMap { geo, kpi in
                    kpi.map { layout.revenuePerKPI[geo] * $0 }
                }
            })
        var tracks: [Track] = []
        for (index, track) in layout.tracks.enumerated() {
            guard let first = track.firstCell else { continue }
            tracks.append(
                Track(
                    channel: first / (layout.geoCount * layout.periodCount), geo: track.geo,
                    curve: media.model.laneKinds[track.channel].curve.rawValue, saturatesFirst: track.saturatesFirst,
                    frequency: track.frequency, history: track.history,
                    planned: Array(now.exposures[first..<first + layout.periodCount]),
                    heights: pool.place(of: media.draws.map { $0.heights[index] }),
                    parameters: pool.place(of: media.draws.flatMap { $0.curves[index].parameters }),
                    weights: pool.place(of: media.draws.flatMap { $0.weights[index] })))
        }
        self.tracks = tracks
        series = pool.series
    }

    /// Series of numbers, each once.
    private struct SeriesPool {
        private(set) var series: [[Double]] = []
        private var places: [[Double]: Int] = [:]

        mutating func place(of values: [Double]) -> Int {
            if let known = places[values] { return known }
            places[values] = series.count
            series.append(values)
            return series.count - 1
        }
    }
}
