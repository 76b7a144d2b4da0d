/// JSON (RFC 8259) in one form: no spaces, keys in the order given, what is nil left out, numbers in the shortest digits
/// that read back as the same number. Two equal values have equal bytes, so that a digest names them.
struct CanonicalLine {
    private(set) var text = "{"
    private var isEmpty = true

    static func object(_ build: (inout CanonicalLine) -> Void) -> String {
        var line = CanonicalLine()
        build(&line)
        return line.text + "}"
    }

    /// - Parameter json: JSON already.
    mutating func add(_ key: String, json: String) {
        if !isEmpty { text += "," }
        isEmpty = false
        text += Self.quoted(key) + ":" + json
    }

    mutating func add(_ key: String, _ value: String?) {
        if let value { add(key, json: Self.quoted(value)) }
    }

    mutating func add(_ key: String, _ value: some FixedWidthInteger) {
        add(key, json: "\(value)")
    }

    /// NaN and infinities are texts.
    mutating func add(_ key: String, _ value: Double) {
        add(key, json: AnyNumber.word(value).map(Self.quoted) ?? "\(value)")
    }

    mutating func add(_ key: String, _ objects: [String]) {
        add(key, json: "[" + objects.joined(separator: ",") + "]")
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension TrailEntry {
    /// The entry as a line of the trail, without its end: what is stored, and what the next entry has the digest of. Keys are
    /// those by which `Codable` reads it back.
    package var line: String {
        CanonicalLine.object { line in
            line.add("trail", trail)
            line.add("period", period.rawValue)
            line.add("when", when)
            line.add("kind", kind.rawValue)
            line.add("by", by)
            line.add("reason", reason)
            line.add("verdict", verdict.rawValue)
            line.add("sentence", sentence)
            line.add("gates", gates.map(\.json))
            line.add("inputs", json: inputs.json)
            line.add("metric", metric)
            line.add("result", result)
            line.add("accepted", accepted)
            line.add("previous", previous)
        }
    }
}

extension TrailInputs {
    fileprivate var json: String {
        CanonicalLine.object { line in
            line.add("model", model)
            line.add("data", data)
            line.add("configuration", configuration)
            line.add("binary", binary)
            line.add("seed", seed)
        }
    }
}

extension GateOutcome {
    fileprivate var json: String {
        CanonicalLine.object { line in
            line.add("gate", gate.rawValue)
            line.add("measures", measures.map(\.json))
            line.add("verdict", verdict.rawValue)
            line.add("sentence", sentence)
        }
    }
}

extension GateMeasure {
    fileprivate var json: String {
        CanonicalLine.object { line in
            line.add("name", name)
            line.add("subject", subject)
            line.add("value", value)
            if let bound {
                line.add("promote", bound.promote)
                line.add("hold", bound.hold)
                line.add("side", bound.side.rawValue)
            }
        }
    }
}
