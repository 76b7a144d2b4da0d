import Foundation

/// Names that people take for one another.
enum Spelling {
    /// The name without what cannot be seen or is easily mistyped: case, spaces and forms of letters.
    static func folded(_ name: String) -> String {
        let visible = String(
            String.UnicodeScalarView(name.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint }))
        return visible.precomposedStringWithCompatibilityMapping.lowercased().filter { !$0.isWhitespace }
    }

    /// In what two names with the same folded form differ.
    static func difference(_ a: String, _ b: String) -> String {
        if a.lowercased() == b.lowercased() { return "case" }
        func packed(_ name: String) -> String { name.filter { !$0.isWhitespace } }
        return packed(a) == packed(b) ? "spaces" : "case, spaces or signs that look alike"
    }
}
