import Analysis

/// What a figure stands on, in words.
package struct EvidencePhrases: Sendable {
    private let phrases: [EvidenceGrade: String]

    package subscript(grade: EvidenceGrade) -> String {
        guard let phrase = phrases[grade] else { preconditionFailure("\(grade) has no words") }
        return phrase
    }

    package static let english = EvidencePhrases(phrases: [
        .liftTested: "lift-tested: measured by an experiment",
        .dataDriven: "data-driven: the data tell it",
        .mixed: "mixed: data and prior, each in part",
        .priorDriven: "prior-driven: the data say little",
        .misspecified: "misspecified: the interval is too narrow",
    ])

    /// A narrow no-break space stands before a colon.
    package static let french = EvidencePhrases(phrases: [
        .liftTested: "mesuré par un test de lift",
        .dataDriven: "établi par les données",
        .mixed: "mixte\u{202F}: données et a priori, chacun en partie",
        .priorDriven: "dominé par l’a priori\u{202F}: les données disent peu",
        .misspecified: "modèle inadapté\u{202F}: intervalle trop étroit",
    ])
}
