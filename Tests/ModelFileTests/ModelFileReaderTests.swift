import Densities
import Foundation
import Kernels
import MarketingMix
import ModelChecks
import ModelDefinition
import ModelFile
import Testing

/// The package's own folder: this file lies in Tests/ModelFileTests.
private let packageFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private func configuration(_ name: String) throws -> ReadModel {
    try ModelFileReader.read(
        ModelFileReader.bundle(at: packageFolder.appendingPathComponent("Configs/models/\(name).yaml").path))
}

@Suite("the model file reader")
struct ModelFileReaderTests {
    /// Twelve Mondays from 2024-01-01.
    private static let dates = (0..<12).map { CalendarDate(year: 2024, month: 1, day: 1)!.advanced(by: 7 * $0) }

    private static func csv(_ header: String, _ rows: (Int) -> String) -> [UInt8] {
        let lines = dates.enumerated().map { "\($1),\(rows($0))\n" }
        return Array((header + "\n" + lines.joined()).utf8)
    }

    private static let sales = csv("week,sales") { "\(100 + 3 * ($0 * $0 % 5))" }
    private static let media = csv("week,tv,clicks") { "\($0 % 3),\(10 * ($0 % 4))" }

    private static let model = """
        tutti: 1
        name: joined
        data: {sources: [{file: sales.csv}, {file: media.csv}], date: week, frequency: week}
        kpi: {column: sales, margin: 0.3}
        channels:
          - {name: tv, kind: brand, spend: tv}
          - {name: search, spend: tv, exposure: clicks}
        """

    private func read(
        _ model: String = Self.model, sales: [UInt8] = Self.sales, media: [UInt8] = Self.media
    ) throws(ProblemList) -> ReadModel {
        try ModelFileReader.read(
            ModelBundle(
                modelName: "model.yaml", model: Array(model.utf8), files: [("media.csv", media), ("sales.csv", sales)])
        ).judged()
    }

