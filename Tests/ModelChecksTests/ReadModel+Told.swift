import ModelFile
import Testing

extension ReadModel {
    /// What is said of it in English; whatever is said has French words too, for reports in French.
    var told: [String] {
        warnings.map { warning in
            #expect(!warning.sentence.isUntranslated, "\(warning) has no French")
            return warning.description
        }
    }
}
