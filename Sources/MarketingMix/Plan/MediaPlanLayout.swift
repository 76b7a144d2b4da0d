import Kernels
import ModelDefinition

/// Money that is planned for the periods that follow the data: a cell a channel with spend, geo and period, in that order.
///
/// Money buys exposure at the price of the periods just before, which may rise with what is bought. What has no price, as
/// media that nobody pays for, goes on as it was in those periods.
package struct MediaPlanLayout: Sendable {
    /// Indices of the model's channels for which money is planned; slow components come with their channel.
    package let channels: [Int]
    package let geoCount: Int
    /// Periods that are planned: as many before them are what prices and the current plan are taken from.
    package let periodCount: Int
    /// Their first days.
    package let dates: [CalendarDate]
    /// The current plan: what was spent in the periods before, money by cell.
    package let current: [Double]
    /// The most that was spent in one period of the data, by channel and geo.
    package let highestSpend: [Double]
    /// By channel, how fast the price of exposure rises with money: (s/r)^κ, r the mean spend of the periods before in which
    /// there was any. 0 where it does not.
    package let priceRises: [Double]
    /// Money of KPI per unit of KPI, by geo: the mean of the periods before.
    package let revenuePerKPI: [Double]
    /// Exposure on the model's scale per money at the current price, and r, by channel and geo.
    let exposuresPerMoney: [Double]
    let usualSpends: [Double]
    let tracks: [Track]

    /// What one of the model's channels does in one geo.
    struct Track: Sendable {
        /// Index of the model's channel.
        var channel: Int
        var geo: Int
        /// First cell of the plan whose money drives it; nil where none does.
        var firstCell: Int?
        /// Exposures of the L − 1 periods before the plan.
        var history: [Double]
        /// Exposures in the periods of the plan where no money drives it.
        var background: [Double]
        /// Contacts of a person reached in the periods before, as a mean over those reached; nil for a channel without.
        var frequency: Double?
        var weightCount: Int
        var saturatesFirst: Bool
    }

    /// - Parameters:
    ///   - periodCount: up to the number of periods of the data.
    ///   - priceRises: κ in [0, 1) by the name of a channel; 0 for all others.
    package init(_ model: MarketingMixModel, periodCount: Int, priceRises: [String: Double] = [:]) {
        let data = model.dataset
        precondition((1...data.periodCount).contains(periodCount), "as many periods before as are planned")
        let names = model.specification.channels
        let channels = names.indices.filter { names[$0].longTermOf == nil && data.spend[$0].contains { $0 > 0 } }
        self.channels = channels
        self.periodCount = periodCount
        geoCount = data.geoCount
        var dates: [CalendarDate] = []
        for _ in 0..<periodCount {
            dates.append(data.frequency.next(after: dates.last ?? data.dates[data.periodCount - 1]))
        }
        self.dates = dates
        self.priceRises = channels.map { priceRises[names[$0].name] ?? 0 }
        func before(_ values: [Double], _ geo: Int) -> ArraySlice<Double> {
            values[data.cells(of: geo)].suffix(periodCount)
        }
        let geos = 0..<data.geoCount
        current = channels.flatMap { channel in geos.flatMap { before(data.spend[channel], $0) } }
        highestSpend = channels.flatMap { channel in geos.map { data.spend[channel][data.cells(of: $0)].max() ?? 0 } }
        revenuePerKPI = geos.map { Reductions.sum(Array(before(data.revenuePerKPI, $0))) / Double(periodCount) }
        usualSpends = channels.flatMap { channel in
            geos.map { geo in
                let paid = before(data.spend[channel], geo).filter { $0 > 0 }
                return paid.isEmpty ? 0 : Reductions.sum(paid) / Double(paid.count)
            }
        }
        exposuresPerMoney = channels.flatMap { channel in
            geos.map { Self.exposurePerMoney(channel, geo: $0, model: model, before: before) }
        }
        let firstCells = Dictionary(uniqueKeysWithValues: channels.enumerated().map { ($1, $0) })
        tracks = geos.flatMap { geo in
            names.indices.map { channel in
                Self.track(
                    channel, geo: geo, model: model, periodCount: periodCount,
                    firstCell: firstCells[names[channel].longTermOf ?? channel].map {
                        ($0 * data.geoCount + geo) * periodCount
                    })
            }
        }
    }

    /// Of the periods before; where nothing was spent in them, of all the data, in the geo or else in all.
    private static func exposurePerMoney(
        _ channel: Int, geo: Int, model: MarketingMixModel, before: ([Double], Int) -> ArraySlice<Double>
    ) -> Double {
        let data = model.dataset
        func ratio(_ exposure: some Sequence<Double>, _ spend: some Sequence<Double>) -> Double? {
            let money = spend.reduce(0, +)
            return money > 0 ? exposure.reduce(0, +) / money : nil
        }
        let (exposure, spend) = (data.exposure[channel], data.spend[channel])
        let cells = data.cells(of: geo)
        let price =
            ratio(before(exposure, geo), before(spend, geo)) ?? ratio(exposure[cells], spend[cells])
            ?? ratio(exposure, spend) ?? 0
        return model.scaling.scaledExposure(price, channel: channel, geo: geo)
    }

    private static func track(
        _ channel: Int, geo: Int, model: MarketingMixModel, periodCount: Int, firstCell: Int?
    ) -> Track {
        let series = model.media[channel][geo]
        let count = model.specification.channels[channel].weightCount
        let last = series.exposures.suffix(count - 1)
        let frequency: Double? =
            series.frequencies.isEmpty
            ? nil : Self.meanFrequency(series.frequencies.suffix(periodCount), series.exposures.suffix(periodCount))
        return Track(
            channel: channel, geo: geo, firstCell: firstCell,
            history: [Double](repeating: 0, count: count - 1 - last.count) + last,
            background: firstCell == nil ? Array(series.exposures.suffix(periodCount)) : [], frequency: frequency,
            weightCount: count, saturatesFirst: model.laneKinds[channel].order == .saturationFirst)
    }

    private static func meanFrequency(_ frequencies: ArraySlice<Double>, _ reached: ArraySlice<Double>) -> Double {
        let total = reached.reduce(0, +)
        guard total > 0 else { return frequencies.max() ?? 0 }
        return zip(frequencies, reached).reduce(0) { $0 + $1.0 * $1.1 } / total
    }

    package var cellCount: Int { channels.count * geoCount * periodCount }

    /// Cells of a channel of the plan in a geo.
    package func cells(channel: Int, geo: Int) -> Range<Int> {
        let first = (channel * geoCount + geo) * periodCount
        return first..<first + periodCount
    }

    /// Most weights of a channel.
    var weightCountMax: Int { tracks.map(\.weightCount).max() ?? 1 }

    /// Exposure that money buys, by cell.
    struct Purchase {
        var exposures: [Double]
        /// Its derivative in the money of the cell, and how fast that falls: 0 or more.
        var slopes: [Double]
        var bends: [Double]
    }

    /// Below this share of the usual spend a price that rises is no longer lower.
    private static let leastShare = 1e-6

    func purchase(_ money: [Double]) -> Purchase {
        precondition(money.count == cellCount, "money for every cell")
        var result = Purchase(exposures: [], slopes: [], bends: [])
        for channel in channels.indices {
            let rise = priceRises[channel]
            for geo in 0..<geoCount {
                let place = channel * geoCount + geo
                let (rate, usual) = (exposuresPerMoney[place], usualSpends[place])
                for cell in cells(channel: channel, geo: geo) {
                    guard rise > 0, usual > 0 else {
                        result.exposures.append(rate * money[cell])
                        result.slopes.append(rate)
                        result.bends.append(0)
                        continue
                    }
                    let share = max(money[cell] / usual, Self.leastShare)
                    let average = rate * Elementary.exp(-rise * Elementary.log(share))
                    result.exposures.append(average * money[cell])
                    result.slopes.append((1 - rise) * average)
                    result.bends.append(rise * (1 - rise) * average / (share * usual))
                }
            }
        }
        return result
    }
}
