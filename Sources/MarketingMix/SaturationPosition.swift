import ModelDefinition

extension MarketingMixModel {
    /// How far up its curve a channel runs at one draw: the exposure that the curve sees ÷ the exposure at half of the most that
    /// the curve comes to, mean over the cells of the window in which the channel ran. Nil where it never ran, and where the
    /// curve grows without end.
    package func saturationPosition(channel: Int, constrained: [Double]) -> Double? {
        let parameters = values(constrained)
        var (sum, count) = (0.0, 0)
        for geo in 0..<dataset.geoCount {
            guard let half = saturationCurve(channel, geo: geo, parameters: parameters).halfPoint else { return nil }
            let series = media[channel][geo]
            let seen: [Double]
            switch laneKinds[channel].order {
            case .adstockFirst:
                seen = adstockFilter(channel, geo: geo, parameters: parameters).apply(to: series.exposures, trailing: 0)
            case .saturationFirst:
                seen = series.frequencies.isEmpty ? series.exposures : series.frequencies
            }
            for period in series.historyCount..<series.historyCount + windowPeriodCount
            where series.exposures[period] > 0 {
                sum += seen[period] / half
                count += 1
            }
        }
        return count > 0 ? sum / Double(count) : nil
    }
}
