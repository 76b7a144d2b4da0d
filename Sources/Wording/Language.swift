/// A language that reports are written in, by its code of ISO 639-1.
public enum Language: String, Sendable, Hashable, Codable, CaseIterable {
    case english = "en"
    case french = "fr"
}
