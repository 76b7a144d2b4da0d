import ModelDefinition
import ModelFile

extension DataChecks {
    /// Share of the ledger's total by which the data may differ from it without a word.
    private static let ledgerTolerance = 0.005

    /// The KPI against what the books say.
    var ledgerDifference: [Problem] {
        guard let ledger = read.specification.kpi.ledgerTotal else { return [] }
        let total = zip(data.actualKPI, data.revenuePerKPI).reduce(0.0) { $1.0.isNaN ? $0 : $0 + $1.0 * $1.1 }
        guard abs(total - ledger) > Self.ledgerTolerance * ledger else { return [] }
        return [
            kpiProblem(
                "the data come to \(Self.words(total)), 'kpi.ledger_total' is \(Self.words(ledger)).",
                mend: "check the periods, the currency, and whether VAT and returns are in both.",
                french: """
                    les données donnent \(Self.words(total)), et `kpi.ledger_total` \(Self.words(ledger)). Vérifiez \
                    les périodes, la devise, et si TVA et retours sont des deux côtés.
                    """
            )
        ]
    }
}
