import MarketingMix
import ModelDefinition
import ModelFile

extension DataChecks {
    /// Known values of the KPI for each parameter. Priors carry part of the burden, so that four suffice where ten are
    /// asked for in regressions without priors.
    private static let valuesPerParameterMin = 4.0

    /// Models that ask more of the data than these can answer.
    var tooManyParameters: [Problem] {
        let layout = MarketingMixModel(specification: read.specification, dataset: data).layout
        // Basis functions of a smooth trend are as many as their scale lets be.
        let count = layout.blocks.filter { !$0.name.hasSuffix("_basis") }.reduce(0) { $0 + $1.count }
        let ratio = Double(knownCells.count) / Double(count)
        guard ratio < Self.valuesPerParameterMin else { return [] }
        return [
            kpiProblem(
                "the model has \(count) parameters for \(knownCells.count) known values of the KPI: many of its figures "
                    + "will be little more than their priors.",
                mend: "give a longer series, or fewer channels, controls, joints of the trend or harmonics.",
                french: """
                    le modèle a \(count) paramètres pour \(knownCells.count) valeurs connues de l’indicateur : \
                    beaucoup de ses chiffres ne seront guère plus que leurs a priori. Donnez une série plus longue, \
                    ou moins de canaux, de variables de contrôle, de points de la tendance ou d’harmoniques.
                    """
            )
        ]
    }
}
