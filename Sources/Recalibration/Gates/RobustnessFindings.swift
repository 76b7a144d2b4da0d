import Posterior

/// Whether the intervals agree with how much the answer varies between resamples of the data.
package struct RobustnessFindings: Sendable, Hashable {
    package struct Channel: Sendable, Hashable {
        package var name: String
        /// 1 − 2 V_post ÷ V_bag; nil where the posterior is as wide as the bag, so that the data say little.
        package var mismatch: Double?

        package init(name: String, mismatch: Double?) {
            self.name = name
            self.mismatch = mismatch
        }
    }

    package var channels: [Channel]

    package init(channels: [Channel]) {
        self.channels = channels
    }

    /// A channel without an index passes, and is graded C: its figures come from the prior.
    package func outcome(_ bounds: GateBounds = GateBounds()) -> GateOutcome {
        let measures = channels.compactMap { channel in
            channel.mismatch.map { GateMeasure(.mismatch, of: channel.name, $0, bounds) }
        }
        let graded = channels.filter { $0.mismatch == nil }.map(\.name)
        let aside =
            graded.isEmpty
            ? "" : "; \(graded.joined(separator: ", ")) \(graded.count == 1 ? "has" : "have") no index and grade C"
        guard let worst = measures.worst, let subject = worst.subject else {
            return GateOutcome(
                gate: .robustness, measures: [], verdict: .promote,
                sentence: channels.isEmpty
                    ? "There is no channel whose interval could be too narrow."
                    : "No channel has a mismatch index, the data saying little beside the priors\(aside).")
        }
        let meaning: String =
            switch worst.verdict {
            case .promote: "the intervals agree with the data's own variability"
            case .hold: "its interval is too narrow, and somebody should look"
            case .fail: "the model is much surer than the data allow, and the result is not to be used"
            }
        return GateOutcome(
            gate: .robustness, measures: measures, verdict: worst.verdict,
            sentence: "The mismatch index of \(subject) is \(worst.phrase()): \(meaning)\(aside).")
    }
}