    private func problems(
        _ model: String = Self.model, sales: [UInt8] = Self.sales, media: [UInt8] = Self.media
    ) -> [String] {
        do {
            _ = try read(model, sales: sales, media: media)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("knots stand at a distance or at dates, and form and metric of the sampler are read")
    func knotsAndSampling() throws {
        let every = try read(
            Self.model + "\ntrend: {kind: knots, every: 4}\nsampling: {form: joint, metric: fisher_diagonal}\n")
        #expect(every.specification.trend == .knots(.every(4)))
        #expect(every.specification.sampling.form == .joint)
        #expect(every.specification.sampling.metric == .fisherDiagonal)
        let dated = try read(Self.model + "\ntrend: {kind: knots, knots: [2024-01-01, 2024-02-05]}\n")
        #expect(dated.specification.trend == .knots(.dates([Self.dates[0], Self.dates[5]])))
        #expect(dated.specification.sampling.form == .marginal && dated.specification.sampling.metric == .automatic)
        for bad in [
            "trend: {kind: knots, knots: [2024-02-05, 2024-01-01]}", "trend: {kind: knots, knots: [monday]}",
            "trend: {kind: linear, knots: [2024-02-05]}", "trend: {kind: knots, knots: [2024-02-05]}",
            "sampling: {form: sideways}", "sampling: {metric: best}",
        ] {
            #expect(throws: ProblemList.self, "\(bad)") { try read(Self.model + "\n\(bad)\n") }
        }
    }

    /// Eight weeks of two geos, rows in no order of geos.
    private static func panelCSV(_ row: (String, Int) -> String?) -> [UInt8] {
        let lines = dates.prefix(8).enumerated().flatMap { index, date in
            ["south", "north"].compactMap { geo in row(geo, index).map { "\(date),\(geo),\($0)\n" } }
        }
        return Array(("week,region,sales,people,tv\n" + lines.joined()).utf8)
    }

    private static let panel = """
        tutti: 1
        data: {sources: [{file: sales.csv}], date: week, geo: region, frequency: week}
        kpi: {column: sales, population: people}
        channels: [{name: tv, spend: tv}]
        """

    @Test("a panel is read geo after geo in the order of the file, and may be joined with calendars of all geos")
    func geos() throws {
        let sales = Self.panelCSV { "\($0 == "north" ? 200 : 100 + $1 * $1),\($0 == "north" ? 30 : 10),\($1)" }
        let read = try read(Self.panel, sales: sales)
        let data = read.dataset
        #expect(data.geos == ["south", "north"] && data.periodCount == 8 && data.cellCount == 16)
        #expect(data.kpi == (0..<8).map { 100 + Double($0 * $0) } + [Double](repeating: 200, count: 8))
        #expect(data.population == [10, 30])
        #expect(read.specification.pooling == .partial)
        let price = Self.csv("week,price") { "\($0)" }
        let priced =
            Self.panel.replacingOccurrences(of: "[{file: sales.csv}]", with: "[{file: sales.csv}, {file: media.csv}]")
            + "\ncontrols: [price]\nhierarchy: {pooling: none}\n"
        let joined = try self.read(
            priced, sales: sales,
            media: Array(
                String(decoding: price, as: UTF8.self).split(separator: "\n").prefix(9).joined(separator: "\n").utf8))
        #expect(joined.dataset.controls[0].values == (0..<16).map { Double($0 % 8) })
        #expect(joined.specification.pooling == .none)
    }

    @Test("the hierarchy of single blocks, and the likelihood, are read under the preset's names or our own")
    func hierarchy() throws {
        let sales = Self.panelCSV { "\($0 == "north" ? 200 : 100 + $1 * $1),\($0 == "north" ? 30 : 10),\($1)" }
        let peer = try read(
            Self.panel + """

                preset: pymc-marketing
                likelihood: {family: truncated_normal}
                hierarchy:
                  parameters:
                    saturation_lam: {pooling: complete}
                    alpha: {pooling: none}
                    beta: {pooling: partial, mean: {normal: [-1.5, 0.25]}, sd: {exponential: [4]}}
                    fourier: {pooling: partial, mean: 0, sd: {half_normal: [0.2]}, sd_per: block}
                    y_sigma: {pooling: partial}

                """, sales: sales
        ).specification
        #expect(peer.pooling == .none && peer.likelihood == .truncatedNormal)
        #expect(
            peer.hierarchy == [
                "lam": .complete, "alpha": .independent,
                "beta": .partial(
                    GeoDeviations(
                        form: .logNormal, mean: .normal(mean: -1.5, sd: 0.25), sd: .exponential(rate: 4))),
                "fourier": .partial(
                    GeoDeviations(form: .normal, mean: .point(0), sd: .halfNormal(scale: 0.2), scope: .block)),
                "sigma": .partial(GeoDeviations(form: .logNormal, sd: .halfNormal(scale: 0.3))),
            ])
        let own = try read(
            Self.panel + """

                likelihood: {family: student_t, sigma: per_geo}
                prior: {zeta: {half_normal: [0.1]}, nu: {gamma: [4, 0.5]}}
                hierarchy: {pooling: partial, deviations: normal, parameters: {intercept: {pooling: none, baseline: largest}}}

                """, sales: sales
        ).specification
        #expect(own.likelihood == .studentT && own.priors["nu"] == .gamma(shape: 4, rate: 0.5))
        #expect(
            own.hierarchy == [
                "effect": .partial(GeoDeviations(form: .normal, sd: .halfNormal(scale: 0.5))),
                "intercept": .againstLargest,
                "sigma": .partial(GeoDeviations(form: .logNormal, sd: .halfNormal(scale: 0.1))),
            ])
        #expect(try read(Self.panel, sales: sales).specification.hierarchy.isEmpty)
    }

    @Test("a likelihood of logarithms, errors that follow on each other, a smooth trend and a slow component are read")
    func likelihoods() throws {
        let sales = Self.panelCSV { "\($0 == "north" ? 200 : 100 + $1 * $1),\($0 == "north" ? 30 : 10),\($1)" }
        let text = Self.panel + "\nlikelihood: {family: lognormal, errors: ar1}\ntrend: {kind: gaussian_process}\n"
        let own = try read(text, sales: sales).specification
        #expect(own.likelihood == .logNormal && own.errors == .autoregressive && own.trend == .gaussianProcess)
        let channel = own.channels[0]
        #expect(channel.effect == .coefficient && channel.priors[.beta] == .halfNormal(scale: 0.5))
        let peer = try read(text + "preset: pymc-marketing\n", sales: sales).specification
        #expect(peer.channels[0].priors[.beta] == .halfNormal(scale: 2))
    }

