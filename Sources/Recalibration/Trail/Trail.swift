/// What a night brings to the trail.
package struct TrailNight: Sendable, Hashable {
    package var period: NightKey
    package var when: String
    package var verdict: NightVerdict
    package var inputs: TrailInputs
    package var metric: String?
    /// Its own result's name; what is promoted or may be overridden has one.
    package var result: String?

    package init(
        period: NightKey, when: String, verdict: NightVerdict, inputs: TrailInputs, metric: String? = nil,
        result: String?
    ) {
        self.period = period
        self.when = when
        self.verdict = verdict
        self.inputs = inputs
        self.metric = metric
        self.result = result
    }
}

/// The audit trail of one model: entries that are only ever added, each with the digest of the one before.
///
/// It is the single statement of which result is accepted: writing its next line, whole or not at all, is what promotes a
/// result, so that a machine killed at any moment leaves the old or the new one.
package struct Trail: Sendable {
    /// An entry with the line that it was read from or is to be written as.
    package struct Record: Sendable, Hashable {
        package let entry: TrailEntry
        package let line: String

        package init(entry: TrailEntry, line: String) {
            self.entry = entry
            self.line = line
        }
    }

    /// What became of a night.
    package enum Appended: Sendable, Hashable {
        /// The period was decided with the same inputs before, by the gates or by somebody: nothing is to be written.
        case known(TrailEntry)
        /// The line is to be written.
        case written(Record)
    }

    package private(set) var records: [Record] = []
    private let digest: @Sendable (String) -> String

    /// - Parameter digest: of a line; collisions cannot be found.
    package init(digest: @escaping @Sendable (String) -> String) {
        self.digest = digest
    }

    /// The trail as it was stored.
    ///
    /// Throws where a line was changed, left out, put in or moved, or says what the rules do not allow. That lines at the end
    /// were cut off is seen only by who knows `head`.
    ///
    /// - Parameter records: entries with the lines that they were read from, in order.
    package init(_ records: [Record], digest: @escaping @Sendable (String) -> String) throws(TrailFault) {
        self.init(digest: digest)
        for (index, record) in records.enumerated() {
            if let wrong = check(record.entry) { throw TrailFault(line: index + 1, wrong: wrong) }
            self.records.append(record)
        }
    }

    /// Digest of the last line; nil of an empty trail.
    package var head: String? { records.last.map { digest($0.line) } }

    /// The result of the last promotion or override; nil while there is none.
    package var accepted: String? { records.last?.entry.accepted }

    /// What was last decided of a period from these inputs; nil where the night is still to be done.
    package func known(period: NightKey, inputs: TrailInputs) -> TrailEntry? {
        records.last { $0.entry.period == period && $0.entry.inputs == inputs }?.entry
    }

    /// Adds a night, unless its period was decided from the same inputs.
    package mutating func append(_ night: TrailNight) -> Appended {
        if let known = known(period: night.period, inputs: night.inputs) { return .known(known) }
        let isPromoted = night.verdict.verdict == .promote
        precondition(!isPromoted || night.result != nil, "what is promoted is a result")
        let entry = TrailEntry(
            period: night.period, when: night.when, kind: .night, by: nil, reason: nil, verdict: night.verdict.verdict,
            sentence: night.verdict.sentence, gates: night.verdict.outcomes, inputs: night.inputs, metric: night.metric,
            result: night.result, accepted: isPromoted ? night.result : accepted, previous: head)
        return .written(add(entry))
    }

    /// Accepts the result of a period that was held. Once a period, and not after a later night was promoted.
    ///
    /// - Parameters:
    ///   - by: who decided it.
    ///   - reason: for those who read the trail.
    package mutating func override(
        period: NightKey, when: String, by: String, reason: String
    ) throws(TrailRefusal) -> Record {
        let held = try overridable(period: period, by: by, reason: reason)
        let entry = TrailEntry(
            period: period, when: when, kind: .override, by: by, reason: reason, verdict: .promote,
            sentence: "Held, and accepted by \(by): \(reason)", gates: held.gates, inputs: held.inputs,
            metric: held.metric, result: held.result, accepted: held.result, previous: head)
        return add(entry)
    }

    private mutating func add(_ entry: TrailEntry) -> Record {
        let record = Record(entry: entry, line: entry.line)
        records.append(record)
        return record
    }

    // MARK: Rules

    /// The held night that an override of a period would accept.
    private func overridable(period: NightKey, by: String, reason: String) throws(TrailRefusal) -> TrailEntry {
        func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
        if isBlank(by) { throw .nobody }
        if isBlank(reason) { throw .noReason }
        let own = records.map(\.entry).filter { $0.period == period }
        guard let last = own.last else { throw .unknownPeriod(period) }
        if let earlier = own.last(where: { $0.kind == .override }) {
            throw .alreadyOverridden(period, by: earlier.by ?? "")
        }
        guard last.verdict == .hold else { throw .notHeld(period, last.verdict) }
        guard last.result != nil else { throw .noResult(period) }
        let place = records.lastIndex { $0.entry.period == period } ?? 0
        if let later = records[(place + 1)...].first(where: { $0.entry.verdict == .promote }) {
            throw .overtaken(period, by: later.entry.period)
        }
        return last
    }

    /// What is wrong with a stored entry as the next one; nil where it may stand.
    private func check(_ entry: TrailEntry) -> TrailFault.Wrong? {
        if entry.trail != TrailEntry.version { return .version(entry.trail) }
        if entry.previous != head { return .chain }
        switch entry.kind {
        case .night:
            if known(period: entry.period, inputs: entry.inputs) != nil { return .repeated }
            if entry.by != nil || entry.reason != nil { return .acceptedResult }
        case .override:
            do {
                let held = try overridable(period: entry.period, by: entry.by ?? "", reason: entry.reason ?? "")
                if entry.verdict != .promote || entry.inputs != held.inputs || entry.result != held.result {
                    return .acceptedResult
                }
            } catch {
                return .override(error)
            }
        }
        let isPromoted = entry.verdict == .promote
        if isPromoted && entry.result == nil { return .acceptedResult }
        if entry.accepted != (isPromoted ? entry.result : accepted) { return .acceptedResult }
        return nil
    }
}
