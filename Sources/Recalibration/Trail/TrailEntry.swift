/// What a night's verdict is a function of, by digest: the same inputs in the same period have one verdict.
package struct TrailInputs: Sendable, Hashable, Codable {
    package var model: String
    package var data: String
    package var configuration: String
    /// Of the program.
    package var binary: String
    package var seed: UInt64

    package init(model: String, data: String, configuration: String, binary: String, seed: UInt64) {
        self.model = model
        self.data = data
        self.configuration = configuration
        self.binary = binary
        self.seed = seed
    }
}

/// One line of the audit trail of a model: what was decided, when, from what and by whom.
package struct TrailEntry: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable {
        /// Decided by the gates.
        case night
        /// A held result that somebody accepted.
        case override
    }

    /// The version of the form of a line.
    package static let version = 1

    package let trail: Int
    package let period: NightKey
    /// As the caller's clock has it; nothing is decided by it.
    package let when: String
    package let kind: Kind
    /// Who accepted a held result, and why; nil for a night.
    package let by: String?
    package let reason: String?
    package let verdict: Verdict
    package let sentence: String
    /// Of all gates that were asked; of an override those of the night that it accepts.
    package let gates: [GateOutcome]
    package let inputs: TrailInputs
    /// Digest of the metric with which the fit began; nil where it began without one.
    package let metric: String?
    /// The night's own result; nil where there was no fit.
    package let result: String?
    /// The accepted result from this entry on; nil while there is none.
    package let accepted: String?
    /// Digest of the line before; nil in the first.
    package let previous: String?

    init(
        period: NightKey, when: String, kind: Kind, by: String?, reason: String?, verdict: Verdict, sentence: String,
        gates: [GateOutcome], inputs: TrailInputs, metric: String?, result: String?, accepted: String?,
        previous: String?
    ) {
        trail = Self.version
        self.period = period
        self.when = when
        self.kind = kind
        self.by = by
        self.reason = reason
        self.verdict = verdict
        self.sentence = sentence
        self.gates = gates
        self.inputs = inputs
        self.metric = metric
        self.result = result
        self.accepted = accepted
        self.previous = previous
    }
}
