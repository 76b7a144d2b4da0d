import ModelDefinition
import ModelFile

/// Lift tests whose days the data already hold as the test made them. A test's factor is one of what would have run without
/// it, so that what was left of a channel that went dark would be counted as all that it ever had.
extension DataChecks {
    /// Exposure in the test ÷ usual exposure below which nothing but the test explains it.
    private static let shareOfTest = 0.2
    /// The same where it is likely: a quiet time is as low only by chance.
    private static let shareOfQuietTime = 0.5
    /// Periods outside the test in which the channel ran, to know what is usual.
    private static let usualPeriodsMin = 8

    var testsInsideData: [Problem] { remarks { $0.isCertain } }
    var testsPerhapsInsideData: [Problem] { remarks { !$0.isCertain } }

    private struct Remark {
        var test: Located<ReadExperiment>
        var channel: Int
        /// Exposure in the test ÷ usual exposure.
        var ratio: Double
        var isCertain: Bool
    }

    private func remarks(_ isWanted: (Remark) -> Bool) -> [Problem] {
        read.experimentsInData.flatMap { test in
            test.experiment.channels.compactMap { channel in
                level(of: channel, in: test.experiment).map { ratio, isCertain in
                    Remark(test: test, channel: channel, ratio: ratio, isCertain: isCertain)
                }
            }.filter(isWanted).map(problem)
        }
    }

    /// Exposure in a test ÷ usual exposure, where it is that of the test and not of what would have run.
    private func level(of channel: Int, in experiment: Experiment) -> (ratio: Double, isCertain: Bool)? {
        let totals = exposure(of: channel, in: data.geos(of: experiment))
        let shares = data.testedShares(of: experiment)
        // A period of which the test has less than half the days shows little of it.
        let tested = totals.indices.filter { shares[$0] >= 0.5 }
        let outside = totals.indices.filter { shares[$0] == 0 && totals[$0] > 0 }
        guard !tested.isEmpty, outside.count >= Self.usualPeriodsMin else { return nil }
        let usual = outside.map { totals[$0] }.sorted()[outside.count / 2]
        let inTest = tested.map { totals[$0] }
        let elsewhere = windows(tested.count, totals, shares)
        if experiment.factor < 1 {
            let highest = inTest.max() ?? 0
            if highest < Self.shareOfTest * usual { return (highest / usual, true) }
            guard tested.count > 1, highest < max(Self.shareOfQuietTime, experiment.factor.squareRoot()) * usual,
                !elsewhere.contains(where: { ($0.max() ?? 0) <= highest })
            else { return nil }
            return (highest / usual, false)
        }
        let lowest = inTest.min() ?? 0
        guard tested.count > 1, lowest > experiment.factor.squareRoot() * usual,
            !elsewhere.contains(where: { ($0.min() ?? 0) >= lowest })
        else { return nil }
        return (lowest / usual, false)
    }

    /// The sum of a channel's exposure in these geos, by period.
    private func exposure(of channel: Int, in geos: [Int]) -> [Double] {
        (0..<data.periodCount).map { period in
            geos.reduce(0.0) { $0 + data.exposure[channel][$1 * data.periodCount + period] }
        }
    }

    /// What ran in as many successive periods elsewhere, where anything did.
    private func windows(_ count: Int, _ totals: [Double], _ shares: [Double]) -> [[Double]] {
        (0...max(0, totals.count - count)).compactMap { start in
            let window = start..<min(totals.count, start + count)
            guard window.allSatisfy({ shares[$0] == 0 }), window.contains(where: { totals[$0] > 0 }) else { return nil }
            return Array(totals[window])
        }
    }

    private func problem(_ remark: Remark) -> Problem {
        let experiment = remark.test.experiment
        let inverse = Self.words((1 / max(remark.ratio, 1e-9)).rounded())
        let percent = Self.words((100 * remark.ratio).rounded())
        let multiple =
            experiment.factor < 1
            ? "say what would have run as a multiple of it, with the lift's sign turned: `design: scale`, `scale: "
                + "\(inverse)`, `lift: \(Self.words(-experiment.lift))`"
            : "give the test as what was taken off again: `scale: \(Self.words(1 / experiment.factor))` and `lift: "
                + "\(Self.words(-experiment.lift))`"
        let money = "write `use: prior` with `spend:`, the money by which the test changed its spend"
        let fix =
            remark.test.use == .prior
            ? "give the money by which the test changed the spend, `spend:`; or, as likelihood, \(multiple)."
            : "\(multiple); or \(money)."
        return Problem(
            file: modelFile, line: remark.test.line,
            message: "in experiment '\(experiment.name)' channel '\(read.specification.channels[remark.channel].name)' "
                + "ran at \(percent) % of its usual level: the data \(remark.isCertain ? "" : "seem to ")hold the test "
                + "already, and are taken for what would have run without it.",
            mend: remark.isCertain ? fix : "nothing, if it would have run so without the test; otherwise \(fix)",
            french: """
                dans l’expérience « \(code: experiment.name) », le canal « \
                \(code: read.specification.channels[remark.channel].name) » était à \(percent) % de son niveau \
                habituel : les données contiennent sans doute déjà le test, et sont prises pour ce qui aurait eu \
                lieu sans lui. Donnez le test comme un multiple de ce qui aurait eu lieu (`design: scale`), ou \
                comme a priori avec `spend:`.
                """
        )
    }
}
