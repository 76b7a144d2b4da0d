import Recalibration
import Wording

/// What nights of recalibration are told in.
extension Phrases {
    /// What becomes of the night's result.
    func verdict(_ verdict: Verdict) -> String {
        switch verdict {
        case .promote: self.promote
        case .hold: self.hold
        case .fail: self.fail
        }
    }

    /// The verdict of a single gate.
    func opinion(_ verdict: Verdict) -> String {
        switch verdict {
        case .promote: self.promotingGate
        case .hold: self.holdingGate
        case .fail: self.failingGate
        }
    }

    func gate(_ gate: Gate) -> String {
        switch gate {
        case .data: self.dataGate
        case .convergence: self.convergenceGate
        case .predictive: self.predictiveGate
        case .calibration: self.calibrationGate
        case .drift: self.driftGate
        case .expectedDrift: self.expectedDriftGate
        case .decision: self.decisionGate
        case .robustness: self.robustnessGate
        }
    }

    func start(_ start: NightStart) -> String {
        switch start {
        case .warm: self.beganWarm
        case .cold: self.beganCold
        case .coldAfterWarm: self.beganColdAfterWarm
        }
    }

    func cause(_ cause: Movement.Cause) -> String {
        switch cause {
        case .newWeeks: self.newWeeks
        case .restatedHistory: self.restatedHistory
        case .changedModel: self.changedModel
        case .monteCarloError: self.monteCarloError
        }
    }

    /// A night, or the folder of one, which has the number of the try behind a dot where it is not the first: in English as
    /// folders are called, in French as people say it.
    func night(_ folder: String) -> String {
        let parts = folder.split(separator: ".", maxSplits: 1).map(String.init)
        guard language == .french, let key = parts.first.flatMap(NightKey.init(rawValue:)) else { return folder }
        let numbers = key.rawValue.split { $0 == "-" || $0 == "W" }
        let period =
            switch key.period {
            case .day: NumberText.date(key.rawValue, language)
            case .week: "semaine \(numbers[1]) de \(numbers[0])"
            case .month: "\(Self.frenchMonths[(Int(numbers[1]) ?? 1) - 1]) \(numbers[0])"
            }
        return parts.count == 2 ? "\(period), essai n° \(parts[1])" : period
    }

    private static let frenchMonths = [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ]
}
