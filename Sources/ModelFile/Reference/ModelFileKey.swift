/// One key of the model file: what the reader takes and the reference page explains.
///
/// The reader has its allowed keys and its ranges from here, so that the page cannot say anything else than it does.
package struct ModelFileKey: Sendable {
    /// What a value may be.
    package enum Domain: Sendable, Equatable {
        case text
        /// The name of a column of the data.
        case column
        /// A list of columns' names.
        case columns
        /// A list of names that the file itself gives elsewhere.
        case names
        case date
        case dates
        case boolean
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case words([String])
        /// A mapping of keys of its own.
        case mapping
        /// A list of such mappings.
        case mappings
        /// One distribution, or a number that fixes the parameter.
        case prior
        /// Distributions by the names of parameters.
        case priors
        /// One of several forms, in words.
        case either(String)
    }

    /// What holds where the file says nothing.
    package enum Default: Sendable, Equatable {
        case required
        case none
        case value(String)
        /// By preset, in the order of `Preset.allCases`.
        case byPreset([String])
    }

    /// Keys from the top, with `[]` for the entries of a list and `*` for a name that the user gives: `channels[].name`.
    package var path: String
    package var domain: Domain
    /// Empty where a unit has no meaning.
    package var unit: String
    package var standard: Default
    /// A value as a model file has it.
    package var example: String
    /// One sentence.
    package var meaning: String

    init(
        _ path: String, _ domain: Domain, unit: String = "", _ standard: Default = .none, example: String,
        _ meaning: String
    ) {
        self.path = path
        self.domain = domain
        self.unit = unit
        self.standard = standard
        self.example = example
        self.meaning = meaning
    }

    /// The section that the key stands in, empty at the top, and its own word.
    package var section: String { Self.split(path).section }
    package var word: String { Self.split(path).word }

    private static func split(_ path: String) -> (section: String, word: String) {
        guard let dot = path.lastIndex(of: ".") else { return ("", path) }
        return (String(path[..<dot]), String(path[path.index(after: dot)...]))
    }

    /// One of the words of a type.
    static func words<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) -> Domain
    where Value.RawValue == String {
        .words(Value.allCases.map(\.rawValue))
    }
}

/// All keys of the model file, in the order of the reference page.
package enum ModelFileReference {
    package static let keys: [ModelFileKey] =
        head + data + kpi + channels + sharedBlocks + baseline + panels + experiments + running

    private static let keysByPath = Dictionary(uniqueKeysWithValues: keys.map { ($0.path, $0) })
    private static let wordsBySection = Dictionary(grouping: keys, by: \.section).mapValues { $0.map(\.word) }

    package static func key(_ path: String) -> ModelFileKey? { keysByPath[path] }

    /// What to write for a key, as a mend; of an entry what to write for its list. Nil for keys that are no reference's.
    static func sample(of path: String) -> String? {
        key(path.hasSuffix("[]") ? String(path.dropLast(2)) : path).map { "write `\($0.word): \($0.example)`." }
    }

    /// The words that may stand in a section, `[]` for its lists; empty where there is no such section.
    package static func words(in section: String) -> [String] { wordsBySection[section] ?? [] }
}
