/// A program that has settings.
package enum Program: String, CaseIterable, Hashable, Sendable {
    case coordinator
    case worker
}

/// One setting of a program: what the reader takes, `--help` says and the page of settings explains.
package struct Setting: Sendable {
    /// What a value may be.
    package enum Domain: Sendable, Equatable {
        /// Any text; how it is written.
        case text(String)
        case whole(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        /// true or false; on the command line a flag without a value.
        case flag
    }

    /// What holds where nobody says anything.
    package enum Default: Sendable, Equatable {
        case required
        /// In words.
        case none(String)
        case value(String)
    }

    /// As a file has it.
    package let key: String
    package let domain: Domain
    /// Empty where a unit has no meaning.
    package let unit: String
    package let standard: Default
    /// One sentence, for `--help` too.
    package let meaning: String
    /// Why the default is what it is, or the setting there; one sentence.
    package let reason: String
    /// False for one that the command's help does not show.
    package let isShown: Bool

    init(
        _ key: String, _ domain: Domain, unit: String = "", _ standard: Default, _ meaning: String, reason: String,
        isShown: Bool = true
    ) {
        self.key = key
        self.domain = domain
        self.unit = unit
        self.standard = standard
        self.meaning = meaning
        self.reason = reason
        self.isShown = isShown
    }

    package var option: String { "--" + key.replacing("_", with: "-") }

    package var environment: String { "TUTTI_" + key.uppercased() }

    /// What may be written, for people.
    package var form: String {
        let unit = unit.isEmpty ? "" : " \(unit)"
        return switch domain {
        case .text(let form): form
        case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)\(unit)"
        case .number(let range): "a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))\(unit)"
        case .flag: "true or false"
        }
    }

    package func accepts(_ text: String) -> Bool {
        switch domain {
        case .text: !text.isEmpty
        case .whole(let range): Int(text).map(range.contains) ?? false
        case .number(let range): Double(text).map(range.contains) ?? false
        case .flag: text == "true" || text == "false"
        }
    }

    /// Without a fraction where there is none.
    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}
