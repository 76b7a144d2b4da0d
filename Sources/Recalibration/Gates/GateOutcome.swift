/// What a gate makes of a night.
package struct GateOutcome: Sendable, Hashable, Codable {
    package let gate: Gate
    /// Every number that was looked at.
    package let measures: [GateMeasure]
    package let verdict: Verdict
    /// What was measured, its bound and what that means, in one sentence.
    package let sentence: String

    package init(gate: Gate, measures: [GateMeasure], verdict: Verdict, sentence: String) {
        self.gate = gate
        self.measures = measures
        self.verdict = verdict
        self.sentence = sentence
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
    package let sentence: String
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
                ? "The one gate that was asked is passed." : "All \(outcomes.count) gates are passed.")
    }
}
