import Wording

/// A reported quantity as a sentence names it.
package struct QuantityName: Sendable, Hashable {
    /// `roi of tv`, `ROI du canal tv`.
    package let words: Sentence
    /// After a noun: `of roi of tv`, `du ROI du canal tv`.
    package let owned: Sentence

    /// - Parameter quantity: as files name it, `roi[tv]`; any other text stands for itself.
    package init(_ quantity: String) {
        let (words, article) = Self.french(quantity)
        let english = Self.english(quantity)
        self.words = Sentence(english, french: words)
        owned = Sentence("of \(english)", french: article + words)
    }

    /// What stands before the brackets, and within; nil without brackets at the end.
    package static func parts(of quantity: String) -> (kind: String, subject: String)? {
        guard let open = quantity.firstIndex(of: "["), quantity.hasSuffix("]") else { return nil }
        return (String(quantity[..<open]), String(quantity[quantity.index(after: open)...].dropLast()))
    }

    private static func english(_ quantity: String) -> String {
        parts(of: quantity).map { "\($0.kind) of \($0.subject)" } ?? quantity
    }

    private static func french(_ quantity: String) -> (words: FrenchText, article: FrenchText) {
        guard let (kind, subject) = parts(of: quantity) else {
            return switch quantity {
            case "baseline": ("ventes de base", "des ")
            case "total": ("total", "du ")
            default: ("\(code: quantity)", "de ")
            }
        }
        return switch kind {
        case "roi": ("ROI du canal \(code: subject)", "du ")
        case "mroi": ("ROI marginal du canal \(code: subject)", "du ")
        case "contribution": ("contribution du canal \(code: subject)", "de la ")
        case "lift": ("lift du test \(code: subject)", "du ")
        default: ("\(code: quantity)", "de ")
        }
    }
}
