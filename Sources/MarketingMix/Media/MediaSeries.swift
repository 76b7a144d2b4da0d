import ModelDefinition

/// What drives a channel's response in one geo, on the model's scale: one value a media period, those before the first
/// KPI first.
package struct MediaSeries: Sendable {
    /// Exposure, or reach.
    package var exposures: [Double]
    /// Contacts of a person reached, unscaled; empty for a channel without.
    ///
    /// With it the curve acts on the frequency and the exposure multiplies what it gives.
    var frequencies: [Double]
    /// Number of periods before the first KPI.
    package let historyCount: Int

    /// The same without what comes after the first `count` periods with a KPI.
    package func first(_ count: Int) -> MediaSeries {
        guard historyCount + count < exposures.count else { return self }
        var result = self
        result.exposures = Array(exposures.prefix(historyCount + count))
        result.frequencies = Array(frequencies.prefix(historyCount + count))
        return result
    }

    var isRunning: Bool { exposures.contains { $0 != 0 } }

    /// Whether nothing ran before the first KPI.
    var hasNoHistory: Bool { exposures.prefix(historyCount).allSatisfy { $0 == 0 } }

    /// The same with exposures of the KPI periods, and if `includingHistory` those before, changed; periods count from the
    /// first KPI.
    package func changed(
        includingHistory: Bool = false, _ change: (_ period: Int, _ exposure: Double) -> Double
    ) -> MediaSeries {
        var result = self
        for index in (includingHistory ? 0 : historyCount)..<exposures.count {
            result.exposures[index] = change(index - historyCount, exposures[index])
        }
        return result
    }
}

extension MarketingMixModel {
    /// A channel's series by geo.
    static func mediaSeries(of channel: Int, dataset: Dataset, scaling: Scaling) -> [MediaSeries] {
        let historyCount = dataset.history?.dates.count ?? 0
        func joined(_ geo: Int, _ history: [Double]?, _ values: [Double]) -> [Double] {
            let earlier = history.map { Array($0[geo * historyCount..<(geo + 1) * historyCount]) } ?? []
            return earlier + values[dataset.cells(of: geo)]
        }
        let hasFrequency = !dataset.contactFrequency[channel].isEmpty
        return (0..<dataset.geoCount).map { geo in
            let exposures = joined(geo, dataset.history?.exposure[channel], dataset.exposure[channel])
            return MediaSeries(
                exposures: exposures.map { scaling.scaledExposure($0, channel: channel, geo: geo) },
                frequencies: hasFrequency
                    ? joined(geo, dataset.history?.contactFrequency[channel], dataset.contactFrequency[channel]) : [],
                historyCount: historyCount)
        }
    }
}
