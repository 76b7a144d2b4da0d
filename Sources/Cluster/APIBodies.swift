import Fitting
import Foundation
import ModelDefinition

// The JSON bodies of the HTTP API.

/// `POST /v1/jobs`: the archive's keys, and what overrides the model file.
package struct SubmissionRequest: Codable, Sendable {
    package var archive: BundleArchive
    package var settings: SubmissionSettings?
    /// A new job also where the same content was submitted before.
    package var again: Bool?
    package var queue: QueueRequest?

    package init(
        archive: BundleArchive, settings: SubmissionSettings?, again: Bool? = nil, queue: QueueRequest? = nil
    ) {
        self.archive = archive
        self.settings = settings
        self.again = again
        self.queue = queue
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case archive, settings, again, queue
    }

    /// Refuses keys that mean nothing: a setting that is not heard would be taken for one that is.
    package init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(otherThan: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if container.contains(.archive) {
            try container.superDecoder(forKey: .archive).refuseKeys(otherThan: ["name", "model", "data"])
        }
        archive = try container.decode(BundleArchive.self, forKey: .archive)
        settings = try container.decodeIfPresent(SubmissionSettings.self, forKey: .settings)
        again = try container.decodeIfPresent(Bool.self, forKey: .again)
        queue = try container.decodeIfPresent(QueueRequest.self, forKey: .queue)
    }
}

/// Sampling settings of a submission; what is absent is the model file's.
package struct SubmissionSettings: Codable, Sendable {
    package var seed: UInt64?
    package var chains: Int?
    package var warmup: Int?
    package var draws: Int?
    package var until: String?
    package var start: String?
    package var resamples: Int?
    package var resampleMethod: String?
    package var resamplesPerTask: Int?

    /// What a plan may have.
    package static let ranges: [(name: String, range: ClosedRange<Int>)] = [
        ("chains", SamplingSpecification.chainCounts), ("warmup", SamplingSpecification.warmupCounts),
        ("draws", SamplingSpecification.drawCounts), ("resamples", ResamplingSpecification.resampleCounts),
        ("resamples_per_task", ResamplingSpecification.perTaskCounts),
    ]

    /// What may be said of when chains end and where they begin.
    package static let words: [(name: String, words: [String])] = [
        ("until", StoppingRule.allCases.map(\.rawValue)), ("start", ChainStart.allCases.map(\.rawValue)),
        ("resample_method", ResampleMethod.allCases.map(\.rawValue)),
    ]

    package init(_ settings: FitSettings) {
        seed = settings.seed
        chains = settings.chains
        warmup = settings.warmup
        draws = settings.draws
        until = settings.until.rawValue
        start = settings.start.rawValue
        resamples = settings.resamples
        resampleMethod = settings.resampleMethod.rawValue
        resamplesPerTask = settings.resamplesPerTask
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case seed, chains, warmup, draws, until, start, resamples
        case resampleMethod = "resample_method"
        case resamplesPerTask = "resamples_per_task"
    }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(otherThan: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        /// Of a number that does not fit, the decoder says neither which nor where.
        func whole<Value: Decodable>(_ key: CodingKeys) throws -> Value? {
            do {
                return try container.decodeIfPresent(Value.self, forKey: key)
            } catch let error as DecodingError {
                throw error
            } catch {
                throw DecodingError.dataCorrupted(
                    DecodingError.Context(
                        codingPath: container.codingPath + [key],
                        debugDescription: "it is no whole number, below 0, or far too large"))
            }
        }
        seed = try whole(.seed)
        chains = try whole(.chains)
        warmup = try whole(.warmup)
        draws = try whole(.draws)
        until = try container.decodeIfPresent(String.self, forKey: .until)
        start = try container.decodeIfPresent(String.self, forKey: .start)
        resamples = try whole(.resamples)
        resampleMethod = try container.decodeIfPresent(String.self, forKey: .resampleMethod)
        resamplesPerTask = try whole(.resamplesPerTask)
    }

    /// - Throws: what is outside of what a plan may have, and its range.
    package func applied(to settings: FitSettings) throws(SubmissionRefusal) -> FitSettings {
        var result = settings
        result.seed = seed ?? settings.seed
        result.chains = chains ?? settings.chains
        result.warmup = warmup ?? settings.warmup
        result.end(by: try Self.word(until, "until"), draws: draws)
        result.start = try Self.word(start, "start") ?? settings.start
        result.resamples = resamples ?? settings.resamples
        result.resampleMethod = try Self.word(resampleMethod, "resample_method") ?? settings.resampleMethod
        result.resamplesPerTask = resamplesPerTask ?? settings.resamplesPerTask
        let values = [
            "chains": result.chains, "warmup": result.warmup, "draws": result.draws, "resamples": result.resamples,
            "resamples_per_task": result.resamplesInTask,
        ]
        for (name, range) in Self.ranges {
            guard let value = values[name], !range.contains(value) else { continue }
            throw SubmissionRefusal(
                description: "'settings.\(name)' is \(value). Mend: give a number from \(range.lowerBound) to "
                    + "\(range.upperBound).")
        }
        return result
    }
}

extension SubmissionSettings {
    /// - Throws: what the word is not, and what it may be.
    private static func word<Value: RawRepresentable & CaseIterable>(
        _ text: String?, _ name: String
    ) throws(SubmissionRefusal) -> Value? where Value.RawValue == String {
        guard let text else { return nil }
        guard let value = Value(rawValue: text) else {
            let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw SubmissionRefusal(description: "'settings.\(name)' is '\(text)'. Mend: give one of \(words).")
        }
        return value
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

/// `GET /v1/jobs`: a page of jobs, the newest first.
package struct JobPage: Codable, Sendable {
    /// Jobs on one page.
    package static let countMax = 500

    package var jobs: [JobSummary]
    /// What to ask for with `after` to get the next page; nil on the last one.
    package var next: String?

    package init(jobs: [JobSummary], next: String?) {
        self.jobs = jobs
        self.next = next
    }

    private enum CodingKeys: String, CodingKey {
        case jobs, next
    }

    /// Says `null` rather than nothing, so that every page has the same keys.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(jobs, forKey: .jobs)
        try container.encode(next, forKey: .next)
    }
}

/// `GET /v1/caller`: who asks.
package struct CallerReply: Codable, Sendable {
    /// The token's; nil where the coordinator has none.
    package var name: String?
    /// `observer`, `submitter` or `operator`.
    package var role: String
    package var project: String

    package init(name: String?, role: String, project: String) {
        self.name = name
        self.role = role
        self.project = project
    }

    /// Whether it may hand in fits.
    package var maySubmit: Bool { role != TokenRole.observer.rawValue }
}

/// `GET /v1/events`.
package struct EventList: Codable, Sendable {
    /// The newest first.
    package var events: [EventLine]

    package init(events: [EventLine]) {
        self.events = events
    }
}

/// `GET /v1/jobs/{job}/results`.
package struct ResultList: Codable, Sendable {
    package var job: String
    package var files: [ResultEntry]

    package init(job: String, files: [ResultEntry]) {
        self.job = job
        self.files = files
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

/// A key by whatever name it has.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        return nil
    }
}

extension Decoder {
    /// - Throws: `DecodingError` that names the first key of this mapping that is none of `known`.
    package func refuseKeys(otherThan known: [String]) throws {
        let keys = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
        guard let unknown = keys.first(where: { !known.contains($0) }) else { return }
        throw DecodingError.dataCorrupted(
            DecodingError.Context(
                codingPath: codingPath,
                debugDescription: "the key '\(unknown)' is unknown. Mend: the keys are \(known.joined(separator: ", "))"
            ))
    }
}
