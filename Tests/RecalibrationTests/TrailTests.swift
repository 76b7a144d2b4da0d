import Foundation
import Recalibration
import Testing

/// FNV-1a of 64 bits: any digest will do where nobody attacks.
private func digest(_ text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
}

private func week(_ number: Int) -> NightKey { NightKey(rawValue: "2026-W\(number < 10 ? "0" : "")\(number)")! }

private func inputs(_ data: String = "d1", seed: UInt64 = 1) -> TrailInputs {
    TrailInputs(model: "m", data: data, configuration: "c", binary: "b", seed: seed)
}

private func verdict(_ verdict: Verdict) -> NightVerdict {
    NightVerdict([
        GateOutcome(
            gate: .decision,
            measures: [GateMeasure(.spendMoved, of: "tv", 0.12, GateBounds()), GateMeasure(name: "shape", .infinity)],
            verdict: verdict, sentence: "A \"sentence\" of\ttwo\nlines: é, 日本, \u{1}.")
    ])
}

private func night(
    _ number: Int, _ outcome: Verdict, data: String = "d1", result: String? = nil, metric: String? = nil
) -> TrailNight {
    TrailNight(
        period: week(number), when: "2026-11-30T03:00:00Z", verdict: verdict(outcome), inputs: inputs(data),
        metric: metric, result: result ?? "r\(number)")
}

@Suite("the audit trail")
struct TrailTests {
    private func trail(_ nights: [TrailNight]) -> Trail {
        var trail = Trail(digest: digest)
        for night in nights { _ = trail.append(night) }
        return trail
    }

    private func refusal(_ trail: Trail, _ period: NightKey, by: String = "Ada", reason: String = "seen")
        -> TrailRefusal?
    {
        var copy = trail
        do {
            _ = try copy.override(period: period, when: "t", by: by, reason: reason)
            return nil
        } catch {
            return error
        }
    }

    private func fault(_ records: [Trail.Record]) -> TrailFault? {
        do {
            _ = try Trail(records, digest: digest)
            return nil
        } catch {
            return error
        }
    }

    @Test("the accepted result is that of the last promotion; what is held or failed leaves it in place")
    func accepted() {
        var trail = Trail(digest: digest)
        #expect(trail.accepted == nil && trail.head == nil)
        let steps: [(Verdict, String?)] = [
            (.hold, nil), (.promote, "r11"), (.fail, "r11"), (.hold, "r11"), (.promote, "r14"), (.fail, "r14"),
        ]
        for (index, (outcome, expected)) in steps.enumerated() {
            _ = trail.append(night(10 + index, outcome))
            #expect(trail.accepted == expected)
        }
        #expect(trail.records.count == 6)
    }

    @Test(
        "a period with the same inputs is known: its verdict is given and nothing is added", arguments: Verdict.allCases
    )
    func idempotent(outcome: Verdict) {
        var trail = trail([night(9, .promote), night(10, outcome)])
        let (head, accepted) = (trail.head, trail.accepted)
        var again = night(10, .promote, result: "other")
        again.when = "later"
        guard case .known(let entry) = trail.append(again) else {
            Issue.record("the night was added twice")
            return
        }
        #expect(entry.verdict == outcome && entry.result == "r10")
        #expect(trail.records.count == 2 && trail.head == head && trail.accepted == accepted)
        #expect(trail.known(period: week(10), inputs: inputs())?.verdict == outcome)
        #expect(trail.known(period: week(11), inputs: inputs()) == nil)
    }

    @Test("other data, or a seed, model, configuration or program of another digest, make another night of the period")
    func otherInputs() {
        var trail = trail([night(10, .hold)])
        var others: [TrailInputs] = []
        for change: (inout TrailInputs) -> Void in [
            { $0.data = "x" }, { $0.model = "x" }, { $0.configuration = "x" }, { $0.binary = "x" }, { $0.seed = 2 },
        ] {
            var other = inputs()
            change(&other)
            others.append(other)
        }
        for (index, other) in others.enumerated() {
            var next = night(10, .hold)
            next.inputs = other
            guard case .written = trail.append(next) else {
                Issue.record("\(other) was taken for known")
                continue
            }
            #expect(trail.records.count == index + 2)
        }
    }

