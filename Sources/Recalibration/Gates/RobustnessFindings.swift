import Wording

/// Whether the intervals agree with how much the answer varies between resamples of the data.
package struct RobustnessFindings: Sendable, Hashable {
    package struct Channel: Sendable, Hashable {
        package var name: QuantityName
        /// 1 − 2 V_post ÷ V_bag; nil where the posterior is as wide as the bag, so that the data say little.
        package var mismatch: Double?

        package init(name: QuantityName, mismatch: Double?) {
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
            channel.mismatch.map { GateMeasure(.mismatch, of: channel.name.words.english, $0, bounds) }
        }
        let aside = aside
        guard let worst = measures.worst,
            let subject = channels.first(where: { $0.name.words.english == worst.subject })?.name
        else {
            return GateOutcome(
                gate: .robustness, measures: [], verdict: .promote,
                sentence: channels.isEmpty
                    ? Sentence(
                        "There is no channel whose interval could be too narrow.",
                        french: "Aucun canal n’a d’intervalle qui puisse être trop étroit.")
                    : Sentence(
                        "No channel has a mismatch index, the data saying little beside the priors\(aside).",
                        french: """
                            Aucun canal n’a d’indice d’inadéquation, les données disant peu à côté des a priori\
                            \(aside).
                            """))
        }
        let meaning =
            switch worst.verdict {
            case .promote:
                Sentence(
                    "the intervals agree with the data's own variability",
                    french: "les intervalles s’accordent avec la variabilité propre des données")
            case .hold:
                Sentence(
                    "its interval is too narrow, and somebody should look",
                    french: "son intervalle est trop étroit, et \(Verdict.toBeLookedAt)")
            case .fail:
                Sentence(
                    "the model is much surer than the data allow, and the result is not to be used",
                    french: "le modèle est bien plus sûr que les données ne le permettent, et \(Verdict.notToBeUsed)")
            }
        return GateOutcome(
            gate: .robustness, measures: measures, verdict: worst.verdict,
            sentence: Sentence(
                "The mismatch index \(subject.owned) \(worst.clause()): \(meaning)\(aside).",
                french: "L’indice d’inadéquation \(subject.owned) \(worst.clause()) : \(meaning)\(aside)."))
    }

    /// What is said of channels without an index; nothing where each has one.
    private var aside: Sentence {
        let names = channels.filter { $0.mismatch == nil }.map(\.name.words)
        guard !names.isEmpty else { return Sentence("", french: "") }
        let french = names.map(\.french).joined(separator: ", ")
        return Sentence(
            "; \(names.map(\.english).joined(separator: ", ")) \(names.count == 1 ? "has" : "have") no index and grade C",
            french: " ; faute d’indice, la note est C (\(code: french))")
    }
}
