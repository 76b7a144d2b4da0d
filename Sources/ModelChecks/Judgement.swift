import ModelFile

/// What is to be said of a model that was read, before it is fitted. Front doors judge; workers and the assembly only read.
package struct Judgement: Sendable {
    /// With these a fit would mean nothing.
    package let errors: [Problem]
    /// Worth knowing, and no obstacle: those of the reading among them.
    package let warnings: [Problem]

    package init(_ read: ReadModel) {
        let checks = DataChecks(read.stated, data: read.dataset, modelFile: read.modelFile)
        errors = ProblemList.sorted(checks.errors)
        // Warnings ask for a model, and there may be none of data that are refused.
        warnings = ProblemList.sorted(read.warnings + (errors.isEmpty ? checks.warnings : []))
    }
}

extension ReadModel {
    /// The same model with all its warnings; whatever makes a fit meaningless is thrown.
    package func judged() throws(ProblemList) -> ReadModel {
        let judgement = Judgement(self)
        guard judgement.errors.isEmpty else { throw ProblemList(problems: judgement.errors) }
        var result = self
        result.warnings = judgement.warnings
        return result
    }
}
