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

extension ExperimentPrior {
    /// Gives channels the priors of their tests; a test that changed no spend is a problem.
    static func apply(
        to read: inout ReadSpecification, dataset: Dataset, modelFile: String
    ) -> (priors: [ExperimentPrior], problems: [Problem]) {
        var problems: [Problem] = []
        var priors: [ExperimentPrior] = []
        for index in read.specification.channels.indices {
            let tests = read.experiments(.prior).filter { $0.experiment.channels == [index] }
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
                read.measuredReturns.append(
                    MeasuredReturn(
                        channel: index, priorWithoutTests: prior,
                        tests: zip(tests, estimates).map {
                            MeasuredReturn.Test(lastDay: $0.experiment.days.upperBound, estimate: $1)
                        }))
            }
            read.channels[index].value.channel.priors[parameter] = combined.prior
            priors.append(
                ExperimentPrior(
                    channel: read.specification.channels[index].name, experiments: tests.map(\.experiment.name),
                    estimate: combined))
        }
        return (priors, problems)
    }
}
