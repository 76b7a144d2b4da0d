import ModelDefinition
import ModelFile

extension DataChecks {
    /// |Total| ÷ sum of |values| of the KPI below which ups and downs cancel, and a share of the total has no meaning.
    private static let totalShareMin = 0.05

    /// Priors of a share of the KPI's total where that is none.
    var sharesOfNothing: [Problem] {
        let values = knownCells.map { data.kpi[$0] * data.revenuePerKPI[$0] }
        let total = values.reduce(0, +)
        guard total <= Self.totalShareMin * values.reduce(0, { $0 + abs($1) }) else { return [] }
        let channels = columns.filter { column in
            guard case .channel(let index) = column.kind else { return false }
            return read.specification.channels[index].effect == .contribution
        }
        let treatments = columns.filter { column in
            column.kind == .treatment
                && read.specification.treatments.contains { $0.name == column.name && $0.hasContributionPrior }
        }
        return (channels + treatments).map { column in
            let isTreatment = column.kind == .treatment
            return problem(
                column,
                "\(column.words) has a prior of its share of the KPI's total, which is \(Self.words(total)): a share of "
                    + "that has no meaning.",
                mend: "write `effect: \(isTreatment ? "coefficient" : "{kind: coefficient}")` there, or give the KPI "
                    + "before what is taken off it.")
        }
    }
}
