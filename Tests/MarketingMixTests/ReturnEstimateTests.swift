import Densities
import MarketingMix
import ModelDefinition
import Testing

@Suite("returns that experiments measured")
struct ReturnEstimateTests {
    private static let days = CalendarDate("2024-01-03")!...CalendarDate("2024-01-16")!

    private static func experiment(factor: Double, lift: Double, error: Double = 30, geos: [String] = []) -> Experiment
    {
        Experiment(
            name: "test", channels: [0], geos: geos, days: days, factor: factor, lift: lift, standardError: error)
    }

    /// Four weeks from 2024-01-01 in two geos; the test has 5, 7 and 2 days of the first three.
    private static let dataset = Dataset(
        frequency: .week, dates: (0..<4).map { CalendarDate("2024-01-01")!.advanced(by: 7 * $0) },
        kpi: [Double](repeating: 500, count: 8), revenuePerKPI: [2, 2, 5, 9, 4, 4, 4, 4],
        spend: [[10, 20, 30, 40, 100, 200, 300, 400]], exposure: [[1, 1, 1, 1, 1, 1, 1, 1]], controls: [], events: [],
        holidays: [], geos: ["north", "south"])

    @Test("the changed spend and the value of the KPI are those of the tested days and geos")
    func change() {
        let all = Self.experiment(factor: 0, lift: -90)
        // (5 · 110 + 7 · 220 + 2 · 330) ÷ 7.
        #expect(abs(Self.dataset.spendChange(of: all, channel: 0) + 2750 / 7) < 1e-12)
        // (5 · 2 + 7 · 2 + 2 · 5 + 14 · 4) ÷ 28.
        #expect(abs(Self.dataset.revenuePerKPI(in: all) - 90.0 / 28) < 1e-14)
        let north = Self.experiment(factor: 1.5, lift: 40, geos: ["north"])
        #expect(abs(Self.dataset.spendChange(of: north, channel: 0) - 125.0 / 7) < 1e-13)
        #expect(abs(Self.dataset.revenuePerKPI(in: north) - 17.0 / 7) < 1e-14)
        var aligned = all
        aligned.days = CalendarDate("2024-01-08")!...CalendarDate("2024-01-21")!
        #expect(Self.dataset.spendChange(of: aligned, channel: 0) == -550)
        var outside = all
        outside.days = CalendarDate("2020-01-01")!...CalendarDate("2020-01-31")!
        #expect(Self.dataset.spendChange(of: outside, channel: 0) == 0)
        #expect(Self.dataset.revenuePerKPI(in: outside) == 4.25)
    }

    @Test("a return is lift in money ÷ changed spend, with the error's size whatever the design")
    func estimate() {
        let dark = ReturnEstimate(Self.experiment(factor: 0, lift: -90), spendChange: -150, revenuePerKPI: 2)
        #expect(abs(dark.mean - 1.2) < 1e-15 && abs(dark.standardError - 0.4) < 1e-15)
        let raised = ReturnEstimate(Self.experiment(factor: 1.5, lift: 90), spendChange: 60, revenuePerKPI: 1)
        #expect(raised.mean == 1.5 && raised.standardError == 0.5)
    }

    @Test("several estimates are weighted by their precisions")
    func combined() {
        // Precisions 25 and 4: (25 · 1 + 4 · 2.45)/29 = 1.2, 1/√29.
        let both = ReturnEstimate(combining: [
            ReturnEstimate(mean: 1, standardError: 0.2), ReturnEstimate(mean: 2.45, standardError: 0.5),
        ])
        #expect(abs(both.mean - 1.2) < 1e-15 && abs(both.standardError - 0.18569533817705186) < 1e-15)
        let one = ReturnEstimate(combining: [ReturnEstimate(mean: 1.75, standardError: 0.25)])
        #expect(one == ReturnEstimate(mean: 1.75, standardError: 0.25))
    }

    @Test("the prior is the log-normal of this mean and standard deviation", arguments: [0.01, 0.3, 1, 4])
    func prior(ratio: Double) throws {
        let prior = ReturnEstimate(mean: 2.4, standardError: 2.4 * ratio).prior
        #expect(abs(try #require(prior.mean) - 2.4) < 1e-13)
        #expect(abs(try #require(prior.standardDeviation) - 2.4 * ratio) < 1e-12)
    }

    @Test("its parameters are those worked out by hand")
    func parameters() {
        // se/mean = 3/4: σ² = log(1.5625) = 0.44628710262841953, μ = log 2 − σ²/2.
        guard case .logNormal(let mean, let sd) = ReturnEstimate(mean: 2, standardError: 1.5).prior else {
            Issue.record("another distribution")
            return
        }
        #expect(abs(mean - 0.47000362924573558) < 1e-15 && abs(sd - 0.6680472308365776) < 1e-15)
    }
}
