import Fitting

// The JSON bodies of the HTTP API.

/// `POST /v1/jobs`: the archive's keys, and what overrides the model file.
package struct SubmissionRequest: Codable, Sendable {
    package var archive: BundleArchive
    package var settings: SubmissionSettings?
    /// A new job also where the same content was submitted before.
    package var again: Bool?

    package init(archive: BundleArchive, settings: SubmissionSettings?, again: Bool? = nil) {
        self.archive = archive
        self.settings = settings
        self.again = again
    }
}

/// Sampling settings of a submission; what is absent is the model file's.
package struct SubmissionSettings: Codable, Sendable {
    package var seed: UInt64?
    package var chains: Int?
    package var warmup: Int?
    package var draws: Int?
    package var resamples: Int?

    package init(_ settings: FitSettings) {
        seed = settings.seed
        chains = settings.chains
        warmup = settings.warmup
        draws = settings.draws
        resamples = settings.resamples
    }

    /// - Throws: what is outside of what a plan may have, and its range.
    package func applied(to settings: FitSettings) throws(SubmissionRefusal) -> FitSettings {
        var result = settings
        result.seed = seed ?? settings.seed
        result.chains = chains ?? settings.chains
        result.warmup = warmup ?? settings.warmup
        result.draws = draws ?? settings.draws
        result.resamples = resamples ?? settings.resamples
        for (name, value, range) in [
            ("chains", result.chains, 1...1024), ("warmup", result.warmup, 20...1_000_000),
            ("draws", result.draws, 4...1_000_000), ("resamples", result.resamples, 0...100_000),
        ] where !range.contains(value) {
            throw SubmissionRefusal(
                description: "'settings.\(name)' is \(value). Mend: give a number from \(range.lowerBound) to "
                    + "\(range.upperBound).")
        }
        return result
    }
}

/// Answer to a submission.
package struct JobReference: Codable, Sendable {
    package var id: String
    /// True when the same content was submitted before.
    package var existed: Bool

    package init(id: String, existed: Bool) {
        self.id = id
        self.existed = existed
    }
}

/// An error, in the fields of RFC 9457.
package struct ProblemReply: Codable, Sendable {
    package var title: String
    package var status: Int
    package var detail: String

    package init(title: String, status: Int, detail: String) {
        self.title = title
        self.status = status
        self.detail = detail
    }
}
