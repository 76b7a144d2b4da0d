import ModelDefinition

extension MarketingMixModel {
    /// Whether the parameter at a place in layout order is, by its definition, a return that is reported: what a channel's
    /// media bring in the periods of the window, or further media would, per money spent on them in all geos.
    ///
    /// Such a parameter is one number of all geos, divided among them whatever makes them differ. It is another number with
    /// a log link, where the effect is a term of the logarithm, and where media work more or less over time, which it does
    /// not count. A channel that never ran brings nothing, whatever its parameter is. The preset `meridian` counts media
    /// before the window.
    package func isReportedReturn(_ coordinate: Int) -> Bool {
        guard specification.preset != .meridian, !scaling.hasLogLink, effectivenessBasis.isEmpty else { return false }
        let place = parameters.table.places[coordinate]
        return specification.channels.indices.contains { channel in
            [.roi, .marginalROI].contains(specification.channels[channel].effect)
                && parameters.channels.allSatisfy { $0[channel].effect == place }
                && media[channel].contains { series in
                    series.first(windowPeriodCount).exposures.dropFirst(series.historyCount).contains { $0 != 0 }
                }
        }
    }
}
