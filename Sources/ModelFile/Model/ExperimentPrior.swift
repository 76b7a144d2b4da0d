import Densities
import ModelDefinition

/// The prior of a channel's return that lift tests gave.
package struct ExperimentPrior: Sendable, Hashable {
    package var channel: String
    /// Names of the tests, in the order of the file.
    package var experiments: [String]
    /// What they say together.
    package var estimate: ReturnEstimate
}

extension ReadSpecification {
    /// The lift tests whose changes of media the data must show, with their lines.
    package var experimentsInData: [(experiment: Experiment, line: Int?, isPrior: Bool)] {
        zip(specification.experiments, experimentLines).map { ($0, $1, false) }
            + priorExperiments.filter { $0.spend == nil }.map { ($0.experiment, $0.line, true) }
    }
}

extension SpecificationReader {
    /// An experiment that is a prior must be one of a single channel's return, which has no other prior of its own.
    func checkPriors(_ experiments: [ReadExperiment], channels: [ReadChannel]) {
        for read in experiments where read.use == .prior {
            let name = read.experiment.name
            let likelihood = "or write `use: likelihood`."
            func fail(_ message: String, _ mend: String) { problems.add(line: read.line, message, mend: mend) }
            guard read.experiment.channels.count == 1 else {
                fail(
                    "experiment '\(name)' changed several channels: its lift is no return of one of them.",
                    "write `use: likelihood`, or state one experiment for each channel.")
                continue
            }
            let tested = channels[read.experiment.channels[0]]
            let channel = tested.channel
            if tested.spend == nil {
                fail(
                    "experiment '\(name)' is to be a prior, and channel '\(channel.name)' has no spend to return anything.",
                    "name its `spend`, \(likelihood)")
            } else if channel.effect != .roi, channel.effect != .windowROI {
                fail(
                    "experiment '\(name)' is to be a prior, and the effect of channel '\(channel.name)' is "
                        + "'\(channel.effect.rawValue)'.",
                    "write `effect: {kind: roi}` there, \(likelihood)")
            } else if tested.statesReturn {
                fail(
                    "experiment '\(name)' is to be the prior of channel '\(channel.name)', which states a prior of its "
                        + "return itself.", "remove that prior, \(likelihood)")
            }
            if channels.contains(where: { $0.channel.longTermOf == read.experiment.channels[0] }) {
                fail(
                    "experiment '\(name)' is to be a prior, and channel '\(channel.name)' has a slow component: the "
                        + "lift holds part of what both bring, and is no return of one of them.",
                    "write `use: likelihood`.")
            }
            if let window = channel.calibrationWindow, !window.overlaps(read.experiment.days) {
                fail(
                    "experiment '\(name)' ran outside the calibration window of channel '\(channel.name)'.",
                    "let `calibration_window` hold the days of the test.")
            }
            if read.experiment.lift * (read.experiment.factor - 1) <= 0 {
                fail(
                    "experiment '\(name)' gives a return of 0 or less, and the prior allows none.",
                    "check the sign of `lift`, KPI with the test less KPI without it, \(likelihood)")
            }
        }
    }
}

extension ExperimentPrior {
    /// Gives channels the priors of their tests; a test that changed no spend is a problem.
    static func apply(
        to read: inout ReadSpecification, dataset: Dataset, modelFile: String
    ) -> (priors: [ExperimentPrior], problems: [Problem]) {
        var problems: [Problem] = []
        var priors: [ExperimentPrior] = []
        for index in read.specification.channels.indices {
            let tests = read.priorExperiments.filter { $0.experiment.channels == [index] }
            guard !tests.isEmpty else { continue }
            let estimates = tests.compactMap { test -> ReturnEstimate? in
                let sign = test.experiment.factor < 1 ? -1.0 : 1
                let change =
                    test.spend.map { sign * $0 } ?? dataset.spendChange(of: test.experiment, channel: index)
                guard change != 0 else {
                    problems.append(
                        Problem(
                            file: modelFile, line: test.line,
                            message: "channel '\(read.specification.channels[index].name)' spends nothing during "
                                + "experiment '\(test.experiment.name)'.",
                            mend: "give the money by which the test changed its spend: `spend`."))
                    return nil
                }
                return ReturnEstimate(
                    test.experiment, spendChange: change, revenuePerKPI: dataset.revenuePerKPI(in: test.experiment))
            }
            guard estimates.count == tests.count else { continue }
            let combined = ReturnEstimate(combining: estimates)
            let parameter = read.specification.channels[index].effect.parameter
            if let prior = read.specification.channels[index].priors[parameter] {
                read.specification.measuredReturns.append(
                    MeasuredReturn(
                        channel: index, priorWithoutTests: prior,
                        tests: zip(tests, estimates).map {
                            MeasuredReturn.Test(lastDay: $0.experiment.days.upperBound, estimate: $1)
                        }))
            }
            read.specification.channels[index].priors[parameter] = combined.prior
            priors.append(
                ExperimentPrior(
                    channel: read.specification.channels[index].name, experiments: tests.map(\.experiment.name),
                    estimate: combined))
        }
        return (priors, problems)
    }
}
