import Kernels
import ModelDefinition
import ModelFile

extension DataChecks {
    /// Windows of moving means that are looked for, in periods.
    private static let smoothingWindows = 2...13
    /// Periods that a window of one needs.
    private static let lengthPerWindow = 8
    /// Power at the frequencies that a moving mean takes out ÷ power between them, by how many of them there are. Of
    /// series of white and of autocorrelated noise with a season less than 1 in 200 lie below; of their means over 2 to 8
    /// periods more than 98 in 100 do.
    private static let powerRatios = [0.028, 0.056, 0.084]

    /// A KPI that is a moving mean of what was measured: its errors lean on each other, and intervals come out too narrow.
    var smoothedKPI: [Problem] {
        let series = (0..<data.geoCount).compactMap(unbrokenKPI)
        // A panel is smoothed as a whole.
        guard 2 * series.count > data.geoCount, let window = smoothingWindow(series) else { return [] }
        return [
            kpiProblem(
                "the KPI looks like a moving mean over \(window) \(data.frequency)s: its errors lean on each other, and "
                    + "intervals come out too narrow.",
                mend: "give the KPI as it was measured; otherwise write `likelihood: {errors: ar1}`.",
                french: """
                    l’indicateur ressemble à une moyenne mobile sur \(window) périodes : ses erreurs se tiennent, \
                    et les intervalles sortent trop étroits. Donnez-le tel que mesuré ; sinon écrivez `likelihood: \
                    {errors: ar1}`.
                    """
            )
        ]
    }

    /// The KPI of a geo from its first known period to its last; nil where one between is not known.
    private func unbrokenKPI(of geo: Int) -> [Double]? {
        let own = knownCells(of: geo)
        guard let first = own.first, let last = own.last, last - first + 1 == own.count else { return nil }
        return own.map { data.kpi[$0] }
    }

    /// The window of the moving mean that the series of all geos look like.
    ///
    /// A mean over w periods leaves nothing at the frequencies k/w, whatever it is taken of. Compared are the powers of
    /// tapered changes there and between, as the mean of the geos.
    private func smoothingWindow(_ series: [[Double]]) -> Int? {
        let spectra = series.map { ChangesSpectrum($0, avoidsWeek: data.frequency == .day) }
        let length = series.map(\.count).min() ?? 0
        let ratios = Self.smoothingWindows.filter { length > Self.lengthPerWindow * $0 }.map { window in
            let limit = Self.powerRatios[min(window / 2, Self.powerRatios.count) - 1]
            let left = spectra.reduce(0) { $0 + $1.powerLeft(by: window) } / Double(spectra.count)
            return (window: window, ratio: left / limit)
        }
        return ratios.min { $0.ratio < $1.ratio }.flatMap { $0.ratio < 1 ? $0.window : nil }
    }
}

/// The power of a series' changes by frequency, under a taper that keeps frequencies apart.
private struct ChangesSpectrum {
    /// Distances from a null at which its power is read as well, × 1/length: they are as good as independent.
    private static let offset = 1.2
    private static let offsetsOfHalf = [0, 1.5, 3]
    private static let between = [0.25, 0.35, 0.45, 0.55, 0.65, 0.75]

    /// Distance from the frequencies of a week within which days that differ, as closed Sundays, may have all the power,
    /// though their size changes with the year.
    private static let weekWidth = 0.02

    private let tapered: [Double]
    private let avoidsWeek: Bool

    /// - Parameter avoidsWeek: whether a period is a day, so that the pattern of the week says nothing of a mean.
    init(_ series: [Double], avoidsWeek: Bool) {
        self.avoidsWeek = avoidsWeek
        let changes = DataChecks.differences(series)
        let count = Double(changes.count)
        let taper = changes.indices.map { index in
            let sine = Elementary.sinCosTwoPi((Double(index) + 0.5) / (2 * count)).sin
            return sine * sine
        }
        let mean = Reductions.dot(taper, changes) / Reductions.sum(taper)
        tapered = zip(changes, taper).map { ($0 - mean) * $1 }
    }

    /// Mean power at k/window ÷ mean power between; 1 where there is none at all.
    func powerLeft(by window: Int) -> Double {
        let count = Double(tapered.count)
        var nulls: [Double] = []
        for multiple in 1...max(1, window / 2) {
            let frequency = Double(multiple) / Double(window)
            if window == 2 {
                nulls += Self.offsetsOfHalf.map { frequency - $0 / count }
            } else {
                nulls += [frequency - Self.offset / count, frequency]
                if 2 * multiple < window { nulls.append(frequency + Self.offset / count) }
            }
        }
        let others = (0...window / 2).flatMap { multiple in
            Self.between.map { (Double(multiple) + $0) / Double(window) }
        }.filter { $0 <= 0.5 && !(avoidsWeek && Self.isOfWeek($0)) }
        let power = mean(others)
        return power > 0 ? mean(nulls) / power : 1
    }

    private static func isOfWeek(_ frequency: Double) -> Bool {
        abs(7 * frequency - (7 * frequency).rounded()) < 7 * weekWidth && frequency > weekWidth
    }

    private func mean(_ frequencies: [Double]) -> Double {
        frequencies.reduce(0) { $0 + power($1) } / Double(frequencies.count)
    }

    private func power(_ frequency: Double) -> Double {
        var (real, imaginary) = (0.0, 0.0)
        for (index, value) in tapered.enumerated() {
            let turn = frequency * Double(index)
            let wave = Elementary.sinCosTwoPi(turn - turn.rounded())
            real += wave.cos * value
            imaginary += wave.sin * value
        }
        return real * real + imaginary * imaginary
    }
}
