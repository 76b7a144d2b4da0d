import Densities
import MarketingMix
import ModelChecks
import ModelDefinition
import ModelFile
import Testing

@Suite("experiments as priors")
struct ExperimentPriorTests {
    /// Twenty Mondays from 2024-01-01; television costs 100 a week, letters 50.
    private func read(
        _ experiments: [String], television: String = "", kpi: String = "{column: sales}", more: String = ""
    ) throws(ProblemList) -> ReadModel {
        let first = CalendarDate("2024-01-01")!
        let rows = (0..<20).map { week in
            let shown = 100 + (week % 2 == 0 ? 20 : -20)
            return "\(first.advanced(by: 7 * week)),\(900 + week * week % 37),\(shown),\(40 + week * 11 % 23),4\n"
        }
        let model = """
            tutti: 1
            data: {sources: [{file: data.csv}], date: week, frequency: week}
            kpi: \(kpi)
            channels:
              - {name: tv, spend: tv\(television)}
              - {name: letters, spend: letters}
            \(more)
            experiments:
            \(experiments.map { "  - {\($0)}" }.joined(separator: "\n"))
            """
        return try ModelFileReader.read(
            ModelBundle(
                modelName: "model.yaml", model: Array(model.utf8),
                files: [("data.csv", Array(("week,sales,tv,letters,price\n" + rows.joined()).utf8))]))
    }

    /// Four weeks of 400 in all.
    private static let days = "start: 2024-02-05, end: 2024-03-03"
    private static let dark = "name: dark, channels: [tv], \(days), design: go_dark, lift: -480, se: 160, use: prior"

    /// μ and σ of the prior of a channel's return.
    private func prior(_ model: ReadModel, _ parameter: MediaParameter = .roi) -> [Double] {
        guard case .logNormal(let mean, let sd)? = model.specification.channels[0].priors[parameter] else { return [] }
        return [mean, sd]
    }

