import ModelDefinition
import ModelFile

extension DataChecks {
    /// A lift test that is given twice under two names: it would count as two measurements.
    var repeatedTests: [Problem] {
        let tests = read.experiments
        return tests.indices.compactMap { index in
            var known = tests[index].experiment
            guard
                let first = tests.prefix(index).first(where: { earlier in
                    known.name = earlier.experiment.name
                    return known == earlier.experiment
                })
            else { return nil }
            return Problem(
                file: modelFile, line: tests[index].line,
                message:
                    "experiment '\(tests[index].experiment.name)' is '\(first.experiment.name)' once more: one test would "
                    + "count as two.",
                mend: "remove one of them.",
                french: """
                    l’expérience « \(code: tests[index].experiment.name) » est « \(code: first.experiment.name) » \
                    une seconde fois : un test compterait pour deux. Retirez l’une des deux.
                    """
            )
        }
    }
}