    @Test(
        "what a hierarchy or a likelihood cannot be is named",
        arguments: [
            ("hierarchy: {parameters: {lambda: {pooling: none}}}", "unknown parameter 'hierarchy.parameters.lambda'"),
            ("hierarchy: {parameters: {alpha: {pooling: partial}}}", "is bounded on both sides"),
            ("hierarchy: {parameters: {ec: {pooling: partial, deviations: normal}}}", "is positive"),
            ("hierarchy: {parameters: {control: {pooling: none, sd: 1}}}", "needs `pooling: partial`"),
            (
                "hierarchy: {parameters: {control: {deviations: normal}}}",
                "'hierarchy.parameters.control.pooling' is missing"
            ),
            ("hierarchy: {parameters: {control: {pooling: none, baseline: largest}}}", "is for intercepts"),
            ("hierarchy: {parameters: {effect: {pooling: partial, mean: {normal: [0, 1]}}}}", "own prior"),
            ("hierarchy: {parameters: {control: {pooling: partial, sd: {normal: [0, 1]}}}}", "below 0"),
            ("hierarchy: {parameters: [control]}", "must map parameters"),
            ("hierarchy: {pooling: none, deviations: normal}", "needs `pooling: partial`"),
            ("likelihood: {sigma: shared}\nhierarchy: {parameters: {sigma: {pooling: none}}}", "say the same twice"),
            ("hierarchy: {parameters: {rho: {pooling: partial}}}", "is bounded on both sides"),
            ("likelihood: {family: cauchy}", "cannot be 'cauchy'"),
            ("likelihood: {sigma: each}", "cannot be 'each'"), ("prior: {nu: {normal: [0, 1]}}", "nu is positive"),
        ])
    func brokenHierarchy(text: String, expected: String) {
        let sales = Self.panelCSV { "\(100 + $1 * $1),10,\($0 == "south" ? 1 : $1)" }
        let found = problems(Self.panel + "\n\(text)\n", sales: sales)
        #expect(found.contains { $0.contains(expected) && $0.contains("Mend: ") }, "\(found)")
    }

    @Test("a truncated likelihood refuses a KPI below 0; what fitted values are is said of the model, and no warning")
    func truncatedKPI() throws {
        let text = Self.panel + "\nlikelihood: {family: truncated_normal}\n"
        let negative = Self.panelCSV { "\($1 == 3 ? -4 : 100 + $1 * $1),10,\($1 % 3)" }
        let found = problems(text, sales: negative)
        #expect(found.contains { $0.contains("KPI is -4 in 'south' on 2024-01-22") }, "\(found)")
        let sound = Self.panelCSV { "\(100 + $1 * $1),10,\($1 % 3)" }
        let model = try read(text, sales: sound)
        #expect(ModelDescription(model).text.contains("likelihood: truncated_normal; fitted values"))
        #expect(!model.warnings.contains { $0.description.contains("truncated") })
    }

    @Test("holes and contradictions of a panel are named with their geo")
    func brokenGeos() {
        let hole = Self.panelCSV { $0 == "south" && $1 == 3 ? nil : "\(100 + $1 * $1),10,1" }
        #expect(problems(Self.panel, sales: hole).contains { $0.contains("south, 2024-01-22 is missing") })
        let people = Self.panelCSV { "\(100 + $1 * $1),\($0 == "south" ? $1 + 1 : 10),1" }
        #expect(problems(Self.panel, sales: people).contains { $0.contains("population of 'south'") })
        let whole = Self.panelCSV { "\(100 + $1 * $1),10,1" }
        let series = Self.panel.replacingOccurrences(of: ", geo: region", with: "")
        #expect(problems(series, sales: whole).contains { $0.contains("data.geo") })
        let misnamed = Self.panel.replacingOccurrences(of: "geo: region", with: "geo: regions")
        #expect(problems(misnamed, sales: whole).contains { $0.contains("no geo column 'regions'") })
    }