    private func isClose(_ values: [Double], _ expected: [Double]) -> Bool {
        values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) < 1e-12 }
    }

    @Test("a test is the prior of its channel's return and no term of the likelihood; other channels keep theirs")
    func goDark() throws {
        // 480/400 = 1.2 ± 0.4: σ² = log(1 + 1/9), μ = log 1.2 − σ²/2.
        let model = try read([Self.dark])
        #expect(isClose(prior(model), [0.12964129896501632, 0.3245928459745]))
        #expect(model.specification.experiments.isEmpty)
        #expect(model.specification.channels[1].priors[.roi] == .logNormal(mean: 0.2, sd: 0.9))
        let own = try #require(model.experimentPriors.first)
        #expect(own.channel == "tv" && own.experiments == ["dark"])
        #expect(abs(own.estimate.mean - 1.2) < 1e-15 && abs(own.estimate.standardError - 0.4) < 1e-15)
    }

    @Test("a test may raise the spend, change what the file says of its money, and stand with others and with terms")
    func designs() throws {
        let raised =
            "name: raised, channels: [tv], \(Self.days), design: scale, scale: 1.5, lift: 240, se: 80, use: prior"
        #expect(isClose(prior(try read([raised])), [0.12964129896501632, 0.3245928459745]))
        // Not in the data at all: 120/100 = 1.2 ± 0.4.
        let earlier =
            "name: earlier, channels: [tv], start: 2021-05-01, end: 2021-05-31, design: go_dark, lift: -120, se: 40, "
            + "use: prior, spend: 100"
        #expect(isClose(prior(try read([earlier])), [0.12964129896501632, 0.3245928459745]))
        // 1.2 ± 0.4 with 2 ± 0.3: precisions 6.25 and 100/9.
        let more =
            "name: more, channels: [tv], \(Self.days), design: scale, scale: 3, lift: 1600, se: 240, use: prior"
        let term = "name: term, channels: [tv], \(Self.days), design: go_dark, lift: -480, se: 160"
        let model = try read([Self.dark, more, term])
        let combined = try #require(model.experimentPriors.first)
        #expect(combined.experiments == ["dark", "more"])
        #expect(abs(combined.estimate.mean - 1.712) < 1e-14 && abs(combined.estimate.standardError - 0.24) < 1e-14)
        #expect(model.specification.experiments.map(\.name) == ["term"])
        let written = try read([Self.dark.replacingPrior("likelihood")])
        #expect(written.specification.experiments.map(\.name) == ["dark"] && written.experimentPriors.isEmpty)
    }

    @Test(
        "the KPI is valued, the calibration window's return is the one that is meant, and what all channels share gives way"
    )
    func parameters() throws {
        let valued = try read([Self.dark], kpi: "{column: sales, kind: units, revenue_per_kpi: price}")
        #expect(abs(try #require(valued.experimentPriors.first).estimate.mean - 4.8) < 1e-14)
        let window = try read(
            [Self.dark], television: ", effect: {kind: roi, calibration_window: {start: 2024-02-05, end: 2024-03-03}}")
        #expect(isClose(prior(window, .windowROI), [0.12964129896501632, 0.3245928459745]))
        let shared = try read([Self.dark], more: "effect: {prior: {lognormal: [1, 0.1]}}")
        #expect(isClose(prior(shared), [0.12964129896501632, 0.3245928459745]))
        #expect(shared.specification.channels[1].priors[.roi] == .logNormal(mean: 1, sd: 0.1))
        let meridian = try read([Self.dark], more: "preset: meridian")
        #expect(isClose(prior(meridian), [0.12964129896501632, 0.3245928459745]))
        // Units that nothing values: the others share the rule for units, this one has its test.
        let units = try read([Self.dark], kpi: "{column: sales, kind: units}")
        #expect(isClose(prior(units), [0.12964129896501632, 0.3245928459745]))
        #expect(units.specification.channels[1].priors[.roi] != .logNormal(mean: 0.2, sd: 0.9))
    }

    @Test("a prior that the channel states in either place is a contradiction")
    func contradictions() {
        for stated in [
            ", effect: {kind: roi, prior: {lognormal: [0, 1]}}", ", prior: {roi: {lognormal: [0, 1]}}",
            ", prior: {roi_m: {lognormal: [0, 1]}}",
        ] {
            let more = stated.contains("roi_m") ? "preset: meridian" : ""
            do {
                _ = try read([Self.dark], television: stated, more: more)
                Issue.record("\(stated) is taken")
            } catch {
                #expect(error.problems.count == 1 && error.problems[0].message.contains("states a prior of its return"))
            }
        }
    }

    @Test("validate says what was measured, what prior it gave, and how much of the effect the days of the test hold")
    func description() throws {
        let alone = ModelDescription(try read([Self.dark])).text
        #expect(alone.contains("roi[tv, letters]: lognormal(0.1296412989650"))
        // α is ¼ by its prior: of what runs in week k of four, 1 − α^(5 − k) falls within them, 0.917 on average.
        #expect(alone.contains("  tv: 1.2 with standard error 0.4, by dark; by the priors about 92 % of the effect"))
        #expect(!alone.contains("experiments in the likelihood"))
        let none = ModelDescription(
            try read(
                [Self.dark.replacingPrior("likelihood")],
                kpi: "{column: sales, currency: EUR, margin: 0.4}", more: "holdout: {last: 2}")
        ).text
        #expect(!none.contains("experiments measured"))
        #expect(none.contains("experiments in the likelihood:\n  dark: tv at 0 times its exposure, "))
        #expect(none.contains(": lift -480 with standard error 160\n"))
        #expect(none.contains("\nkpi: revenue, money in EUR, margin 0.4\nholdout: the last 2 periods, from "))
    }
}

extension String {
    fileprivate func replacingPrior(_ use: String) -> String {
        split(separator: "use: prior").joined(separator: "use: \(use)") + (hasSuffix("use: prior") ? "use: \(use)" : "")
    }
}
