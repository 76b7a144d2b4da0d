import Wording

/// How a fit's report is written, and for whom.
package struct ReportSpecification: Sendable, Hashable, Codable {
    /// What a reader has to decide, and so how much of the report there is.
    package enum Audience: String, Sendable, Hashable, CaseIterable, Codable {
        /// The answer, the decision, and where the KPI comes from.
        case cmo
        /// With it returns, curves, the reconciliation with the books, and whether to trust it.
        case finance
        /// All, with the appendix.
        case full
    }

    package var language: Language
    package var audience: Audience

    package init(language: Language = .english, audience: Audience = .full) {
        self.language = language
        self.audience = audience
    }
}
