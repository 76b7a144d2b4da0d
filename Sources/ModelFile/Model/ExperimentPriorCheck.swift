import ModelDefinition

/// An experiment that is a prior must be one of a single channel's return, which has no other prior of its own.
struct ExperimentPriorCheck {
    let context: SectionContext

    func check(_ experiments: [Located<ReadExperiment>], channels: [Located<ReadChannel>]) {
        for read in experiments where read.use == .prior {
            let name = read.experiment.name
            let likelihood = "or write `use: likelihood`."
            func fail(_ message: String, _ mend: String) { context.problems.add(line: read.line, message, mend: mend) }
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
