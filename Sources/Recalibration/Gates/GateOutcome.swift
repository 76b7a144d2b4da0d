import Wording

/// What a gate makes of a night.
package struct GateOutcome: Sendable, Hashable {
    package let gate: Gate
    /// Every number that was looked at.
    package let measures: [GateMeasure]
    package let verdict: Verdict
    /// What was measured, its bound and what that means, in one sentence.
    package let sentence: Sentence

    package init(gate: Gate, measures: [GateMeasure], verdict: Verdict, sentence: Sentence) {
        self.gate = gate
        self.measures = measures
        self.verdict = verdict
        self.sentence = sentence
    }
}

/// The trail, what commands print and what a webhook is told are in English, as all that is read by programs.
extension GateOutcome: Codable {
    enum CodingKeys: String, CodingKey {
        case gate, measures, verdict, sentence
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            gate: try container.decode(Gate.self, forKey: .gate),
            measures: try container.decode([GateMeasure].self, forKey: .measures),
            verdict: try container.decode(Verdict.self, forKey: .verdict),
            sentence: Sentence(untranslated: try container.decode(String.self, forKey: .sentence)))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(gate, forKey: .gate)
        try container.encode(measures, forKey: .measures)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(sentence.english, forKey: .sentence)
    }
}

extension [GateMeasure] {
    /// The first of the worst: of the worst verdict the one that lies furthest beyond its bound. Nil where none has bounds.
    var worst: GateMeasure? {
        var found: GateMeasure?
        for measure in self where measure.bound != nil {
            if let found, (found.verdict, found.excess) >= (measure.verdict, measure.excess) { continue }
            found = measure
        }
        return found
    }

    var verdict: Verdict { map(\.verdict).max() ?? .promote }
}

/// The verdict on a night: that of its worst gate.
package struct NightVerdict: Sendable, Hashable {
    package let verdict: Verdict
    /// The first gate of that verdict; nil where all promote.
    package let gate: Gate?
    /// That gate's, or that all were passed.
    package let sentence: Sentence
    package let outcomes: [GateOutcome]

    /// - Parameter outcomes: in any order; at least one.
    package init(_ outcomes: [GateOutcome]) {
        precondition(!outcomes.isEmpty, "a night without a gate has no verdict")
        let order = Gate.allCases
        self.outcomes = outcomes.sorted { order.firstIndex(of: $0.gate)! < order.firstIndex(of: $1.gate)! }
        let verdict = outcomes.map(\.verdict).max() ?? .fail
        self.verdict = verdict
        let worst = verdict == .promote ? nil : self.outcomes.first { $0.verdict == verdict }
        gate = worst?.gate
        sentence =
            worst?.sentence
            ?? (outcomes.count == 1
                ? Sentence("The one gate that was asked is passed.", french: "Le seul contrôle effectué est satisfait.")
                : Sentence(
                    "All \(outcomes.count) gates are passed.",
                    french: "Les \(outcomes.count) contrôles sont tous satisfaits."))
    }
}