    @Test("a held night is overridden once, with who and why, and is the accepted result then")
    func override() throws {
        var trail = trail([night(9, .promote), night(10, .hold, metric: "k")])
        let record = try trail.override(period: week(10), when: "noon", by: "Ada", reason: "the launch explains it")
        #expect(record.entry.kind == .override && record.entry.by == "Ada" && record.entry.when == "noon")
        #expect(record.entry.reason == "the launch explains it" && record.entry.verdict == .promote)
        #expect(record.entry.gates == trail.records[1].entry.gates && record.entry.metric == "k")
        #expect(trail.accepted == "r10" && trail.records.count == 3)
        #expect(refusal(trail, week(10), by: "Bob") == .alreadyOverridden(week(10), by: "Ada"))
        // A timer that fires again finds the override.
        guard case .known(let entry) = trail.append(night(10, .hold)) else {
            Issue.record("an overridden night was done again")
            return
        }
        #expect(entry.verdict == .promote && entry.kind == .override)
    }

    @Test("also a second night of the period is not overridden twice")
    func overrideOncePerPeriod() throws {
        var trail = trail([night(10, .hold)])
        _ = try trail.override(period: week(10), when: "t", by: "Ada", reason: "seen")
        _ = trail.append(night(10, .hold, data: "d2", result: "r10b"))
        #expect(refusal(trail, week(10)) == .alreadyOverridden(week(10), by: "Ada"))
        #expect(trail.accepted == "r10")
    }

    @Test("nothing else is overridden")
    func refused() {
        let trail = trail([night(9, .promote), night(10, .fail), night(11, .hold)])
        #expect(refusal(trail, week(9)) == .notHeld(week(9), .promote))
        #expect(refusal(trail, week(10)) == .notHeld(week(10), .fail))
        #expect(refusal(trail, week(12)) == .unknownPeriod(week(12)))
        #expect(refusal(trail, week(11), by: " ") == .nobody && refusal(trail, week(11), reason: "\n") == .noReason)
        #expect(refusal(trail, week(11)) == nil)
        var later = trail
        _ = later.append(night(12, .promote))
        #expect(refusal(later, week(11)) == .overtaken(week(11), by: week(12)))
        var empty = Trail(digest: digest)
        var without = night(10, .hold)
        without.result = nil
        _ = empty.append(without)
        #expect(refusal(empty, week(10)) == .noResult(week(10)))
    }

