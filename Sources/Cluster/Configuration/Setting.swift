import ModelFile

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
        /// As `TimeSpan` reads it.
        case duration(from: TimeSpan)
        /// As `MemorySize` reads it.
        case memory(from: MemorySize)
        /// Words with commas between them, in a file a list as well; what a word is. On the command line an option for
        /// each.
        case words(String)
        /// true or false; on the command line a flag without a value.
        case flag
        /// A mapping of names to fields, in the file of settings alone.
        case table
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
    package let option: String
    /// What a table may say of a name.
    package let fields: [Setting]
    /// False for one that the command's help does not show.
    package let isShown: Bool

    /// - Parameter option: nil for one that is called as the key.
    init(
        _ key: String, _ domain: Domain, unit: String = "", _ standard: Default, _ meaning: String, reason: String,
        option: String? = nil, fields: [Setting] = [], isShown: Bool = true
    ) {
        self.key = key
        self.domain = domain
        self.unit = unit
        self.standard = standard
        self.meaning = meaning
        self.reason = reason
        self.option = option ?? "--" + key.replacing("_", with: "-")
        self.fields = fields
        self.isShown = isShown
    }

    /// False for one that only a file can say.
    package var hasOption: Bool { domain != .table }

    package var environment: String { "TUTTI_" + key.uppercased() }

    /// What stands under the key in a file.
    var content: SettingsFile.Content {
        switch domain {
        case .words: .words
        case .table: .table(fields.map(\.key))
        default: .word
        }
    }

    /// What may be written, for people.
    package var form: String {
        let unit = unit.isEmpty ? "" : " \(unit)"
        return switch domain {
        case .text(let form): form
        case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)\(unit)"
        case .number(let range): "a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))\(unit)"
        case .duration(let least):
            "a duration such as 90s, 15m or 1h30m" + (least.nanoseconds > 0 ? ", from \(least) on" : "")
        case .memory(let least):
            "an amount such as 512M or 4G" + (least.byteCount > 0 ? ", from \(least) on" : "")
        case .words(let form): "\(form), with commas between them"
        case .flag: "true or false"
        case .table: "a mapping of names to \(fields.map { "`\($0.key)`" }.joined(separator: ", "))"
        }
    }

    package func accepts(_ text: String) -> Bool {
        switch domain {
        case .text: !text.isEmpty
        case .whole(let range): Int(text).map(range.contains) ?? false
        case .number(let range): Double(text).map(range.contains) ?? false
        case .duration(let least): TimeSpan(text).map { $0.nanoseconds >= least.nanoseconds } ?? false
        case .memory(let least): MemorySize(text).map { $0.byteCount >= least.byteCount } ?? false
        case .words:
            text.isEmpty || text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
        case .flag: text == "true" || text == "false"
        // Its fields are looked at one by one.
        case .table: true
        }
    }

    /// Without a fraction where there is none.
    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}
