import Coordination
import Foundation
import Wire

/// How a submission stands in the queue, as the HTTP API has it: what is absent is as usual.
package struct QueueRequest: Codable, Sendable, Hashable {
    /// `low`, `normal`, `high` or `urgent`.
    package var priority: String?
    /// Numbers of the jobs that have to succeed first.
    package var after: [String]?
    /// ISO 8601 with a zone: when the job is given up.
    package var deadline: String?
    /// Bytes of memory that one slot must have.
    package var memory: UInt64?
    /// Tags that a worker must have.
    package var tags: [String]?
    /// With which others it was submitted.
    package var portfolio: PortfolioPlace?

    package init(
        priority: String? = nil, after: [String]? = nil, deadline: String? = nil, memory: UInt64? = nil,
        tags: [String]? = nil, portfolio: PortfolioPlace? = nil
    ) {
        self.priority = priority
        self.after = after
        self.deadline = deadline
        self.memory = memory
        self.tags = tags
        self.portfolio = portfolio
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case priority, after, deadline, memory, tags, portfolio
    }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(otherThan: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        priority = try container.decodeIfPresent(String.self, forKey: .priority)
        after = try container.decodeIfPresent([String].self, forKey: .after)
        deadline = try container.decodeIfPresent(String.self, forKey: .deadline)
        memory = try container.decodeIfPresent(UInt64.self, forKey: .memory)
        tags = try container.decodeIfPresent([String].self, forKey: .tags)
        if container.contains(.portfolio) {
            try container.superDecoder(forKey: .portfolio).refuseKeys(otherThan: ["name", "model"])
        }
        portfolio = try container.decodeIfPresent(PortfolioPlace.self, forKey: .portfolio)
    }

    /// Jobs that one can follow.
    package static let followedMax = 100

    /// - Throws: what cannot be wished for, and the mend.
    package func wishes() throws(SubmissionRefusal) -> QueueWishes {
        var wishes = QueueWishes()
        if let priority { wishes.priority = try Self.priority(named: priority) }
        if let after {
            guard after.count <= Self.followedMax else {
                throw SubmissionRefusal(description: "'after' has more than \(Self.followedMax) jobs")
            }
            var jobs: [JobID] = []
            for text in after {
                guard let number = UInt64(text), number > 0 else {
                    throw SubmissionRefusal(description: "'after' has '\(text)', which is no job's number")
                }
                jobs.append(JobID(number))
            }
            wishes.after = jobs
        }
        if let deadline {
            guard let date = try? Date(deadline, strategy: .iso8601) else {
                throw SubmissionRefusal(
                    description: "'deadline' is '\(deadline)'. Mend: write a moment with its zone, as "
                        + "2026-11-30T06:00:00Z.")
            }
            wishes.deadline = date.timeIntervalSince1970
        }
        let tags = tags ?? []
        guard tags.count <= Limits.tagsMax,
            tags.allSatisfy({ (1...Limits.nameByteCountMax).contains($0.utf8.count) })
        else {
            throw SubmissionRefusal(
                description: "'tags' are at most \(Limits.tagsMax) of 1 to \(Limits.nameByteCountMax) bytes")
        }
        for name in [portfolio?.name, portfolio?.model].compactMap({ $0 }) where !Self.isName(name) {
            throw SubmissionRefusal(
                description: "'portfolio' has the name '\(name.prefix(100))'. Mend: write "
                    + "1 to \(Limits.nameByteCountMax) bytes without control characters.")
        }
        wishes.portfolio = portfolio
        if memory != nil || !tags.isEmpty { wishes.needs = TaskNeeds(memory: memory ?? 0, tags: tags) }
        return wishes
    }

    /// True for what a portfolio or a model in it may be called: it stands in lists, on one line.
    private static func isName(_ text: String) -> Bool {
        (1...Limits.nameByteCountMax).contains(text.utf8.count)
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    package static func priority(named name: String) throws(SubmissionRefusal) -> Int {
        guard let priority = PriorityClass.priority(named: name) else {
            let names = PriorityClass.allCases.map { "\($0)" }.joined(separator: ", ")
            throw SubmissionRefusal(description: "'priority' is '\(name)'. Mend: give one of \(names).")
        }
        return priority
    }
}

/// `POST /v1/jobs/{job}/priority`.
package struct PriorityRequest: Codable, Sendable {
    package var priority: String

    package init(priority: String) {
        self.priority = priority
    }

    private enum CodingKeys: String, CodingKey {
        case priority
    }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(otherThan: [CodingKeys.priority.rawValue])
        priority = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .priority)
    }
}

/// `GET /v1/jobs/{job}/why`.
package struct WaitReply: Codable, Sendable {
    package var job: String
    /// A word for programs.
    package var reason: String
    /// For people: why the job waits, and what would change it.
    package var sentence: String

    package init(job: JobID, _ reason: WaitReason) {
        self.job = String(job.number)
        self.reason = reason.word
        sentence = reason.sentence
    }
}