    @Test("a period without a KPI is left out with a warning, never taken as 0; one without media is refused")
    func missingKPI() throws {
        let empty = Self.csv("week,sales") { $0 == 4 ? "" : "\(100 + 3 * ($0 * $0 % 5))" }
        let read = try read(sales: empty)
        #expect(read.dataset.kpi[4].isNaN && read.dataset.kpi.count { $0.isNaN } == 1)
        let hole = try #require(read.warnings.first { $0.description.contains("1 of 12 periods have no KPI") })
        #expect(hole.figures.english == hole.figures.french && hole.sentence.french.contains("29/01/2024"))
        let ragged = Self.panelCSV { $0 == "south" && $1 == 3 ? nil : "\(100 + $1 * $1),10,1" }
        let zero = Self.panel.replacingOccurrences(of: "frequency: week", with: "frequency: week, missing: zero")
        #expect(problems(zero, sales: ragged).contains { $0.contains("7 known values of 'south'") })
        let mostlyEmpty = Self.csv("week,sales") { $0 < 7 ? "\($0)" : "NA" }
        #expect(problems(sales: mostlyEmpty).contains { $0.contains("7 known values are too few") })
    }

    @Test("media before the first KPI are history, in a file that begins earlier or in records without a KPI")
    func mediaHistory() throws {
        let rows = Self.dates.enumerated().dropFirst(3).map { index, date in "\(date),\(100 + index * index),\(index)" }
        let late = Array((["week,sales,price"] + rows).joined(separator: "\n").utf8)
        let blank = Self.csv("week,sales,price") { $0 < 3 ? "," : "\(100 + $0 * $0),\($0)" }
        for sales in [late, blank] {
            let data = try read(Self.model + "\ncontrols: [price]\n", sales: sales).dataset
            let periods = (3..<12).map(Double.init)
            #expect(data.dates == Array(Self.dates.dropFirst(3)))
            #expect(data.kpi == periods.map { 100 + $0 * $0 } && data.controls[0].values == periods)
            #expect(data.history?.dates == Array(Self.dates.prefix(3)))
            #expect(data.history?.exposure == [[0, 1, 2], [0, 10, 20]])
            let clicks: [Double] = [30, 0, 10, 20, 30, 0, 10, 20, 30]
            #expect(data.exposure[1] == clicks)
        }
        let burnt = try read(
            Self.model.replacingOccurrences(of: "frequency: week}", with: "frequency: week, history: burn_in}")
                + "\nadstock: {max_lag: 4}\n")
        #expect(burnt.dataset.dates.first == Self.dates[4] && burnt.dataset.history?.dates.count == 4)
        let gap = Self.csv("week,tv,clicks") { "\($0 % 3),\($0 == 1 ? "" : "1")" }
        #expect(problems(sales: late, media: gap).contains { $0.contains("the value is missing") })
    }

