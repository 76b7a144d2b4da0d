import Analysis
import Foundation
import MarketingMix

/// What the page's planner computes from: of each channel what it brings at any money, at each of some draws.
package struct PlannerContent: Sendable, Hashable, Codable {
    package var channels: [String]
    /// Money of the planned periods, now and as proposed.
    package var spend: [Double]
    package var proposed: [Double]
    /// Profit before media per revenue.
    package var margin: Double
    package var drawCount: Int
    /// Terms of a series, of which there is one a channel and draw; 0 where channels multiply each other.
    package var length: Int
    /// Little-endian 32-bit numbers in base 64. By channel: by draw the revenue of today's money, then by draw the series'
    /// terms. Changes are kept, not sums, so that 24 bits are enough for a millionth of a gain. Where channels multiply each
    /// other: the series that `growth` names.
    package var numbers: [String]
    /// Where channels multiply each other.
    package var growth: Growth?

    /// What `PlanGrowth` says.
    package struct Growth: Sendable, Hashable, Codable {
        package struct Track: Sendable, Hashable, Codable {
            var channel: Int
            var geo: Int
            var curve: String
            var saturatesFirst: Bool
            var frequency: Double?
            var history: [Double]
            var planned: [Double]
            var heights: Int
            var parameters: Int
            var weights: Int
        }

        var geoCount: Int
        var periodCount: Int
        var rest: Int
        var tracks: [Track]
    }

    init(_ responses: PlanResponses, proposed answer: AllocationAnswer) {
        self.init(channels: responses.names, spend: responses.spend, drawCount: responses.drawCount, answer)
        length = responses.length
        numbers = responses.names.indices.map { Self.text(responses.revenues[$0] + responses.terms[$0]) }
    }

    init(_ growth: PlanGrowth, proposed answer: AllocationAnswer) {
        self.init(channels: growth.names, spend: growth.spend, drawCount: growth.drawCount, answer)
        numbers = growth.series.map(Self.text)
        self.growth = Growth(
            geoCount: growth.geoCount, periodCount: growth.periodCount, rest: growth.rest,
            tracks: growth.tracks.map {
                Growth.Track(
                    channel: $0.channel, geo: $0.geo, curve: $0.curve, saturatesFirst: $0.saturatesFirst,
                    frequency: $0.frequency, history: $0.history, planned: $0.planned, heights: $0.heights,
                    parameters: $0.parameters, weights: $0.weights)
            })
    }

    private init(channels: [String], spend: [Double], drawCount: Int, _ answer: AllocationAnswer) {
        self.channels = channels
        self.spend = spend
        self.drawCount = drawCount
        proposed = channels.map { name in answer.rows.first { $0.channel == name }?.proposed ?? 0 }
        margin = answer.margin
        length = 0
        numbers = []
    }

    private static func text(_ values: [Double]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * values.count)
        for value in values {
            let bits = Float(value).bitPattern
            for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
        }
        return Data(bytes).base64EncodedString()
    }
}
