import ModelDefinition
import ModelFile

extension DataChecks {
    /// Values of the KPI that the likelihood says cannot happen.
    var kpiBelowLikelihood: [Problem] {
        let family = read.specification.likelihood
        let isImpossible: (Double) -> Bool
        let bound: String
        switch family {
        case .normal, .studentT: return []
        case .truncatedNormal: (isImpossible, bound) = ({ $0 < 0 }, "none below 0")
        case .logNormal: (isImpossible, bound) = ({ $0 <= 0 }, "only values above 0")
        }
        guard let cell = data.actualKPI.firstIndex(where: isImpossible) else { return [] }
        return [
            kpiProblem(
                "the KPI is \(Self.words(data.actualKPI[cell])) \(words(cell: cell)), and `family: \(family.rawValue)` "
                    + "allows \(bound).",
                mend: "correct the data, or write `likelihood: {family: normal}`.")
        ]
    }
}
