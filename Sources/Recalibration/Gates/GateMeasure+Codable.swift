/// Also numbers that JSON has no word for: those are the texts `NaN`, `Infinity` and `-Infinity`.
struct AnyNumber: Codable {
    let value: Double

    init(_ value: Double) {
        self.value = value
    }

    /// Nil for a finite number.
    static func word(_ value: Double) -> String? {
        value.isNaN ? "NaN" : value.isInfinite ? value < 0 ? "-Infinity" : "Infinity" : nil
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Double.self) {
            self.value = value
            return
        }
        switch try container.decode(String.self) {
        case "NaN": value = .nan
        case "Infinity": value = .infinity
        case "-Infinity": value = -.infinity
        case let text:
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not a number")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let word = Self.word(value) { try container.encode(word) } else { try container.encode(value) }
    }
}

extension GateMeasure: Codable {
    enum CodingKeys: String, CodingKey {
        case name, subject, value, promote, hold, side
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let side = try container.decodeIfPresent(GateBound.Side.self, forKey: .side)
        var bound: GateBound?
        if let side {
            let promote = try container.decode(AnyNumber.self, forKey: .promote).value
            let hold = try container.decode(AnyNumber.self, forKey: .hold).value
            guard GateBound.areOrdered(promote: promote, hold: hold, side: side) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .hold, in: container, debugDescription: "the hold bound does not lie beyond the first")
            }
            bound = GateBound(promote: promote, hold: hold, side: side)
        }
        self.init(
            name: try container.decode(String.self, forKey: .name),
            subject: try container.decodeIfPresent(String.self, forKey: .subject),
            value: try container.decode(AnyNumber.self, forKey: .value).value, bound: bound)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encodeIfPresent(subject, forKey: .subject)
        try container.encode(AnyNumber(value), forKey: .value)
        if let bound {
            try container.encode(AnyNumber(bound.promote), forKey: .promote)
            try container.encode(AnyNumber(bound.hold), forKey: .hold)
            try container.encode(bound.side, forKey: .side)
        }
    }
}
