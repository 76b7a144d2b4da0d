import Densities
import ModelChecks
import ModelDefinition
import ModelFile
import Testing

/// Lift tests whose days the data hold as the test made them, and data that hold more than a fit may see.
struct LiftTestCheckTests {
    /// Forty Mondays from 2024-01-01. Television is 100 to 139 a week, times `factor` in weeks 20 to 23, which begin on
    /// 2024-05-20; letters always run.
    private func read(
        _ experiment: String, factor: Double = 1, unknown: Int = 0, more: String = "", channel: String = ""
    ) throws(ProblemList) -> ReadModel {
        let first = CalendarDate("2024-01-01")!
        let rows = (0..<40).map { week in
            let shown = Double(100 + week * 17 % 40) * ((20...23).contains(week) ? factor : 1)
            let sales = week < 40 - unknown ? "\(900 + week * week % 37)" : ""
            return "\(first.advanced(by: 7 * week)),\(sales),\(shown),\(40 + week * 11 % 23)\n"
        }
        let model = """
            tutti: 1
            data: {sources: [{file: data.csv}], date: week, frequency: week}
            kpi: {column: sales}
            channels:
              - {name: tv, spend: tv\(channel)}
              - {name: letters, spend: letters}
            \(more)
            \(experiment.isEmpty ? "" : "experiments: [{\(experiment)}]")
            """
        return try ModelFileReader.read(
            ModelBundle(
                modelName: "model.yaml", model: Array(model.utf8),
                files: [("data.csv", Array(("week,sales,tv,letters\n" + rows.joined()).utf8))])
        ).judged()
    }

    private static let days = "start: 2024-05-20, end: 2024-06-16"
    private static let dark = "name: dark, channels: [tv], \(days), design: go_dark, lift: -430, se: 40"

    @Test("a test that went dark in the data, with a little left, is refused with what to give")
    func leftOver() throws {
        for use in ["", ", use: prior"] {
            do {
                _ = try read(Self.dark + use, factor: 0.02)
                Issue.record("taken")
            } catch {
                let problem = try #require(error.problems.first)
                #expect(error.problems.count == 1)
                #expect(
                    problem.message.contains("'dark'") && problem.message.contains("'tv' ran at 2 % of its usual level")
                )
                // The largest of the four weeks is 0.02 × 137, and the usual level 119: 1/43 of it.
                #expect(problem.mend.contains("`design: scale`, `scale: 43`, `lift: 430`"))
                #expect(problem.mend.contains("spend"))
            }
        }
        // What was taken away is said, so that the data need not tell it.
        let priced = try read(Self.dark + ", use: prior, spend: 430", factor: 0.02)
        #expect(priced.experimentPriors.map(\.estimate.mean) == [1])
    }

    @Test("likely cases are a warning, ordinary ones pass without a word")
    func levels() throws {
        func words(_ experiment: String, factor: Double) throws -> [String] {
            try read(experiment, factor: factor).warnings.map(\.message).filter { $0.contains("hold the test") }
        }
        #expect(try words(Self.dark, factor: 1).isEmpty)
        #expect(try words(Self.dark, factor: 0.7).isEmpty)
        #expect(try words(Self.dark, factor: 0.3).count == 1)
        let scaled = "name: more, channels: [tv], \(Self.days), design: scale, scale: 2, lift: 430, se: 40"
        #expect(try words(scaled, factor: 1).isEmpty)
        #expect(try words(scaled, factor: 2).count == 1)
        let halved = "name: half, channels: [tv], \(Self.days), design: scale, scale: 0.5, lift: -215, se: 40"
        #expect(try words(halved, factor: 1).isEmpty)
        #expect(try words(halved, factor: 0.5).count == 1)
        #expect(throws: ProblemList.self) { try read(halved, factor: 0.05) }
    }

    @Test("a test as prior changed the spend of its days alone, and is kept beside the prior without it")
    func days() throws {
        // Wednesday to Tuesday: 5/7 of the week with 100, 2/7 of that with 117: 734/7 of money.
        let test =
            "name: dark, channels: [tv], start: 2024-01-03, end: 2024-01-09, design: go_dark, lift: -314.4, se: 31.44"
        let model = try read(test + ", use: prior")
        let prior = try #require(model.experimentPriors.first)
        #expect(abs(prior.estimate.mean - 314.4 * 7 / 734) < 1e-12)
        let measured = try #require(model.specification.measuredReturns.first)
        #expect(measured.channel == 0 && measured.priorWithoutTests == .logNormal(mean: 0.2, sd: 0.9))
        #expect(measured.tests.map(\.lastDay) == [CalendarDate("2024-01-09")!])
        #expect(model.specification.channels[0].priors[.roi] == measured.prior)
    }

    @Test("the lift of a channel with a slow component is no prior of one of them")
    func slow() throws {
        let slow = ", kind: brand, long_term: {prior: {roi: {lognormal: [1, 0.3]}}}"
        do {
            _ = try read(Self.dark + ", use: prior", channel: slow)
            Issue.record("taken")
        } catch {
            #expect(error.problems.map(\.message).contains { $0.contains("has a slow component") })
        }
        let model = try read(Self.dark, channel: slow)
        #expect(model.specification.testedChannels(of: model.specification.experiments[0]) == [0, 2])
    }

    @Test("media planned after the last KPI are left out, and said once")
    func plan() throws {
        let model = try read("", unknown: 6)
        #expect(model.dataset.periodCount == 34 && model.dataset.spend.allSatisfy { $0.count == 34 })
        let words = model.warnings.map(\.message).filter { $0.contains("no KPI") }
        #expect(words.count == 1 && words[0].contains("the 6 periods from 2024-08-26 on have no KPI yet"))
        let whole = try read("")
        #expect(whole.dataset.periodCount == 40 && !whole.warnings.contains { $0.message.contains("are a plan") })
    }

    @Test("defaults of daily and monthly data are those of weekly data in time")
    func frequencies() throws {
        for (frequency, lags) in [("day", [56, 182]), ("week", [8, 26]), ("month", [2, 6])] {
            var rows = ""
            var date = CalendarDate("2020-01-01")!
            for period in 0..<60 {
                rows += "\(date),\(900 + period * period % 37),\(100 + period * 17 % 40),\(40 + period * 11 % 23)\n"
                date = (Frequency(rawValue: frequency) ?? .week).next(after: date)
            }
            let model = """
                tutti: 1
                data: {sources: [{file: data.csv}], date: date, frequency: \(frequency)}
                kpi: {column: sales}
                channels:
                  - {name: tv, spend: tv}
                  - {name: letters, kind: brand, spend: letters}
                trend: {kind: piecewise_linear}
                """
            let read = try ModelFileReader.read(
                ModelBundle(
                    modelName: "model.yaml", model: Array(model.utf8),
                    files: [("data.csv", Array(("date,sales,tv,letters\n" + rows).utf8))]))
            #expect(read.specification.channels.map(\.adstock.maximumLag) == lags)
            #expect(read.specification.trend == .piecewiseLinear(every: lags[1]))
            let mean = try #require(read.specification.channels[0].priors[.alpha]?.mean)
            let days = read.dataset.frequency.meanDays * mean / (1 - mean)
            #expect(abs(days - 7.0 / 3) < 1e-12)
        }
    }
}
