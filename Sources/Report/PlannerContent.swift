import Analysis
import Foundation

/// What the page's planner computes from: of each channel what it brings at any money, at each of some draws.
package struct PlannerContent: Sendable, Hashable, Codable {
    package var channels: [String]
    /// Money of the planned periods, now and as proposed.
    package var spend: [Double]
    package var proposed: [Double]
    /// Profit before media per revenue.
    package var margin: Double
    package var drawCount: Int
    /// Terms of a series, of which there is one a channel and draw.
    package var length: Int
    /// By channel: by draw the revenue of today's money, then by draw the series' terms, as little-endian 32-bit numbers in
    /// base 64. Changes are kept, not sums, so that 24 bits are enough for a millionth of a gain.
    package var numbers: [String]

    init(_ responses: PlanResponses, proposed answer: AllocationAnswer) {
        channels = responses.names
        spend = responses.spend
        proposed = responses.names.map { name in answer.rows.first { $0.channel == name }?.proposed ?? 0 }
        margin = answer.margin
        drawCount = responses.drawCount
        length = responses.length
        numbers = responses.names.indices.map { channel in
            var bytes: [UInt8] = []
            for value in responses.revenues[channel] + responses.terms[channel] {
                let bits = Float(value).bitPattern
                for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
            }
            return Data(bytes).base64EncodedString()
        }
    }
}
