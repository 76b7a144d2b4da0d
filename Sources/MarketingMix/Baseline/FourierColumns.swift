import Kernels
import ModelDefinition

/// One Fourier mode evaluated at the periods.
struct FourierColumn: Sendable {
    /// `sin_k` or `cos_k`, with a suffix where the model has several seasonalities.
    let label: String
    /// k, from 1.
    let harmonic: Int
    let values: [Double]
}

/// The 2K columns of a seasonality: the sines of harmonics 1...K, then the cosines.
///
/// Preset `pymc-marketing` counts the day of the year, 1...366, and leaves the columns as they are. The others
/// count days from the first date, so the phase runs on over new year, and centre each column over the periods,
/// so that the intercept keeps its meaning.
func fourierColumns(
    _ seasonality: Seasonality, dates: [CalendarDate], preset: Preset, suffix: String
) -> [FourierColumn] {
    let days = dates.map { date in
        switch preset {
        case .pymcMarketing: Double(date.dayOfYear)
        case .tutti, .meridian: Double(date.dayNumber - dates[0].dayNumber)
        }
    }
    var sines: [FourierColumn] = []
    var cosines: [FourierColumn] = []
    for harmonic in 1..<(seasonality.harmonics + 1) {
        var sine: [Double] = []
        var cosine: [Double] = []
        for day in days {
            let (sin, cos) = Elementary.sinCosTwoPi(Double(harmonic) * (day / seasonality.periodDays))
            sine.append(sin)
            cosine.append(cos)
        }
        if preset != .pymcMarketing {
            sine = centred(sine)
            cosine = centred(cosine)
        }
        sines.append(FourierColumn(label: "sin_\(harmonic)\(suffix)", harmonic: harmonic, values: sine))
        cosines.append(FourierColumn(label: "cos_\(harmonic)\(suffix)", harmonic: harmonic, values: cosine))
    }
    return sines + cosines
}

private func centred(_ values: [Double]) -> [Double] {
    let mean = Moments(values).mean
    return values.map { $0 - mean }
}
