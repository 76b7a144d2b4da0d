/// Something that is told to people, in every language that reports are written in.
///
/// Both texts are written where the thing is found, so that none can be forgotten and none can lag behind the other.
public struct Sentence: Sendable, Hashable, Codable {
    /// What the terminal, `run.json` and the English page say.
    public var english: String
    public var french: String

    public init(_ english: String, french: FrenchText) {
        self.english = english
        self.french = french.text
    }

    /// Of words that are nobody's to translate, or that are there in one language alone.
    public init(untranslated text: String) {
        english = text
        french = text
    }

    public subscript(language: Language) -> String {
        switch language {
        case .english: english
        case .french: french
        }
    }

    /// Whether a French reader is given English words.
    public var isUntranslated: Bool { english == french }

    /// With a capital at its beginning.
    public var capitalized: Sentence {
        var sentence = self
        sentence.english = english.prefix(1).uppercased() + english.dropFirst()
        sentence.french = french.prefix(1).uppercased() + french.dropFirst()
        return sentence
    }

    /// Two sentences, one after the other.
    public func followed(by next: Sentence?) -> Sentence {
        guard let next else { return self }
        var both = self
        both.english += " " + next.english
        both.french += " " + next.french
        return both
    }
}

extension Sentence: CustomStringConvertible {
    public var description: String { english }
}
