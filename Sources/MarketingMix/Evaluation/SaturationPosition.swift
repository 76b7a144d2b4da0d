import ModelDefinition

extension ModelDraw {
    /// How far up its curve a channel runs: the exposure that the curve sees ÷ the exposure at half of the most that
    /// the curve comes to, mean over the cells of the window in which the channel ran. Nil where it never ran, and where the
    /// curve grows without end.
    package func saturationPosition(channel: Int) -> Double? {
        var (sum, count) = (0.0, 0)
        for geo in 0..<model.dataset.geoCount {
            let media = channels[channel].media[geo]
            guard let half = media.curve.halfPoint else { return nil }
            let series = model.media[channel][geo]
            let seen: [Double]
            switch media.order {
            case .adstockFirst:
                seen = media.filter.apply(to: series.exposures, trailing: 0)
            case .saturationFirst:
                seen = series.frequencies.isEmpty ? series.exposures : series.frequencies
            }
            for period in series.historyCount..<series.historyCount + model.windowPeriodCount
            where series.exposures[period] > 0 {
                sum += seen[period] / half
                count += 1
            }
        }
        return count > 0 ? sum / Double(count) : nil
    }
}