    @Test("the preset meridian is read with reach and frequency, treatments, and its own defaults")
    func meridian() throws {
        let text = """
            tutti: 1
            preset: meridian
            data: {sources: [{file: sales.csv}, {file: media.csv}], date: week, frequency: week}
            kpi: {column: sales}
            channels:
              - {name: tv, spend: tv, adstock: {kind: binomial}}
              - {name: video, spend: tv, reach: clicks, frequency: tv}
              - {name: letter, organic: true, exposure: clicks}
            treatments: [{name: promotion, column: clicks, baseline: 10}, {name: stores, column: tv, effect: coefficient}]
            """
        let specification = try read(text, media: Self.csv("week,tv,clicks") { "\(1 + $0 % 3),\(10 * ($0 % 4))" })
            .specification
        let channels = specification.channels
        #expect(channels.map(\.medium) == [.paid, .paidReach, .organic])
        #expect(channels.map(\.effect) == [.roi, .roi, .contribution])
        #expect(channels.map(\.adstock.kind) == [.meridianBinomial, .geometric, .geometric])
        #expect(
            channels.allSatisfy { $0.adstock.maximumLag == 8 && $0.priors[.alpha] == .uniform(lower: 0, upper: 1) })
        #expect(channels[1].priors[.ec] == .shiftedLogNormal(shift: 0.1, mean: 0.7, sd: 0.4))
        #expect(specification.trend == .knots(.count(1)) && !specification.intercept)
        #expect(
            specification.treatments.map(\.prior) == [
                .truncatedNormal(mean: 0, sd: 0.1, lower: -1, upper: 1), .normal(mean: 0, sd: 5),
            ])
        #expect(specification.treatments[0].baseline == .value(10))
        func problem(_ from: String, _ to: String) -> String {
            problems(text.replacingOccurrences(of: from, with: to)).joined()
        }
        #expect(problem(", frequency: tv", "").contains("'reach' alone"))
        #expect(problem("baseline: 10", "baseline: none").contains("cannot be 'none'"))
    }

    @Test("returns on a KPI in units that nothing values have a prior on the scale of the data")
    func unitsPrior() throws {
        let units = Self.model.replacingOccurrences(of: "margin: 0.3", with: "kind: units")
        let channels = try read(units).specification.channels
        // 1,254 units for a spend of 12 in each of two channels: a = 0.4 · 1254/24, b = 0.2 · 1254/√288.
        let values: [Double] = (0..<12).map { Double(100 + 3 * ($0 * $0 % 5)) }
        let kpi: Double = values.reduce(0, +)
        let a: Double = 0.4 * kpi / 24
        let b: Double = 0.2 * kpi / 288.0.squareRoot()
        let ratio: Double = b / a
        let variance: Double = log(ratio * ratio + 1)
        for channel in channels {
            guard case .logNormal(let mean, let sd)? = channel.priors[.roi] else {
                Issue.record("no prior")
                continue
            }
            #expect(abs(mean - (log(a) - variance / 2)) < 1e-12 && abs(sd - variance.squareRoot()) < 1e-12)
        }
        let one = units.replacingOccurrences(
            of: "exposure: clicks", with: "exposure: clicks, effect: {kind: roi, prior: {lognormal: [1, 1]}}")
        #expect(problems(one).joined().contains("units that nothing values"))
    }

    @Test("every kind of adstock and saturation is read, with priors by the names that the literature has for them")
    func mediaKinds() throws {
        func channel(_ blocks: String, preset: String = "tutti") throws -> Channel {
            let text = Self.model.replacingOccurrences(of: "spend: tv}", with: "spend: tv, \(blocks)}")
                .replacingOccurrences(of: "name: joined", with: "name: joined\npreset: \(preset)")
            return try read(text).specification.channels[0]
        }
        for kind in Adstock.Kind.allCases {
            #expect(try channel("adstock: {kind: \(kind.rawValue), max_lag: 4}").adstock.kind == kind)
        }
        for saturation in Saturation.allCases {
            for preset in Preset.allCases {
                let read = try channel("saturation: {kind: \(saturation.rawValue)}", preset: preset.rawValue)
                #expect(read.saturation == saturation)
                #expect((read.effect == .coefficient) == (saturation.bindsHeight || preset == .pymcMarketing))
            }
        }
        let weibull = try channel("adstock: {kind: weibull_pdf, normalize: false, prior: {lam: 3, k: {gamma: [2, 1]}}}")
        #expect(!weibull.adstock.isNormalized)
        #expect(weibull.priors[.weibullScale] == .point(3))
        #expect(weibull.priors[.weibullShape] == .gamma(shape: 2, rate: 1))
        let halved = try channel("adstock: {kind: delayed, half_life: {lognormal: [1, 0.5]}}, saturation: {kind: root}")
        #expect(halved.adstock.hasHalfLife)
        #expect(halved.priors[.halfLife] == .logNormal(mean: 1, sd: 0.5) && halved.priors[.alpha] == nil)
        let steep = try channel(
            "effect: {kind: coefficient}, "
                + "saturation: {kind: hill_sigmoid, order: saturation_first, prior: {a: 2, b: 3, lam: 1}}")
        #expect(steep.order == .saturationFirst)
        #expect(steep.priors[.beta] == .point(2) && steep.priors[.rate] == .point(3))
        let peer = try channel(
            "saturation: {kind: hill_sigmoid, prior: {saturation_beta: 3}}", preset: "pymc-marketing")
        #expect(peer.priors[.rate] == .point(3))
    }

    @Test("kinds that cannot go together are refused with a mend")
    func mediaKindsRefused() {
        func problem(_ blocks: String) -> String {
            problems(Self.model.replacingOccurrences(of: "spend: tv}", with: "spend: tv, \(blocks)}")).joined()
        }
        #expect(problem("saturation: {kind: tanh}, effect: {kind: roi}").contains("bound to its shape"))
        #expect(problem("adstock: {kind: binomial, half_life: true}").contains("has no half-life"))
        #expect(problem("adstock: {kind: delayed, prior: {alpha: {normal: [0, 1]}}}").contains("a fraction"))
        #expect(problem("saturation: {kind: root, prior: {lam: 1}}").contains("unknown parameter"))
        #expect(problem("saturation: {kind: sigmoid}").contains("hill_sigmoid"))
    }

    @Test("reads the quickstart: its periods, channels, holidays and events")
    func quickstart() throws {
        let read = try configuration("quickstart")
        #expect(read.dataset.periodCount == 208)
        #expect(read.specification.channels.map(\.name) == ["tv", "ooh", "print", "facebook", "search"])
        #expect(read.specification.channels[0].adstock.maximumLag == 26)
        #expect(read.specification.channels[4].adstock.maximumLag == 8)
        #expect(read.specification.resampling.resamples == 20)
        // Impressions are exposure, not spend.
        #expect(read.dataset.exposure[3] != read.dataset.spend[3])
        for event in read.dataset.events {
            let days: Double = event.values.reduce(0, +)
            #expect(days == 1.0 / 7)
        }
        let newYear = try #require(read.dataset.holidays.first { $0.name == "New Year's Day" })
        // Four first of Januaries lie between November 2015 and November 2019.
        let days: Double = newYear.values.reduce(0, +)
        #expect(abs(days - 4.0 / 7) < 1e-12)
    }

    @Test("reads the parity model with its preset's defaults")
    func parity() throws {
        let read = try configuration("mmm_example")
        #expect(read.dataset.periodCount == 179)
        #expect(read.specification.preset == .pymcMarketing)
        #expect(read.specification.channels[0].priors[.lam] == .gamma(shape: 3, rate: 1))
        #expect(read.specification.channels[0].effect == .coefficient)
    }

    @Test("an effect may be a marginal return, a share of the KPI, or a return over a window")
    func effects() throws {
        func channels(_ more: String) throws -> [Channel] {
            try read(Self.model.replacing("  - {name: search,", with: more + "\n  - {name: search,"))
                .specification.channels
        }
        let organic = try channels("  - {name: letter, exposure: clicks, organic: true}")[1]
        #expect(organic.effect == .contribution)
        #expect(organic.priors[.contributionShare] == .beta(a: 1, b: 99))
        let marginal = try channels("  - {name: tv2, spend: tv, effect: {kind: mroi, prior: {lognormal: [0.1, 0.3]}}}")
        #expect(marginal[1].effect == .marginalROI)
        #expect(marginal[1].priors[.marginalROI] == .logNormal(mean: 0.1, sd: 0.3))
        let window = "{start: 2024-01-10, end: 2024-02-01}"
        let windowed = try channels("  - {name: tv2, spend: tv, effect: {calibration_window: \(window)}}")[1]
        #expect(windowed.effect == .windowROI)
        #expect(windowed.calibrationWindow == CalendarDate("2024-01-10")!...CalendarDate("2024-02-01")!)
    }

    @Test("the last periods may be held out, if enough remain")
    func holdout() throws {
        let data = try read(Self.model + "\nholdout: {last: 3}").dataset
        let expected = try read().dataset.kpi
        #expect(data.kpi.prefix(9) == expected.prefix(9) && data.kpi.suffix(3).allSatisfy(\.isNaN))
        #expect(data.heldOutKPI.prefix(9).allSatisfy(\.isNaN) && data.heldOutKPI.suffix(3) == expected.suffix(3))
        #expect(
            problems(Self.model + "\nholdout: {last: 5}") == [
                "model.yaml: 'holdout.last: 5' leaves 7 of 12 periods to fit; 8 are the least. Mend: hold out fewer."
            ])
    }

    private static func experiment(_ parts: String) -> String {
        model + "\nexperiments:\n  - {name: dark, \(parts)}"
    }

    @Test("an experiment names channels, days, design and lift")
    func experiments() throws {
        let read = try read(
            Self.experiment(
                "channels: [search, tv], start: 2024-01-09, end: 2024-01-30, design: go_dark, lift: -30, se: 4"))
        #expect(
            read.specification.experiments == [
                Experiment(
                    name: "dark", channels: [0, 1], geos: [],
                    days: CalendarDate("2024-01-09")!...CalendarDate("2024-01-30")!, factor: 0, lift: -30,
                    standardError: 4)
            ])
    }

    @Test(
        "an experiment that cannot be read is a problem with a mend",
        arguments: [
            (
                "channels: [tw], start: 2024-01-09, end: 2024-01-30, design: go_dark, lift: -30, se: 4",
                "there is no channel 'tw'. Mend: write 'tv'."
            ),
            (
                "channels: [tv], start: 2024-01-09, end: 2024-01-30, design: scale, lift: -30, se: 4",
                "needs a factor other than 1. Mend: write for example `scale: 1.5`."
            ),
            (
                "channels: [tv], start: 2024-01-09, end: 2024-01-30, design: go_dark, lift: -30, se: 0",
                "Mend: write a standard error above 0."
            ),
            (
                "channels: [tv], start: 2024-01-09, end: 2025-01-30, design: go_dark, lift: -30, se: 4",
                "experiment 'dark' lies outside the data, which run from 2024-01-01 to 2024-03-24. "
                    + "Mend: correct its dates, or remove it."
            ),
            (
                "channels: [tv], start: 2024-01-01, end: 2024-01-05, design: go_dark, lift: -30, se: 4",
                "channel 'tv' did not run during experiment 'dark', so the test changed nothing of it. Mend: the data "
                    + "must hold the media that would have run without the test; otherwise leave it out."
            ),
            (
                "channels: [tv], geos: [north], start: 2024-01-09, end: 2024-01-30, design: go_dark, lift: -30, se: 4",
                "the data have no geos. Mend: name their column in `data.geo`, or remove it."
            ),
        ])
    func badExperiments(parts: String, message: String) {
        let problems = problems(Self.experiment(parts))
        #expect(problems.contains { $0.hasSuffix(message) }, "\(problems)")
    }

    @Test("joins files on their dates, whatever the order of their rows")
    func join() throws {
        let expected = try read().dataset
        let lines = String(decoding: Self.media, as: UTF8.self).split(separator: "\n")
        let shuffled = ([lines[0]] + lines.dropFirst().reversed()).joined(separator: "\r\n")
        #expect(try read(media: Array(shuffled.utf8)).dataset == expected)
        let clicks = (0..<12).map { Double(10 * ($0 % 4)) }
        let spend = (0..<12).map { Double($0 % 3) }
        #expect(expected.exposure[1] == clicks)
        #expect(expected.spend[1] == spend)
    }

    @Test("an absent date is a problem, and a zero for media where the file says so")
    func missingDates() throws {
        let lines = String(decoding: Self.media, as: UTF8.self).split(separator: "\n")
        let shorter = Array((lines[..<5] + lines[6...]).joined(separator: "\n").utf8)
        #expect(
            problems(media: shorter) == [
                "media.csv, column 'week': 2024-01-29 is missing; 'sales.csv' has it. "
                    + "Mend: add the record, or write `data: {missing: zero}` if absent means 0."
            ])
        let zero = Self.model.replacingOccurrences(of: "frequency: week", with: "frequency: week, missing: zero")
        #expect(try read(zero, media: shorter).dataset.spend[0][4] == 0)
    }

    @Test("a hole in the KPI's calendar names the period that is missing")
    func hole() {
        let lines = String(decoding: Self.sales, as: UTF8.self).split(separator: "\n")
        let found = problems(sales: Array((lines[..<5] + lines[6...]).joined(separator: "\n").utf8))
        #expect(found.contains { $0.contains("sales.csv:6") && $0.contains("begins on 2024-01-29 is missing") })
    }

    @Test("months and days are calendars too")
    func frequencies() throws {
        let months = (0..<12).map { CalendarDate(year: 2024, month: 1, day: 1)!.advanced(byMonths: $0) }
        let text = "week,sales,tv,clicks\n" + months.enumerated().map { "\($1),\($0 * $0 % 7),\($0 % 3),1\n" }.joined()
        let model = Self.model.replacingOccurrences(
            of: "{file: sales.csv}, {file: media.csv}", with: "{file: sales.csv}"
        )
        .replacingOccurrences(of: "frequency: week", with: "frequency: month")
        #expect(try read(model, sales: Array(text.utf8)).dataset.dates == months)
        let daily = model.replacingOccurrences(of: "frequency: month", with: "frequency: day")
        #expect(problems(daily, sales: Array(text.utf8)).contains { $0.contains("one month apart") })
    }

    @Test("every problem of the file comes at once, each with line and mend")
    func allAtOnce() {
        let broken = """
            tutti: 1
            nmae: x
            data: {sources: [{file: sales.csv}], date: week, frequency: weak}
            kpi: {column: sails, margin: 3}
            channels:
              - {name: tv, spend: tv}
              - {name: tv, spend: tv, adstock: {kind: geometric, max_lag: -1}}
            trend: {kind: linear, evry: 3}
            hierarchy: {centering: auto}
            seed: -4
            """
        let found = problems(broken)
        for (line, word) in [
            (2, "nmae"), (3, "weak"), (4, "margin"), (7, "two channels"), (7, "max_lag"), (8, "evry"),
            (9, "not supported yet"), (10, "seed"),
        ] {
            #expect(found.contains { $0.hasPrefix("model.yaml:\(line):") && $0.contains(word) }, "\(line) \(word)")
        }
        #expect(found.allSatisfy { $0.contains("Mend: ") })
    }

    @Test(
        "a prior must suit its parameter",
        arguments: [
            ("alpha: {normal: [0, 1]}", "fraction"), ("ec: {normal: [0, 1]}", "below 0"),
            ("roi: {lognormal: [0.2]}", "takes 2 numbers"), ("roi: {lognorml: [0, 1]}", "write 'lognormal'"),
            ("slope: {gamma: [0, 1]}", "make no distribution"), ("lam: 3", "unknown parameter"),
        ])
    func priors(text: String, expected: String) {
        let model = Self.model.replacingOccurrences(of: "kind: brand, spend: tv", with: "spend: tv, prior: {\(text)}")
        #expect(problems(model).contains { $0.contains(expected) && $0.hasPrefix("model.yaml:6") })
    }

    @Test("the nearer statement of a prior wins")
    func precedence() throws {
        let model =
            Self.model.replacingOccurrences(
                of: "kind: brand, spend: tv", with: "spend: tv, prior: {alpha: {beta: [5, 5]}}")
            + "\nprior: {alpha: {beta: [2, 2]}, sigma: {half_normal: [0.5]}}"
        let channels = try read(model).specification.channels
        #expect(channels[0].priors[.alpha] == .beta(a: 5, b: 5))
        #expect(channels[1].priors[.alpha] == .beta(a: 2, b: 2))
        #expect(try read(model).specification.priors["sigma"] == .halfNormal(scale: 0.5))
    }

    @Test("no mutation of a valid model or table makes the reader trap")
    func mutations() {
        var stream = RandomStream(key: StreamKey(seed: 3, kind: 77, index: 0), iteration: 0, site: 0)
        for _ in 0..<3000 {
            var model = Array(Self.model.utf8)
            var media = Self.media
            for _ in 0..<Int(1 + stream.word() % 3) {
                let byte = UInt8(truncatingIfNeeded: stream.word())
                if stream.bit() {
                    model[Int(stream.word() % UInt64(model.count))] = byte
                } else {
                    media[Int(stream.word() % UInt64(media.count))] = byte
                }
            }
            let bundle = ModelBundle(
                modelName: "m.yaml", model: model, files: [("media.csv", media), ("sales.csv", Self.sales)])
            if let read = try? ModelFileReader.read(bundle) { #expect(read.dataset.periodCount == 12) }
        }
    }
}
