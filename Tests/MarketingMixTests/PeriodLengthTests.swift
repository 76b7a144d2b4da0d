import Densities
import ModelDefinition
import Testing

/// Defaults of a preset in days and months.
struct PeriodLengthTests {
    @Test("windows and distances are the same time in periods of any length")
    func windows() {
        func lags(_ preset: Preset, _ kind: ChannelKind) -> [Int] {
            [Frequency.day, .week, .month].map {
                preset.defaults.adstock(kind: kind, frequency: $0).maximumLag
            }
        }
        #expect(lags(.tutti, .brand) == [182, 26, 6])
        #expect(lags(.tutti, .performance) == [56, 8, 2])
        #expect(lags(.meridian, .performance) == [56, 8, 2])
        #expect(lags(.pymcMarketing, .brand) == [49, 7, 2])
        #expect([Frequency.day, .week, .month].map(Trend.jointDistance) == [182, 26, 6])
        #expect([Frequency.day, .week, .month].map(Trend.knotDistance) == [91, 13, 3])
    }

    private static func prior(
        _ parameter: MediaParameter, _ frequency: Frequency, kind: ChannelKind = .performance, preset: Preset = .tutti,
        adstock: Adstock.Kind = .geometric
    ) -> Prior {
        preset.defaults.prior(of: parameter, kind: kind, adstock: adstock, saturation: .hill, frequency: frequency)
    }

    @Test("the mean retention has the same mean lag in days", arguments: ChannelKind.allCases)
    func retention(kind: ChannelKind) throws {
        let weekly = try #require(Self.prior(.alpha, .week, kind: kind).mean)
        for frequency in [Frequency.day, .month] {
            let prior = Self.prior(.alpha, frequency, kind: kind)
            let mean = try #require(prior.mean)
            #expect(abs(frequency.meanDays * mean / (1 - mean) - 7 * weekly / (1 - weekly)) < 1e-12)
            // The deviation is that of the mapped retention where it is nearly straight.
            let (below, above) = (weekly - 1e-5, weekly + 1e-5)
            func mapped(_ alpha: Double) -> Double {
                let lag = 7 * alpha / (1 - alpha) / frequency.meanDays
                return lag / (1 + lag)
            }
            let slope = (mapped(above) - mapped(below)) / 2e-5
            let deviation = try #require(prior.standardDeviation)
            let expected = slope * (try #require(Self.prior(.alpha, .week, kind: kind).standardDeviation))
            #expect(abs(deviation - expected) < 1e-8)
        }
    }

    @Test("time scales are multiplied; shapes, and the presets of the packages, stay as they are")
    func others() {
        #expect(Self.prior(.halfLife, .day) == .inverseGamma(shape: 2.6, scale: 7))
        #expect(Self.prior(.theta, .day, adstock: .delayed) == .halfNormal(scale: 7))
        #expect(Self.prior(.weibullScale, .day, adstock: .weibullDensity) == .gamma(shape: 4, rate: 2.0 / 7))
        #expect(Self.prior(.weibullShape, .day, adstock: .weibullDensity) == .gamma(shape: 9, rate: 3))
        #expect(Self.prior(.alpha, .day, adstock: .binomial) == .beta(a: 1, b: 3))
        #expect(Self.prior(.alpha, .day, preset: .pymcMarketing) == .beta(a: 1, b: 3))
        #expect(Self.prior(.alpha, .day, preset: .meridian) == .uniform(lower: 0, upper: 1))
        #expect(Self.prior(.ec, .day) == Self.prior(.ec, .week))
    }
}