    @Test("the last night of a period counts: held after promoted may be overridden, promoted after held not")
    func lastCounts() {
        #expect(
            refusal(trail([night(10, .hold), night(10, .promote, data: "d2")]), week(10))
                == .notHeld(week(10), .promote))
        #expect(refusal(trail([night(10, .promote), night(10, .hold, data: "d2", result: "s")]), week(10)) == nil)
    }

    // MARK: The chain

    private func stored() throws -> [Trail.Record] {
        var trail = trail([night(9, .promote), night(10, .hold), night(11, .hold), night(12, .fail)])
        _ = try trail.override(period: week(11), when: "t", by: "Ada", reason: "seen")
        return trail.records
    }

    @Test("a stored trail is read as it was written")
    func reread() throws {
        let records = try stored()
        let read = try Trail(records, digest: digest)
        #expect(read.accepted == "r11" && read.head == digest(records[4].line) && read.records == records)
        #expect(records[0].entry.previous == nil)
        for (a, b) in zip(records, records.dropFirst()) { #expect(b.entry.previous == digest(a.line)) }
    }

    @Test("a line that was removed, moved or changed is found, with its number", arguments: 0..<4)
    func tampered(index: Int) throws {
        let records = try stored()
        var removed = records
        removed.remove(at: index)
        #expect(fault(removed) == TrailFault(line: index + 1, wrong: .chain))
        var moved = records
        moved.swapAt(index, index + 1)
        #expect(fault(moved)?.line == index + 1)
        // The text of a line, be it by one character, breaks the line after it.
        var changed = records
        let text = changed[index].line.replacingOccurrences(of: "2026-11-30T03", with: "2026-11-30T04")
        #expect(text != changed[index].line)
        changed[index] = .init(entry: changed[index].entry, line: text)
        #expect(fault(changed) == TrailFault(line: index + 2, wrong: .chain))
    }

    @Test("a chain in order whose entries break the rules is found")
    func rules() throws {
        // Entries as somebody with the digest at hand could write them, read from altered lines.
        func forged(_ nights: [TrailNight], _ change: (String) -> String) throws -> TrailFault? {
            let records = trail(nights).records
            let line = change(records[records.count - 1].line)
            #expect(line != records[records.count - 1].line)
            let entry = try JSONDecoder().decode(TrailEntry.self, from: Data(line.utf8))
            return fault(records.dropLast() + [.init(entry: entry, line: line)])
        }
        let two = [night(9, .promote), night(10, .hold)]
        #expect(
            try forged(two) { $0.replacingOccurrences(of: #""accepted":"r9""#, with: #""accepted":"r10""#) }
                == TrailFault(line: 2, wrong: .acceptedResult))
        #expect(
            try forged(two) {
                $0.replacingOccurrences(
                    of: #""verdict":"hold","sentence":"A"#, with: #""verdict":"promote","sentence":"A"#)
            }
                == TrailFault(line: 2, wrong: .acceptedResult))
        #expect(
            try forged([night(10, .promote), night(11, .hold)]) {
                $0.replacingOccurrences(of: "2026-W11", with: "2026-W10")
            }
                == TrailFault(line: 2, wrong: .repeated))
        #expect(
            try forged(two) {
                $0.replacingOccurrences(of: #""kind":"night""#, with: #""kind":"override","by":"Eve","reason":"x""#)
            }
                == TrailFault(line: 2, wrong: .override(.unknownPeriod(week(10)))))
        #expect(
            try forged(two) { $0.replacingOccurrences(of: #"{"trail":1"#, with: #"{"trail":2"#) }
                == TrailFault(line: 2, wrong: .version(2)))
    }

    // MARK: The line

    @Test("a line is JSON that reads back as the entry, and is the same line again")
    func roundTrip() throws {
        for record in try stored() {
            #expect(record.line == record.entry.line && !record.line.contains("\n"))
            let read = try JSONDecoder().decode(TrailEntry.self, from: Data(record.line.utf8))
            #expect(read == record.entry)
            #expect(read.line == record.line)
            // And as the standard encoder writes it.
            #expect(try JSONDecoder().decode(TrailEntry.self, from: JSONEncoder().encode(record.entry)) == record.entry)
        }
    }

    @Test("numbers that JSON has no word for, and the largest seed, survive")
    func numbers() throws {
        for value in [
            Double.nan, .infinity, -.infinity, 0.1, 1e-300, -0.0, .leastNonzeroMagnitude, 1.7976931348623157e308, 3,
        ] {
            var one = night(10, .hold)
            one.inputs.seed = .max
            one.verdict = NightVerdict([
                GateOutcome(
                    gate: .data, measures: [GateMeasure(.missingWeeks, value, GateBounds())], verdict: .hold,
                    sentence: "x")
            ])
            let record = trail([one]).records[0]
            let read = try JSONDecoder().decode(TrailEntry.self, from: Data(record.line.utf8))
            #expect(read.line == record.line && read.inputs.seed == .max)
            let back = read.gates[0].measures[0]
            #expect(back.value.bitPattern == value.bitPattern || (back.value.isNaN && value.isNaN))
            #expect(back.bound == GateBounds()[.missingWeeks])
        }
    }

    @Test("the line's form is fixed: keys in order, no spaces, nothing that is nil")
    func form() {
        let one = TrailNight(
            period: week(10), when: "t",
            verdict: NightVerdict([
                GateOutcome(
                    gate: .expectedDrift, measures: [GateMeasure(.predictiveZ, of: "a\\b", 0.5, GateBounds())],
                    verdict: .fail, sentence: "\u{1}\u{2028}é")
            ]), inputs: inputs(seed: 7), result: nil)
        #expect(
            trail([one]).records[0].line
                == #"{"trail":1,"period":"2026-W10","when":"t","kind":"night","verdict":"fail","sentence":"\u0001\u2028é","#
                + #""gates":[{"gate":"expected_drift","measures":[{"name":"predictive_z","subject":"a\\b","value":0.5,"#
                + #""promote":3.0,"hold":4.0,"side":"up_to"}],"verdict":"fail","sentence":"\u0001\u2028é"}],"#
                + #""inputs":{"model":"m","data":"d1","configuration":"c","binary":"b","seed":7}}"#)
    }

    @Test("a line with a period or bounds that there are not is refused")
    func malformed() throws {
        let line = trail([night(10, .hold)]).records[0].line
        for (from, to) in [
            ("2026-W10", "2026-W99"), (#""value":0.12"#, #""value":"many""#), (#""hold":0.25"#, #""hold":0.01"#),
            (#""verdict":"hold""#, #""verdict":"maybe""#),
        ] {
            let text = line.replacingOccurrences(of: from, with: to)
            #expect(text != line)
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(TrailEntry.self, from: Data(text.utf8)) }
        }
    }
}
