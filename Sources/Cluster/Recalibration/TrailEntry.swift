import Recalibration

/// One line of the audit trail of a model: what a night came to, or that somebody overrode it, with everything that says
/// why. Lines are only ever added, and each names the digest of the one before, so that a line that was changed, removed
/// or put between shows.
package struct TrailEntry: Codable, Sendable, Hashable {
    package enum Kind: String, Codable, Sendable {
        case night
        case override
    }

    /// SHA-256 of what the night had to do with, as hexadecimal text.
    package struct Hashes: Codable, Sendable, Hashable {
        /// Of model, data, settings and bounds together: the same inputs in the same period are the same night.
        package var inputs: String
        package var model: String?
        package var data: String?
        package var binary: String

        package init(inputs: String, model: String?, data: String?, binary: String) {
            self.inputs = inputs
            self.model = model
            self.data = data
            self.binary = binary
        }
    }

    /// The period of the plan.
    package var night: String
    package var kind: Kind
    /// The folder below `nights`; a period has more than one where its data came a second time.
    package var folder: String
    /// When it was written, ISO 8601.
    package var at: String
    package var verdict: Verdict
    /// Whether this night's result is the accepted one from here on.
    package var accepts: Bool
    package var sentence: String
    package var gates: [GateOutcome]
    package var hashes: Hashes
    package var seed: UInt64?
    /// Nil where nothing was fitted.
    package var start: NightStart?
    /// What was said before the refit.
    package var provisional: String?
    /// The folder of the accepted result that it was compared with; nil for the first.
    package var basis: String?
    /// Who overrode the verdict, and why.
    package var by: String?
    package var why: String?
    /// SHA-256 of the line before, as hexadecimal text; empty in the first.
    package var previous = ""

    package init(
        night: String, kind: Kind, folder: String, at: String, verdict: Verdict, accepts: Bool, sentence: String,
        gates: [GateOutcome], hashes: Hashes, seed: UInt64? = nil, start: NightStart? = nil, provisional: String? = nil,
        basis: String? = nil, by: String? = nil, why: String? = nil
    ) {
        self.night = night
        self.kind = kind
        self.folder = folder
        self.at = at
        self.verdict = verdict
        self.accepts = accepts
        self.sentence = sentence
        self.gates = gates
        self.hashes = hashes
        self.seed = seed
        self.start = start
        self.provisional = provisional
        self.basis = basis
        self.by = by
        self.why = why
    }
}
