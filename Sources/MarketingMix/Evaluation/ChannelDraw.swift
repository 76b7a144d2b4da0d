import Kernels
import ModelDefinition

/// One channel at one draw: its response to the data and what a unit of it is worth, by geo.
package struct ChannelDraw: Sendable {
    package let media: [MediaDraw]
    /// By geo, the carried-over exposures by period of the data, then of the L − 1 periods after it in which they still work;
    /// empty where the curve comes before carry-over.
    let adstocked: [[Double]]
    /// By geo, S_t of the same periods.
    let responses: [[Double]]
    /// β on the model's scale by geo.
    package let coefficients: [Double]
    private let periodCount: Int

    init(_ parameters: ParameterValues, channel: Int) {
        let model = parameters.model
        let geos = 0..<model.dataset.geoCount
        let trailing = model.specification.channels[channel].weightCount - 1
        periodCount = model.dataset.periodCount
        let media = Self.media(parameters, channel: channel)
        self.media = media
        var adstocked = [[Double]](repeating: [], count: geos.count)
        let responses = geos.map { geo -> [Double] in
            let series = model.media[channel][geo]
            guard media[geo].order == .adstockFirst else {
                return media[geo].response(to: series, trailing: trailing)
            }
            let carriedOver = media[geo].adstocked(series, trailing: trailing)
            adstocked[geo] = carriedOver
            return media[geo].curve.apply(to: carriedOver.span, times: 1)
        }
        self.adstocked = adstocked
        self.responses = responses
        coefficients = Self.coefficients(parameters, channel: channel, media: media) { responses[$0] }
    }

    /// `media` and `coefficients` of a channel, without series that are kept.
    static func mediaAndCoefficients(
        _ parameters: ParameterValues, channel: Int
    ) -> (media: [MediaDraw], coefficients: [Double]) {
        let media = media(parameters, channel: channel)
        return (
            media,
            coefficients(parameters, channel: channel, media: media) { geo in
                media[geo].response(to: parameters.model.media[channel][geo], trailing: 0)
            }
        )
    }

    /// β on the model's scale by geo.
    ///
    /// - Parameter response: to the data, by geo.
    private static func coefficients(
        _ parameters: ParameterValues, channel: Int, media: [MediaDraw], response: (Int) -> [Double]
    ) -> [Double] {
        let common = commonCoefficients(parameters, channel: channel, media: media, response: response)
        return common.enumerated().map { geo, common in
            let places = parameters.model.parameters.channels[geo][channel]
            return parameters[places.multiplier] * common + parameters[places.addend]
        }
    }

    /// By geo; most models have one carry-over and one curve in all of them.
    private static func media(_ parameters: ParameterValues, channel: Int) -> [MediaDraw] {
        var media: [MediaDraw] = []
        for (geo, channels) in parameters.model.parameters.channels.enumerated() {
            if let last = media.last {
                let (own, other) = (channels[channel], parameters.model.parameters.channels[geo - 1][channel])
                if (own.retention, own.delay, own.first, own.second)
                    == (other.retention, other.delay, other.first, other.second)
                {
                    media.append(last)
                    continue
                }
            }
            media.append(MediaDraw(parameters, channel: channel, geo: geo))
        }
        return media
    }

    /// S_t of the data in a geo.
    package func response(geo: Int) -> ArraySlice<Double> { responses[geo].prefix(periodCount) }

    /// β by geo before what makes the geo differ.
    private static func commonCoefficients(
        _ parameters: ParameterValues, channel: Int, media: [MediaDraw], response: (Int) -> [Double]
    ) -> [Double] {
        let model = parameters.model
        let places = media.indices.map { model.parameters.channels[$0][channel] }
        guard model.specification.channels[channel].effect != .coefficient else {
            return places.map { parameters[$0.effect] }
        }
        let comparison = model.effectAmounts[channel].comparison
        let references = places.indices.map { geo in
            let weights = model.revenueWeights[model.dataset.cells(of: geo)]
            let own = response(geo)
            guard let comparison else { return zip(weights, own).reduce(0) { $0 + $1.0 * $1.1 } }
            let other = media[geo].response(to: comparison.series[geo], trailing: 0)
            return zip(weights, zip(other, own)).reduce(0) { $0 + $1.0 * (comparison.sign * ($1.1.0 - $1.1.1)) }
        }
        func total(_ values: [Double], _ geos: [Int]) -> Double {
            geos.dropFirst().reduce(values[geos[0]]) { $0 + values[$1] }
        }
        let sums = places.indices.map { parameters[places[$0].multiplier] * references[$0] }
        let added = places.indices.map { parameters[places[$0].addend] * references[$0] }
        func coefficient(_ geos: [Int]) -> Double {
            let amount = total(model.effectAmounts[channel].amounts, geos)
            let sum = total(sums, geos)
            guard sum != 0 else { return 0 }
            return parameters[places[geos[0]].effect] * (amount / sum) - total(added, geos) / sum
        }
        // Geos share one parameter for the money of them all, or each has its own.
        guard places.allSatisfy({ $0.effect == places[0].effect }) else {
            return places.indices.map { coefficient([$0]) }
        }
        return [Double](repeating: coefficient(Array(places.indices)), count: places.count)
    }
}
